// The validity bars: when each token begins and ends, on one axis, with now and the subject's end marked.
import type { TokenView } from "../../wire/types";

export interface Bar {
  /** Column, 0 = A. */
  column: number;
  x: number;
  width: number;
  /** Part that reaches beyond the subject's end. */
  over: { x: number; width: number } | null;
  /** Epoch seconds. */
  from: number;
  to: number;
}

export interface Lifebar {
  bars: Bar[];
  /** Where now is; none when outside the drawn time. */
  now: number | null;
  /** Where the subject ends. */
  end: number;
}

/** Lays the bars out over `width` units; none when the subject or all others say no end. */
export function lifebar(tokens: TokenView[], nowS: number, width: number): Lifebar | null {
  const spans = tokens.flatMap((token, column) => {
    const from = token.issued_at;
    const to = token.expires_at;
    return from !== null && to !== null && to > from ? [{ column, from, to }] : [];
  });
  const subject = spans.find((span) => span.column === 0);
  if (subject === undefined || spans.length < 2) return null;
  const first = Math.min(...spans.map((span) => span.from));
  const last = Math.max(...spans.map((span) => span.to));
  const at = (epoch: number): number => round(((epoch - first) / (last - first)) * width);
  return {
    bars: spans.map(({ column, from, to }) => {
      const kept = Math.min(to, Math.max(subject.to, from));
      const over = column > 0 && to > subject.to ? { x: at(kept), width: Math.max(2, at(to) - at(kept)) } : null;
      return { column, x: at(from), width: Math.max(1, at(kept) - at(from)), over, from, to };
    }),
    now: nowS >= first && nowS <= last ? at(nowS) : null,
    end: at(subject.to),
  };
}

const round = (value: number): number => Math.round(value * 10) / 10;
