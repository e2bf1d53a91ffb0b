import { type Dispatcher, request as send } from 'undici';
import { tooLarge } from '../../report/gather/bounds.ts';
import { QueryError } from '../../report/gather/errors.ts';
import type { AnswerReader } from './answer.ts';
import { canUnpack, readBody } from './body.ts';
import type { EncodingChoice, Transfer } from './encoding.ts';
import type { PrometheusOptions } from './options.ts';
import { clean, type Failure, judgeError, judgeResponse, type RequestInfo } from './outcome.ts';
import type { Address, OutgoingRequest } from './request.ts';

/** Prometheus's own query timeout is two minutes by default; no query of a report should take so long. */
export const DEFAULT_TIMEOUT_MILLISECONDS = 60_000;

/** Protects the memory against an unexpectedly large answer. A day of 300 nodes is a few megabytes. */
const LARGEST_ANSWER_BYTES = 256 * 1024 ** 2;

/** Errors of Prometheus are shorter, and pages of proxies are not shown. The rest is dropped. */
const LARGEST_ERROR_BYTES = 1024 ** 2;

/** What the exchanges with one server have in common. */
export type Connection = {
  options: PrometheusOptions;
  address: Address;
  dispatcher: Dispatcher;
  encodings: EncodingChoice;
};

export type Answer<T> = ReturnType<AnswerReader<T>['end']>;
export type Outcome<T> = { ok: true; answer: Answer<T> } | Failure;

/** Sends one request and reads its answer while it arrives. Failures are returned, not thrown. */
export async function exchange<T>(
  { options, address, dispatcher, encodings }: Connection,
  request: OutgoingRequest,
  reader: AnswerReader<T>,
): Promise<Outcome<T>> {
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
  const { encoding: wanted, end } = encodings.next();
  let timeout: AbortSignal | undefined;
  try {
    const authorization = (await options.authorize?.(request)) ?? {};
    info.secrets = [...info.secrets, ...Object.values(authorization)];
    // The time starts after `authorize`, which has its own timeouts for finding credentials.
    timeout = AbortSignal.timeout(info.timeoutMilliseconds);
    // It follows no redirects: they usually lead to a login page, and credentials must not be sent to another server.
    const response = await send(url, {
      method,
      headers: {
        'user-agent': 'antrea-health-report',
        'accept-encoding': wanted,
        ...request.headers,
        ...authorization,
      },
      body: method === 'GET' ? null : body,
      dispatcher,
      signal: options.signal ? AbortSignal.any([options.signal, timeout]) : timeout,
    });
    const status = response.statusCode;
    if (status >= 200 && status < 300) {
      const { answer, transfer } = await readAnswerBody(response, reader, options, info);
      end(transfer);
      return { ok: true, answer: { ...answer, warnings: cleanWarnings(answer.warnings, info.secrets) } };
    }
    const retryAfter = firstOf(response.headers['retry-after']);
    return judgeResponse({ status, retryAfter }, await readErrorBody(response), info);
  } catch (error) {
    return judgeError(error, info, timeout?.aborted ?? false);
  } finally {
    end();
  }
}

/** @throws QueryError if the body is too large or packed in an unknown way */
async function readAnswerBody<T>(
  response: Dispatcher.ResponseData,
  reader: AnswerReader<T>,
  options: PrometheusOptions,
  info: RequestInfo,
): Promise<{ answer: Answer<T>; transfer: Transfer }> {
  const encoding = encodingOf(response);
  const idleBefore = idleMilliseconds();
  let left = options.largestAnswerBytes ?? LARGEST_ANSWER_BYTES;
  const sentBytes = await readBody(response.body, encoding, (chunk) => {
    if (!canUnpack(encoding)) throw unknownEncoding(encoding, info);
    left -= chunk.length;
    if (left < 0) throw tooLarge();
    reader.push(chunk);
  });
  const waitedSeconds = (idleMilliseconds() - idleBefore) / 1000;
  const transfer = {
    encoding: encoding === 'identity' ? 'identity' : 'gzip',
    sentBytes,
    waitedSeconds,
  } as const;
  return { answer: reader.end(), transfer };
}

/** Returns how long the event loop has waited for events. Time in which other answers are read or judged does not count. */
function idleMilliseconds(): number {
  return performance.eventLoopUtilization().idle;
}

/** More warnings of one answer say nothing new. */
const MOST_WARNINGS = 20;

/** Returns the first warnings, which become part of the report, without secrets that the server repeats in them. */
function cleanWarnings(warnings: readonly string[], secrets: RequestInfo['secrets']): string[] {
  const left = warnings.length - MOST_WARNINGS;
  return [
    ...warnings.slice(0, MOST_WARNINGS).map((text) => clean(text, secrets)),
    ...(left > 0 ? [`${left} more warnings of one answer`] : []),
  ];
}

function unknownEncoding(encoding: string, { url, secrets }: RequestInfo): QueryError {
  return new QueryError(
    'not-prometheus',
    `${url} answered in the encoding ${clean(encoding, secrets).slice(0, 30)}, which was not asked for; check the proxies before it`,
  );
}

/** Returns the text, or only its beginning if it is long. */
async function readErrorBody(response: Dispatcher.ResponseData): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  await readBody(response.body, encodingOf(response), (chunk) => {
    bytes += chunk.length;
    if (bytes > LARGEST_ANSWER_BYTES) throw tooLarge();
    if (bytes <= LARGEST_ERROR_BYTES) chunks.push(chunk);
  });
  return new TextDecoder().decode(Buffer.concat(chunks));
}

function encodingOf({ headers }: Dispatcher.ResponseData): string {
  return firstOf(headers['content-encoding'])?.trim().toLowerCase() || 'identity';
}

function firstOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
