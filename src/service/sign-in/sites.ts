import type { ApiRequest } from '../api/http.ts';
import { saysOtherSite } from '../api/other-sites.ts';

/** Where a browser says that a request comes from, in headers that pages cannot set. */

type Headers = ApiRequest['headers'];

/**
 * Whether the page of another site makes the browser send a request. Programs send neither header.
 * @param origin that of this service
 */
export function isFromOtherSite(headers: Headers, origin: string): boolean {
  // Older browsers do not say it.
  return saysOtherSite(headers) ?? (headers['origin'] !== undefined && headers['origin'] !== origin);
}

/** Whether a person followed a link of a page of this service; browsers also open links in advance, and say so. */
export function isFromOwnPage(headers: Headers): boolean {
  const isOpened = headers['sec-fetch-mode'] === 'navigate' && headers['sec-purpose'] === undefined;
  return isOpened && headers['sec-fetch-site'] === 'same-origin';
}

/** Whether a person opens a page: a request that a browser can send to a login and back. */
export function isNavigation({ method, headers }: { method: string; headers: Headers }): boolean {
  if (method !== 'GET') return false;
  const mode = headers['sec-fetch-mode'];
  if (mode !== undefined) return mode === 'navigate';
  return (headers['accept'] ?? '').toLowerCase().includes('text/html');
}
