// Profiles being edited. A draft lives here until it is saved or thrown away by hand, so that switching views or
// profiles never loses a word. No secret is ever part of a draft; one that is being typed lies beside it until it is saved.
import { toldApart } from "../format/apart";
import { listed } from "../format/list";
import { shown as visible } from "../format/shown";
import { call, faultOf } from "../host/host";
import type {
  AllowedAddress,
  Certificate,
  Discovered,
  Elsewhere,
  Exchange,
  Fault,
  LabJoin,
  OpenProfile,
  Profile,
  Provider,
  RightsHelp,
  SecretSort,
  SecretState,
  ServerRole,
} from "../wire/types";
import { dialogs } from "./dialogs.svelte";
import { placeOf } from "./faults";
import { allowed } from "./gate.svelte";
import { session } from "./session.svelte";
import { toasts } from "./toasts.svelte";

/** Key of a profile that was never saved. */
export const NEW = "new";
/** Id of the built-in profile, which is made anew at every start. */
export const LAB = "lab";

export interface Draft {
  profile: Profile;
  /** As JSON, what is saved; empty for one that never was. */
  saved: string;
  secrets: SecretState[];
  /** Addresses that lie at another host than the issuer. */
  elsewhere: Elsewhere[];
  /** Other hosts that are used without a question. */
  allowed: AllowedAddress[];
  redirectUri: string;
  redirectNote: string;
}

/** A name within a sentence. */
const brief = (name: string): string => toldApart(visible(name), [], 40);

class Editing {
  /** Key of the draft in the editor. */
  current = $state<string | null>(null);
  drafts = $state<Record<string, Draft>>({});
  /** What went wrong last, for the field it names or the banner. */
  fault = $state.raw<Fault | null>(null);
  busy = $state<"open" | "save" | "discover" | "info" | "lab" | null>(null);
  /** Secrets that are typed and not saved yet, by draft and then by position of the client. They leave it only by the user's word. */
  typed = $state<Record<string, Record<number, string>>>({});
  /** Profiles deleted since the start, which can be put back; the last one last. */
  deleted = $state.raw<{ id: string; name: string; kept: Draft | undefined }[]>([]);
  /** How the last discovery of the current draft went. */
  discovered = $state.raw<{ key: string; answer: Discovered } | null>(null);

  /** What the last discovery asked, address by address. */
  tried = $state.raw<{ key: string; found: boolean; exchanges: Exchange[] } | null>(null);
  /** How reading events is granted, once it was asked for. */
  help = $state.raw<{ key: string; help: RightsHelp } | null>(null);
  /** The answer to "which realm?", and for which address it was asked. */
  realm = $state("");
  asksRealm = $state<string | null>(null);

  /** Why the lab's gateway could not be put in front. */
  joinFault = $state.raw<Fault | null>(null);

  #hinted = 0;
  /** The name we gave to the new profile: while nobody types another, it follows what discovery finds. */
  #given = "";

  get draft(): Draft | null {
    return this.current === null ? null : (this.drafts[this.current] ?? null);
  }

  edited(key: string): boolean {
    const draft = this.drafts[key];
    return draft !== undefined && JSON.stringify(draft.profile) !== draft.saved;
  }

  /** Whether any secret is typed that closing the window would lose. */
  get holds(): boolean {
    return Object.values(this.typed).some((ones) => Object.values(ones).some((text) => text !== ""));
  }

  /** Whether one is typed in a draft. */
  types(key: string): boolean {
    return Object.values(this.typed[key] ?? {}).some((text) => text !== "");
  }

  type(index: number, text: string): void {
    const key = this.current;
    if (key === null) return;
    this.typed[key] = { ...this.typed[key], [index]: text };
  }

  /** Asks before a typed secret goes. True when it may. */
  async #mayDrop(what: string): Promise<boolean> {
    return (
      (await dialogs.ask({
        title: "Throw away the secret you typed?",
        body: `${what} It is not saved anywhere yet.`,
        yes: "Keep it",
        other: "Throw away",
        danger: true,
      })) === "other"
    );
  }

  /** Takes a client out of the draft, with what was typed for it. */
  async removeClient(index: number): Promise<void> {
    const key = this.current;
    const draft = this.draft;
    if (key === null || draft === null) return;
    const typed = this.typed[key] ?? {};
    if (
      (typed[index] ?? "") !== "" &&
      !(await this.#mayDrop(`It was typed for ${draft.profile.clients[index]?.client_id ?? "this client"}.`))
    )
      return;
    draft.profile.clients.splice(index, 1);
    this.typed[key] = Object.fromEntries(
      Object.entries(this.typed[key] ?? {})
        .filter(([at]) => Number(at) !== index)
        .map(([at, text]) => [Number(at) > index ? Number(at) - 1 : Number(at), text]),
    );
  }

  /** Opens a profile; a draft that is kept comes back as it was left. */
  async open(key: string): Promise<void> {
    this.current = key;
    this.fault = null;
    if (key in this.drafts) {
      if (key !== NEW && !this.edited(key)) await this.#read(key);
      else await this.refreshSecrets();
      return;
    }
    await this.#read(key);
  }

  async #read(key: string): Promise<void> {
    await this.#try("open", async () => {
      this.#keep(await call("open_profile", { id: key }));
    });
  }

  #keep(open: OpenProfile): void {
    this.drafts[open.profile.id] = {
      profile: structuredClone(open.profile),
      saved: JSON.stringify(open.profile),
      secrets: open.secrets,
      elsewhere: open.elsewhere,
      allowed: open.allowed,
      redirectUri: open.redirect_uri,
      redirectNote: open.redirect_note,
    };
  }

  /** Starts a profile that is saved by the first Save; one at a time. */
  async create(profile: Profile): Promise<void> {
    if (!(NEW in this.drafts)) {
      this.drafts[NEW] = { profile, saved: "", secrets: [], elsewhere: [], allowed: [], redirectUri: "", redirectNote: "" };
      this.#given = profile.name;
    }
    this.current = NEW;
    this.fault = null;
    await this.hint();
  }

  /** Throws the edits of the current draft away. */
  async revert(): Promise<void> {
    const key = this.current;
    if (key === null) return;
    if (this.types(key) && !(await this.#mayDrop("A secret is typed in this profile."))) return;
    delete this.drafts[key];
    delete this.typed[key];
    this.fault = null;
    if (key === NEW) {
      this.current = null;
      await this.openChosen();
    } else await this.open(key);
  }

  /** Opens the chosen profile, or the first. */
  async openChosen(): Promise<void> {
    const id = session.profile?.id ?? session.profiles[0]?.id;
    if (id !== undefined) await this.open(id);
  }

  async save(): Promise<void> {
    const key = this.current;
    const draft = this.draft;
    if (key === null || draft === null || this.busy !== null) return;
    await this.#try("save", async () => {
      const sent = $state.snapshot(draft.profile);
      const before = JSON.stringify(draft.secrets);
      // The shape it has is saved with it, so that it stays when others go.
      const mark = sent.mark ?? session.profiles.find((one) => one.id === sent.id)?.mark ?? null;
      const open = await call("save_profile", { profile: { ...sent, mark } });
      // What was typed while it was being saved is newer than the answer.
      const typed =
        JSON.stringify($state.snapshot(draft.profile)) !== JSON.stringify(sent) ? $state.snapshot(draft.profile) : null;
      if (key !== open.profile.id) {
        delete this.drafts[key];
        const waiting = this.typed[key];
        delete this.typed[key];
        if (waiting !== undefined) this.typed[open.profile.id] = waiting;
      }
      // So is a secret that went to the store meanwhile.
      const secrets = JSON.stringify(draft.secrets) === before ? open.secrets : draft.secrets.reduce(withState, open.secrets);
      this.#keep({ ...open, secrets });
      const kept = this.drafts[open.profile.id];
      if (typed !== null && kept !== undefined) kept.profile = { ...typed, id: open.profile.id };
      this.current = open.profile.id;
      await session.profileSaved(open.profile);
      toasts.say(
        `${brief(open.profile.name)} saved${this.#notSaved(open.profile)}.`,
        this.types(open.profile.id) ? { tone: "warning", icon: "warn", ms: 10_000 } : {},
      );
    });
  }

  /** Copies a saved profile. What belongs to its server comes along only when the user says so. */
  async duplicate(id: string, name: string): Promise<void> {
    const kept = this.drafts[id];
    const belongs =
      id !== LAB &&
      kept !== undefined &&
      (kept.secrets.some((secret) => secret.saved) || kept.profile.provider.read_ms > 0 || kept.profile.provider.events !== "");
    const choice = belongs
      ? await dialogs.ask({
          title: `Copy ${kept.profile.name} without its secrets?`,
          body: `The copy starts without what belongs to ${ownersOf(kept)}: secrets, what was read of the server, and the address of its events. Take them along only if the copy is for the same server.`,
          yes: "Copy without",
          other: "Take them along",
        })
      : id === LAB
        ? "other"
        : "yes";
    if (choice === "cancel") return;
    await this.#try("open", async () => {
      const open = await call("duplicate_profile", { id, name, take_along: choice === "other" });
      this.#keep(open);
      this.current = open.profile.id;
      await session.refreshProfiles();
      toasts.say(
        `${brief(open.profile.name)} is a copy of your own, ${open.secrets.some((secret) => secret.saved) ? "with its secrets" : "without secrets"}.`,
      );
    });
  }

  async remove(id: string): Promise<void> {
    const name = session.profiles.find((profile) => profile.id === id)?.name ?? id;
    const kept = this.drafts[id];
    await this.#try("open", async () => {
      session.profiles = await call("delete_profile", { id });
      delete this.drafts[id];
      if (session.profile?.id === id && session.profiles[0] !== undefined) await session.choose(session.profiles[0].id);
      this.current = null;
      await this.openChosen();
      this.deleted = [...this.deleted.filter((one) => one.id !== id), { id, name, kept }];
      toasts.say(`${brief(name)} deleted.`, {
        icon: "bin",
        tone: "info",
        action: { label: "Undo", run: () => void this.putBack(id) },
      });
    });
  }

  /** Puts a deleted profile back, with what was edited in it. */
  async putBack(id: string): Promise<void> {
    const kept = this.deleted.find((one) => one.id === id)?.kept;
    try {
      session.profiles = await call("restore_profile", { id });
      this.deleted = this.deleted.filter((one) => one.id !== id);
      if (kept !== undefined) this.drafts[id] = kept;
      await this.open(id);
    } catch (error) {
      toasts.fault(faultOf(error));
    }
  }

  /** Opens a profile that was just imported. */
  imported(open: OpenProfile): void {
    this.#keep(open);
    this.current = open.profile.id;
    this.fault = null;
    const waiting = open.secrets.filter((secret) => !secret.saved).length;
    toasts.say(
      `${brief(open.profile.name)} imported.${waiting === 0 ? "" : " Secrets that were not in it are added at the clients."}`,
      { tone: "info", icon: "paste" },
    );
  }

  /** The saved profile as text, without secrets; none when it could not be written. */
  async exportText(id: string): Promise<string | null> {
    try {
      return await call("export_profile", { id });
    } catch (error) {
      toasts.fault(faultOf(error));
      return null;
    }
  }

  /** Reads the issuer's metadata into the draft. */
  async discover(): Promise<void> {
    const key = this.current;
    const draft = this.draft;
    if (key === null || draft === null || this.busy !== null) return;
    const before = this.#readBefore(key, draft);
    await this.#try("discover", async () => {
      const sent = $state.snapshot(draft.profile);
      this.tried = null;
      this.discovered = null;
      const issuer = sent.provider.issuer.trim();
      const answer = await call("discover", { issuer, realm: this.asksRealm === issuer ? this.realm.trim() : "", profile: sent });
      this.discovered = { key, answer };
      this.realm = "";
      this.asksRealm = null;
      if (answer.moved.length > 0)
        toasts.say(`${movedWords(answer.moved)} No secret goes there before you say so.`, {
          tone: "failed",
          icon: "stopsign",
          ms: 20_000,
        });
      void this.#recall(key, answer.step, true);
      session.steps = Math.max(session.steps, answer.step);
      // Only the provider is taken over: the rest may have been typed meanwhile.
      draft.profile.provider = structuredClone(answer.profile.provider);
      if (key === NEW && draft.profile.name === this.#given && answer.profile.provider.name !== "") {
        this.#given = answer.profile.provider.name;
        draft.profile.name = this.#given;
      }
      await this.hint();
    });
    if (this.fault !== null && before !== null) forget(draft.profile.provider, before);
  }

  /** What the draft still holds of the server that was read before, if its issuer is another one now. */
  #readBefore(key: string, draft: Draft): Provider | null {
    const saved = draft.saved === "" ? null : (JSON.parse(draft.saved) as Profile).provider;
    const last = this.discovered?.key === key ? this.discovered.answer.profile.provider : saved;
    return last !== null && last.read_ms > 0 && last.issuer !== draft.profile.provider.issuer.trim() ? last : null;
  }

  /** How reading events is granted at the draft's realm. */
  async readHelp(): Promise<void> {
    const key = this.current;
    const draft = this.draft;
    if (key === null || draft === null) return;
    try {
      const help = await call("rights_help", { profile: $state.snapshot(draft.profile), purpose: "events" });
      this.help = { key, help };
    } catch (error) {
      toasts.fault(faultOf(error));
    }
  }

  /** The addresses a discovery asked. */
  async #recall(key: string, step: number | null, found: boolean): Promise<void> {
    this.tried = step === null ? null : { key, found, exchanges: await exchangesOf(step) };
  }

  /** Asks for the redirect URI of the draft as it stands. */
  async hint(): Promise<void> {
    const draft = this.draft;
    if (draft === null) return;
    const asked = ++this.#hinted;
    try {
      const open = await call("redirect_hint", { profile: $state.snapshot(draft.profile) });
      if (asked !== this.#hinted) return;
      draft.elsewhere = open.elsewhere;
      draft.secrets = draft.secrets.map((one) => ({
        ...one,
        elsewhere:
          open.secrets.find((other) => other.client_id === one.client_id && other.server === one.server)?.elsewhere ??
          one.elsewhere,
      }));
      draft.redirectUri = open.redirect_uri;
      draft.redirectNote = open.redirect_note;
    } catch (error) {
      if (asked !== this.#hinted) return;
      draft.redirectUri = "";
      draft.redirectNote = faultOf(error).message;
    }
  }

  /** What a saved profile still lacks: secrets that stand typed beside it. */
  #notSaved(profile: Profile): string {
    const names = Object.entries(this.typed[profile.id] ?? {})
      .filter(([, text]) => text !== "")
      .map(([at]) => brief(profile.clients[Number(at)]?.client_id ?? ""));
    return names.length === 0 ? "" : `, but not the secret typed for ${listed(names)}: press Save secret beside it`;
  }

  /** Saves a client's secret; it goes to the store and nowhere else. */
  async saveSecret(client: string, server: ServerRole, sort: SecretSort, secret: string): Promise<boolean> {
    return await this.#secret(async (profile) => await call("save_secret", { profile, client_id: client, server, sort, secret }));
  }

  async clearSecret(client: string, server: ServerRole): Promise<boolean> {
    return await this.#secret(async (profile) => await call("clear_secret", { profile, client_id: client, server }));
  }

  /** Takes back that a host is used without a question. */
  async takeBack(address: AllowedAddress): Promise<void> {
    const id = this.draft?.profile.id ?? "";
    try {
      const left = await call("take_back_address", { profile: id, address: $state.snapshot(address) });
      const now = this.drafts[id];
      if (now !== undefined) now.allowed = left;
      toasts.say(`You are asked again before anything goes to ${address.origin}.`);
    } catch (error) {
      toasts.fault(faultOf(error));
    }
  }

  /** Asks anew what is saved and allowed: another view may have changed it meanwhile. */
  async refreshSecrets(): Promise<void> {
    const draft = this.draft;
    if (draft === null || draft.profile.id === "") return;
    const id = draft.profile.id;
    try {
      const open = await call("redirect_hint", { profile: $state.snapshot(draft.profile) });
      const now = this.drafts[id];
      if (now !== undefined) Object.assign(now, { secrets: open.secrets, allowed: open.allowed });
    } catch {
      // The states shown stay; a store that cannot be read says so where a secret is saved.
    }
  }

  /** Asks the saved profile's server which features are on, as the client that reads events. */
  async readServerInfo(): Promise<void> {
    const draft = this.draft;
    if (draft === null || draft.profile.id === "" || this.busy !== null) return;
    const id = draft.profile.id;
    await this.#try("info", async () => {
      this.#keep(await call("read_server_info", { profile: id }));
      this.discovered = null;
      const kept = this.drafts[id];
      if (kept !== undefined) await session.profileSaved($state.snapshot(kept.profile));
      toasts.say("Server info read.", { icon: "server" });
    });
    if (await allowed((this.fault as Fault | null)?.id)) await this.readServerInfo();
  }

  async #secret(act: (profile: string) => Promise<SecretState>): Promise<boolean> {
    const id = this.draft?.profile.id ?? "";
    if (id === "") return false;
    try {
      const state = await act(id);
      // Looked up now: saving the profile meanwhile made another draft of it.
      const draft = this.drafts[id];
      if (draft !== undefined) draft.secrets = withState(draft.secrets, state);
      session.revision += 1;
      return true;
    } catch (error) {
      toasts.fault(faultOf(error));
      return false;
    }
  }

  /** The certificate a server shows, or why it cannot be read. */
  async readCertificate(address: string): Promise<Certificate | Fault> {
    try {
      return await call("read_certificate", { address });
    } catch (error) {
      return faultOf(error);
    }
  }

  /** The secret in clear, for the one row that asked. */
  async revealSecret(client: string, server: ServerRole): Promise<string | null> {
    const draft = this.draft;
    if (draft === null) return null;
    try {
      return await call("reveal_secret", { profile: draft.profile.id, client_id: client, server });
    } catch (error) {
      toasts.fault(faultOf(error));
      return null;
    }
  }

  /** Makes the current profile the one the other views work with. */
  async use(): Promise<void> {
    const id = this.draft?.profile.id;
    if (id === undefined || id === "") return;
    await this.#try("open", async () => {
      await session.choose(id);
    });
  }

  async lab(start: boolean): Promise<void> {
    await this.#try("lab", async () => {
      await (start ? session.startLab() : session.stopLab());
      if (this.current === LAB) this.#keep(await call("open_profile", { id: LAB }));
    });
  }

  /** Puts the lab's gateway in front of the saved profile's provider; starts the lab if need be. */
  async join(how: LabJoin): Promise<boolean> {
    const profile = this.draft?.profile.id ?? "";
    if (profile === "" || this.busy !== null) return false;
    this.busy = "lab";
    this.joinFault = null;
    try {
      if (!session.lab.running) await session.startLab();
      const open = await call("join_lab", { profile, how });
      this.#keep(open);
      await session.profileSaved(open.profile);
      toasts.say(`The lab's gateway takes the tokens of ${open.profile.provider.name || open.profile.provider.issuer}.`, {
        icon: "server",
      });
      return true;
    } catch (error) {
      this.joinFault = faultOf(error);
    } finally {
      this.busy = null;
    }
    return (await allowed((this.joinFault as Fault | null)?.id)) && (await this.join(how));
  }

  async #try(what: NonNullable<Editing["busy"]>, act: () => Promise<void>): Promise<void> {
    this.busy = what;
    this.fault = null;
    try {
      await act();
    } catch (error) {
      const fault = faultOf(error);
      if (placeOf(fault) !== "nowhere") this.fault = fault;
      if (what === "discover" && this.current !== null) {
        if (fault.field === "realm") this.asksRealm = this.draft?.profile.provider.issuer.trim() ?? null;
        await this.#recall(this.current, fault.step, false);
      }
    } finally {
      this.busy = null;
    }
  }
}

/** Takes out of a draft what was read of another server than its issuer names now. What was typed over it stays. */
function forget(provider: Provider, read: Provider): void {
  const endpoints = provider.endpoints;
  for (const name of Object.keys(endpoints) as (keyof typeof endpoints)[])
    if (endpoints[name] === read.endpoints[name]) endpoints[name] = "";
  if (provider.name === read.name) provider.name = "";
  if (provider.events === read.events) provider.events = "";
  Object.assign(provider, { capabilities: [], scopes: [], keys: "", read_ms: 0, iss_in_response: false });
}

/** For whom what a copy could take along was entered or read: the issuer as it was saved, and those of the secrets. */
function ownersOf(draft: Draft): string {
  const saved = draft.saved === "" ? draft.profile : (JSON.parse(draft.saved) as Profile);
  const entered = draft.secrets.filter((secret) => secret.saved).map((secret) => secret.issuer);
  return (
    listed(
      [...new Set([...entered, saved.provider.read_ms > 0 || entered.length === 0 ? saved.provider.issuer : ""])].filter(
        (issuer) => issuer !== "",
      ),
    ) || "its server"
  );
}

/** The states of secrets with a newer one of a client. */
function withState(secrets: SecretState[], state: SecretState): SecretState[] {
  return [...secrets.filter((other) => other.client_id !== state.client_id || other.server !== state.server), state];
}

/** What lies at another host since the last reading, in a sentence. */
export function movedWords(moved: Elsewhere[]): string {
  return `The server now names other hosts than at the last reading: ${moved.map((one) => `its ${one.what} was at ${one.expected} and is at ${one.found}`).join("; ")}.`;
}

/** The exchanges of a step; none when it can not be read, since they only explain. */
export async function exchangesOf(step: number): Promise<Exchange[]> {
  try {
    return (await call("read_step", { step })).exchanges;
  } catch {
    return [];
  }
}

export const editing = new Editing();
