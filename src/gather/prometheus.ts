import { setTimeout as sleep } from 'node:timers/promises';
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import pLimit from 'p-limit';
import { Agent, type Dispatcher, fetch, type Response } from 'undici';
import type { Grid } from '../model/series.ts';
import { parseMatrix, parseVector, readEnvelope } from './answer.ts';
import { QueryError } from './errors.ts';
import type { Source } from './source.ts';

export type PrometheusOptions = {
  /** Base address, with any path prefix, without credentials: "https://mimir.example/prometheus". */
  url: string;
  /** Header names and values sent with every request, Authorization included. Values may be secret. */
  headers?: Readonly<Record<string, string>>;
  /** PEM certificates to trust beside the usual ones. */
  certificateAuthority?: string;
  /** Until an answer is complete, in milliseconds; each try has its own. */
  timeoutMilliseconds?: number;
  /** How many requests may be under way at once. */
  concurrency?: number;
  /** The longest pause before a retry, in milliseconds; tests make it short. */
  longestPauseMilliseconds?: number;
  /** The largest answer to take in, unpacked; tests make it small. */
  largestAnswerBytes?: number;
  signal?: AbortSignal;
};

/** Prometheus's own default query timeout is two minutes; a query that takes one is one to narrow. */
export const DEFAULT_TIMEOUT_MILLISECONDS = 60_000;

/** Leaves room for dashboards: Prometheus runs 20 queries at once by default (--query.max-concurrency). */
export const DEFAULT_CONCURRENCY = 4;

/** The first try and three more: with the pauses below, some seven seconds, about as long as a restart. */
const TRIES = 4;
const FIRST_PAUSE_MILLISECONDS = 1000;
const LONGEST_PAUSE_MILLISECONDS = 15_000;

/** A day of 300 nodes is a few megabytes; this guards memory against a wrong question. */
const LARGEST_ANSWER_BYTES = 256 * 1024 ** 2;

/**
 * A client of the query part of the Prometheus HTTP API, as Prometheus 2 and 3, VictoriaMetrics, Thanos and Mimir
 * answer it. Tries again, with growing pauses, after 429, 5xx and broken connections; everything else is final.
 */
export function openPrometheus(options: PrometheusOptions): Source & { close(): Promise<void> } {
  const base = options.url.replace(/\/+$/, '');
  const limit = pLimit(options.concurrency ?? DEFAULT_CONCURRENCY);
  const dispatcher = new Agent({
    connect: trustOf(options.certificateAuthority),
    bodyTimeout: 0,
    headersTimeout: 0,
  });

  async function ask(path: string, form: Record<string, string>) {
    return limit(async () => {
      for (let attempt = 1; ; attempt += 1) {
        const outcome = await tryOnce(`${base}${path}`, form, dispatcher, options);
        if (outcome.ok) return readEnvelope(outcome.body, base);
        if (attempt >= TRIES || !outcome.retry) throw outcome.error;
        const longest = options.longestPauseMilliseconds ?? LONGEST_PAUSE_MILLISECONDS;
        const backOff = FIRST_PAUSE_MILLISECONDS * 2 ** (attempt - 1) * (0.5 + Math.random());
        await pause(Math.min(longest, outcome.pauseMilliseconds ?? backOff), options.signal);
      }
    });
  }

  return {
    kind: 'prometheus',
    async range(query, grid) {
      const { data, warnings } = await ask('/api/v1/query_range', {
        query,
        start: String(grid.start + grid.stepSeconds),
        end: String(endOf(grid)),
        step: String(grid.stepSeconds),
        // VictoriaMetrics would move the times to multiples of the step for its cache; others do not know the word.
        nocache: '1',
      });
      return { series: parseMatrix(data, grid, base), warnings };
    },
    async instant(query, time) {
      const { data, warnings } = await ask('/api/v1/query', { query, time: String(time) });
      return { samples: parseVector(data, base), warnings };
    },
    async close() {
      await dispatcher.close();
    },
  };
}

/** Authorities of one's own beside the usual ones: TLS takes either the usual ones or exactly those it is given. */
function trustOf(certificateAuthority: string | undefined): { secureContext?: SecureContext } {
  if (certificateAuthority === undefined) return {};
  return { secureContext: createSecureContext({ ca: [...getCACertificates(), certificateAuthority] }) };
}

function endOf(grid: Grid): number {
  return grid.start + grid.count * grid.stepSeconds;
}

type Outcome =
  | { ok: true; body: string }
  | { ok: false; retry: boolean; error: QueryError; pauseMilliseconds?: number };

async function tryOnce(
  address: string,
  form: Record<string, string>,
  dispatcher: Dispatcher,
  options: PrometheusOptions,
): Promise<Outcome> {
  const timeout = AbortSignal.timeout(options.timeoutMilliseconds ?? DEFAULT_TIMEOUT_MILLISECONDS);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  try {
    const response = await fetch(address, {
      method: 'POST',
      headers: { ...options.headers, accept: 'application/json' },
      body: new URLSearchParams(form),
      // A login page behind a redirect is not an answer, and credentials must not travel on.
      redirect: 'manual',
      dispatcher,
      signal,
    });
    const body = await readBody(response, options.largestAnswerBytes ?? LARGEST_ANSWER_BYTES);
    if (body === null)
      return {
        ok: false,
        retry: false,
        error: new QueryError('rejected', 'the answer is too large to take in; choose a longer step'),
      };
    return judgeResponse(response, body, options);
  } catch (error) {
    return judgeFailure(error, options, timeout.aborted);
  }
}

/** The whole body as text, `null` when it is too large. What counts is its size after unpacking. */
async function readBody(response: Response, largestBytes: number): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > largestBytes) return null;
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

function judgeResponse(response: Response, body: string, { url, headers }: PrometheusOptions): Outcome {
  const final = (error: QueryError): Outcome => ({ ok: false, retry: false, error });
  const { status } = response;
  if (status >= 200 && status < 300) return { ok: true, body };
  const said = readErrorText(body, headers);
  const saying = said ? `: ${said.text}` : '';
  if (status === 401 || status === 403)
    return final(
      new QueryError(
        'unauthorized',
        `${url} refused the credentials (HTTP ${status}); check the token or password`,
      ),
    );
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
      error: new QueryError(kind, `${url} answered HTTP ${status}${saying}, also when asked again`),
      ...(wanted > 0 ? { pauseMilliseconds: wanted * 1000 } : {}),
    };
  }
  if (said)
    return final(new QueryError('rejected', `Prometheus refused the query (HTTP ${status})${saying}`));
  return final(
    new QueryError(
      'not-prometheus',
      `${url} does not answer as Prometheus does (HTTP ${status}); check the address and its path`,
    ),
  );
}

/** What Prometheus says of an error; nothing for HTML or other pages, which say nothing to our readers. */
function readErrorText(
  body: string,
  headers: PrometheusOptions['headers'],
): { type: string; text: string } | null {
  try {
    const { errorType, error } = JSON.parse(body) as Record<string, unknown>;
    if (typeof error !== 'string') return null;
    // Secrets first: half of one, left by the cut, would not be found any more.
    const text = withoutSecrets(error, headers).replace(/\s+/g, ' ').slice(0, 300);
    return { type: String(errorType ?? ''), text };
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

function judgeFailure(error: unknown, options: PrometheusOptions, timedOut: boolean): Outcome {
  const final = (made: QueryError): Outcome => ({ ok: false, retry: false, error: made });
  if (options.signal?.aborted)
    return final(new QueryError('aborted', 'the report was called off', { cause: error }));
  if (timedOut) {
    const seconds = (options.timeoutMilliseconds ?? DEFAULT_TIMEOUT_MILLISECONDS) / 1000;
    return final(
      new QueryError(
        'timeout',
        `${options.url} did not answer within ${seconds} s; raise prometheus.timeout or ask for a shorter period`,
      ),
    );
  }
  const code = errorCode(error);
  if (code.startsWith('ERR_SSL'))
    return final(
      new QueryError(
        'connection',
        `cannot speak TLS with ${options.url} (${code}); check whether the address is an https one`,
      ),
    );
  if (CERTIFICATE_CODE.test(code))
    return final(new QueryError('certificate', certificateMessage(options.url, code)));
  // Without a code it is no matter of the network: a port that fetch() refuses, a header that it cannot send.
  const reason = code || withoutSecrets(rootMessage(error), options.headers);
  const message = `cannot reach Prometheus at ${options.url} (${reason}); check the address`;
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

async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(milliseconds, undefined, signal ? { signal } : {}).catch(() => {
    throw new QueryError('aborted', 'the report was called off');
  });
}

/** Servers that echo request headers in their errors must not bring a secret into a report. */
function withoutSecrets(text: string, headers: PrometheusOptions['headers']): string {
  const secrets = Object.values(headers ?? {}).flatMap((value) => [value, value.replace(/^\w+ /, '')]);
  return secrets
    .filter((secret) => secret.length >= 4)
    .sort((a, b) => b.length - a.length)
    .reduce((hidden, secret) => hidden.replaceAll(secret, '***'), text);
}
