import { QueryError, type QueryErrorKind } from '../../report/gather/errors.ts';
import { hideSecrets } from '../secrets/hide.ts';
import { findRefusal } from './refusals.ts';
import type { Method } from './request.ts';

/** What one try yields if it fails. */
export type Failure = {
  ok: false;
  error: QueryError;
  /** Whether another try may succeed. */
  retry: boolean;
  /** HTTP status, if the server answered. */
  status?: number | undefined;
  /** The pause before the next try that the server asks for (`Retry-After`). */
  pauseMilliseconds?: number | undefined;
};

/** What messages say about a request. */
export type RequestInfo = {
  /** The address that the user gave, without its query. */
  url: string;
  method: Method;
  /** Characters of the whole address that was sent. */
  addressLength: number;
  timeoutMilliseconds: number;
  /** Values that messages must not contain: those of headers, and of parameters in the address. */
  secrets: readonly string[];
  /** For signed requests: what the user should do if the signature is refused. */
  adviceWhenRefused: string | undefined;
  signal: AbortSignal | undefined;
};

/** What the statuses mean that are worth another try; others from 500 on are failures of the server. */
const RETRIED_STATUSES: Readonly<Record<number, QueryErrorKind>> = {
  429: 'overloaded',
  // Gateways give up before the server does: routes of OpenShift after 30 s, nginx after 60 s by default.
  504: 'timeout',
};

/** Returns the failure that an HTTP status other than 2xx means. */
export function judgeResponse(
  response: { status: number; retryAfter: string | undefined },
  body: string,
  request: RequestInfo,
): Failure {
  const { url, secrets, adviceWhenRefused } = request;
  const { status } = response;
  const fail = (kind: QueryErrorKind, message: string): Failure => ({
    ...finalFailure(kind, message),
    status,
  });
  const serverError = readErrorText(body, secrets);
  const detail = serverError ? `: ${serverError.text}` : '';
  if (status === 401 || status === 403) {
    // AWS refuses a signature for many reasons, and its text names the reason: permission, region, clock.
    const reason =
      adviceWhenRefused === undefined ? null : readErrorText(body, secrets, ['message', 'Message']);
    return fail(
      'unauthorized',
      `${url} refused the credentials (HTTP ${status}${reason ? `: ${reason.text}` : ''}); ${adviceWhenRefused ?? 'check the token or password'}`,
    );
  }
  if (status >= 300 && status < 400)
    return fail(
      'not-prometheus',
      `${url} redirects elsewhere (HTTP ${status}); give the address of the Prometheus API itself`,
    );
  const refusal = findRefusal(body);
  if (refusal !== null && refusal.kind !== 'timeout')
    return fail(
      refusal.kind,
      `Prometheus refused the query as too large (HTTP ${status}): ${clean(refusal.text, secrets)}`,
    );
  if (refusal !== null || serverError?.type === 'timeout')
    return fail(
      'timeout',
      `Prometheus gave up on the query${refusal ? `: ${clean(refusal.text, secrets)}` : detail}`,
    );
  if (status === 429 || status >= 500) {
    const retryAfter = Number(response.retryAfter);
    return {
      ...fail(
        RETRIED_STATUSES[status] ?? 'server',
        `${url} answered HTTP ${status}${detail}, also when asked again`,
      ),
      retry: true,
      pauseMilliseconds: retryAfter > 0 ? retryAfter * 1000 : undefined,
    };
  }
  const tooLong = tooLongMessage(status, serverError === null, request);
  if (tooLong !== null) return fail(request.method === 'GET' ? 'rejected' : 'not-prometheus', tooLong);
  if (serverError) return fail('rejected', `Prometheus refused the query (HTTP ${status})${detail}`);
  return fail(
    'not-prometheus',
    `${url} does not answer as Prometheus does (HTTP ${status}); check the address and its path`,
  );
}

function finalFailure(kind: QueryErrorKind, message: string): Failure {
  return { ok: false, retry: false, error: new QueryError(kind, message) };
}

/**
 * The longest request line that nginx (large_client_header_buffers) and Apache (LimitRequestLine) accept by default.
 * HAProxy, which answers 400, accepts 15 KiB of line and headers together; Go's servers, Prometheus included, 1 MiB.
 */
const LONGEST_COMMON_LINE = 8190;

/** Returns the message for a request that is too long for the server or a proxy; `null` if that is not the reason. */
function tooLongMessage(status: number, isFromProxy: boolean, request: RequestInfo): string | null {
  const { url, method, addressLength } = request;
  const isStatus = status === 414 || status === 431;
  if (method === 'POST')
    return isStatus
      ? `${url} takes no headers or address this long (HTTP ${status}); check the length of the token and of prometheus.headers`
      : null;
  const isLongLine = status === 400 && isFromProxy && addressLength > LONGEST_COMMON_LINE;
  return isStatus || isLongLine
    ? `${url} takes queries by GET only, and this one is too long for it (HTTP ${status}, ${addressLength} characters); allow POST or longer addresses there, such as large_client_header_buffers of nginx`
    : null;
}

/**
 * Whether a POST failed because the server accepts only GET. 405 and 501 mean that, and Prometheus's own client library
 * then uses GET. 403 may mean it: OpenShift's proxy for Thanos requires the permission to create for a POST, but for a GET
 * only the permission to read (https://github.com/snapp-incubator/thanos-federate-proxy/pull/8).
 */
export function refusesPost({ status }: Failure): 'yes' | 'maybe' | 'no' {
  if (status === 405 || status === 501) return 'yes';
  return status === 403 ? 'maybe' : 'no';
}

const REACHED_PROMETHEUS: readonly QueryErrorKind[] = [
  'rejected',
  'too-large',
  'too-many-series',
  'timeout',
  'aborted',
];

/** Whether a GET after a refused POST reached Prometheus, even if it failed there. */
export function reachesPrometheus(outcome: { ok: true } | Failure): boolean {
  if (outcome.ok || outcome.retry) return true;
  if (outcome.status === 414 || outcome.status === 431) return false;
  return REACHED_PROMETHEUS.includes(outcome.error.kind);
}

/** Returns the error in Prometheus's JSON; `null` for other bodies, such as HTML pages, which do not help the user. */
function readErrorText(
  body: string,
  secrets: RequestInfo['secrets'],
  keys: readonly string[] = ['error'],
): { type: string; text: string } | null {
  try {
    const fields = JSON.parse(body) as Record<string, unknown>;
    const error = keys.map((key) => fields[key]).find((value) => typeof value === 'string');
    if (error === undefined) return null;
    return { type: String(fields['errorType'] ?? ''), text: clean(error, secrets) };
  } catch {
    return null;
  }
}

/** Returns the beginning of a server's text in one line, without secrets. */
export function clean(text: string, secrets: RequestInfo['secrets']): string {
  // Secrets are removed before the text is cut, since a part of one would not be found.
  return hideSecrets(text, secrets).replace(/\s+/g, ' ').slice(0, 300);
}

const CERTIFICATE_CODE = /CERT|SIGNATURE|SELF_SIGNED/;

/** Says what to do about a rejected certificate, by Node's error code. */
function certificateMessage(url: string, code: string): string {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return `the certificate of ${url} is for another host (${code}); give the address by a name that is in it`;
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return `the certificate of ${url} is not valid at this time (${code}); it needs to be renewed`;
  return `the certificate of ${url} is not trusted (${code}); give its authority's certificate with --ca-file or prometheus.caFile`;
}

/** The error of an aborted query. */
export function cancelledError(cause: unknown): QueryError {
  return new QueryError('aborted', 'the report was cancelled', { cause });
}

/** Returns the failure that an error means which was thrown instead of a response. */
export function judgeError(error: unknown, request: RequestInfo, timedOut: boolean): Failure {
  const { url, secrets, signal, timeoutMilliseconds } = request;
  if (signal?.aborted) return { ok: false, retry: false, error: cancelledError(error) };
  if (error instanceof QueryError) return { ok: false, retry: false, error };
  if (timedOut)
    return finalFailure(
      'timeout',
      `${url} did not answer within ${timeoutMilliseconds / 1000} s; raise prometheus.timeout or ask for a shorter period`,
    );
  const code = errorCode(error);
  if (code.startsWith('ERR_SSL'))
    return finalFailure(
      'connection',
      `cannot speak TLS with ${url} (${code}); check whether the address is an https one`,
    );
  if (CERTIFICATE_CODE.test(code)) return finalFailure('certificate', certificateMessage(url, code));
  // An error without a code does not come from the network: fetch() refuses the port or cannot send a header.
  const reason = code || hideSecrets(rootMessage(error), secrets);
  const isFinal = code === '' || code === 'ENOTFOUND' || code === 'UND_ERR_INVALID_ARG';
  return {
    ...finalFailure('connection', `cannot reach Prometheus at ${url} (${reason}); check the address`),
    retry: !isFinal,
  };
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
