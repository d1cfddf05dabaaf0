// Two issuers side by side in little room: the scheme goes first, then the equal labels in the middle; what differs stays, in bold,
// and so does the last part of the path. The whole text is always in the title and in what is copied.

export interface Part {
  text: string;
  /** It differs from the other issuer. */
  differs: boolean;
  /** It may be cut short. */
  middle?: boolean;
}

export interface Shortened {
  /** Everything, with what differs marked. */
  full: Part[];
  /** Without the scheme; the equal labels cut. */
  long: Part[];
  /** Only what differs and the last part of the path. */
  short: Part[];
}

/** How many letters of the equal middle stay in the long form. */
const KEPT = 4;

/** Each of two issuers in its forms. Texts that are no addresses stay whole. */
export function issuers(one: string, other: string): [Shortened, Shortened] {
  const [a, b] = [split(one), split(other)];
  if (a === null || b === null) return [whole(one), whole(other)];
  return [shorten(a, b), shorten(b, a)];
}

interface Address {
  scheme: string;
  labels: string[];
  port: string;
  path: string[];
}

function split(issuer: string): Address | null {
  const found = /^([a-z][a-z0-9+.-]*:\/\/)([^/:?#\s]+|\[[^\]]+\])(:\d+)?((?:\/[^?#\s]*)?)$/i.exec(issuer);
  if (found === null) return null;
  const [, scheme = "", host = "", port = "", path = ""] = found;
  // The labels of a number mean nothing alone.
  const labels = /^[\d.]+$|^\[/.test(host) ? [host] : host.split(".");
  return { scheme, labels, port, path: path.split("/").slice(1) };
}

function whole(text: string): Shortened {
  const part = [{ text, differs: true }];
  return { full: part, long: part, short: part };
}

function shorten(own: Address, other: Address): Shortened {
  const label = differing(own.labels, other.labels);
  const path = differing(own.path, other.path);
  const port = own.port !== other.port;
  const last = own.path.length - 1;
  const pathOf = (from: number): Part[] =>
    own.path.slice(from).map((text, i) => ({ text: `/${text}`, differs: path.includes(from + i) }));
  const dotted = (texts: string[], from: number): Part[] =>
    texts.map((text, i) => ({ text: (from + i > 0 ? "." : "") + text, differs: label.includes(from + i) }));
  const hostWhole = dotted(own.labels, 0)
    .map((part) =>
      part.differs && part.text.startsWith(".")
        ? [
            { text: ".", differs: false },
            { text: part.text.slice(1), differs: true },
          ]
        : [part],
    )
    .flat();
  const portPart: Part[] = own.port === "" ? [] : [{ text: own.port, differs: port }];
  const end = label.length === 0 ? own.labels.length - 1 : Math.max(...label);
  const tail = own.labels.slice(end + 1).join(".");
  const head = hostWhole.slice(0, partsUntil(own.labels, label, end));
  const rest: Part[] =
    tail === "" ? [] : [{ text: tail.length > KEPT + 2 ? `.${tail.slice(0, KEPT)}…` : `.${tail}`, differs: false }];
  const scheme: Part[] = own.scheme === other.scheme ? [] : [{ text: own.scheme, differs: true }];
  const keepPath = Math.min(...[...path, Math.max(0, last)]);
  return {
    full: merge([
      { text: own.scheme, differs: own.scheme !== other.scheme },
      ...head,
      ...(tail === "" ? [] : [{ text: `.${tail}`, differs: false, middle: true }]),
      ...portPart,
      ...pathOf(0),
    ]),
    long: merge([...scheme, ...head, ...rest, ...portPart, ...pathOf(0)]),
    short: merge([
      ...scheme,
      ...head,
      ...(tail === "" ? [] : [{ text: "…", differs: false }]),
      ...portPart,
      ...(keepPath > 0 && last > 0 && tail === "" ? [{ text: "…", differs: false }] : []),
      ...(last < 0 ? [] : pathOf(keepPath)),
    ]),
  };
}

/** Number of parts the labels up to and with `end` were cut into. */
function partsUntil(labels: string[], differs: number[], end: number): number {
  let parts = 0;
  for (let i = 0; i <= end && i < labels.length; i += 1) parts += differs.includes(i) && i > 0 ? 2 : 1;
  return parts;
}

/** Places of what is not the same in both: what is left between the equal beginning and the equal end. */
function differing(own: string[], other: string[]): number[] {
  let begin = 0;
  while (begin < own.length && begin < other.length && own[begin] === other[begin]) begin += 1;
  let end = 0;
  while (end < own.length - begin && end < other.length - begin && own[own.length - 1 - end] === other[other.length - 1 - end])
    end += 1;
  return own
    .map((_, i) => i)
    .slice(begin, own.length - end)
    .filter((i) => own[i] !== other[i] || own.length !== other.length);
}

function merge(parts: Part[]): Part[] {
  const joined: Part[] = [];
  for (const part of parts) {
    const before = joined.at(-1);
    if (before && before.differs === part.differs && before.middle === part.middle) before.text += part.text;
    else if (part.text !== "") joined.push({ ...part });
  }
  return joined;
}

export const text = (parts: Part[]): string => parts.map((part) => part.text).join("");

/** The host and port of an address as the browser reads it, so that neither a user name nor a look-alike letter stands for it; empty
 *  where it is no address. */
export function hostOf(address: string): string {
  try {
    const url = new URL(address);
    return /^https?:$/.test(url.protocol) ? url.host : "";
  } catch {
    return "";
  }
}

/** What a server is called where the window speaks: its host. A name that a file or a server gave says anything it likes, so it is
 *  only ever shown in quotes; the lab's are ours. */
export function placeName(
  server: { issuer?: string; base?: string; name: string },
  simulated: boolean,
  otherwise: string,
): string {
  if (simulated && server.name !== "") return server.name;
  return hostOf(server.issuer ?? "") || hostOf(server.base ?? "") || otherwise;
}
