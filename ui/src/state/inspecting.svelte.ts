// The token that Inspect reads. Its text is asked for only by `show` and forgotten by `hide`.
import { call, faultOf } from "../host/host";
import type { Fault, FixAction, Inspection, Lineage, TokenUse, Checked, Finding, Truth } from "../wire/types";
import { allowed } from "./gate.svelte";
import { session } from "./session.svelte";
import { toasts } from "./toasts.svelte";

class Inspecting {
  token = $state<string | null>(null);
  inspection = $state.raw<Inspection | null>(null);
  fault = $state.raw<Fault | null>(null);
  report = $state.raw<Checked | null>(null);
  resources = $state.raw<string[]>([]);
  resource = $state<string | null>(null);
  pane = $state<"claims" | "json" | "server" | "trace" | "raw">("claims");
  lineage = $state.raw<Lineage | null>(null);
  /** Where it is more than the token it was made from. */
  beyond = $state.raw<Finding[]>([]);
  /** Forms it leads to at another server. */
  onward = $state.raw<FixAction[]>([]);
  /** What it can be used for here. */
  uses = $state.raw<TokenUse[]>([]);
  /** Token, introspection and userinfo; none until the pane was opened. */
  truth = $state.raw<Truth | null>(null);
  asking = $state(false);
  truthFault = $state.raw<Fault | null>(null);
  words = $state("");
  /** The token's text while it is shown. */
  text = $state<string | null>(null);
  /** Faults of the dialog Verify with a key. */
  verifyFault = $state.raw<Fault | null>(null);
  verifying = $state(false);

  #asked = 0;

  async read(token: string): Promise<void> {
    const asked = ++this.#asked;
    if (token !== this.token) {
      this.token = token;
      this.inspection = null;
      this.report = null;
      this.lineage = null;
      this.beyond = [];
      this.onward = [];
      this.uses = [];
      this.truth = null;
      this.truthFault = null;
      this.text = null;
      this.fault = null;
      this.verifyFault = null;
    }
    const checks = this.#check(token);
    try {
      const inspection = await call("inspect", { token });
      if (asked !== this.#asked) return;
      this.inspection = inspection;
      this.fault = null;
    } catch (error) {
      if (asked === this.#asked) this.fault = faultOf(error);
    }
    const examined = await checks;
    if (asked !== this.#asked || examined === null) return;
    this.report = examined.report;
    this.resources = examined.resources;
    this.lineage = examined.lineage;
    this.beyond = examined.findings;
    this.onward = examined.onward;
    this.uses = examined.uses;
  }

  async #check(token: string) {
    try {
      return await call("examine", { token, resource: this.resource });
    } catch {
      return null; // the claims are what was asked for; their own fault is said, this one hides the section
    }
  }

  /** Reads what is known of the three sides; nothing is sent. */
  async readTruth(token: string): Promise<void> {
    try {
      const truth = await call("truth", { token });
      if (this.token === token) this.truth = truth;
    } catch (error) {
      this.truthFault = faultOf(error);
    }
  }

  /** Asks introspection and userinfo; both become steps. */
  async ask(): Promise<void> {
    const token = this.token;
    if (token === null || this.asking) return;
    this.asking = true;
    this.truthFault = null;
    let problem: string | null = null;
    try {
      const asked = await call("ask_server", { run: `ask-${token}`, token });
      if (asked.last_step !== null)
        session.took({ step: asked.last_step, tokens: asked.tokens, steps: asked.steps, profile: null });
      if (this.token === token) this.truth = asked.truth;
      problem = asked.last_step?.problem_id ?? null;
    } catch (error) {
      if (this.token === token) this.truthFault = faultOf(error);
    } finally {
      this.asking = false;
    }
    if ((await allowed(problem)) && this.token === token) await this.ask();
  }

  /** Stops asking; what came so far is kept. */
  async stopAsking(): Promise<void> {
    try {
      if (this.token !== null) await call("cancel_run", { run: `ask-${this.token}` });
    } catch (error) {
      toasts.fault(faultOf(error));
    }
  }

  /** Asks for the token's text. */
  async show(): Promise<void> {
    const token = this.token;
    if (token === null) return;
    try {
      const text = await call("raw_token", { token });
      if (this.token === token) this.text = text;
    } catch (error) {
      toasts.fault(faultOf(error));
    }
  }

  hide(): void {
    this.text = null;
  }

  /** Verifies with a pasted key; true when the key could be used, whatever it proved. */
  async verify(key: string, content: string | null): Promise<boolean> {
    const token = this.token;
    if (token === null || this.verifying) return false;
    this.verifying = true;
    this.verifyFault = null;
    try {
      const inspection = await call("verify_with_key", { token, key, content });
      if (this.token === token) this.inspection = inspection;
      await session.refreshTokens();
      return true;
    } catch (error) {
      this.verifyFault = faultOf(error);
      return false;
    } finally {
      this.verifying = false;
    }
  }
}

export const inspecting = new Inspecting();
