// The words and fields of the events search: known types, dates of a form, and what a realm saves, said.
import { count } from "../../format/duration";
import type { EventSettings } from "../../wire/types";

const KINDS = [
  "LOGIN",
  "CODE_TO_TOKEN",
  "TOKEN_EXCHANGE",
  "REFRESH_TOKEN",
  "CLIENT_LOGIN",
  "JWT_AUTHORIZATION_GRANT",
  "INTROSPECT_TOKEN",
  "USER_INFO_REQUEST",
  "REVOKE_GRANT",
  "LOGOUT",
  "IMPERSONATE",
];

/** What is offered; any other type may be typed. */
export const EVENT_TYPES: string[] = KINDS.flatMap((kind) => [kind, `${kind}_ERROR`]);

const two = (value: number): string => String(value).padStart(2, "0");

/** Epoch milliseconds as the value of a `datetime-local` field. */
export function toLocal(ms: number | null, utc: boolean): string {
  if (ms === null) return "";
  const date = new Date(ms);
  return utc
    ? date.toISOString().slice(0, 19)
    : `${String(date.getFullYear())}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** The other way; none for a field that is empty or half filled. */
export function fromLocal(text: string, utc: boolean): number | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text)) return null;
  const ms = Date.parse(utc ? `${text}Z` : text);
  return Number.isNaN(ms) ? null : ms;
}

/** `User events for 30 days, 60 types; admin events.` */
export function savedWords(settings: EventSettings): string {
  const days = settings.eventsExpiration / 86_400;
  const kept =
    settings.eventsExpiration === 0
      ? "until they are cleared"
      : days >= 1
        ? `for ${count(Math.round(days), "day")}`
        : `for ${count(Math.round(settings.eventsExpiration / 60), "minute")}`;
  const users = settings.eventsEnabled
    ? `User events ${kept}, ${settings.enabledEventTypes.length === 0 ? "the server's default types" : count(settings.enabledEventTypes.length, "type")}`
    : "No user events";
  return `${users}; ${settings.adminEventsEnabled ? "admin events" : "no admin events"}.`;
}
