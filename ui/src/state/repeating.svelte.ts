// A call that is repeated until its answer changes. It runs beside everything else, so that a revocation or a mend can be made meanwhile.
import { call, faultOf, onProgress } from "../host/host";
import type { Draft, Fault, Repetition } from "../wire/types";
import { allowed } from "./gate.svelte";
import { session } from "./session.svelte";
import { toasts } from "./toasts.svelte";

class Repeating {
  /** Seconds between two calls, and minutes until the end. */
  every = $state("5");
  most = $state("16");
  revoke = $state(false);
  going = $state(false);
  repetition = $state.raw<Repetition | null>(null);
  fault = $state.raw<Fault | null>(null);

  #run = "";
  #count = 0;

  async start(draft: Draft): Promise<void> {
    if (this.going) return;
    this.#run = `repeat-${String(Date.now())}-${String(++this.#count)}`;
    Object.assign(this, { going: true, fault: null, repetition: null });
    const unlisten = await onProgress((progress) => {
      if (progress.run !== this.#run || progress.repetition === null) return;
      this.repetition = progress.repetition;
      session.steps = Math.max(session.steps, progress.repetition.calls.at(-1)?.step ?? 0);
    });
    let problem: string | null = null;
    try {
      const plan = { every_ms: Number(this.every) * 1000, for_ms: Number(this.most) * 60_000, revoke: this.revoke };
      const done = await call("repeat", { run: this.#run, draft, plan });
      this.repetition = done.repetition;
      problem = done.last_step?.problem_id ?? null;
      if (done.last_step !== null) session.took({ step: done.last_step, tokens: done.tokens, steps: done.steps, profile: null });
    } catch (error) {
      this.fault = faultOf(error);
    } finally {
      unlisten();
      this.going = false;
    }
    if (await allowed(problem)) await this.start(draft);
  }

  async stop(): Promise<void> {
    try {
      await call("cancel_run", { run: this.#run });
    } catch (error) {
      toasts.fault(faultOf(error));
    }
  }
}

export const repeating = new Repeating();
