// The diagram of the steps of this run of the app, and which of its arrows is selected.
import { call, faultOf } from "../host/host";
import type { Arrow, Fault, Sequence, Step } from "../wire/types";

class Sequences {
  shown = $state.raw<Sequence | null>(null);
  fault = $state.raw<Fault | null>(null);
  /** Position of the selected arrow, counted over all scenes. */
  at = $state(0);
  /** The step of the selected arrow, once read. */
  step = $state.raw<Step | null>(null);
  #turn = 0;

  readonly arrows = $derived<Arrow[]>(this.shown?.scenes.flatMap((scene) => scene.arrows) ?? []);

  async load(): Promise<void> {
    const turn = ++this.#turn;
    try {
      const steps = await call("current_run", {});
      const sequence = await call("sequence", { steps });
      if (turn !== this.#turn) return;
      const grown = sequence.scenes.reduce((sum, scene) => sum + scene.arrows.length, 0);
      this.shown = sequence;
      this.fault = null;
      if (this.at >= grown || this.step === null) this.select(Math.max(0, grown - 1));
    } catch (error) {
      if (turn === this.#turn) this.fault = faultOf(error);
    }
  }

  /** New steps exist; the diagram reads them when it is shown. */
  stale(): void {
    this.step = null;
  }

  select(at: number): void {
    this.at = at;
    const arrow = this.arrows[at];
    if (!arrow) return;
    if (this.step?.id === arrow.step) return;
    this.step = null;
    void call("read_step", { step: arrow.step }).then(
      (step) => {
        if (this.arrows[this.at]?.step === step.id) this.step = step;
      },
      // The arrow carries its exchange; without the step only tokens and events are missing.
      () => undefined,
    );
  }
}

export const sequences = new Sequences();
