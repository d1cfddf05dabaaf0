// What the backend last said: profile, shelf, journal count, stores. Rust owns the facts; this mirrors them.
import { call, faultOf } from "../host/host";
import type {
  Fault,
  LabChange,
  LabRelease,
  LabState,
  Notice,
  Operation,
  Profile,
  ProfileSummary,
  Ran,
  SecretStoreKind,
  SecretStoreState,
  Shape,
  Step,
  TokenView,
} from "../wire/types";
import { dialogs } from "./dialogs.svelte";
import { toasts } from "./toasts.svelte";
import { view } from "./view.svelte";

class Session {
  ready = $state(false);
  /** Why the backend did not start. */
  failure = $state.raw<Fault | null>(null);
  version = $state("");
  zone = $state("");
  #profiles = $state.raw<ProfileSummary[]>([]);
  /** Shapes given out: a profile keeps its own as long as it lives, whichever others come and go. */
  #marks = new Map<string, Shape>();

  get profiles(): ProfileSummary[] {
    return this.#profiles;
  }

  set profiles(list: ProfileSummary[]) {
    this.#profiles = list.map((one) => {
      const mark = this.#marks.get(one.id) ?? one.mark;
      this.#marks.set(one.id, mark);
      return mark === one.mark ? one : { ...one, mark };
    });
  }

  profile = $state.raw<Profile | null>(null);
  tokens = $state.raw<TokenView[]>([]);
  steps = $state(0);
  lastStep = $state.raw<Step | null>(null);
  secrets = $state.raw<SecretStoreState | null>(null);
  lab = $state.raw<LabState>({
    running: false,
    issuer: "",
    started_in_ms: 0,
    legacy: false,
    release: "4.7",
    people: [],
    short_caches: false,
    caches: "",
  });
  notices = $state.raw<Notice[]>([]);
  /** Tokens that were taken off the shelf and can be put back, the last one last. */
  removed = $state.raw<TokenView[]>([]);
  /** Counts answers that may change what a form or a list shows; views that show such facts depend on it. */
  revision = $state(0);

  /** Findings of weight on the shelf. */
  readonly findings = $derived(this.tokens.reduce((sum, token) => sum + token.findings, 0));

  async start(): Promise<void> {
    try {
      const boot = await call("boot", {});
      this.version = boot.version;
      this.zone = localZone();
      this.#marks.clear();
      this.profiles = boot.profiles;
      this.profile = boot.profile;
      this.steps = boot.steps;
      this.lastStep = boot.last_step;
      this.secrets = boot.secrets;
      this.lab = boot.lab;
      this.notices = boot.notices;
      view.restore(boot.view);
      this.setTokens(boot.tokens);
      this.ready = true;
      // The window does not wait for the keychain; what it says comes when it comes.
      this.secrets ??= await call("secret_store", {});
    } catch (error) {
      this.failure = faultOf(error);
    }
  }

  token(id: string | null | undefined): TokenView | undefined {
    return this.tokens.find((token) => token.id === id);
  }

  setTokens(tokens: TokenView[]): void {
    this.tokens = tokens;
    view.keep(tokens.map((token) => token.id));
  }

  /** Takes over what a finished step changed. */
  took(ran: Omit<Ran, "portal">): void {
    this.setTokens(ran.tokens);
    this.steps = ran.steps;
    this.lastStep = ran.step;
    // The step taught something about the server, and the profile says so from now on.
    if (ran.profile !== null && ran.profile.id === this.profile?.id) this.profile = ran.profile;
    this.revision += 1;
  }

  /** Makes a profile the current one. Rejects with the fault. */
  async choose(id: string): Promise<void> {
    this.profile = await call("choose_profile", { id });
    this.revision += 1;
    await this.refreshProfiles();
  }

  /** After a profile was saved: lists, and the current one if it is the same. */
  async profileSaved(profile: Profile): Promise<void> {
    // What the user chose counts, and is kept.
    if (profile.mark !== null) this.#marks.set(profile.id, profile.mark);
    if (this.profile?.id === profile.id) this.profile = profile;
    this.revision += 1;
    await this.refreshProfiles();
  }

  async refreshProfiles(): Promise<void> {
    this.profiles = await call("list_profiles", {});
  }

  async refreshTokens(): Promise<void> {
    this.setTokens(await call("list_tokens", {}));
  }

  /** Starts the built-in servers: the provider's legacy exchange on or off, the gateway as one release. Rejects with the fault. */
  async startLab(legacy = false, release: LabRelease = "4.7"): Promise<void> {
    this.lab = await call("start_lab", { legacy, release });
    // The lab takes free ports, so its addresses are new after each start.
    if (this.profile?.simulated) this.profile = await call("choose_profile", { id: this.profile.id });
    this.revision += 1;
    await this.refreshProfiles();
  }

  async stopLab(): Promise<void> {
    this.lab = await call("stop_lab", {});
    this.revision += 1;
    await this.refreshProfiles();
  }

  /** Changes a user or the caches of the running lab. Rejects with the fault. */
  async changeLab(change: LabChange): Promise<void> {
    this.lab = await call("change_lab", { change });
    this.revision += 1;
  }

  /** Puts pasted text on the shelf and says what was found; false when there was no token in it. */
  async paste(text: string): Promise<boolean> {
    const outcome = await this.pasteOr(text);
    if (outcome !== null && outcome !== "left") toasts.fault(outcome);
    return outcome === null;
  }

  /** The same, giving the fault back to be said where the text stands; `left` when several were offered and none was wanted. */
  async pasteOr(text: string): Promise<Fault | "left" | null> {
    try {
      let pasted = await call("paste", { text, chosen: null });
      if (pasted.offered.length > 0) {
        const chosen = await dialogs.choose(pasted.offered);
        if (chosen === null) return "left";
        pasted = await call("paste", { text, chosen });
      }
      this.setTokens(pasted.tokens);
      const last = pasted.added.at(-1);
      if (last) {
        view.select(last);
        if (view.place !== "run" || this.profile === null) view.place = "compare";
      }
      toasts.say(pasted.message, { icon: "paste", tone: "info" });
      return null;
    } catch (error) {
      return faultOf(error);
    }
  }

  /** Takes a token off the shelf; until the window is closed it can be put back. */
  async removeToken(token: TokenView): Promise<void> {
    if (!(await this.#shelve("remove_token", token.id))) return;
    this.removed = [...this.removed.filter((one) => one.id !== token.id), token];
    const undo = { label: "Undo", run: () => void this.putBack(token) };
    toasts.say(`${token.label} is off the shelf. Its steps stay in the journal.`, { icon: "bin", tone: "info", action: undo });
  }

  /** Puts a token back that was taken off, however long ago. */
  async putBack(token: TokenView): Promise<void> {
    if (await this.#shelve("restore_token", token.id)) this.removed = this.removed.filter((one) => one.id !== token.id);
  }

  async #shelve(command: "remove_token" | "restore_token", id: string): Promise<boolean> {
    try {
      this.setTokens(await call(command, { token: id }));
      this.revision += 1;
      return true;
    } catch (error) {
      toasts.fault(faultOf(error));
      return false;
    }
  }

  async dismiss(id: string): Promise<void> {
    this.notices = this.notices.filter((notice) => notice.id !== id);
    try {
      await call("dismiss_notice", { id });
    } catch (error) {
      toasts.fault(faultOf(error));
    }
  }

  /** Chooses where secrets are kept. Rejects with the fault. */
  async chooseStore(kind: SecretStoreKind, passphrase: string): Promise<void> {
    this.secrets = await call("choose_secret_store", { kind, passphrase });
    this.revision += 1;
  }

  /** Opens Run at an operation. */
  openOperation(operation: Operation): void {
    view.operation = operation;
    view.pane = "request";
    view.place = "run";
  }
}

export const session = new Session();

/** `UTC+1`, or `UTC`: the window knows the user's zone better than the back end does. */
function localZone(): string {
  const minutes = -new Date().getTimezoneOffset();
  if (minutes === 0) return "UTC";
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `UTC${minutes < 0 ? "−" : "+"}${hours}${rest === 0 ? "" : `:${String(rest).padStart(2, "0")}`}`;
}
