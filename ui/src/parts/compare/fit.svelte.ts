// A strip in the widest of its forms in which nothing is cut. Each form is drawn and measured before it is seen.
import { tick } from "svelte";

export class Fit<T> {
  #at = $state(0);
  #turn = 0;
  readonly #forms: readonly T[];
  readonly #whole: (root: HTMLElement) => boolean;

  /** `forms`: widest first; the last one stands where none fits. */
  constructor(forms: readonly T[], whole: (root: HTMLElement) => boolean) {
    this.#forms = forms;
    this.#whole = whole;
  }

  get form(): T {
    return this.#forms[this.#at] as T;
  }

  /** Looks again, because the words or the room changed. */
  async measure(root: HTMLElement): Promise<void> {
    const turn = ++this.#turn;
    for (let at = 0; at < this.#forms.length; at += 1) {
      this.#at = at;
      await tick();
      if (turn !== this.#turn || this.#whole(root)) return;
    }
  }

  /** Measures again whenever the room changes; returns how to stop. */
  watch(root: HTMLElement): (() => void) | undefined {
    if (typeof ResizeObserver === "undefined") return undefined;
    let width = root.clientWidth;
    const seen = new ResizeObserver(() => {
      if (root.clientWidth === width) return;
      width = root.clientWidth;
      void this.measure(root);
    });
    seen.observe(root);
    void document.fonts?.ready.then(() => this.measure(root));
    return () => seen.disconnect();
  }
}

/** How a strip of verdicts is drawn. */
export interface Form {
  /** Letters a name may have. */
  most: number;
  /** What is said beside the word stands under it. */
  stack?: boolean;
  /** The cells stand in two rows. */
  wrap?: boolean;
}

export const FORMS: readonly Form[] = [
  { most: 64 },
  { most: 40 },
  { most: 28 },
  { most: 20 },
  { most: 20, stack: true },
  { most: 16, stack: true },
  { most: 28, wrap: true },
  { most: 20, wrap: true },
  { most: 16, wrap: true },
  { most: 12, wrap: true },
];

/** Two lines of a cell, px. */
const LINES = 42;

/** Whether every cell has room for its words, in at most two lines under its label, and there are two even rows of them at most. */
export function cellsWhole(root: HTMLElement): boolean {
  const cells = [...root.querySelectorAll<HTMLElement>("button.cell")];
  const edge = root.getBoundingClientRect().right + 1;
  const rows = new Set(cells.map((cell) => cell.offsetTop)).size;
  const first = cells.filter((cell) => cell.offsetTop === cells[0]?.offsetTop).length;
  return (
    rows <= 2 &&
    first >= cells.length / 2 &&
    root.scrollWidth <= root.clientWidth &&
    cells.every(
      (cell) =>
        cell.scrollWidth <= cell.clientWidth &&
        cell.getBoundingClientRect().right <= edge &&
        [...cell.querySelectorAll<HTMLElement>(".say")].every((say) => say.offsetHeight <= LINES),
    )
  );
}
