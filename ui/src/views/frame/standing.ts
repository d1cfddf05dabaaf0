// The frame's own commands and shortcuts: they exist wherever one is.
import { clock as countdown } from "../../format/duration";
import { shown as visible } from "../../format/shown";
import { clock } from "../../state/clock.svelte";
import type { Command } from "../../state/commands.svelte";
import { dialogs } from "../../state/dialogs.svelte";
import { drafts } from "../../state/drafts.svelte";
import { editing } from "../../state/editing.svelte";
import type { Shortcut } from "../../state/keyboard.svelte";
import { inspecting } from "../../state/inspecting.svelte";
import { operations } from "../../state/operations.svelte";
import { session } from "../../state/session.svelte";
import { view } from "../../state/view.svelte";
import { chooseProfile, labRestarts, startLab, stopLab } from "./actions";
import { fromClipboard } from "./clipboard";
import { PLACES } from "./places";
import { selectNear } from "./selecting";

export function standingCommands(): Command[] {
  const two = view.selected.length >= 2;
  const selected = session.token(view.selected[0]);
  const last = session.lastStep;
  return [
    ...operations.list
      .filter((one) => one.unavailable === null)
      .map((one): Command => ({
        id: `op:${one.operation}`,
        group: "Commands",
        icon: "run",
        title: one.title,
        note: one.note,
        run: () => session.openOperation(one.operation),
      })),
    ...(two
      ? [
          {
            id: "swap",
            group: "Commands" as const,
            icon: "swap" as const,
            title: "Swap subject and issued",
            note: "in the comparison",
            run: () => view.compare([...view.selected].reverse()),
          },
        ]
      : []),
    ...(selected
      ? [
          {
            id: "trace",
            group: "Commands" as const,
            icon: "steps" as const,
            title: "Trace: who refuses this token",
            note: selected.label,
            run: () => (view.inspect(selected.id), (inspecting.pane = "trace")),
          },
        ]
      : []),
    ...(last?.draft
      ? [
          {
            id: "again",
            group: "Commands" as const,
            icon: "again" as const,
            title: `${last.title} again`,
            note: "fills the form of the last step",
            run: () => last.draft && drafts.fill(last.draft.operation, last.draft.values, last.draft.extra),
          },
        ]
      : []),
    ...PLACES.map(({ place, label, icon, keys }): Command => ({
      id: `place:${place}`,
      group: "Commands",
      icon,
      title: `Open ${label}`,
      keys,
      run: () => void (view.place = place),
    })),
    {
      id: "sequence",
      group: "Commands",
      icon: "steps",
      title: "Show the sequence of this run",
      run: () => ((view.place = "run"), (view.pane = "sequence")),
    },
    {
      id: "paste",
      group: "Commands",
      icon: "paste",
      title: "Paste a token",
      note: "or a curl command",
      keys: "Mod+V",
      run: () => void fromClipboard(),
    },
    ...session.removed.slice(-1).map((token): Command => ({
      id: "put-back",
      group: "Commands",
      icon: "again",
      title: `Put ${token.label} back on the shelf`,
      note: "the last one taken off",
      run: () => void session.putBack(token),
    })),
    ...editing.deleted.toReversed().map(({ id, name }): Command => ({
      id: `put-back-profile:${id}`,
      group: "Profiles",
      icon: "again",
      title: `Put back profile ${visible(name)}`,
      note: "deleted since the start",
      run: () => ((view.place = "profiles"), void editing.putBack(id)),
    })),
    session.lab.running
      ? { id: "lab", group: "Commands", icon: "stop", title: "Stop the lab", run: () => void stopLab() }
      : { id: "lab", group: "Commands", icon: "run", title: "Start the lab", run: () => void startLab() },
    ...labRestarts().map((one): Command => ({ ...one, group: "Commands", icon: "again" })),
    {
      id: "secrets",
      group: "Commands",
      icon: "lock",
      title: "Choose where secrets are kept",
      run: () => void (dialogs.open = "secrets"),
    },
    { id: "theme:light", group: "Commands", icon: "settings", title: "Light theme", run: () => void (view.theme = "light") },
    { id: "theme:dark", group: "Commands", icon: "settings", title: "Dark theme", run: () => void (view.theme = "dark") },
    {
      id: "theme:system",
      group: "Commands",
      icon: "settings",
      title: "Theme as the system",
      run: () => void (view.theme = "system"),
    },
    {
      id: "keyboard",
      group: "Commands",
      icon: "help",
      title: "Show the keyboard list",
      keys: "?",
      run: () => void (dialogs.open = "keyboard"),
    },
    ...session.tokens.map((token): Command => ({
      id: `token:${token.id}`,
      group: "Tokens",
      icon: "token",
      title: [token.label, token.note].filter(Boolean).join(" "),
      note: `from ${token.origin}, ${token.who}`,
      aside:
        token.expires_at === null
          ? undefined
          : token.expires_at * 1000 > clock.now
            ? countdown(token.expires_at - clock.now / 1000)
            : "expired",
      run: () => view.inspect(token.id),
    })),
    ...session.profiles.map((profile): Command => ({
      id: `profile:${profile.id}`,
      group: "Profiles",
      icon: "profiles",
      title: `Use ${profile.name}`,
      note: profile.note,
      run: () => void chooseProfile(profile.id),
    })),
  ];
}

export function standingShortcuts(): Shortcut[] {
  return [
    { keys: "Mod+K", label: "Search or run a command", group: "Everywhere", run: () => void (dialogs.open = "palette") },
    ...PLACES.map(({ place, label, keys }): Shortcut => ({
      keys,
      label,
      group: "Everywhere",
      run: () => void (view.place = place),
    })),
    { keys: "Mod+E", label: "Edit the profile", group: "Everywhere", run: () => view.editProfile() },
    { keys: "Mod+,", label: "Settings", group: "Everywhere", run: () => document.getElementById("settings")?.click() },
    { keys: "Mod+A", label: "Select the text in focus", group: "Everywhere", inInputs: false, run: selectNear },
    { keys: "?", label: "This list", group: "Everywhere", run: () => void (dialogs.open = "keyboard") },
  ];
}
