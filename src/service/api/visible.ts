import { clusterKey } from '../../report/model/cluster-key.ts';
import { visibleStore } from '../archive/visible-store.ts';
import type { VisibleClusters } from './caller.ts';
import type { ApiContext } from './context.ts';

/**
 * Returns a context in which other clusters than the visible ones do not exist: neither in the configuration nor in the
 * store. All routes answer from it, so that none of them can forget to ask.
 */
export function restrictContext(context: ApiContext, visible: VisibleClusters): ApiContext {
  if (visible === 'all') return context;
  const { config, store } = context;
  const clusters = (config.file.clusters ?? []).filter(({ name }) => visible.has(name));
  return {
    ...context,
    config: { ...config, file: { ...config.file, clusters } },
    store: visibleStore(store, new Set(clusters.map(({ name }) => clusterKey(name)))),
  };
}
