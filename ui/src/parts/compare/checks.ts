// A check in words. What is about a moment is said anew as time passes; whether it holds is the backend's word.
import { span } from "../../format/duration";
import type { Check } from "../../wire/types";

/** `expected viewer, found editor`. */
export function compared(check: Check, nowMs: number): string {
  const found = foundNow(check, nowMs);
  return check.expected === "" ? `found ${found}` : `expected ${check.expected}, found ${found}`;
}

/** What the token has, at this second. */
export function foundNow(check: Check, nowMs: number): string {
  if (check.moment === null) return check.found === "" ? "nothing" : check.found;
  const left = check.moment - Math.floor(nowMs / 1000);
  if (check.id === "age") return span(Math.max(0, -left));
  if (check.id === "not-before") return left > 0 ? `begins in ${span(left)}` : "has begun";
  if (left > 0) return `${span(left)} left`;
  return `ended ${span(-left)} ago${check.outcome === "pass" ? ", tolerated" : ""}`;
}
