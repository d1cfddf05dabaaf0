// A list of rows of one height of which only the visible ones exist, on TanStack's virtual core.
import { Virtualizer, elementScroll, observeElementOffset, observeElementRect, type VirtualItem } from "@tanstack/virtual-core";

interface Options {
  count: () => number;
  scroller: () => HTMLElement | undefined;
  rowHeight: number;
  /** Height of what stays above the rows, e.g. a sticky header. */
  header: number;
}

export class Windowed {
  #version = $state(0);
  readonly #options: Options;
  readonly #virtualizer: Virtualizer<HTMLElement, HTMLElement>;

  /** Call while a component is being set up: it watches the scroller from then on. */
  constructor(options: Options) {
    this.#options = options;
    this.#virtualizer = new Virtualizer<HTMLElement, HTMLElement>(this.#resolved(0));
    $effect(() => this.#virtualizer._didMount());
    $effect(() => {
      options.scroller();
      this.#virtualizer.setOptions(this.#resolved(options.count()));
      this.#virtualizer._willUpdate();
      this.#bump();
    });
  }

  #bump(): void {
    // Read untracked: an effect that bumps must not depend on the number it bumps.
    queueMicrotask(() => {
      this.#version += 1;
    });
  }

  #resolved(count: number) {
    return {
      count,
      getScrollElement: () => this.#options.scroller() ?? null,
      estimateSize: () => this.#options.rowHeight,
      overscan: 12,
      scrollMargin: this.#options.header,
      scrollPaddingStart: this.#options.header,
      scrollToFn: elementScroll,
      observeElementRect,
      observeElementOffset,
      onChange: () => {
        this.#bump();
      },
    };
  }

  get items(): VirtualItem[] {
    void this.#version;
    return this.#virtualizer.getVirtualItems();
  }

  /** Heights of what is not drawn, above and below. */
  get before(): number {
    const first = this.items[0];
    return first === undefined ? 0 : first.start - this.#options.header;
  }

  get after(): number {
    const last = this.items.at(-1);
    return last === undefined ? 0 : Math.max(0, this.#virtualizer.getTotalSize() - (last.end - this.#options.header));
  }

  show(index: number): void {
    this.#virtualizer.scrollToIndex(index, { align: "auto" });
  }
}
