// Moments. Every written time says its zone; relative ones need none.
import type { TimeMode } from "../wire/types";
import { span } from "./duration";

const two = (n: number) => String(n).padStart(2, "0");
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `14:02:18` in the local zone, for places whose heading or footer names the zone. */
export function hms(ms: number): string {
  const d = new Date(ms);
  return `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;
}

/** A moment in the chosen mode. `zone` is the backend's name of the local zone, e.g. `UTC+1`. */
export function moment(ms: number, mode: TimeMode, now: number, zone: string): string {
  switch (mode) {
    case "relative":
      return relative(ms, now);
    case "epoch":
      return String(Math.floor(ms / 1000));
    case "utc": {
      const d = new Date(ms);
      const time = `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())} UTC`;
      return d.toISOString().slice(0, 10) === new Date(now).toISOString().slice(0, 10)
        ? time
        : `${day(d.getUTCDate(), d.getUTCMonth(), d.getUTCFullYear(), new Date(now).getUTCFullYear())} ${time}`;
    }
    case "local": {
      const d = new Date(ms);
      const time = `${hms(ms)} ${zone}`;
      return d.toDateString() === new Date(now).toDateString()
        ? time
        : `${day(d.getDate(), d.getMonth(), d.getFullYear(), new Date(now).getFullYear())} ${time}`;
    }
  }
}

/** `in 4 min 51 s`, `2 min ago`, `now`. */
export function relative(ms: number, now: number): string {
  const s = Math.round((ms - now) / 1000);
  if (s === 0) return "now";
  return s > 0 ? `in ${span(s)}` : `${span(-s)} ago`;
}

function day(date: number, month: number, year: number, thisYear: number): string {
  return `${date} ${MONTHS[month]}${year === thisYear ? "" : ` ${year}`}`;
}

/** What a time mode is called in menus. */
export const TIME_MODES: { value: TimeMode; label: string }[] = [
  { value: "relative", label: "Relative time" },
  { value: "local", label: "Local time" },
  { value: "utc", label: "UTC" },
  { value: "epoch", label: "Epoch seconds" },
];
