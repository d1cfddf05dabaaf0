// Asking the server what a client would get, and putting the answer beside a token that was really issued.
import { call, faultOf } from "../host/host";
import type { Fault, PredictAsk, Step } from "../wire/types";
import { allowed } from "./gate.svelte";
import { LASTING, stop } from "./longer";
import { session } from "./session.svelte";
import { view } from "./view.svelte";

const NOTHING: PredictAsk = { client: "", user: "", scope: "", audience: "", beside: null };

class Predicting {
  open = $state(false);
  ask = $state.raw<PredictAsk>(NOTHING);
  /** Token on the shelf that asks; none = the service account. */
  reader = $state<string | null>(null);
  fault = $state.raw<Fault | null>(null);
  /** The step that gave no prediction. */
  step = $state.raw<Step | null>(null);
  busy = $state(false);

  /** Opens the dialog for a token. */
  async begin(token: string): Promise<void> {
    Object.assign(this, { open: true, fault: null, step: null, ask: { ...NOTHING, beside: token } });
    try {
      const ask = await call("open_prediction", { token });
      if (this.open) this.ask = ask;
    } catch (error) {
      this.fault = faultOf(error);
    }
  }

  change(some: Partial<PredictAsk>): void {
    this.ask = { ...this.ask, ...some };
    if (this.fault?.field !== null && this.fault !== null && this.fault.field in some) this.fault = null;
  }

  /** Asks; when the server answers, Compare shows the prediction beside the token. */
  async run(): Promise<void> {
    const profile = session.profile?.id;
    if (profile === undefined || this.busy) return;
    this.busy = true;
    this.fault = null;
    this.step = null;
    let problem: string | null = null;
    try {
      await call("choose_reader", { profile, token: this.reader });
      const ran = await call("predict", { profile, ask: this.ask });
      session.took(ran);
      const predicted = ran.step.tokens_out[0];
      if (predicted === undefined) {
        this.step = ran.step;
        problem = ran.step.problem_id;
        return;
      }
      const beside = this.ask.beside;
      this.open = false;
      if (beside !== null && session.token(beside)) view.compare([predicted, beside]);
      else view.inspect(predicted);
    } catch (error) {
      this.fault = faultOf(error);
    } finally {
      this.busy = false;
      if (await allowed(problem)) await this.run();
    }
  }

  /** Stops asking; the step says so. */
  async stop(): Promise<void> {
    if (session.profile !== null) await stop(LASTING.prediction(session.profile.id));
  }

  close(): void {
    this.open = false;
  }
}

export const predicting = new Predicting();
