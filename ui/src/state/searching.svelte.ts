// Looking things up in the journal from the palette: a few rows, latest question wins.
import { call } from "../host/host";
import type { AuditRow } from "../wire/types";

class Searching {
  rows = $state.raw<AuditRow[]>([]);
  #turn = 0;

  /** Finds steps by full text; nothing for very short ones. */
  async look(text: string): Promise<void> {
    const turn = ++this.#turn;
    if (text.trim().length < 2) {
      this.rows = [];
      return;
    }
    try {
      const page = await call("audit", {
        query: { search: text.trim(), chips: [], profile: null, lineage: null, from_ms: null, to_ms: null, offset: 0, limit: 12 },
      });
      if (turn === this.#turn) this.rows = page.rows.filter((row) => !row.is_event && row.step !== null).slice(0, 3);
    } catch {
      // Audit says what is wrong with the journal; the palette only has no rows of it.
      if (turn === this.#turn) this.rows = [];
    }
  }
}

export const searching = new Searching();
