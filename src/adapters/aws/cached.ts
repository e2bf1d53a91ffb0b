/**
 * Returns a function that looks a value up and caches it. Calls at the same time share one look-up, and a failure is
 * not cached.
 * @param validUntil until when a value may be used, in milliseconds since 1970
 * @param now the clock, in milliseconds since 1970
 */
export function cached<T>(
  lookUp: () => Promise<T>,
  validUntil: (value: T) => number,
  now: () => number,
): () => Promise<T> {
  let latest: { value: T; until: number } | undefined;
  let pending: Promise<T> | undefined;
  return async () => {
    if (latest && now() < latest.until) return latest.value;
    pending ??= lookUp()
      .then((value) => {
        latest = { value, until: validUntil(value) };
        return value;
      })
      .finally(() => {
        pending = undefined;
      });
    return pending;
  };
}
