import { readStoredId, type StoredIdParts } from './stored-id.ts';

/**
 * The layout of the store:
 *
 *     reports/{cluster}/{yyyy}/{mm}/{dd}/{id}/state.json          the report's state, written last
 *     reports/{cluster}/{yyyy}/{mm}/{dd}/{id}/{attempt}/report.*  its files, one folder per attempt
 *     index/all/{entry}                                           the list, newest first: empty objects whose keys
 *     index/clusters/{cluster}/{entry}                            hold the data, so that a page is one request
 *     index/requests/{seconds}_{id}                               what was requested when, of servers without a queue
 *
 * The day is that of the last second of the period, in UTC. It follows from the id alone, even when the configuration
 * changes. An attempt that was killed or lost its claim leaves a folder that nothing refers to.
 */

function partsOf(id: string): StoredIdParts {
  const parts = readStoredId(id);
  if (parts === null) throw new RangeError('this is not the id of a stored report');
  return parts;
}

/** Returns the key of a stored report's cluster. */
export const clusterOfId = (id: string): string => partsOf(id).cluster;

export function reportFolder(id: string): string {
  const { cluster, end } = partsOf(id);
  return `${dayFolder(cluster, end)}/${id}`;
}

/** The folder of a cluster's reports (by its key) whose periods end on the day of `end`, Unix seconds. */
export function dayFolder(cluster: string, end: number): string {
  const day = new Date((end - 1) * 1000).toISOString().slice(0, 10).replaceAll('-', '/');
  return `${clusterFolder(cluster)}${day}`;
}

/** The folder of a cluster's reports (by its key), with a slash at its end. */
export const clusterFolder = (cluster: string): string => `reports/${cluster}/`;

/** Returns the id of the report that a key is the state of; null for other keys. */
export function idOfStateKey(key: string): string | null {
  const [name, id = ''] = key.split('/').reverse();
  return name === 'state.json' && readStoredId(id) !== null && stateKey(id) === key ? id : null;
}

export const stateKey = (id: string): string => `${reportFolder(id)}/state.json`;

export const fileKey = (id: string, attempt: number, name: string): string =>
  `${reportFolder(id)}/${attempt}/${name}`;

export const requestsFolder = 'index/requests/';

/** Entries of all clusters, and those of each cluster below its key. */
export const entriesOfAll = 'index/all/';
export const entriesOfCluster = (cluster: string): string => `index/clusters/${cluster}/`;

/** Returns the key of the cluster that an object, or all objects below a folder, belong to; null for those of all. */
export function clusterOfKey(key: string): string | null {
  const [, cluster = null] = /^(?:reports|index\/clusters)\/([a-z0-9-]+)\//.exec(key) ?? [];
  return cluster;
}

export const isInIndexOfAll = (key: string): boolean => key.startsWith(entriesOfAll);

/** Returns where a cluster has the entries of a folder or key of the list of all. */
export const entriesOf = (cluster: string, key: string): string =>
  entriesOfCluster(cluster) + key.slice(entriesOfAll.length);
