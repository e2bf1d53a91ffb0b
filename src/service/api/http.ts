/** A request and a response without the words of any gateway. */

export type ApiRequest = {
  /** As the gateway names its routes: "GET /reports/{cluster}/{id}". */
  route: string;
  parameters: Readonly<Record<string, string | undefined>>;
  query: Readonly<Record<string, string | undefined>>;
  /** Names in small letters. */
  headers: Readonly<Record<string, string | undefined>>;
  body: string | undefined;
  /** What stands before /reports in the address: a stage or a custom domain's base path. */
  basePath: string;
};

export type ApiResponse = { status: number; headers: Record<string, string>; body: string };

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
    // The address may hold a signature: not to be kept, nor told to whatever the page links to.
    headers: { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
    body: '',
  };
}
