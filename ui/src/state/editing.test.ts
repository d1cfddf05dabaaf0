import { beforeEach, describe, expect, it } from "vitest";
import type { FakeHost } from "../host/fake";
import { useHost } from "../host/host";
import { boot } from "../test/app";
import { editing } from "./editing.svelte";
import { session } from "./session.svelte";

let host: FakeHost;

/** Lets a command wait until the test lets it go on. */
function hold(held: string): () => void {
  let go = (): void => undefined;
  const gate = new Promise<void>((done) => (go = done));
  useHost({
    ...host,
    call: async (name, args) => {
      if (name === held) await gate;
      return await host.call(name, args);
    },
  });
  return go;
}

const place = () => editing.draft?.secrets.find((one) => one.client_id === "fresh")?.place;

beforeEach(async () => {
  host = await boot();
  Object.assign(editing, { current: null, drafts: {}, fault: null });
  const own = session.profiles.find((one) => one.name === "Staging");
  await editing.open(own?.id ?? "");
  editing.draft?.profile.clients.push({
    client_id: "fresh",
    auth: "client_secret_basic",
    server: "provider",
    note: "",
    plane: "",
    login: false,
    events: false,
    key_id: "",
    signing_alg: "",
  });
});

describe("a secret and its profile saved at the same time", () => {
  it("the secret is done first", async () => {
    const go = hold("save_profile");
    const saving = editing.save();
    expect(await editing.saveSecret("fresh", "provider", "secret", "s3cret")).toBe(true);
    go();
    await saving;
    expect(place()).toBe("Saved in the system keychain");
  });

  it("the profile is done first", async () => {
    const go = hold("save_secret");
    const secret = editing.saveSecret("fresh", "provider", "secret", "s3cret");
    await editing.save();
    go();
    expect(await secret).toBe(true);
    expect(place()).toBe("Saved in the system keychain");
  });
});
