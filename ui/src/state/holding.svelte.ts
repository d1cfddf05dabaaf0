// A secret that is typed and not saved holds the window: closing it asks first.
import { call, faultOf, onLeaving } from "../host/host";
import { dialogs } from "./dialogs.svelte";
import { editing } from "./editing.svelte";
import { session } from "./session.svelte";
import { toasts } from "./toasts.svelte";

/** Keeps the window from being closed over a secret that is typed and not saved. The returned function stops that. */
export function holdTyped(): () => void {
  let gone = false;
  let stop: (() => void) | undefined;
  void onLeaving(() => void leaving()).then((unlisten) => {
    if (gone) unlisten();
    else stop = unlisten;
  });
  const effects = $effect.root(() => {
    let told = false;
    $effect(() => {
      const held = editing.holds;
      if (held === told) return;
      told = held;
      // A window that cannot be held closes as it always did.
      call("hold_window", { held }).catch(() => undefined);
    });
  });
  return () => {
    gone = true;
    stop?.();
    effects();
  };
}

async function leaving(): Promise<void> {
  const names = Object.keys(editing.typed)
    .filter((key) => editing.types(key))
    .map((key) => editing.drafts[key]?.profile.name ?? session.profiles.find((one) => one.id === key)?.name ?? key);
  const choice = await dialogs.ask({
    title: "Close with a secret that is not saved?",
    body: `A secret is typed in ${names.join(" and ")} and not saved anywhere yet.`,
    yes: "Keep the window open",
    other: "Close and lose it",
    danger: true,
  });
  if (choice !== "other") return;
  try {
    await call("leave", {});
  } catch (error) {
    toasts.fault(faultOf(error));
  }
}
