/**
 * Remembers attempts to sign in that were used, until they expire. Only this process does: what reaches another one has a
 * code that the issuer refuses, since "the client MUST NOT use the authorization code more than once" (RFC 6749, 4.1.2).
 */
export function openUsedAttempts(seconds: number): { add(state: string, now: Date): boolean } {
  const used = new Map<string, number>();
  return {
    /** Returns false if the attempt was used before. */
    add(state, now) {
      const time = now.getTime();
      // In the order in which they were added.
      for (const [other, until] of used) {
        if (until > time) break;
        used.delete(other);
      }
      if (used.has(state)) return false;
      // Clocks of two servers may differ, so an attempt can live a little longer than its time.
      used.set(state, time + 2 * seconds * 1000);
      return true;
    },
  };
}
