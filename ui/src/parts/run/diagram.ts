// Where everything of the sequence diagram stands, in its own pixels.
import type { Actor, Arrow, Lane, Sequence } from "../../wire/types";

export const WIDTH = 596;
export const ROW = 38;
const BAND = 26;
/** Height of the actors' names, which stay above the arrows. */
export const TOP = 56;
const LEFT = 46;
/** Room for status and duration at the right. */
const RIGHT = 106;

export interface DrawnRow {
  arrow: Arrow;
  y: number;
  start: number;
  line: string;
  head: string;
  /** Where the words begin, or end where they would run into the status. */
  label: number;
  anchor: "start" | "end";
  fromName: string;
  toName: string;
}

export interface Drawn {
  height: number;
  lanes: (Lane & { x: number })[];
  bands: { title: string; y: number }[];
  rows: DrawnRow[];
}

/** Where the words of an arrow have to end, and how wide one letter of them is at the most, on average. */
const WORDS_END = WIDTH - 100;
const LETTER = 7;

/** Widest gap between two actors: most labels fit into it, and few actors still stand together. */
const GAP = 200;

export function layout(sequence: Sequence): Drawn {
  const gap = sequence.lanes.length > 1 ? Math.min(GAP, (WIDTH - LEFT - RIGHT) / (sequence.lanes.length - 1)) : 0;
  const lanes = sequence.lanes.map((lane, i) => ({ ...lane, x: Math.round(LEFT + i * gap) }));
  const of = (actor: Actor) => lanes.find((lane) => lane.actor === actor);
  const bands: Drawn["bands"] = [];
  const rows: DrawnRow[] = [];
  let y = TOP;
  for (const scene of sequence.scenes) {
    bands.push({ title: scene.title, y });
    y += BAND;
    for (const arrow of scene.arrows) {
      const from = of(arrow.exchange.from);
      const to = of(arrow.exchange.to);
      const start = from?.x ?? LEFT;
      const end = to?.x ?? start;
      const way = end < start ? -1 : 1;
      const tip = end - 2 * way;
      rows.push({
        arrow,
        y,
        start,
        line: `M${start} ${y + 26}H${tip}`,
        head: `M${tip - 6 * way} ${y + 21.5}L${tip} ${y + 26}L${tip - 6 * way} ${y + 30.5}`,
        ...words(Math.min(start, end) + 9, arrow.exchange.label),
        fromName: from?.name ?? arrow.exchange.from,
        toName: to?.name ?? arrow.exchange.to,
      });
      y += ROW;
    }
  }
  return { height: y + 12, lanes, bands, rows };
}

/** Where a label stands: at its arrow's beginning, or drawn back so far that it ends before the status. */
function words(from: number, label: string): Pick<DrawnRow, "label" | "anchor"> {
  return from + label.length * LETTER <= WORDS_END ? { label: from, anchor: "start" } : { label: WORDS_END, anchor: "end" };
}
