import type { Config } from '../../config/file.ts';
import { linkAddressOf } from '../../config/schedules.ts';
import type { ApiRequest } from './http.ts';
import { isForm, isJson } from './negotiate.ts';
import { ProblemError } from './problem.ts';

/**
 * Refuses requests that the page of another site makes the browser send in the name of its user: they could ask for
 * reports. Browsers say where a request comes from in headers that pages cannot set; programs do not send these.
 *
 * `Sec-Fetch-Site` is sent to addresses with https and to this machine only (W3C, Fetch Metadata Request Headers,
 * section 4). Without it, the `Origin` of a form must be this host. JSON needs neither, since browsers ask before they
 * send it to another site (Fetch, "CORS-preflight request"), and this service does not allow that.
 */
export function refuseOtherSites(request: ApiRequest, config: Pick<Config, 'file'>): void {
  const { route, headers } = request;
  if (route.startsWith('GET ')) return;
  const isOther = saysOtherSite(headers);
  if (isOther !== null) {
    if (isOther) refuseOtherSite();
    return;
  }
  const { origin } = headers;
  if (isJson(request) || (origin === undefined && !isForm(request))) return;
  if (!isThisSite(origin, headers['host'], linkAddressOf(config.file))) refuseOtherSite();
}

/** @throws ProblemError always */
export function refuseOtherSite(): never {
  throw new ProblemError('cross-site', 'send it from the pages of this service');
}

/** Whether a browser says that a request comes from the page of another site; null if it does not say from where. */
export function saysOtherSite(headers: ApiRequest['headers']): boolean | null {
  const site = headers['sec-fetch-site'];
  return site === undefined ? null : site !== 'same-origin' && site !== 'none';
}

/** A proxy may replace the header `Host`; the configuration then says under which address people know the service. */
function isThisSite(origin: string | undefined, host: string | undefined, address: string | null): boolean {
  // Browsers send "null" for what has no origin, such as a sandboxed page.
  if (origin === undefined || !URL.canParse(origin)) return false;
  const from = new URL(origin);
  if (from.protocol !== 'https:' && from.protocol !== 'http:') return false;
  const isHost = [`${from.protocol}//${host ?? ''}`, address ?? ''].some(
    (own) => URL.canParse(own) && new URL(own).origin === from.origin,
  );
  return isHost;
}
