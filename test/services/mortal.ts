import type { Store } from '../../src/service/archive/store.ts';

/** Processes that die, within one process. */

export type Life = { step<T>(what: string, work: () => Promise<T>): Promise<T>; deathAfter: string | null };

/** A process that dies with its nth step: that step happens or not, without an answer, and no later step happens. */
export function mortal(steps: number, isDone: boolean): Life {
  let left = steps;
  const life: Life = {
    deathAfter: null,
    async step(what, work) {
      left -= 1;
      if (left > 0) return work();
      if (left === 0) {
        if (isDone) await work();
        life.deathAfter = `${isDone ? 'after' : 'before'} ${what}`;
      }
      throw new Error('killed');
    },
  };
  return life;
}

export const immortal: Life = { deathAfter: null, step: (_, work) => work() };

/** Returns the store; each call of it is a step of the life. */
export function mortalStore(store: Store, life: Life): Store {
  return {
    ...store,
    get: (key) => life.step('get', () => store.get(key)),
    list: (...all) => life.step('list', () => store.list(...all)),
    put: (...all) => life.step('put', () => store.put(...all)),
  };
}

/** Reports come from one store that is filled once; recipients are recorded in another store, new for every run. */
export function withDigests(reports: Store, digests: Store): Store {
  return {
    ...reports,
    get: (key) => (key.startsWith('digests/') ? digests : reports).get(key),
    put: (key, ...rest) => digests.put(key, ...rest),
  };
}
