/** Builds the HTTP requests of the client, by POST or GET. */

export type Method = 'POST' | 'GET';

/** A request as it is sent, without the headers that the network needs. */
export type OutgoingRequest = {
  method: Method;
  url: string;
  headers: Readonly<Record<string, string>>;
  /** Empty for GET. */
  body: string;
};

/** The parts of the configured address. */
export type Address = {
  /** Everything before the query, without a slash at the end. It contains no secret. */
  base: string;
  /** The query as written, without "?": "namespace=x". Empty if there is none. */
  query: string;
  /** The values of the query's parameters, as written and decoded. Any of them may be secret. */
  secrets: readonly string[];
};

/** The type that browsers send for URLSearchParams. */
const FORM_TYPE = 'application/x-www-form-urlencoded;charset=UTF-8';

export function splitAddress(url: string): Address {
  const at = url.indexOf('?');
  const base = (at < 0 ? url : url.slice(0, at)).replace(/\/+$/, '');
  const query = at < 0 ? '' : url.slice(at + 1).replace(/^&+|&+$/g, '');
  const written = query.split('&').map((parameter) => parameter.replace(/^[^=]*=?/, ''));
  const decoded = [...new URLSearchParams(query).values()];
  return { base, query, secrets: [...new Set([...written, ...decoded])].filter((value) => value !== '') };
}

type Call = {
  method: Method;
  /** Appended to the address: "/api/v1/query". */
  path: string;
  form?: Readonly<Record<string, string>>;
};

export function buildRequest(
  { base, query }: Address,
  { method, path, form }: Call,
  headers: Readonly<Record<string, string>> = {},
): OutgoingRequest {
  const encoded = new URLSearchParams(form).toString();
  const isPost = method === 'POST';
  // In an address, a space is %20: "+" is a space only in forms, and AWS signs "+" as the character itself
  // (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
  const parameters = [query, isPost ? '' : encoded.replaceAll('+', '%20')].filter((part) => part !== '');
  const search = parameters.length > 0 ? `?${parameters.join('&')}` : '';
  return {
    method,
    url: `${base}${path}${search}`,
    headers: { ...headers, accept: 'application/json', ...(isPost ? { 'content-type': FORM_TYPE } : {}) },
    body: isPost ? encoded : '',
  };
}
