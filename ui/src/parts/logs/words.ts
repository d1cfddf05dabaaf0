// Words and marks of a log's rows.
import type { IconName } from "../../kit/icons";
import type { JoinedBy, Level, LogKind, LogRow } from "../../wire/types";
import { joinWords } from "../audit/rows";

const KINDS: Record<LogKind, { icon: IconName; word: string }> = {
  user_event: { icon: "user", word: "user event" },
  admin_event: { icon: "settings", word: "admin event" },
  audit: { icon: "audit", word: "audit line" },
  access: { icon: "arrow", word: "request" },
  correlation: { icon: "link", word: "correlation line" },
  server: { icon: "server", word: "server line" },
  text: { icon: "minus", word: "line" },
};
export const kindOf = (kind: LogKind): { icon: IconName; word: string } => KINDS[kind];

const LEVELS: Record<Level, string> = {
  trace: "trace",
  debug: "debug",
  info: "info",
  warn: "warning",
  error: "error",
  fatal: "fatal",
};
export const levelWord = (level: Level | null): string => (level === null ? "" : LEVELS[level]);

/** What the column Outcome says: the error of an event, else a level worth saying. */
export function outcomeOf(row: LogRow): { words: string; failed: boolean } {
  if (row.error !== null) return { words: row.error, failed: true };
  if (row.level === "error" || row.level === "fatal") return { words: LEVELS[row.level], failed: true };
  return { words: row.level === "warn" ? "warning" : "", failed: false };
}

export const joined = (step: number, by: JoinedBy | null): string =>
  `step ${String(step)}${by === null ? "" : ` by ${joinWords(by)}`}`;

/** `UTC+02:00`. */
export function zoneName(minutes: number): string {
  const size = Math.abs(minutes);
  const two = (value: number): string => String(value).padStart(2, "0");
  return minutes === 0 ? "UTC" : `UTC${minutes < 0 ? "−" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** Zones that are in use somewhere, and one that was found. */
export function zones(found: number): number[] {
  const odd = [-570, -210, 210, 270, 330, 345, 390, 525, 570, 630, 765];
  const whole = Array.from({ length: 27 }, (_, index) => (index - 12) * 60);
  return [...new Set([...whole, ...odd, found])].sort((a, b) => a - b);
}
