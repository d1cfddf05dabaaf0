// The token that is shown at every door: what is known of it there, and asking all of them again.
import { call, faultOf } from "../host/host";
import type { Fault, Trace } from "../wire/types";
import { allowed } from "./gate.svelte";
import { session } from "./session.svelte";
import { toasts } from "./toasts.svelte";

class Tracing {
  trace = $state.raw<Trace | null>(null);
  fault = $state.raw<Fault | null>(null);
  walking = $state(false);
  /** The API behind the gateway and the one called directly; none = what fits the token. */
  gateway = $state<string | null>(null);
  api = $state<string | null>(null);

  #token: string | null = null;

  /** Reads what is known; nothing is sent. */
  async read(token: string): Promise<void> {
    if (this.#token !== token) {
      this.#token = token;
      this.trace = null;
      this.fault = null;
    }
    try {
      const trace = await call("trace", { token, gateway: this.gateway, api: this.api });
      if (this.#token === token) this.trace = trace;
    } catch (error) {
      if (this.#token === token) this.fault = faultOf(error);
    }
  }

  /** Shows the token at every door; each question becomes a step. */
  async walk(): Promise<void> {
    const token = this.#token;
    if (token === null || this.walking) return;
    this.walking = true;
    this.fault = null;
    let problem: string | null = null;
    try {
      const traced = await call("walk", { run: `walk-${token}`, token, gateway: this.gateway, api: this.api });
      if (traced.last_step !== null)
        session.took({ step: traced.last_step, tokens: traced.tokens, steps: traced.steps, profile: null });
      if (this.#token === token) this.trace = traced.trace;
      problem = traced.last_step?.problem_id ?? null;
    } catch (error) {
      if (this.#token === token) this.fault = faultOf(error);
    } finally {
      this.walking = false;
    }
    if ((await allowed(problem)) && this.#token === token) await this.walk();
  }

  /** Stops asking; what came so far is kept. */
  async stop(): Promise<void> {
    try {
      if (this.#token !== null) await call("cancel_run", { run: `walk-${this.#token}` });
    } catch (error) {
      toasts.fault(faultOf(error));
    }
  }
}

export const tracing = new Tracing();
