import { setTimeout as sleep } from 'node:timers/promises';
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import pLimit from 'p-limit';
import { Agent } from 'undici';
import { isServerLost, type QueryError } from '../../report/gather/errors.ts';
import type { LiveSource } from '../../report/gather/source.ts';
import { readAnswer } from './answer.ts';
import { askBuildInfo } from './build-info.ts';
import { type Collector, collectSamples, collectSeries } from './collectors.ts';
import { chooseEncoding } from './encoding.ts';
import {
  type Answer,
  type Connection,
  DEFAULT_TIMEOUT_MILLISECONDS,
  exchange,
  type Outcome,
} from './exchange.ts';
import { createLabelReader } from './labels.ts';
import type { PrometheusOptions } from './options.ts';
import { cancelledError, reachesPrometheus, refusesPost } from './outcome.ts';
import { buildRequest, type Method, splitAddress } from './request.ts';
import { watchSilence } from './silence.ts';

/** Leaves room for dashboards: Prometheus runs 20 queries at once by default (--query.max-concurrency). */
export const DEFAULT_CONCURRENCY = 4;

/** The pauses between four tries add up to about seven seconds, about as long as Prometheus takes to restart. */
const TRIES = 4;
const FIRST_PAUSE_MILLISECONDS = 1000;
const LONGEST_PAUSE_MILLISECONDS = 15_000;

type Form = Readonly<Record<string, string>>;
/** Opens the collector of one try: what a failed try has read is dropped. */
type Collect<T> = () => Collector<T>;

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
  const connection: Connection = { options, address, dispatcher, encodings: chooseEncoding() };
  const readLabels = createLabelReader();
  const send = withFallbackToGet((method, path, form, collect) => {
    const request = buildRequest(address, { method, path, form }, options.headers);
    return exchange(connection, request, readAnswer(collect(), readLabels, base));
  });

  let lastNumber = 0;
  /** The server is lost for the queries up to this number, which were asked before it was. */
  let lost: { error: QueryError; upTo: number } | undefined;
  const silence = watchSilence(base, options.timeoutMilliseconds ?? DEFAULT_TIMEOUT_MILLISECONDS);
  async function ask<T>(path: string, form: Form, collect: Collect<T>): Promise<Answer<T>> {
    lastNumber += 1;
    const number = lastNumber;
    return limit(async () => {
      // A query that was waiting when the server was lost would only fail after its retries.
      if (lost && number <= lost.upTo) throw lost.error;
      const begun = performance.now();
      for (let attempt = 1; ; attempt += 1) {
        const outcome = await send(path, form, collect);
        if (outcome.ok) {
          silence.onAnswer();
          return outcome.answer;
        }
        if (attempt >= TRIES || !outcome.retry) {
          const error = silence.errorOf(outcome.error, begun);
          if (isServerLost(error)) lost = { error, upTo: lastNumber };
          throw error;
        }
        const longest = options.longestPauseMilliseconds ?? LONGEST_PAUSE_MILLISECONDS;
        const backOff = FIRST_PAUSE_MILLISECONDS * 2 ** (attempt - 1) * (0.5 + Math.random());
        await pause(Math.min(longest, outcome.pauseMilliseconds ?? backOff), options.signal);
      }
    });
  }

  return {
    kind: 'prometheus',
    async range(query, grid, limits) {
      const form = {
        query,
        start: String(grid.start + grid.stepSeconds),
        end: String(grid.start + grid.count * grid.stepSeconds),
        step: String(grid.stepSeconds),
        // Without it, VictoriaMetrics moves the times to multiples of the step for its cache. Other servers ignore it.
        nocache: '1',
      };
      const { entries, warnings } = await ask('/api/v1/query_range', form, () => collectSeries(grid, limits));
      return { series: entries, warnings };
    },
    async instant(query, time, limits) {
      const form = { query, time: String(time) };
      const { entries, warnings } = await ask('/api/v1/query', form, () => collectSamples(limits));
      return { samples: entries, warnings };
    },
    buildInfo: () => askBuildInfo(options, dispatcher),
    close: () => dispatcher.close(),
  };
}

type Send = <T>(path: string, form: Form, collect: Collect<T>) => Promise<Outcome<T>>;
type SendBy = <T>(method: Method, path: string, form: Form, collect: Collect<T>) => Promise<Outcome<T>>;

/** Sends by POST, and by GET if the server accepts only that, which is remembered. */
function withFallbackToGet(sendBy: SendBy): Send {
  let accepted: Method | undefined;
  return async (path, form, collect) => {
    const first = accepted ?? 'POST';
    const outcome = await sendBy(first, path, form, collect);
    if (outcome.ok) accepted ??= first;
    if (outcome.ok || first === 'GET') return outcome;
    const refusal = refusesPost(outcome);
    // 403 may be about the method only if no POST has succeeded so far.
    if (refusal === 'no' || (refusal === 'maybe' && accepted === 'POST')) return outcome;
    const byGet = await sendBy('GET', path, form, collect);
    if (byGet.ok || (refusal === 'yes' && refusesPost(byGet) !== 'yes')) accepted = 'GET';
    return accepted === 'GET' || reachesPrometheus(byGet) ? byGet : outcome;
  };
}

/** Adds an authority to the system's: TLS uses either the system's or exactly the given ones. */
function trustedAuthorities(certificateAuthority: string | undefined): { secureContext?: SecureContext } {
  if (certificateAuthority === undefined) return {};
  return { secureContext: createSecureContext({ ca: [...getCACertificates(), certificateAuthority] }) };
}

async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(milliseconds, undefined, signal && { signal }).catch((error: unknown) => {
    throw cancelledError(error);
  });
}
