import type { Response } from 'undici';
import { QueryError } from '../../report/gather/errors.ts';
import type { Method } from './request.ts';

/** What became of one try: an answer to read, or an error and whether to try again. */
export type Outcome = { ok: true; body: string } | Failure;

export type Failure = {
  ok: false;
  retry: boolean;
  error: QueryError;
  /** HTTP status, when the server answered. */
  status?: number;
  pauseMilliseconds?: number;
};

/** What was asked, as far as messages speak of it. */
export type Asked = {
  /** The address that the user gave, without its query. */
  url: string;
  method: Method;
  /** Characters of the whole address that was sent. */
  addressLength: number;
  timeoutMilliseconds: number;
  /** Values that must not be in a message: those of the headers, and of parameters in the address. */
  secrets: readonly string[];
  /** Of requests that are signed: what to do when the signature is refused. */
  adviceWhenRefused: string | undefined;
  signal: AbortSignal | undefined;
};

/** What an answer means: its body when it is good, else an error for people, and whether asking again may help. */
export function judgeResponse(response: Response, body: string, asked: Asked): Outcome {
  const { url, secrets, adviceWhenRefused } = asked;
  const { status } = response;
  const final = (error: QueryError): Outcome => ({ ok: false, retry: false, error, status });
  if (status >= 200 && status < 300) return { ok: true, body };
  const said = readErrorText(body, secrets);
  const saying = said ? `: ${said.text}` : '';
  if (status === 401 || status === 403) {
    // A signature is refused for many reasons, and what AWS says tells them apart: permission, region, clock.
    const why = adviceWhenRefused === undefined ? null : readErrorText(body, secrets, ['message', 'Message']);
    return final(
      new QueryError(
        'unauthorized',
        `${url} refused the credentials (HTTP ${status}${why ? `: ${why.text}` : ''}); ${adviceWhenRefused ?? 'check the token or password'}`,
      ),
    );
  }
  if (status >= 300 && status < 400)
    return final(
      new QueryError(
        'not-prometheus',
        `${url} redirects elsewhere (HTTP ${status}); give the address of the Prometheus API itself`,
      ),
    );
  if (said?.type === 'timeout')
    return final(new QueryError('timeout', `Prometheus gave up on the query${saying}`));
  if (status === 429 || status >= 500) {
    const kind = status === 429 ? 'overloaded' : 'server';
    const wanted = Number(response.headers.get('retry-after'));
    return {
      ok: false,
      retry: true,
      status,
      error: new QueryError(kind, `${url} answered HTTP ${status}${saying}, also when asked again`),
      ...(wanted > 0 ? { pauseMilliseconds: wanted * 1000 } : {}),
    };
  }
  const tooLong = tooLongMessage(status, said === null, asked);
  if (tooLong !== null)
    return final(new QueryError(asked.method === 'GET' ? 'rejected' : 'not-prometheus', tooLong));
  if (said)
    return final(new QueryError('rejected', `Prometheus refused the query (HTTP ${status})${saying}`));
  return final(
    new QueryError(
      'not-prometheus',
      `${url} does not answer as Prometheus does (HTTP ${status}); check the address and its path`,
    ),
  );
}

/**
 * The longest line of a request that nginx (large_client_header_buffers) and Apache (LimitRequestLine) take by default.
 * HAProxy, which answers 400, takes 15 KiB of line and headers together; Go's servers, Prometheus among them, 1 MiB.
 */
const LONGEST_COMMON_LINE = 8190;

/** What to do when the request was too long for the server or a proxy before it; `null` when that is not the reason. */
function tooLongMessage(status: number, isByProxy: boolean, asked: Asked): string | null {
  const { url, method, addressLength } = asked;
  const isStatus = status === 414 || status === 431;
  if (method === 'POST')
    return isStatus
      ? `${url} takes no headers or address this long (HTTP ${status}); check the length of the token and of prometheus.headers`
      : null;
  const isLongLine = status === 400 && isByProxy && addressLength > LONGEST_COMMON_LINE;
  return isStatus || isLongLine
    ? `${url} takes queries by GET only, and this one is too long for it (HTTP ${status}, ${addressLength} characters); allow POST or longer addresses there, such as large_client_header_buffers of nginx`
    : null;
}

/**
 * Whether a failed POST was refused because it is a POST. 405 and 501 say so, and Prometheus's own client library
 * goes on with GET after them. 403 may: OpenShift's proxy before Thanos, which lets in everybody who may read, asks for the
 * permission to create for a POST (https://github.com/snapp-incubator/thanos-federate-proxy/pull/8).
 */
export function refusesPost({ status }: Failure): 'yes' | 'maybe' | 'no' {
  if (status === 405 || status === 501) return 'yes';
  return status === 403 ? 'maybe' : 'no';
}

/** Whether a GET after a refused POST got further than the POST: to Prometheus, though it may have failed there. */
export function isLetThrough(tried: { ok: true } | Failure): boolean {
  if (tried.ok || tried.retry) return true;
  if (tried.status === 414 || tried.status === 431) return false;
  return tried.error.kind === 'rejected' || tried.error.kind === 'timeout' || tried.error.kind === 'aborted';
}

/** What Prometheus says of an error; nothing for HTML or other pages, which say nothing to our readers. */
function readErrorText(
  body: string,
  secrets: Asked['secrets'],
  keys: readonly string[] = ['error'],
): { type: string; text: string } | null {
  try {
    const fields = JSON.parse(body) as Record<string, unknown>;
    const error = keys.map((key) => fields[key]).find((value) => typeof value === 'string');
    if (error === undefined) return null;
    // Secrets first: half of one, left by the cut, would not be found any more.
    const text = withoutSecrets(error, secrets).replace(/\s+/g, ' ').slice(0, 300);
    return { type: String(fields['errorType'] ?? ''), text };
  } catch {
    return null;
  }
}

const CERTIFICATE_CODE = /CERT|SIGNATURE|SELF_SIGNED/;

/** What to do about a certificate that was refused, by the code that Node gives as the reason. */
function certificateMessage(url: string, code: string): string {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return `the certificate of ${url} is for another host (${code}); give the address by a name that is in it`;
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return `the certificate of ${url} is not valid at this time (${code}); it needs to be renewed`;
  return `the certificate of ${url} is not trusted (${code}); give its authority's certificate with --ca-file or prometheus.caFile`;
}

/** The error of a query whose signal was aborted. */
export function cancelledError(cause: unknown): QueryError {
  return new QueryError('aborted', 'the report was cancelled', { cause });
}

/** What it means that there is no answer. */
export function judgeFailure(error: unknown, asked: Asked, timedOut: boolean): Failure {
  const { url, secrets, signal } = asked;
  const final = (made: QueryError): Failure => ({ ok: false, retry: false, error: made });
  if (signal?.aborted) return final(cancelledError(error));
  if (error instanceof QueryError) return final(error);
  if (timedOut) {
    const seconds = asked.timeoutMilliseconds / 1000;
    return final(
      new QueryError(
        'timeout',
        `${url} did not answer within ${seconds} s; raise prometheus.timeout or ask for a shorter period`,
      ),
    );
  }
  const code = errorCode(error);
  if (code.startsWith('ERR_SSL'))
    return final(
      new QueryError(
        'connection',
        `cannot speak TLS with ${url} (${code}); check whether the address is an https one`,
      ),
    );
  if (CERTIFICATE_CODE.test(code)) return final(new QueryError('certificate', certificateMessage(url, code)));
  // Without a code it is no matter of the network: a port that fetch() refuses, a header that it cannot send.
  const reason = code || withoutSecrets(rootMessage(error), secrets);
  const message = `cannot reach Prometheus at ${url} (${reason}); check the address`;
  const isFinal = code === '' || code === 'ENOTFOUND' || code === 'UND_ERR_INVALID_ARG';
  return { ok: false, retry: !isFinal, error: new QueryError('connection', message) };
}

function rootMessage(error: unknown): string {
  if (!(error instanceof Error)) return 'connection failed';
  return error.cause instanceof Error ? rootMessage(error.cause) : error.message.replace(/\s+/g, ' ');
}

/** fetch wraps the socket's error in one that only says "fetch failed", sometimes twice. */
function errorCode(error: unknown): string {
  for (let current = error; current instanceof Error; current = current.cause) {
    const { code } = current as { code?: unknown };
    if (typeof code === 'string') return code;
  }
  return '';
}

/** Servers that echo request headers in their errors must not bring a secret into a report. */
function withoutSecrets(text: string, secrets: Asked['secrets']): string {
  return secrets
    .flatMap((value) => [value, value.replace(/^[\w-]+ /, '')])
    .filter((secret) => secret.length >= 4)
    .sort((a, b) => b.length - a.length)
    .reduce((hidden, secret) => hidden.replaceAll(secret, '***'), text);
}
