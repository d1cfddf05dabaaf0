// The token that Inspect reads. Its text is asked for only by `show` and forgotten by `hide`.
import { call, faultOf } from "../host/host";
import type { Fault, Inspection, Report } from "../wire/types";
import { session } from "./session.svelte";
import { toasts } from "./toasts.svelte";

class Inspecting {
  token = $state<string | null>(null);
  inspection = $state.raw<Inspection | null>(null);
  fault = $state.raw<Fault | null>(null);
  report = $state.raw<Report | null>(null);
  resources = $state.raw<string[]>([]);
  resource = $state<string | null>(null);
  pane = $state<"claims" | "json" | "raw">("claims");
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
    const checked = await checks;
    if (asked !== this.#asked || checked === null) return;
    this.report = checked.report;
    this.resources = checked.resources;
  }

  /** Checks come with a comparison; against itself the token is what is checked. Without resources there are none to show. */
  async #check(token: string): Promise<{ report: Report | null; resources: string[] } | null> {
    try {
      return await call("compare", { tokens: [session.token(token)?.parent ?? token, token], resource: this.resource });
    } catch {
      return null; // the claims are what was asked for; their own fault is said, this one hides the section
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
  async verify(key: string): Promise<boolean> {
    const token = this.token;
    if (token === null || this.verifying) return false;
    this.verifying = true;
    this.verifyFault = null;
    try {
      const inspection = await call("verify_with_key", { token, key });
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
