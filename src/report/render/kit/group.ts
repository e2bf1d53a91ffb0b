/** One or more items that belong together. */
export type Group<T> = readonly [T, ...T[]];

/** Returns groups of the items that have equal keys, compared as JSON, in the order of their first items. */
export function groupBy<T>(items: readonly T[], keyOf: (item: T) => unknown): Group<T>[] {
  const groups = Map.groupBy(items, (item) => JSON.stringify(keyOf(item)));
  return [...groups.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [[first, ...others] as const],
  );
}
