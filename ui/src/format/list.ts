/** Words in a row as people say them: `a`, `a and b`, `a, b and c`. */
export function listed(words: string[]): string {
  const last = words.at(-1);
  return last === undefined ? "" : words.length === 1 ? last : `${words.slice(0, -1).join(", ")} and ${last}`;
}
