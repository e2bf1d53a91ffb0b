import { setTimeout as sleep } from 'node:timers/promises';
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import pLimit from 'p-limit';
import { Agent, type Dispatcher, fetch, type Response } from 'undici';
import { isServerLost, QueryError } from '../../report/gather/errors.ts';
import type { LiveSource } from '../../report/gather/source.ts';
import { parseMatrix, parseVector, readEnvelope } from './answer.ts';
import { askBuildInfo } from './build-info.ts';
import type { PrometheusOptions } from './options.ts';
import {
  cancelledError,
  type Failure,
  judgeError,
  judgeResponse,
  type RequestInfo,
  reachesPrometheus,
  refusesPost,
} from './outcome.ts';
import { type Address, buildRequest, type Method, type OutgoingRequest, splitAddress } from './request.ts';

/** Prometheus's own query timeout is two minutes by default; no query of a report should take so long. */
export const DEFAULT_TIMEOUT_MILLISECONDS = 60_000;

/** Leaves room for dashboards: Prometheus runs 20 queries at once by default (--query.max-concurrency). */
export const DEFAULT_CONCURRENCY = 4;

/** The pauses between four tries add up to about seven seconds, about as long as Prometheus takes to restart. */
const TRIES = 4;
const FIRST_PAUSE_MILLISECONDS = 1000;
const LONGEST_PAUSE_MILLISECONDS = 15_000;

/** Protects the memory against an unexpectedly large answer. A day of 300 nodes is a few megabytes. */
const LARGEST_ANSWER_BYTES = 256 * 1024 ** 2;

type Answer = ReturnType<typeof readEnvelope>;
type Outcome = { ok: true; answer: Answer } | Failure;
type Form = Readonly<Record<string, string>>;

/**
 * Opens a client for the query endpoints of the Prometheus HTTP API, as Prometheus 2 and 3, VictoriaMetrics, Thanos and
 * Mimir implement them. It tries again, with growing pauses, after 429, 5xx and broken connections. It sends queries by
 * POST, which has no limit on their length, and by GET if the server refuses POST.
 */
export function openPrometheus(options: PrometheusOptions): LiveSource {
  const address = splitAddress(options.url);
  const { base } = address;
  const limit = pLimit(options.concurrency ?? DEFAULT_CONCURRENCY);
  const dispatcher = new Agent({
    connect: trustedAuthorities(options.certificateAuthority),
    bodyTimeout: 0,
    headersTimeout: 0,
  });
  const send = withFallbackToGet((method, path, form) =>
    sendOnce(buildRequest(address, { method, path, form }, options.headers), address, dispatcher, options),
  );

  let lastNumber = 0;
  /** The server is lost for the queries up to this number, which were asked before it was. */
  let lost: { error: QueryError; upTo: number } | undefined;
  async function ask(path: string, form: Form): Promise<Answer> {
    lastNumber += 1;
    const number = lastNumber;
    return limit(async () => {
      // A query that was waiting when the server was lost would only fail after its retries.
      if (lost && number <= lost.upTo) throw lost.error;
      for (let attempt = 1; ; attempt += 1) {
        const outcome = await send(path, form);
        if (outcome.ok) return outcome.answer;
        if (attempt >= TRIES || !outcome.retry) {
          if (isServerLost(outcome.error)) lost = { error: outcome.error, upTo: lastNumber };
          throw outcome.error;
        }
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
        end: String(grid.start + grid.count * grid.stepSeconds),
        step: String(grid.stepSeconds),
        // Without it, VictoriaMetrics moves the times to multiples of the step for its cache. Other servers ignore it.
        nocache: '1',
      });
      return { series: parseMatrix(data, grid, base), warnings };
    },
    async instant(query, time) {
      const { data, warnings } = await ask('/api/v1/query', { query, time: String(time) });
      return { samples: parseVector(data, base), warnings };
    },
    buildInfo: () => askBuildInfo(options, dispatcher),
    close: () => dispatcher.close(),
  };
}

/** Sends by POST, and by GET if the server accepts only that, which is remembered. */
function withFallbackToGet(
  sendBy: (method: Method, path: string, form: Form) => Promise<Outcome>,
): (path: string, form: Form) => Promise<Outcome> {
  let accepted: Method | undefined;
  return async (path, form) => {
    const first = accepted ?? 'POST';
    const outcome = await sendBy(first, path, form);
    if (outcome.ok) accepted ??= first;
    if (outcome.ok || first === 'GET') return outcome;
    const refusal = refusesPost(outcome);
    // 403 may be about the method only if no POST has succeeded so far.
    if (refusal === 'no' || (refusal === 'maybe' && accepted === 'POST')) return outcome;
    const byGet = await sendBy('GET', path, form);
    if (byGet.ok || (refusal === 'yes' && refusesPost(byGet) !== 'yes')) accepted = 'GET';
    return accepted === 'GET' || reachesPrometheus(byGet) ? byGet : outcome;
  };
}

/** Adds an authority to the system's: TLS uses either the system's or exactly the given ones. */
function trustedAuthorities(certificateAuthority: string | undefined): { secureContext?: SecureContext } {
  if (certificateAuthority === undefined) return {};
  return { secureContext: createSecureContext({ ca: [...getCACertificates(), certificateAuthority] }) };
}

async function sendOnce(
  request: OutgoingRequest,
  address: Address,
  dispatcher: Dispatcher,
  options: PrometheusOptions,
): Promise<Outcome> {
  const { method, url, body } = request;
  const info: RequestInfo = {
    url: address.base,
    method,
    addressLength: url.length,
    timeoutMilliseconds: options.timeoutMilliseconds ?? DEFAULT_TIMEOUT_MILLISECONDS,
    secrets: [...Object.values(options.headers ?? {}), ...address.secrets],
    adviceWhenRefused: options.adviceWhenRefused,
    signal: options.signal,
  };
  let timeout: AbortSignal | undefined;
  try {
    const authorization = (await options.authorize?.(request)) ?? {};
    info.secrets = [...info.secrets, ...Object.values(authorization)];
    // The time starts after `authorize`, which has its own timeouts for finding credentials.
    timeout = AbortSignal.timeout(info.timeoutMilliseconds);
    const response = await fetch(url, {
      method,
      headers: { ...request.headers, ...authorization },
      body: method === 'GET' ? null : body,
      // A redirect usually leads to a login page, and credentials must not be sent to another server.
      redirect: 'manual',
      dispatcher,
      signal: options.signal ? AbortSignal.any([options.signal, timeout]) : timeout,
    });
    const text = await readBody(response, options.largestAnswerBytes ?? LARGEST_ANSWER_BYTES);
    const outcome = judgeResponse(response, text, info);
    return outcome.ok ? { ok: true, answer: readEnvelope(outcome.body, address.base) } : outcome;
  } catch (error) {
    return judgeError(error, info, timeout?.aborted ?? false);
  }
}

/** @throws QueryError if the body exceeds the limit after decompression */
async function readBody(response: Response, largestBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > largestBytes)
      throw new QueryError('too-large', 'the answer is too large; choose a longer step');
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(milliseconds, undefined, signal && { signal }).catch((error: unknown) => {
    throw cancelledError(error);
  });
}
