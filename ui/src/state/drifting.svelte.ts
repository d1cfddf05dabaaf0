// Holding a kept token against a fresh exchange: which one is asked about, and what came of it.
import { call, faultOf } from "../host/host";
import type { Drift, DriftOf, Fault } from "../wire/types";
import { allowed } from "./gate.svelte";
import { session } from "./session.svelte";
import { toasts } from "./toasts.svelte";

class Drifting {
  open = $state(false);
  busy = $state(false);
  drift = $state.raw<Drift | null>(null);
  fault = $state.raw<Fault | null>(null);

  #of: DriftOf | null = null;
  #run = "";
  #count = 0;

  /** Opens the dialog and makes the exchange anew. */
  async begin(of: DriftOf): Promise<void> {
    this.#of = of;
    this.open = true;
    await this.again();
  }

  /** Makes it once more. */
  async again(): Promise<void> {
    const of = this.#of;
    if (of === null || this.busy) return;
    this.#run = `drift-${String(++this.#count)}`;
    Object.assign(this, { busy: true, fault: null, drift: null });
    let problem: string | null = null;
    try {
      const made = await call("drift", { run: this.#run, of });
      session.took({ step: made.step, tokens: made.tokens, steps: made.steps, profile: null });
      if (this.#of === of) this.drift = made.drift;
      problem = made.step.problem_id;
    } catch (error) {
      if (this.#of === of) this.fault = faultOf(error);
    } finally {
      this.busy = false;
    }
    if ((await allowed(problem)) && this.#of === of) await this.again();
  }

  /** Closes; an exchange under way is cancelled. */
  async close(): Promise<void> {
    this.open = false;
    if (!this.busy) return;
    try {
      await call("cancel_run", { run: this.#run });
    } catch (error) {
      toasts.fault(faultOf(error));
    }
  }
}

export const drifting = new Drifting();
