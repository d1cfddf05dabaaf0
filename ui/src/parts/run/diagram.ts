// Where everything of the sequence diagram stands, in its own pixels.
import type { Actor, Arrow, Lane, Sequence } from "../../wire/types";

export const WIDTH = 596;
export const ROW = 38;
const BAND = 26;
const TOP = 56;
const LEFT = 46;
/** Room for status and duration at the right. */
const RIGHT = 106;

export interface DrawnRow {
  arrow: Arrow;
  y: number;
  start: number;
  line: string;
  head: string;
  /** Where the words begin. */
  label: number;
  fromName: string;
  toName: string;
}

export interface Drawn {
  height: number;
  lanes: (Lane & { x: number })[];
  bands: { title: string; y: number }[];
  rows: DrawnRow[];
}

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
        label: Math.min(start, end) + 9,
        fromName: from?.name ?? arrow.exchange.from,
        toName: to?.name ?? arrow.exchange.to,
      });
      y += ROW;
    }
  }
  return { height: y + 12, lanes, bands, rows };
}
