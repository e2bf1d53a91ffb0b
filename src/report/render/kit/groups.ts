/** Several of one kind, told as one. */
export type Group<T> = readonly [T, ...T[]];

export function groupsOf<T>(all: readonly T[], keyOf: (one: T) => unknown): Group<T>[] {
  const groups = Map.groupBy(all, (one) => JSON.stringify(keyOf(one)));
  return [...groups.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [[first, ...others] as const],
  );
}
