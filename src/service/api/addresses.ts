import { clusterKey } from '../../report/model/cluster-key.ts';
import type { ApiRequest } from './http.ts';

/** The addresses of the service, without scheme and host. */

/** The path of a report, after the base path. */
export function reportPath(cluster: string, id: string): string {
  return `${clusterPath(cluster)}/${id}`;
}

/** The path of a cluster's page, after the base path. @param cluster its key */
export function clusterPath(cluster: string): string {
  return `/reports/${cluster}`;
}

/** The path of a report, from the name of its cluster. */
export function pathOfReport({ cluster, id }: { cluster: string; id: string }): string {
  return reportPath(clusterKey(cluster), id);
}

/** Returns the address of a page, in the language that was chosen for this one. */
export function pageAddress(
  { basePath, query }: Pick<ApiRequest, 'basePath' | 'query'>,
  path: string,
  parameters: Readonly<Record<string, string | undefined>> = {},
): string {
  const kept = Object.entries({ lang: query['lang'], ...parameters }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as [string, string]],
  );
  const text = new URLSearchParams(kept).toString();
  return `${basePath}${path}${text ? `?${text}` : ''}`;
}
