import pLimit from 'p-limit';
import { clusterOfKey, entriesOf, isInIndexOfAll } from './address.ts';
import type { ListOptions, Store } from './store.ts';
import { StoreError } from './store.ts';

/** Bounds the open sockets; S3 itself answers thousands of requests at once. */
const REQUESTS_AT_ONCE = 16;

const LONGEST_LIST = 1000;

/**
 * Returns the store as somebody sees it who may see some clusters only: as if it had no objects of others. Everything
 * that is served from it is restricted, whatever the address of the request was.
 * @param clusters their keys
 */
export function visibleStore(store: Store, clusters: ReadonlySet<string>): Store {
  const isVisible = (key: string) => clusters.has(clusterOfKey(key) ?? '');
  const check = (key: string) => {
    if (!isVisible(key))
      throw new StoreError('this belongs to a cluster that is not visible', { retry: false });
  };
  return {
    async put(key, ...others) {
      check(key);
      return store.put(key, ...others);
    },
    get: async (key) => (isVisible(key) ? store.get(key) : null),
    async list(prefix, options = {}) {
      if (isInIndexOfAll(prefix)) return listAll(store, clusters, { prefix, ...options });
      return isVisible(prefix) ? store.list(prefix, options) : { keys: [], more: false };
    },
    async link(key, seconds) {
      check(key);
      return store.link(key, seconds);
    },
    close: () => store.close(),
  };
}

/**
 * Merges the lists of the visible clusters. Leaving others out of the list of all would read thousands of entries for a
 * cluster with few reports.
 */
async function listAll(
  store: Store,
  clusters: ReadonlySet<string>,
  { prefix, startAfter, limit = LONGEST_LIST }: ListOptions & { prefix: string },
): Promise<{ keys: string[]; more: boolean }> {
  const lists = await pLimit(REQUESTS_AT_ONCE).map(clusters, async (cluster) => {
    const { keys, more } = await store.list(entriesOf(cluster, prefix), {
      limit,
      ...(startAfter === undefined ? {} : { startAfter: entriesOf(cluster, startAfter) }),
    });
    const start = entriesOf(cluster, prefix).length;
    return { keys: keys.map((key) => `${prefix}${key.slice(start)}`), more };
  });
  const keys = lists.flatMap((list) => list.keys).sort();
  return { keys: keys.slice(0, limit), more: keys.length > limit || lists.some(({ more }) => more) };
}
