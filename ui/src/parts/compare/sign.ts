// The signs of the seam: one table from the wire's words to ink, glyph and spoken text, so that no
// part decides by itself how a change looks.
import type { IconName } from "../../kit/icons";
import type { Change } from "../../wire/types";

export interface Sign {
  /** Meaning class that sets ink, tint and mark. */
  ink: "same" | "added" | "removed" | "changed" | "narrowed" | "widened";
  /** Glyph in the icon set. */
  glyph: IconName;
  /** The word for those who do not see the glyph. */
  word: string;
}

const CHANGES: Record<Change, Sign> = {
  same: { ink: "same", glyph: "equal", word: "same" },
  added: { ink: "added", glyph: "plus", word: "added" },
  removed: { ink: "removed", glyph: "minus", word: "removed" },
  narrowed: { ink: "narrowed", glyph: "narrow", word: "narrowed" },
  widened: { ink: "widened", glyph: "widen", word: "widened" },
  replaced: { ink: "changed", glyph: "differ", word: "changed" },
  outlives: { ink: "widened", glyph: "longer", word: "outlives" },
  shorter: { ink: "narrowed", glyph: "narrow", word: "shorter" },
  unknown: { ink: "same", glyph: "unverified", word: "unknown" },
};

export const signOf = (change: Change): Sign => CHANGES[change];

/** Splits `narrowed 3 → 1` into the strong word and the quiet rest. */
export function splitWord(text: string): { word: string; rest: string } {
  // Of two environments the word begins with the column: `B adds 3 → 4`.
  const gap = text.indexOf(" ", /^[A-D] \w/.test(text) ? 2 : 0);
  return gap < 0 ? { word: text, rest: "" } : { word: text.slice(0, gap), rest: text.slice(gap + 1) };
}

/** Letter of a column: A is the subject. */
export const letter = (column: number): string => "ABCD".charAt(column);
