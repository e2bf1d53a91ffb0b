/** A request and a response, independent of any gateway. */

export type ApiRequest = {
  /** Method and path template: "GET /reports/{cluster}/{id}". */
  route: string;
  parameters: Readonly<Record<string, string | undefined>>;
  query: Readonly<Record<string, string | undefined>>;
  /** Names are lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  body: string | undefined;
  /** The path before /reports: a stage, or the base path of a custom domain. */
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

export function redirect(location: string): ApiResponse {
  return {
    status: 302,
    // The address may contain a signature, which must be neither cached nor sent on as a referrer.
    headers: { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
    body: '',
  };
}
