import { readStoredId, type StoredIdParts } from './stored-id.ts';

/**
 * Where things lie in the store:
 *
 *     reports/{cluster}/{yyyy}/{mm}/{dd}/{id}/state.json          the report's state, written last
 *     reports/{cluster}/{yyyy}/{mm}/{dd}/{id}/{attempt}/report.*  its files, one folder per attempt
 *     index/all/{entry}                                           empty objects whose keys say it all: the newest
 *     index/clusters/{cluster}/{entry}                            first, so that a page of the list is one request
 *
 * The day is that of the last second of the period, in UTC: it follows from the id, whatever becomes of the
 * configuration. An attempt that lost its claim, or was killed, leaves a folder of its own that nothing points to.
 */

function partsOf(id: string): StoredIdParts {
  const parts = readStoredId(id);
  if (parts === null) throw new RangeError('that is not the id of a stored report');
  return parts;
}

/** The key of the cluster that a stored report is of. */
export const clusterOfId = (id: string): string => partsOf(id).cluster;

export function reportFolder(id: string): string {
  const { cluster, end } = partsOf(id);
  return `${dayFolder(cluster, end)}/${id}`;
}

/** Where all reports of a cluster (its key) lie whose periods end on the same day as `end`, Unix seconds. */
export function dayFolder(cluster: string, end: number): string {
  const day = new Date((end - 1) * 1000).toISOString().slice(0, 10).replaceAll('-', '/');
  return `reports/${cluster}/${day}`;
}

export const stateKey = (id: string): string => `${reportFolder(id)}/state.json`;

export const fileKey = (id: string, attempt: number, name: string): string =>
  `${reportFolder(id)}/${attempt}/${name}`;
