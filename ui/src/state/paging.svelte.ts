// A long list of which only pages are read: Rust filters and counts, the window holds what was scrolled over.
import { faultOf } from "../host/host";
import type { Fault } from "../wire/types";

export const PAGE = 200;

export abstract class Paging<Row, Page extends { rows: Row[] }> {
  search = $state("");
  chips = $state.raw<string[]>([]);
  range = $state.raw<{ from: number; to: number } | null>(null);

  /** The first page of the last answer, with its counts. */
  page = $state.raw<Page | null>(null);
  /** Why the last reading failed; what was read before stays. */
  fault = $state.raw<Fault | null>(null);
  pages = $state.raw<ReadonlyMap<number, Row[]>>(new Map());

  #asked = 0;
  #wanted = new Set<number>();

  /** Asks for rows as they are filtered now. */
  protected abstract ask(offset: number, limit: number): Promise<Page>;

  row(index: number): Row | undefined {
    return this.pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  /** Position of a row that has been read. */
  protected position(is: (row: Row) => boolean): number | null {
    for (const [page, rows] of this.pages) {
      const index = rows.findIndex(is);
      if (index >= 0) return page * PAGE + index;
    }
    return null;
  }

  /** Reads anew from the top; what is on the screen stays until the answer is there. */
  async reload(): Promise<void> {
    const asked = ++this.#asked;
    this.#wanted = new Set([0]);
    try {
      const page = await this.ask(0, PAGE);
      if (asked !== this.#asked) return;
      this.page = page;
      this.pages = new Map([[0, page.rows]]);
      this.fault = null;
    } catch (error) {
      if (asked === this.#asked) this.fault = faultOf(error);
    }
  }

  /** Makes sure the rows first…last are here or on their way. */
  async need(first: number, last: number): Promise<void> {
    const asked = this.#asked;
    for (let page = Math.floor(Math.max(0, first) / PAGE); page <= Math.floor(Math.max(0, last) / PAGE); page += 1) {
      if (this.pages.has(page) || this.#wanted.has(page)) continue;
      this.#wanted.add(page);
      try {
        const answer = await this.ask(page * PAGE, PAGE);
        if (asked !== this.#asked) return;
        this.pages = new Map(this.pages).set(page, answer.rows);
      } catch (error) {
        this.#wanted.delete(page);
        if (asked === this.#asked) this.fault = faultOf(error);
        return;
      }
    }
  }

  toggleChip(chip: string): void {
    this.chips = this.chips.includes(chip) ? this.chips.filter((other) => other !== chip) : [...this.chips, chip];
  }

  /** Drops what was read; an answer on its way is no longer wanted. */
  protected drop(): void {
    this.#asked += 1;
    this.page = null;
    this.pages = new Map();
    this.fault = null;
  }
}
