// The developer portal of the current profile: which token it is asked with, what it told last, and the application that is open.
// Rust says what a token can do there and what a refusal means; this holds selections and the lists last read.
import { call, faultOf } from "../host/host";
import type {
  PortalAnswer,
  Api,
  Application,
  ConsumerSecret,
  Draft,
  Fault,
  Key,
  KeyManager,
  OpenPortal,
  Policy,
  PortalAnswered,
  SecretFate,
  Step,
  Subscription,
} from "../wire/types";
import { allowed } from "./gate.svelte";
import { session } from "./session.svelte";
import { toasts } from "./toasts.svelte";

type Fields = Record<string, string | string[]>;
type Paged = "applications" | "apis" | "subscriptions";
/** Most entries of a list that are read, a hundred with each request. */
const MOST = 1_000;
const ALL_READ: Record<Paged, number> = { applications: 0, apis: 0, subscriptions: 0 };
type Of<W extends PortalAnswer["what"]> = Extract<PortalAnswer, { what: W }>;

class Portal {
  /** What can be asked of this profile, and with which tokens. */
  place = $state.raw<OpenPortal | null>(null);
  /** Chosen token. */
  token = $state<string | null>(null);
  applications = $state.raw<Application[] | null>(null);
  /** Open application. */
  chosen = $state<string | null>(null);
  keys = $state.raw<Key[]>([]);
  subscriptions = $state.raw<Subscription[]>([]);
  /** Secrets by consumer key, once they were asked for. */
  secrets = $state.raw<Record<string, ConsumerSecret[]>>({});
  apis = $state.raw<Api[]>([]);
  /** How many more the server has of each list than are read here. */
  unread = $state.raw<Record<Paged, number>>({ ...ALL_READ });
  policies = $state.raw<Policy[]>([]);
  keyManagers = $state.raw<KeyManager[]>([]);
  /** What was typed for a new application; kept until it is made. */
  name = $state("");
  description = $state("");
  policy = $state("Unlimited");
  /** The last call, however it ended. */
  last = $state.raw<Step | null>(null);
  /** Where the secrets of the last answers went. */
  fates = $state.raw<SecretFate[]>([]);
  fault = $state.raw<Fault | null>(null);
  /** Whether anything is under way. */
  readonly busy = $derived.by(() => this.#holds > 0);

  #holds = $state(0);
  /** The reading of everything that is under way, and with which token. */
  #reading: { token: string | null; done: Promise<void> } | null = null;
  /** Calls wait for each other, in the order they were asked for. */
  #turn: Promise<void> = Promise.resolve();
  #count = 0;
  #profile = "";
  /** Whether the token was chosen by hand; else the one that can do most is taken, also when it comes later. */
  #picked = false;

  readonly application = $derived(this.applications?.find((one) => one.id === this.chosen) ?? null);
  readonly standing = $derived(this.place?.tokens.find((one) => one.token.id === this.token)?.standing ?? null);

  /** Reads what can be asked; forgets what belongs to another profile. */
  async open(): Promise<void> {
    const profile = session.profile?.id;
    if (profile === undefined) return;
    if (profile !== this.#profile) {
      this.#profile = profile;
      this.#picked = false;
      Object.assign(this, {
        place: null,
        token: null,
        applications: null,
        chosen: null,
        keys: [],
        subscriptions: [],
        secrets: {},
        apis: [],
        unread: ALL_READ,
        policies: [],
        keyManagers: [],
        last: null,
        fates: [],
        fault: null,
      });
    }
    try {
      const place = await call("open_portal", { profile });
      if (profile !== this.#profile) return;
      this.place = place;
      if (this.#picked && place.tokens.some((one) => one.token.id === this.token)) return;
      this.#use(place.tokens[0]?.token.id ?? null);
      this.#picked = false;
    } catch (error) {
      this.fault = faultOf(error);
    }
  }

  /** Asks with this token from now on, and reads everything with it. */
  async pick(token: string): Promise<void> {
    this.#picked = true;
    this.#use(token);
    await this.readAll();
  }

  /** What another token read is not what this one would; a refusal of the other is of no more use. */
  #use(token: string | null): void {
    if (token === this.token) return;
    if (this.token !== null) Object.assign(this, { applications: null, last: null });
    this.token = token;
  }

  draft(name: string, fields: Fields): Draft {
    const given = Object.entries({
      ...(this.token === null || name === "register" ? {} : { token: `token:${this.token}` }),
      ...fields,
    });
    const values = given.flatMap(([field, value]) =>
      (Array.isArray(value) ? value : [value]).filter((text) => text !== "").map((text) => ({ name: field, value: text })),
    );
    return { operation: "portal", profile: this.#profile, values: [{ name: "call", value: name }, ...values], extra: [] };
  }

  /** Asks the portal. None when it refused or could not be asked; `last` and `fault` say why. */
  async ask<W extends PortalAnswer["what"]>(name: string, fields: Fields, wanted: W): Promise<Of<W> | null> {
    this.#holds += 1;
    const before = this.#turn;
    let done = (): void => undefined;
    this.#turn = new Promise((release) => (done = release));
    await before;
    this.fault = null;
    try {
      const once = async (): Promise<PortalAnswered> =>
        await call("ask_portal", { run: `portal-${Date.now()}-${++this.#count}`, draft: this.draft(name, fields) });
      let answered = await once();
      // One that was stopped sent nothing, so it may be asked again with the user's word.
      if (await allowed(answered.step.problem_id)) answered = await once();
      session.took(answered);
      if (answered.profile !== null) await session.profileSaved(answered.profile);
      this.last = answered.step;
      if (answered.secrets.length > 0) this.fates = answered.secrets;
      // A refusal is the news then; a secret that was not saved stays said.
      else if (answered.step.outcome !== "success") this.fates = this.fates.filter((fate) => fate.problem !== null);
      const answer = answered.answer;
      if (answer?.what === "secret" && answered.secrets.length === 0)
        toasts.say("The server made a secret and did not show it, so it is not kept here.", {
          tone: "warning",
          icon: "warn",
          ms: 12_000,
        });
      if (answer?.what === "waiting") toasts.say(`It waits for approval: ${answer.status}.`, { tone: "info", icon: "expiring" });
      return answer?.what === wanted ? (answer as Of<W>) : null;
    } catch (error) {
      this.fault = faultOf(error);
      return null;
    } finally {
      done();
      this.#holds -= 1;
    }
  }

  /** Keeps the place busy over several calls. */
  async #over<T>(work: () => Promise<T>): Promise<T> {
    this.#holds += 1;
    try {
      return await work();
    } finally {
      this.#holds -= 1;
    }
  }

  /** Everything the place shows at first; stops at the first refusal, which says it all. */
  readAll(): Promise<void> {
    // Asked for again while it is under way, it is that reading: a token that came meanwhile reads anew.
    if (this.#reading?.token === this.token) return this.#reading.done;
    const reading = {
      token: this.token,
      done: this.#over(() => this.#readAll()).finally(() => {
        if (this.#reading === reading) this.#reading = null;
      }),
    };
    this.#reading = reading;
    return reading.done;
  }

  async #readAll(): Promise<void> {
    const listed = await this.#pages<Application>("applications", {});
    if (listed === null) return;
    this.applications = listed;
    if (!listed.some((one) => one.id === this.chosen)) this.chosen = null;
    this.apis = (await this.#pages<Api>("apis", {})) ?? this.apis;
    this.policies = (await this.ask("policies", {}, "policies"))?.list ?? this.policies;
    this.keyManagers = (await this.ask("key_managers", {}, "key_managers"))?.list ?? this.keyManagers;
    if (this.chosen !== null) await this.choose(this.chosen);
  }

  /** A list with all its pages, each entry once; none when the first page was refused. */
  async #pages<T extends { id: string }>(name: Paged, fields: Fields): Promise<T[] | null> {
    const all = new Map<string, T>();
    let total = 0;
    for (let offset = 0; offset < MOST;) {
      const page = await this.ask(name, offset === 0 ? fields : { ...fields, offset: String(offset) }, name);
      if (page === null && offset === 0) return null;
      const list = (page?.list ?? []) as unknown as T[];
      for (const one of list) if (all.size < MOST) all.set(one.id, one);
      total = page?.total ?? total;
      offset += list.length;
      if (list.length === 0 || offset >= total) break;
    }
    this.unread = { ...this.unread, [name]: Math.max(0, total - all.size) };
    return [...all.values()];
  }

  /** Opens an application: its keys and subscriptions. */
  choose(application: string): Promise<void> {
    return this.#over(() => this.#choose(application));
  }

  async #choose(application: string): Promise<void> {
    if (this.chosen !== application) Object.assign(this, { keys: [], subscriptions: [], secrets: {}, fates: [] });
    this.chosen = application;
    const keys = await this.ask("keys", { application }, "keys");
    if (keys === null) return;
    this.keys = keys.list;
    this.subscriptions = (await this.#pages<Subscription>("subscriptions", { application })) ?? [];
  }

  /** Opens the application that a consumer key belongs to. The portal has no such search, so the keys of one after the other are read. */
  async seek(consumer: string): Promise<void> {
    await this.open();
    if (this.token === null || this.place?.unavailable !== null) return;
    await this.#over(async () => {
      if (this.applications === null) await this.#readAll();
      if (this.keys.some((key) => key.consumer_key === consumer)) return;
      for (const { id } of this.applications ?? []) {
        const keys = await this.ask("keys", { application: id }, "keys");
        if (keys === null) return;
        if (keys.list.some((key) => key.consumer_key === consumer)) return this.#choose(id);
      }
      toasts.say(`None of the applications this token sees has the consumer key ${consumer}.`, {
        tone: "info",
        icon: "info",
        ms: 12_000,
      });
    });
  }

  /** Asks the server which release it is, as far as it tells. */
  async askRelease(): Promise<void> {
    const told = await this.ask("settings", {}, "settings");
    if (told === null) return;
    if (told.settings.release === "")
      toasts.say(
        "The server does not tell its release. It is 4.6 or earlier by what it does not know; enter it in the profile.",
        { tone: "info", icon: "info" },
      );
    else await this.open();
  }

  create(): Promise<void> {
    return this.#over(() => this.#create());
  }

  async #create(): Promise<void> {
    const made = await this.ask(
      "create_application",
      { name: this.name, description: this.description, policy: this.policy },
      "application",
    );
    if (made === null) return;
    Object.assign(this, { name: "", description: "" });
    this.applications = [...(this.applications ?? []), made.application];
    await this.choose(made.application.id);
  }

  async remove(application: Application): Promise<void> {
    // Its keys end with it; those of the open application are known, and their clients go from the profile.
    const client =
      this.chosen === application.id ? this.keys.filter((key) => key.mode !== "MAPPED").map((key) => key.consumer_key) : [];
    if ((await this.ask("delete_application", { application: application.id, client }, "done")) === null) return;
    this.#ended(client);
    this.applications = this.applications?.filter((one) => one.id !== application.id) ?? null;
    if (this.chosen === application.id) Object.assign(this, { chosen: null, keys: [], subscriptions: [], secrets: {} });
  }

  /** Deletes a key of the open application. */
  async removeKey(key: Key): Promise<void> {
    const client = key.mode === "MAPPED" ? [] : [key.consumer_key];
    if ((await this.change("delete_keys", { key: key.id, client }, "done")) !== null) this.#ended(client);
  }

  /** Says that clients are gone, and no more where their secrets are. */
  #ended(clients: string[]): void {
    this.fates = this.fates.filter((fate) => !clients.includes(fate.client_id));
    if (clients.length > 0)
      toasts.say(
        `${clients.join(", ")} is void at the gateway and no longer among the clients of this profile. Its tokens stay on the shelf.`,
        { icon: "bin", tone: "info", ms: 10_000 },
      );
  }

  /** Asks for something of the open application and reads its keys again when it was done. */
  change<W extends PortalAnswer["what"]>(name: string, fields: Fields, wanted: W): Promise<Of<W> | null> {
    return this.#over(() => this.#change(name, fields, wanted));
  }

  async #change<W extends PortalAnswer["what"]>(name: string, fields: Fields, wanted: W): Promise<Of<W> | null> {
    const application = this.chosen;
    if (application === null) return null;
    const answer = await this.ask(name, { application, ...fields }, wanted);
    if (answer === null) return null;
    const step = this.last;
    const keys = await this.ask("keys", { application }, "keys");
    if (keys !== null) this.keys = keys.list;
    // What was done is worth more than the reading after it.
    this.last = step;
    return answer;
  }

  async readSecrets(key: Key): Promise<void> {
    const listed = await this.ask(
      "secrets",
      { application: this.chosen ?? "", key: key.id, client: key.consumer_key },
      "secrets",
    );
    if (listed !== null) this.secrets = { ...this.secrets, [key.consumer_key]: listed.list };
  }

  async subscribe(api: string, policy: string): Promise<void> {
    const made = await this.ask("subscribe", { application: this.chosen ?? "", api, policy }, "subscription");
    if (made !== null) this.#subscribed([...this.subscriptions, made.subscription]);
  }

  /** Takes over the subscriptions of the open application, and their number in the list. */
  #subscribed(subscriptions: Subscription[]): void {
    this.subscriptions = subscriptions;
    this.applications =
      this.applications?.map((one) => (one.id === this.chosen ? { ...one, subscriptions: subscriptions.length } : one)) ?? null;
  }

  async unsubscribe(one: Subscription): Promise<void> {
    if ((await this.ask("unsubscribe", { subscription: one.id }, "done")) !== null)
      this.#subscribed(this.subscriptions.filter((other) => other.id !== one.id));
  }
}

export const portal = new Portal();
