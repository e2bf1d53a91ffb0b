/** How one question becomes an HTTP request, by POST or by GET, with what the configured address carries along. */

export type Method = 'POST' | 'GET';

/** A request as it leaves, but for headers that the network needs. */
export type OutgoingRequest = {
  method: Method;
  url: string;
  headers: Readonly<Record<string, string>>;
  /** Empty for GET. */
  body: string;
};

/** The configured address, taken apart. */
export type Address = {
  /** Everything before the query, without a slash at its end. Safe to show. */
  base: string;
  /** The query as it was written, without "?": "namespace=x". Empty when there is none. */
  query: string;
  /** The values of the query's parameters, as written and decoded. They may be secret. */
  secrets: readonly string[];
};

/** As browsers and URLSearchParams have it. */
const FORM_TYPE = 'application/x-www-form-urlencoded;charset=UTF-8';

export function splitAddress(url: string): Address {
  const at = url.indexOf('?');
  const base = (at < 0 ? url : url.slice(0, at)).replace(/\/+$/, '');
  const query = at < 0 ? '' : url.slice(at + 1).replace(/^&+|&+$/g, '');
  const written = query.split('&').map((parameter) => parameter.replace(/^[^=]*=?/, ''));
  const decoded = [...new URLSearchParams(query).values()];
  return { base, query, secrets: [...new Set([...written, ...decoded])].filter((value) => value !== '') };
}

export function buildRequest(
  method: Method,
  { base, query }: Address,
  path: string,
  form: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>>,
): OutgoingRequest {
  const encoded = new URLSearchParams(form).toString();
  const address = `${base}${path}`;
  const accepting = { ...headers, accept: 'application/json' };
  if (method === 'POST')
    return {
      method,
      url: query === '' ? address : `${address}?${query}`,
      headers: { ...accepting, 'content-type': FORM_TYPE },
      body: encoded,
    };
  // In an address a space is %20: "+" is a space in forms only, and AWS signs a "+" as the sign itself
  // (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
  const question = encoded.replaceAll('+', '%20');
  return {
    method,
    url: `${address}?${query === '' ? '' : `${query}&`}${question}`,
    headers: accepting,
    body: '',
  };
}
