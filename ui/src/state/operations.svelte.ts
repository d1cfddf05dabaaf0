// The form of the chosen operation, its menu, and the live preview. Latest wins: a slow answer never overwrites a newer one.
import { call, faultOf } from "../host/host";
import type { Draft, Fault, Form, Operation, OperationChoice, Preview } from "../wire/types";
import { drafts } from "./drafts.svelte";

/** How long typing must pause before the preview is asked for, ms. */
export const PAUSE = 120;

class Operations {
  list = $state.raw<OperationChoice[]>([]);
  form = $state.raw<Form | null>(null);
  /** Why the form could not be opened. */
  fault = $state.raw<Fault | null>(null);
  preview = $state.raw<Preview | null>(null);
  previewFault = $state.raw<Fault | null>(null);
  #opened = 0;
  #previewed = 0;

  /** Opens a form. `follow`: token fields take the token over even where one was chosen. */
  async open(profile: string, operation: Operation, token: string | null, follow: boolean): Promise<void> {
    const turn = ++this.#opened;
    try {
      const opened = await call("open_form", { profile, operation, token });
      if (turn !== this.#opened) return;
      drafts.propose(profile, opened.form, follow);
      this.list = opened.operations;
      this.form = opened.form;
      this.fault = null;
    } catch (error) {
      if (turn === this.#opened) this.fault = faultOf(error);
    }
  }

  /** Asks for the exact request of a draft. */
  async look(draft: Draft): Promise<void> {
    const turn = ++this.#previewed;
    try {
      const preview = await call("preview", { draft });
      if (turn !== this.#previewed) return;
      this.preview = preview;
      this.previewFault = null;
    } catch (error) {
      if (turn === this.#previewed) this.previewFault = faultOf(error);
    }
  }

  /** Asks again for what is shown, because time passed. Gives way to any other question, and to its answer. */
  async again(draft: Draft): Promise<void> {
    const turn = this.#previewed;
    try {
      const preview = await call("preview", { draft });
      if (turn === this.#previewed) this.preview = preview;
    } catch {
      // What is shown stays until it is asked for by typing or running; that question says its fault.
    }
  }

  /** Forgets everything shown; for a change of profile. */
  clear(): void {
    this.#opened += 1;
    this.#previewed += 1;
    this.form = null;
    this.preview = null;
    this.fault = null;
    this.previewFault = null;
  }
}

export const operations = new Operations();
