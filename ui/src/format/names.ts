// What a verdict says beside its word, in little room: "frontend → portal" as two names, each shortened to what tells it apart.
import { toldApart } from "./apart";

export interface Names {
  from: string;
  /** Empty where there is one text alone. */
  to: string;
  /** What is said of the second, e.g. `, an application`. */
  after: string;
}

const AFTER = /(, an application|, another sub|, sub added)$/;

/** The texts of a verdict's rest with at most `most` letters each. */
export function named(rest: string, most: number): Names {
  const after = AFTER.exec(rest)?.[0] ?? "";
  const [from = "", to, ...more] = rest.slice(0, rest.length - after.length).split(" → ");
  if (to === undefined || more.length > 0)
    return { from: toldApart(rest.slice(0, rest.length - after.length), [], most), to: "", after };
  return { from: toldApart(from, [to], most), to: toldApart(to, [from], most), after };
}
