/** A request and a response, independent of any gateway. */

export type ApiRequest = {
  /** Method and path template: "GET /reports/{cluster}/{id}". */
  route: string;
  parameters: Readonly<Record<string, string | undefined>>;
  query: Readonly<Record<string, string | undefined>>;
  /** Names are lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  body: string | undefined;
  /** The path before that of the route: a stage, or the base path of a custom domain. */
  basePath: string;
};

/** A request with its method and its path, which is below the base path. */
export type SiteRequest = ApiRequest & { method: string; path: string };

export type ApiResponse = {
  status: number;
  headers: Record<string, string>;
  /** Values of Set-Cookie, one header each. */
  cookies?: readonly string[];
  body: string;
  /** The content of a file, which is sent instead of the text. */
  bytes?: Uint8Array;
};

export function json(status: number, body: unknown, headers: Record<string, string> = {}): ApiResponse {
  return {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(body),
  };
}

/** Returns a page that was made for this request. */
export function page(
  status: number,
  { html, headers }: { html: string; headers: Record<string, string> },
  more: Record<string, string> = {},
): ApiResponse {
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      vary: 'accept, accept-language, accept-encoding',
      ...headers,
      ...more,
    },
    body: html,
  };
}

/** @param status 303 after a form: the browser then gets the address instead of sending the form there */
export function redirect(location: string, status: 302 | 303 = 302): ApiResponse {
  return {
    status,
    // The address may contain a signature, which must be neither cached nor sent on as a referrer.
    headers: { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
    body: '',
  };
}
