// What Compare shows and how it is narrowed. It outlives the view, so a look elsewhere loses nothing.
import { call, faultOf } from "../host/host";
import type { Compared, Fault, Inspection, Checked } from "../wire/types";

/** The first moment one of the reports no longer holds. */
export function soonest(reports: (Checked | null)[]): number | null {
  const moments = reports.flatMap((report) =>
    report?.until_s === null || report?.until_s === undefined ? [] : [report.until_s],
  );
  return moments.length === 0 ? null : Math.min(...moments);
}

class Comparing {
  whole = $state.raw<Compared | null>(null);
  fault = $state.raw<Fault | null>(null);
  /** Resource the checks are for; none = the backend chooses. */
  resource = $state<string | null>(null);

  /** Next moment (epoch seconds) the checks of a column end otherwise. */
  readonly until = $derived(soonest(this.whole?.reports ?? []));

  words = $state("");
  changesOnly = $state(false);
  /** Id of the pressed verdict. */
  verdict = $state<string | null>(null);
  /** Of three or four tokens the one whose checks are spelled out, counted from 0. */
  checked = $state<number | null>(null);
  header = $state(false);
  raw = $state(false);
  /** Readings for the JSON, by token. */
  readings = $state.raw<Record<string, Inspection>>({});

  #asked = 0;
  #shown = "";

  /** Reads a comparison. The one on screen stays until the new one is there, unless it is of other tokens. */
  async read(tokens: string[]): Promise<void> {
    const asked = ++this.#asked;
    const key = tokens.join(" ");
    if (key !== this.#shown) {
      this.whole = null;
      this.readings = {};
      this.verdict = null;
      this.checked = null;
      this.#shown = key;
    }
    const resource = this.resource;
    try {
      if (tokens.length < 2) return;
      const whole = await call("compare", { tokens, resource });
      if (asked !== this.#asked) return;
      this.whole = whole;
      this.fault = null;
      if (
        this.verdict !== null &&
        !whole.comparison.pairs.some((pair) => pair.verdicts.some((verdict) => verdict.id === this.verdict))
      )
        this.verdict = null;
    } catch (error) {
      if (asked === this.#asked) this.fault = faultOf(error);
    }
  }

  /** Reads what the JSON pane shows; tokens already read are not asked for again. */
  async readJson(tokens: string[]): Promise<void> {
    try {
      const wanted = tokens.filter((token) => !(token in this.readings));
      await Promise.all(
        wanted.map(async (token) => {
          const reading = await call("inspect", { token });
          this.readings = { ...this.readings, [token]: reading };
        }),
      );
    } catch (error) {
      this.fault = faultOf(error);
    }
  }
}

export const comparing = new Comparing();
