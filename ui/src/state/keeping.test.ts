// What a profile keeps: its shape as long as it lives, a way back once it is deleted, and what is typed beside it.
import { beforeEach, describe, expect, it } from "vitest";
import { placeOf } from "../format/provenance";
import type { FakeHost } from "../host/fake";
import { useHost } from "../host/host";
import { readsEvents } from "../parts/profiles/profile";
import { boot } from "../test/app";
import { standingCommands } from "../views/frame/standing";
import type { ProfileSummary, Shape } from "../wire/types";
import { editing } from "./editing.svelte";
import { session } from "./session.svelte";
import { toasts } from "./toasts.svelte";

let host: FakeHost;
const own = () => session.profiles.find((one) => one.name === "Staging") as ProfileSummary;

beforeEach(async () => {
  host = await boot();
  useHost(host);
  toasts.list = [];
  Object.assign(editing, { current: null, drafts: {}, typed: {}, deleted: [], fault: null });
  await editing.open(own().id);
});

describe("the shape of a profile", () => {
  it("stays when another one is deleted, and is saved with it", async () => {
    const shape = (id: string): Shape | undefined => session.profiles.find((one) => one.id === id)?.mark;
    const [first, second] = [own(), { ...own(), id: "other", mark: "triangle" as const }];
    session.profiles = [...session.profiles, second];
    // The backend gives shapes anew by who is left.
    session.profiles = [{ ...second, mark: first.mark }];
    expect(shape("other")).toBe("triangle");
    session.profiles = [first];
    await editing.save();
    const saved = host.calls.filter((call) => call.name === "save_profile").at(-1)?.args as { profile: { mark: Shape | null } };
    expect(saved.profile.mark).toBe(first.mark);
  });

  it("is one of its own at the tokens of a deleted profile, which say so", () => {
    const token = session.tokens[0];
    if (!token) throw new Error("no token");
    const place = placeOf(
      { ...token, provenance: { profile: "gone", name: "Old staging", issuer: "https://old.example" } },
      session.profiles,
    );
    expect(place).toMatchObject({ mark: "gone", name: "Old staging, deleted profile" });
  });
});

describe("a deleted profile", () => {
  it("is put back from the palette after the toast is gone", async () => {
    const { id, name } = own();
    await editing.remove(id);
    toasts.list = [];
    const back = standingCommands().find((one) => one.title === `Put back profile ${name}`);
    expect(session.profiles.some((one) => one.id === id)).toBe(false);
    await back?.run();
    await expect.poll(() => session.profiles.some((one) => one.id === id)).toBe(true);
    expect(standingCommands().some((one) => one.title.startsWith("Put back profile"))).toBe(false);
  });
});

describe("saving a profile with a secret typed beside it", () => {
  it("says in the same sentence that the secret is not saved", async () => {
    const draft = editing.draft;
    const client = draft?.profile.clients[0];
    if (!draft || !client) throw new Error("no client");
    editing.typed = { [draft.profile.id]: { 0: "s3cret" } };
    await editing.save();
    expect(toasts.list.at(-1)?.message).toBe(
      `Staging saved, but not the secret typed for ${client.client_id}: press Save secret beside it.`,
    );
    editing.typed = {};
    await editing.save();
    expect(toasts.list.at(-1)?.message).toBe("Staging saved.");
  });

  it("says a long name in little room", async () => {
    const draft = editing.draft;
    if (!draft) throw new Error("no draft");
    draft.profile.name = "W".repeat(300);
    await editing.save();
    expect([...(toasts.list.at(-1)?.message ?? "")].length).toBeLessThan(50);
  });
});

describe("events that are read", () => {
  it("need somebody who reads them, at the provider's own host", () => {
    const profile = editing.draft?.profile;
    if (!profile) throw new Error("no profile");
    const base = {
      ...profile,
      provider: {
        ...profile.provider,
        issuer: "https://id.example/realms/a",
        events: "https://id.example/admin/realms/a/events",
      },
    };
    const reader = base.clients.map((client, i) => ({ ...client, events: i === 0 }));
    const nobody = base.clients.map((client) => ({ ...client, events: false }));
    expect(readsEvents({ ...base, clients: reader })).toBe(true);
    expect(readsEvents({ ...base, clients: nobody })).toBe(false);
    expect(
      readsEvents({ ...base, clients: reader, provider: { ...base.provider, events: "https://elsewhere.example/events" } }),
    ).toBe(false);
    expect(readsEvents({ ...base, clients: reader, provider: { ...base.provider, events: "" } })).toBe(false);
  });
});
