// The histogram above the timeline: bars of our steps and the servers' events, and the range chosen on it.
import type { Bin } from "../../wire/types";

export const HEIGHT = 36;

export interface Column {
  x: number;
  width: number;
  ours: number;
  theirs: number;
  errors: boolean;
  bin: Bin;
}

export interface Range {
  from: number;
  to: number;
}

/** Fewest and most bins an axis has; few steps in a second are no axis, and a bar needs a pixel. */
const LEAST = 30;
const MOST = 400;

/** The bins without gaps, those in which nothing happened included; the backend leaves them out. */
export function filled(bins: Bin[], binMs: number): Bin[] {
  const first = bins[0];
  const last = bins[bins.length - 1];
  if (first === undefined || last === undefined || binMs <= 0) return bins;
  const count = Math.round((last.from_ms - first.from_ms) / binMs) + 1;
  if (count > MOST) return bins;
  const known = new Map(bins.map((bin) => [bin.from_ms, bin]));
  const all = Math.max(LEAST, count);
  return Array.from({ length: all }, (_, index) => {
    const from_ms = last.from_ms - (all - 1 - index) * binMs;
    return known.get(from_ms) ?? { from_ms, steps: 0, events: 0, errors: 0 };
  });
}

/** Bars over `width` units; events stand on our steps. Sizes are heights in units. */
export function columns(bins: Bin[], width: number): Column[] {
  const highest = Math.max(1, ...bins.map((bin) => bin.steps + bin.events));
  const step = width / Math.max(1, bins.length);
  const height = (count: number): number => (count === 0 ? 0 : Math.max(1.4, (count / highest) * (HEIGHT - 3)));
  return bins.map((bin, index) => ({
    x: round(index * step),
    width: round(Math.max(1, step * 0.72)),
    ours: round(height(bin.steps)),
    theirs: round(height(bin.steps + bin.events)),
    errors: bin.errors > 0,
    bin,
  }));
}

/** The time the bins span. */
export function span(bins: Bin[], binMs: number): Range | null {
  const first = bins[0];
  const last = bins[bins.length - 1];
  return first === undefined || last === undefined ? null : { from: first.from_ms, to: last.from_ms + binMs };
}

/** Where a time stands, in units. */
export function place(time: number, whole: Range, width: number): number {
  const share = (time - whole.from) / Math.max(1, whole.to - whole.from);
  return round(Math.min(1, Math.max(0, share)) * width);
}

/** The range between two marks of the axis (0…1), whole bins, in time order, at least one bin. */
export function rangeBetween(a: number, b: number, bins: Bin[], binMs: number): Range | null {
  const whole = span(bins, binMs);
  if (whole === null) return null;
  const count = bins.length;
  const low = Math.min(count - 1, Math.max(0, Math.floor(Math.min(a, b) * count)));
  const high = Math.min(count, Math.max(low + 1, Math.ceil(Math.max(a, b) * count)));
  return { from: whole.from + low * binMs, to: whole.from + high * binMs };
}

/** Moves one end of a range by whole bins; the ends never cross and never leave the axis. */
export function moveEnd(range: Range, end: "from" | "to", by: number, whole: Range, binMs: number): Range {
  if (end === "from") return { ...range, from: clamp(range.from + by * binMs, whole.from, range.to - binMs) };
  return { ...range, to: clamp(range.to + by * binMs, range.from + binMs, whole.to) };
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
const round = (value: number): number => Math.round(value * 10) / 10;
