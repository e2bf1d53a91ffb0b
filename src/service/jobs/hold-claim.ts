import { ClaimLost, renewClaim, type Versioned } from '../archive/claims.ts';
import type { Store } from '../archive/store.ts';

/**
 * How long a report stays claimed by a worker that died. A living one renews its claim three times in this time; computing
 * for many nodes and a slow store delay that by some seconds.
 */
export const CLAIM_SECONDS = 60;

const RENEW_MILLISECONDS = (CLAIM_SECONDS * 1000) / 3;

export type HeldClaim = {
  /** Ends the renewing and returns the claim in its last version. */
  release(): Promise<Versioned>;
};

/** Renews a claim until it is released. After another worker has claimed the report, ending the attempt fails. */
export function holdClaim(store: Store, claimed: Versioned, now: () => Date): HeldClaim {
  let latest = Promise.resolve(claimed);
  const renew = async (known: Versioned): Promise<Versioned> => {
    try {
      return await renewClaim(store, known, { seconds: CLAIM_SECONDS, now: now() });
    } catch (error) {
      if (error instanceof ClaimLost) clearInterval(timer);
      // A store that cannot be reached now may be reached the next time.
      return known;
    }
  };
  const timer = setInterval(() => {
    latest = latest.then(renew);
  }, RENEW_MILLISECONDS);
  timer.unref();
  return {
    release() {
      clearInterval(timer);
      return latest;
    },
  };
}
