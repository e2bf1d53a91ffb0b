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

const ID = /^(.+)-(\d{4})(\d{2})(\d{2})t(\d{2})(\d{2})(\d{2})z-/;

/** The end of a stored report's period, Unix seconds, and its cluster's key, as its id says. */
export function partsOfId(id: string): { cluster: string; end: number } {
  const [, cluster = '', year, month, day, hour, minute, second] = ID.exec(id) ?? [];
  const end = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) / 1000;
  // Before 1970 there were no reports, and dates look different.
  if (!(end > 0)) throw new RangeError('that is not the id of a stored report');
  return { cluster, end };
}

export function reportFolder(id: string): string {
  const { cluster, end } = partsOfId(id);
  const day = new Date((end - 1) * 1000).toISOString().slice(0, 10).replaceAll('-', '/');
  return `reports/${cluster}/${day}/${id}`;
}

export const stateKey = (id: string): string => `${reportFolder(id)}/state.json`;

export const fileKey = (id: string, attempt: number, name: string): string =>
  `${reportFolder(id)}/${attempt}/${name}`;
