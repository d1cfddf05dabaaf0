// Text from outside as it may be drawn: characters that reorder text, take no room or break a line are written out, as the
// backend does it (model `shown`). This is the net at the window's door; the backend has done it for what it wrote itself.

/* Ranges are code points; line breaks and tabs stay, they only break lines where a part keeps them. */
const HIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u00a0\u00ad\u034f\u061c\u070f\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u2067\u206a-\u206f\u2800\u3000\u3164\ue000-\uf8ff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc\ufffe\uffff\u{16fe4}\u{1fffe}-\u{1ffff}\u{2fffe}-\u{2ffff}\u{3fffe}-\u{3ffff}\u{4fffe}-\u{4ffff}\u{5fffe}-\u{5ffff}\u{6fffe}-\u{6ffff}\u{7fffe}-\u{7ffff}\u{8fffe}-\u{8ffff}\u{9fffe}-\u{9ffff}\u{afffe}-\u{affff}\u{bfffe}-\u{bffff}\u{cfffe}-\u{cffff}\u{dfffe}-\u{dffff}\u{efffe}-\u{effff}\u{13430}-\u{1345f}\u{1bca0}-\u{1bca3}\u{1d159}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}\u{f0000}-\u{10ffff}]/u;
const ALL = new RegExp(HIDDEN.source, "gu");

/** A text with its hidden characters written out, e.g. `\u{202e}`. The isolates the backend puts around names stay where they close. */
export function shown(text: string): string {
  const clean = HIDDEN.test(text) ? text.replace(ALL, (letter) => `\\u{${(letter.codePointAt(0) ?? 0).toString(16)}}`) : text;
  return closes(clean) ? clean : clean.replace(/[\u2068\u2069]/g, (letter) => `\\u{${letter.charCodeAt(0).toString(16)}}`);
}

/** Whether every isolate in it ends, and none ends that did not begin. */
function closes(text: string): boolean {
  if (!/[\u2068\u2069]/.test(text)) return true;
  let open = 0;
  for (const letter of text) {
    if (letter === "\u2068") open += 1;
    if (letter === "\u2069" && --open < 0) return false;
  }
  return open === 0;
}

/** Every text in a value, names of members included; what needs nothing is the same object. */
export function shownDeep<T>(value: T): T {
  return deep(value) as T;
}

function deep(value: unknown): unknown {
  if (typeof value === "string") return shown(value);
  if (Array.isArray(value)) {
    let copy: unknown[] | null = null;
    for (let i = 0; i < value.length; i += 1) {
      const clean = deep(value[i]);
      if (clean !== value[i]) (copy ??= value.slice())[i] = clean;
    }
    return copy ?? value;
  }
  if (value !== null && typeof value === "object") {
    let copy: Record<string, unknown> | null = null;
    for (const [name, member] of Object.entries(value)) {
      const clean = deep(member);
      if (clean !== member) (copy ??= { ...value })[name] = clean;
    }
    return copy ?? value;
  }
  return value;
}
