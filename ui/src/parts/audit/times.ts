// Times of the timeline: to the millisecond today, with the day when it is another one.

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const two = (value: number): string => String(value).padStart(2, "0");

interface Parts {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  ms: number;
}

function parts(ms: number, utc: boolean): Parts {
  const date = new Date(ms);
  return utc
    ? {
        year: date.getUTCFullYear(),
        month: date.getUTCMonth(),
        day: date.getUTCDate(),
        hour: date.getUTCHours(),
        minute: date.getUTCMinutes(),
        second: date.getUTCSeconds(),
        ms: date.getUTCMilliseconds(),
      }
    : {
        year: date.getFullYear(),
        month: date.getMonth(),
        day: date.getDate(),
        hour: date.getHours(),
        minute: date.getMinutes(),
        second: date.getSeconds(),
        ms: date.getMilliseconds(),
      };
}

const dayOf = (at: Parts): string => `${String(at.day)} ${MONTHS[at.month] ?? ""}`;
const sameDay = (a: Parts, b: Parts): boolean => a.year === b.year && a.month === b.month && a.day === b.day;
const clockOf = (at: Parts): string => `${two(at.hour)}:${two(at.minute)}:${two(at.second)}.${String(at.ms).padStart(3, "0")}`;

/** `14:02:31.204` today, `19 Nov 14:02` on another day; both fit one column. */
export function rowTime(ms: number, utc: boolean, now: number): string {
  const at = parts(ms, utc);
  return sameDay(at, parts(now, utc)) ? clockOf(at) : `${dayOf(at)} ${two(at.hour)}:${two(at.minute)}`;
}

/** Everything: `20 Nov 2026 14:02:31.204`. */
export function fullTime(ms: number, utc: boolean): string {
  const at = parts(ms, utc);
  return `${dayOf(at)} ${String(at.year)} ${clockOf(at)}`;
}

/** A mark on an axis of this length. */
export function axisTime(ms: number, utc: boolean, spanMs: number): string {
  const at = parts(ms, utc);
  const time = `${two(at.hour)}:${two(at.minute)}`;
  if (spanMs > 10 * 86_400_000) return dayOf(at);
  if (spanMs > 20 * 3_600_000) return `${dayOf(at)} ${time}`;
  return spanMs < 5 * 60_000 ? `${time}:${two(at.second)}` : time;
}
