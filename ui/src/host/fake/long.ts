// An answer that is too long to come at once.
import type { Part } from "../../wire/types";

/** More of an answer of five thousand lines. */
export function longPart(from: number): Part {
  const to = Math.min(5000, from + 2000);
  return {
    lines: Array.from({ length: to - from }, (_, at) => [{ text: `line ${String(from + at)}`, ink: "plain" as const }]),
    from,
    next: to < 5000 ? to : null,
    whole: 5000,
  };
}
