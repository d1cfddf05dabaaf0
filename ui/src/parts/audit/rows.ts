// Words of the timeline's rows, and the rows as text.
import type { AuditRow, JoinedBy, Outcome } from "../../wire/types";

const BY: Record<JoinedBy, string> = {
  token_id: "token id",
  session: "session, time",
  client_and_time: "client, time",
  activity_id: "activity id",
  reading: "by Claimscope",
};

/** Words of the column Joined by. */
export function joinedWords(row: AuditRow): string {
  if (!row.is_event) return row.step === null ? "" : `step ${String(row.step)}`;
  return row.joined_by === null ? "not ours" : BY[row.joined_by];
}

export const joinWords = (by: JoinedBy): string => BY[by];

const SURE: Record<JoinedBy, string> = {
  token_id: "certain, the event names a token of this step",
  session: "very likely, the same session at the time of the step",
  client_and_time: "a guess, another program may use the same client at that time",
  activity_id: "certain, the gateway gave both the same activity id",
  reading: "Claimscope got a token of its own to read events or settings with; no step of yours caused it",
};

/** How sure a join is. */
export const sureWords = (by: JoinedBy): string => SURE[by];

const OUTCOMES: Record<Outcome, string> = {
  success: "success",
  refused: "refused",
  failed: "failed",
  cancelled: "cancelled",
  unknown: "not known",
};
export const outcomeWord = (outcome: Outcome): string => OUTCOMES[outcome];

/** The rows as a Markdown table, times in UTC so that the text stands alone. */
export function asText(rows: AuditRow[]): string {
  const head = ["Time (UTC)", "Operation", "Subject", "Client", "Audience", "Outcome", "Joined by", "Duration"];
  const lines = rows.map((row) => [
    new Date(row.time_ms).toISOString(),
    row.is_event ? `event ${row.operation}` : row.operation,
    row.subject ?? "",
    row.client ?? "",
    row.audience ?? "",
    row.outcome_text === "" ? outcomeWord(row.outcome) : row.outcome_text,
    row.is_event && row.step !== null ? `step ${String(row.step)} by ${joinedWords(row)}` : joinedWords(row),
    row.duration_us === null ? "" : `${String(Math.round(row.duration_us / 1000))} ms`,
  ]);
  return [head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.map(escape).join(" | ")} |`).join("\n");
}

const escape = (text: string): string => text.replaceAll("|", "\\|").replaceAll(/\r?\n/g, " ");
