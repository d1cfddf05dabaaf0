// Connecting a provider of one's own: what is typed, what discovery found, and the redirect URI that goes with it.
import { call, faultOf } from "../host/host";
import type { Discovered, Exchange, Fault, OpenProfile, Profile } from "../wire/types";
import { drafts } from "./drafts.svelte";
import { exchangesOf } from "./editing.svelte";
import { session } from "./session.svelte";

class Connecting {
  issuer = $state("");
  clientId = $state("claimscope");
  host = $state<"127.0.0.1" | "localhost">("127.0.0.1");
  /** Port as typed; null: any. */
  port = $state<string | null>(null);
  found = $state.raw<Discovered | null>(null);
  fault = $state.raw<Fault | null>(null);
  busy = $state(false);
  /** The answer to "which realm?", and whether it was asked. */
  realm = $state("");
  asksRealm = $state(false);
  /** What the last discovery asked, address by address. */
  tried = $state.raw<Exchange[]>([]);
  #hinted = $state.raw<{ uri: string; note: string } | null>(null);
  #asked = 0;

  /** What must be registered. Before discovery there is no dialect to ask, so this is the plain address. */
  readonly redirectUri = $derived(
    this.#hinted?.uri ?? `http://${this.host}${this.port === null ? "" : `:${this.port}`}/callback`,
  );
  readonly redirectNote = $derived(this.#hinted?.note ?? "");

  /** The issuer changed under what was found. */
  edited(): void {
    this.fault = null;
    this.found = null;
    this.asksRealm = false;
    this.tried = [];
    this.#hinted = null;
  }

  setClient(id: string): void {
    this.clientId = id;
    if (this.fault?.field === "client_id") this.fault = null;
  }

  setRedirect(host: "127.0.0.1" | "localhost", port: string | null): void {
    this.host = host;
    this.port = port;
    if (this.fault?.field === "port") this.fault = null;
    void this.#hint();
  }

  async discover(): Promise<void> {
    if (this.busy || this.issuer.trim() === "") return;
    this.busy = true;
    this.fault = null;
    this.tried = [];
    try {
      this.found = await call("discover", {
        issuer: this.issuer.trim(),
        realm: this.asksRealm ? this.realm.trim() : "",
        profile: null,
      });
      this.tried = await exchangesOf(this.found.step);
      const login = this.found.profile.clients.find((client) => client.login);
      if (login && this.clientId === "claimscope") this.clientId = login.client_id;
      await this.#hint();
    } catch (error) {
      const fault = faultOf(error);
      this.fault = fault;
      this.asksRealm = fault.field === "realm" || (this.asksRealm && fault.id === "no-such-realm");
      if (fault.step !== null) this.tried = await exchangesOf(fault.step);
    } finally {
      this.busy = false;
    }
  }

  /** The profile as it would be saved. */
  #profile(): Profile | null {
    if (!this.found) return null;
    const profile = this.found.profile;
    const login = profile.clients.find((client) => client.login);
    const client = {
      client_id: this.clientId.trim(),
      auth: login?.auth ?? ("none" as const),
      server: "provider" as const,
      note: login?.note ?? "",
      plane: login?.plane ?? "",
      login: true,
      events: login?.events ?? false,
      key_id: login?.key_id ?? "",
      signing_alg: login?.signing_alg ?? "",
    };
    return {
      ...profile,
      clients: [client, ...profile.clients.filter((one) => one !== login)],
      redirect: { ...profile.redirect, host: this.host, port: this.#number() },
    };
  }

  /** Zero means any port; the backend says what is wrong with others. */
  #number(): number {
    const n = Number(this.port ?? "0");
    return Number.isInteger(n) && n >= 0 && n <= 65_535 ? n : 0;
  }

  async #hint(): Promise<void> {
    const profile = this.#profile();
    if (!profile) {
      this.#hinted = null;
      return;
    }
    const turn = ++this.#asked;
    try {
      const opened = await call("redirect_hint", { profile });
      if (turn === this.#asked) this.#hinted = { uri: opened.redirect_uri, note: opened.redirect_note };
    } catch (error) {
      if (turn === this.#asked) this.fault = faultOf(error);
    }
  }

  /** Saves the profile; gives its id, or nothing when it was not saved. */
  async save(): Promise<string | null> {
    const profile = this.#profile();
    if (!profile || this.busy) return null;
    if (this.port !== null && this.#number() === 0) {
      this.fault = {
        kind: "input",
        id: "port",
        message: "The port is no number between 1 and 65535.",
        advice: "Choose a fixed port such as 8250, or any port.",
        field: "port",
        step: null,
      };
      return null;
    }
    this.busy = true;
    this.fault = null;
    try {
      const opened = await call("save_profile", { profile });
      return opened.profile.id;
    } catch (error) {
      this.fault = faultOf(error);
      return null;
    } finally {
      this.busy = false;
    }
  }

  /** Goes on with a profile that was just imported. */
  async imported(open: OpenProfile): Promise<void> {
    try {
      await this.#enter(open.profile);
    } catch (error) {
      this.fault = faultOf(error);
    }
  }

  async #enter(profile: Profile): Promise<void> {
    session.openOperation("log_in");
    await session.choose(profile.id);
    drafts.reset(profile.id, "log_in");
  }
}

export const connecting = new Connecting();
