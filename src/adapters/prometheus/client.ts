import { setTimeout as sleep } from 'node:timers/promises';
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import pLimit from 'p-limit';
import { Agent, type Dispatcher, fetch, type Response } from 'undici';
import { isServerLost, QueryError } from '../../report/gather/errors.ts';
import type { Source } from '../../report/gather/source.ts';
import type { Grid } from '../../report/model/series.ts';
import { parseMatrix, parseVector, readEnvelope } from './answer.ts';
import { askBuildInfo, type BuildInfo } from './build-info.ts';
import type { PrometheusOptions } from './options.ts';
import {
  type Asked,
  cancelledError,
  type Failure,
  isLetThrough,
  judgeFailure,
  judgeResponse,
  refusesPost,
} from './outcome.ts';
import { type Address, buildRequest, type Method, type OutgoingRequest, splitAddress } from './request.ts';

export type PrometheusClient = Source & {
  /** What the server says of itself. */
  buildInfo(): Promise<BuildInfo>;
  close(): Promise<void>;
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

/** What became of one try, or of a POST and the GET after it. */
type Tried = { ok: true; answer: ReturnType<typeof readEnvelope> } | Failure;

/**
 * A client of the query part of the Prometheus HTTP API, as Prometheus 2 and 3, VictoriaMetrics, Thanos and Mimir
 * answer it. Tries again, with growing pauses, after 429, 5xx and broken connections; everything else is final.
 * Queries are sent by POST, which takes them however long they are, and by GET when the server refuses POST.
 */
export function openPrometheus(options: PrometheusOptions): PrometheusClient {
  const address = splitAddress(options.url);
  const { base } = address;
  const limit = pLimit(options.concurrency ?? DEFAULT_CONCURRENCY);
  const dispatcher = new Agent({
    connect: trustOf(options.certificateAuthority),
    bodyTimeout: 0,
    headersTimeout: 0,
  });

  let asked = 0;
  let lost: { error: QueryError; upTo: number } | undefined;
  const tryQuery = byEitherMethod((method, path, form) =>
    tryOnce(buildRequest(method, address, path, form, options.headers ?? {}), address, dispatcher, options),
  );

  async function ask(path: string, form: Form) {
    asked += 1;
    const order = asked;
    return limit(async () => {
      // What waited its turn while the server was lost would only wait through retries of its own.
      if (lost && order <= lost.upTo) throw lost.error;
      for (let attempt = 1; ; attempt += 1) {
        const tried = await tryQuery(path, form);
        if (tried.ok) return tried.answer;
        if (attempt >= TRIES || !tried.retry) {
          if (isServerLost(tried.error)) lost = { error: tried.error, upTo: asked };
          throw tried.error;
        }
        const longest = options.longestPauseMilliseconds ?? LONGEST_PAUSE_MILLISECONDS;
        const backOff = FIRST_PAUSE_MILLISECONDS * 2 ** (attempt - 1) * (0.5 + Math.random());
        await pause(Math.min(longest, tried.pauseMilliseconds ?? backOff), options.signal);
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
    buildInfo: () => askBuildInfo(options, dispatcher),
    async close() {
      await dispatcher.close();
    },
  };
}

type Form = Readonly<Record<string, string>>;

/** Tries by POST, and by GET when that is what the server takes; which it is, is found out once. */
function byEitherMethod(
  tryBy: (method: Method, path: string, form: Form) => Promise<Tried>,
): (path: string, form: Form) => Promise<Tried> {
  let known: Method | undefined;
  return async (path, form) => {
    const first = known ?? 'POST';
    const tried = await tryBy(first, path, form);
    if (tried.ok) known ??= first;
    if (tried.ok || first === 'GET') return tried;
    const refusal = refusesPost(tried);
    // 403 can mean the method only as long as no POST was answered.
    if (refusal === 'no' || (refusal === 'maybe' && known === 'POST')) return tried;
    const again = await tryBy('GET', path, form);
    if (again.ok || (refusal === 'yes' && refusesPost(again) !== 'yes')) known = 'GET';
    return known === 'GET' || isLetThrough(again) ? again : tried;
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

async function tryOnce(
  request: OutgoingRequest,
  address: Address,
  dispatcher: Dispatcher,
  options: PrometheusOptions,
): Promise<Tried> {
  const asked: Asked = {
    url: address.base,
    method: request.method,
    addressLength: request.url.length,
    timeoutMilliseconds: options.timeoutMilliseconds ?? DEFAULT_TIMEOUT_MILLISECONDS,
    secrets: [...Object.values(options.headers ?? {}), ...address.secrets],
    adviceWhenRefused: options.adviceWhenRefused,
    signal: options.signal,
  };
  let timeout: AbortSignal | undefined;
  try {
    const proof = (await options.authorize?.(request)) ?? {};
    asked.secrets = [...asked.secrets, ...Object.values(proof)];
    // From here on: looking for credentials has a patience of its own.
    timeout = AbortSignal.timeout(asked.timeoutMilliseconds);
    const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
    const response = await fetch(request.url, {
      method: request.method,
      headers: { ...request.headers, ...proof },
      body: request.method === 'GET' ? null : request.body,
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
    const outcome = judgeResponse(response, body, asked);
    return outcome.ok ? { ok: true, answer: readEnvelope(outcome.body, address.base) } : outcome;
  } catch (error) {
    return judgeFailure(error, asked, timeout?.aborted ?? false);
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

async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(milliseconds, undefined, signal && { signal }).catch((error: unknown) => {
    throw cancelledError(error);
  });
}
