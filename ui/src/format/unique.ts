// Keys of rows that keep their state: what comes from outside may repeat, and Svelte draws nothing where a key comes twice.

/** Each item with a key of its own; one that repeats is counted. */
export function unique<T>(items: readonly T[], keyOf: (item: T) => string | number): { item: T; rowKey: string }[] {
  const taken = new Set<string>();
  return items.map((item) => {
    const base = String(keyOf(item));
    let rowKey = base;
    for (let nth = 2; taken.has(rowKey); nth += 1) rowKey = `${base} ${String(nth)}`;
    taken.add(rowKey);
    return { item, rowKey };
  });
}
