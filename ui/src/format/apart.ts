// Long names side by side: shortened so that what tells them apart stays, and every cut is marked.

/** Letters from the beginning that stay before a cut in the middle. */
const HEAD = 6;

/** A name in at most `most` letters. What it has in common with the others goes first, from the middle; the cut is marked with …. Two
 *  different names never look alike, as long as `most` has room for the letter they differ in. */
export function toldApart(name: string, others: string[], most: number): string {
  const letters = [...name];
  if (letters.length <= most) return name;
  const rest = others.filter((other) => other !== name).map((other) => [...other]);
  const near = rest.reduce((best, other) => Math.max(best, alike(letters, other)), 0);
  const far = rest.filter((other) => alike(letters, other) === near);
  const back = far.reduce((best, other) => Math.max(best, alike(letters.toReversed(), other.toReversed())), 0);
  const end = cut(letters, most);
  // The end of the name tells it apart already.
  if (rest.every((other) => cut(other, most) !== end)) return end;
  const head = Math.min(HEAD, Math.max(1, most - 8));
  const room = most - head - 2;
  const last = letters.length - Math.min(back, letters.length - near);
  // From where they part, or a little before it, so that the part can be read.
  const from = Math.max(head, Math.min(near - Math.max(0, Math.floor((room - (last - near)) / 2)), letters.length - room));
  const to = Math.min(letters.length, from + room + (from + room + 1 >= letters.length ? 1 : 0));
  return `${letters.slice(0, head).join("")}${from > head ? "…" : ""}${letters.slice(from, to).join("")}${to < letters.length ? "…" : ""}`;
}

/** How many letters two begin alike with. */
function alike(one: string[], other: string[]): number {
  let at = 0;
  while (at < one.length && at < other.length && one[at] === other[at]) at += 1;
  return at;
}

function cut(letters: string[], most: number): string {
  if (letters.length <= most) return letters.join("");
  const head = Math.ceil((most - 1) / 2);
  return `${letters.slice(0, head).join("")}…${letters.slice(letters.length - (most - 1 - head)).join("")}`;
}
