/** Servers whose limits are far below what the queries of a report need: the report is the same as without limits. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/report/model/report.ts';
import { simulatedDay } from '../simulation/scenarios.ts';
import { type ServerKind, TWO_SERVERS, withServer } from './every-server.ts';
import { prometheusOver } from './prometheus.ts';
import { reportOn } from './report.ts';
import { simulateOnce } from './series.ts';
import type { Database } from './server.ts';

const { period, simulation } = simulatedDay('faulty');

/** VictoriaMetrics adds the values of a sum in any order, so that the last digits differ between two runs. */
function rounded(report: Report): unknown {
  const round = (_: string, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(9)) : value;
  return JSON.parse(JSON.stringify(report, round));
}

async function fill(database: Database): Promise<void> {
  await database.load(simulateOnce(simulation));
}

/** Flags of each server, for limits that are barely enough for a point of the history or one metric. */
const LIMITS: Readonly<Record<'Prometheus' | 'VictoriaMetrics', readonly (readonly string[])[]>> = {
  // The day of one series has 1440 samples, and the metric reference counts more than 1400 series at a time.
  Prometheus: [['--query.max-samples=5000']],
  // The subquery of controller-instances has 60 points per hour, and there are 104 queues.
  VictoriaMetrics: [['-search.maxPointsPerTimeseries=100', '-search.maxUniqueTimeseries=150']],
};

const CASES: readonly (readonly [string, ServerKind, readonly string[]])[] = TWO_SERVERS.flatMap((kind) =>
  LIMITS[kind.isPrometheus ? 'Prometheus' : 'VictoriaMetrics'].map(
    (flags) => [`${kind.name} with ${flags.join(' ')}`, kind, flags] as const,
  ),
);

describe('a report on a server with low limits', () => {
  it.each(CASES)('is the same as without limits: %s', async (_, kind, flags) => {
    const unlimited = await withServer(kind, async (database) => {
      await fill(database);
      return reportOn(database.url, period);
    });
    const limited = { ...kind, start: () => kind.start(flags) };
    const report = await withServer(limited, async (database) => {
      await fill(database);
      return reportOn(database.url, period);
    });
    expect(rounded(report)).toEqual(rounded(unlimited));
  });
});

/** Returns status and body of a refusal, or `undefined` if the query is passed on. `seconds` is 0 for instant queries. */
type Refuse = (query: string, seconds: number) => readonly [status: number, body: string] | undefined;

const executionError = (error: string) =>
  [422, JSON.stringify({ status: 'error', errorType: 'execution', error })] as const;

const HOUR = 3600;
const longerThan = (seconds: number, answer: ReturnType<Refuse>): Refuse => {
  return (_, range) => (range > seconds ? answer : undefined);
};

/** Whether a query selects all agents, and not only a part of them. */
const isAboutAllAgents = (query: string) => /by \(instance\)/.test(query) && !/instance[=!]~"/.test(query);

/**
 * What other products answer according to their source or documentation, with low limits. They are no real servers, but
 * a Prometheus behind a proxy that refuses what is too large.
 */
const REFUSALS: readonly (readonly [string, Refuse])[] = [
  [
    'Mimir, for more chunks than allowed',
    longerThan(
      6 * HOUR,
      executionError(
        'expanding series: the query exceeded the maximum number of chunks (limit: 11 chunks) (err-mimir-max-chunks-per-query). Consider reducing the time range and/or number of series selected by the query.',
      ),
    ),
  ],
  [
    'Amazon Managed Prometheus, for a longer range than allowed',
    longerThan(
      7 * 24 * HOUR,
      executionError('the query time range exceeds the limit (query length: 700h, limit: 168h)'),
    ),
  ],
  [
    'Amazon Managed Prometheus, for a larger answer than allowed',
    longerThan(12 * HOUR, [413, 'response larger than the max (181673024 vs 52428800)']),
  ],
  [
    'Amazon Managed Prometheus, after a minute',
    longerThan(48 * HOUR, executionError('query timed out - consider simplifying your query')),
  ],
  [
    'Thanos, for more series than allowed',
    (query) =>
      isAboutAllAgents(query)
        ? executionError(
            'expanding series: proxy Series(): rpc error: code = Aborted desc = exceeded series limit: limit 1 violated (got 2)',
          )
        : undefined,
  ],
];

describe('a report on a server that refuses queries like another product', () => {
  let server: Database;
  let undisturbed: { report: Report; requests: number };

  beforeAll(async () => {
    server = await prometheusOver(simulation);
    undisturbed = await reportThrough(() => undefined);
  });
  afterAll(() => server?.stop());

  async function reportThrough(refuse: Refuse): Promise<{ report: Report; requests: number }> {
    let requests = 0;
    const proxy = createServer((request, response) => {
      requests += 1;
      pass(request, response, refuse, server.url).catch(() => response.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    try {
      const report = await reportOn(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, period);
      return { report, requests };
    } finally {
      proxy.closeAllConnections();
      proxy.close();
    }
  }

  it.each(REFUSALS)('is the same as without: %s', async (_, refuse) => {
    let refused = 0;
    const { report } = await reportThrough((query, seconds) => {
      const answer = refuse(query, seconds);
      refused += answer === undefined ? 0 : 1;
      return answer;
    });
    expect(refused).toBeGreaterThan(5);
    expect(report).toEqual(undisturbed.report);
  });

  it('fails after few more queries if nothing is answered in time', async () => {
    let requests = 0;
    const timeout = [
      503,
      '{"status":"error","errorType":"timeout","error":"query timed out in query execution"}',
    ] as const;
    const failing = reportThrough((query) => {
      requests += 1;
      // The survey gives up at its first time-out.
      return /\b(?:up|count_over_time|process_start_time_seconds|count by)\b/.test(query)
        ? undefined
        : timeout;
    });
    const report = await failing.then(
      // Other exporters are not there, so their indicators are not asked.
      ({ report: made }) =>
        made.indicators.filter(({ status }) => status !== 'failed' && status !== 'not-enabled').length,
      () => 0,
    );
    expect(report).toBeLessThan(10);
    expect(requests).toBeLessThan(undisturbed.requests + 30);
  });
});

async function pass(
  request: IncomingMessage,
  response: ServerResponse,
  refuse: Refuse,
  url: string,
): Promise<void> {
  const body = await text(request);
  const form = new URLSearchParams(body);
  const refusal = refuse(
    form.get('query') ?? '',
    Number(form.get('end') ?? 0) - Number(form.get('start') ?? 0),
  );
  if (refusal !== undefined) {
    response.writeHead(refusal[0]).end(refusal[1]);
    return;
  }
  const answer = await fetch(`${url}${request.url}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body,
  });
  response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
}
