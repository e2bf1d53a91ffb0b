/**
 * A look-up that is asked again only when what it said is no longer good. Those who want it at the same time share one
 * question; a failure is not kept, so that the next one asks again.
 * @param goodUntil until when a value may be used, in milliseconds since 1970
 * @param now the clock, in milliseconds since 1970
 */
export function cached<T>(
  lookUp: () => Promise<T>,
  goodUntil: (value: T) => number,
  now: () => number,
): () => Promise<T> {
  let known: { value: T; until: number } | undefined;
  let underWay: Promise<T> | undefined;
  return async () => {
    if (known && now() < known.until) return known.value;
    underWay ??= lookUp()
      .then((value) => {
        known = { value, until: goodUntil(value) };
        return value;
      })
      .finally(() => {
        underWay = undefined;
      });
    return underWay;
  };
}
