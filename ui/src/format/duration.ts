// Spans of time and sizes as people say them.

/** Seconds as a countdown clock: `4:51`, `59:54`, `1:00:07`. */
export function clock(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds));
  const two = (n: number) => String(n).padStart(2, "0");
  const hours = Math.floor(s / 3600);
  const minutes = Math.floor((s % 3600) / 60);
  if (hours >= 24) return span(s);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(s % 60)}` : `${minutes}:${two(s % 60)}`;
}

const UNITS: [string, number][] = [
  ["d", 86_400],
  ["h", 3_600],
  ["min", 60],
  ["s", 1],
];

/** Whole seconds in at most two units: `4 min 51 s`, `2 h 5 min`, `42 s`. */
export function span(seconds: number): string {
  let rest = Math.max(0, Math.round(seconds));
  const at = UNITS.findIndex(([, size]) => rest >= size);
  if (at < 0) return "0 s";
  const said: string[] = [];
  for (const [name, size] of UNITS.slice(at, at + 2)) {
    const n = Math.floor(rest / size);
    rest -= n * size;
    if (n > 0) said.push(`${n} ${name}`);
  }
  return said.join(" ");
}

/** The largest unit alone: `2 h`, `4 min`. */
export function roughly(seconds: number): string {
  return span(seconds).split(" ").slice(0, 2).join(" ");
}

/** Microseconds as measured: `0.4 ms`, `41 ms`, `6.1 s`, `2 min 5 s`. */
export function took(us: number): string {
  const ms = us / 1000;
  if (ms < 1) return `${ms.toFixed(1)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return span(ms / 1000);
}

/** Sizes with decimal prefixes: `812 B`, `1.3 kB`, `2.0 MB`. */
export function bytes(n: number): string {
  if (n < 1000) return `${n} B`;
  if (n < 1_000_000) return `${(n / 1000).toFixed(1)} kB`;
  return `${(n / 1_000_000).toFixed(1)} MB`;
}

/** A long value cut in the middle; the ends are what people compare. */
export function middleCut(text: string, most: number): string {
  if (text.length <= most) return text;
  const head = Math.ceil((most - 1) * 0.6);
  return `${text.slice(0, head)}…${text.slice(text.length - (most - 1 - head))}`;
}

/** `1 step`, `2 steps`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString("en-GB")} ${n === 1 ? one : many}`;
}

/** Milliseconds as measured: `212 ms`, `1.4 s`. */
export function spanMs(ms: number): string {
  return took(ms * 1000);
}

/** How long an exchange took; nothing where nobody saw its end: through the browser, or without an answer. */
export function tookOf(exchange: { status: number | null; through_browser: boolean; duration_us: number }): string {
  const unseen = exchange.duration_us === 0 && (exchange.status === null || exchange.through_browser);
  return unseen ? "" : took(exchange.duration_us);
}
