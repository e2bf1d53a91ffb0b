import { describe, expect, it } from 'vitest';
import { findRefusal } from '../../../../src/adapters/prometheus/refusals.ts';
import type { QueryErrorKind } from '../../../../src/report/gather/errors.ts';

const jsonError = (error: string) => JSON.stringify({ status: 'error', errorType: 'execution', error });

/** Errors as the products word them; for VictoriaMetrics with the query before them. */
const ERRORS: readonly [product: string, error: string, kind: QueryErrorKind, text: RegExp][] = [
  [
    'Prometheus',
    'query processing would load too many samples into memory in query execution',
    'too-large',
    /^query processing/,
  ],
  [
    'Prometheus',
    'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    'too-large',
    /^exceeded maximum/,
  ],
  [
    'VictoriaMetrics 1.79',
    'error when executing query="sum(a)": too many points for the given step=1000, start=0 and end=1: 40000; cannot exceed -search.maxPointsPerTimeseries=30000',
    'too-large',
    /^too many points .*maxPointsPerTimeseries=30000$/,
  ],
  [
    'VictoriaMetrics 1.79',
    'error when executing query="sum(a)": not enough memory for processing 1000 data points across 10 time series with 100 points in each time series; total available memory',
    'too-large',
    /^not enough memory/,
  ],
  [
    'VictoriaMetrics',
    'error when executing query="sum(a)": cannot evaluate "a": cannot select more than -search.maxSamplesPerQuery=1000 samples; possible solutions: increase',
    'too-large',
    /^cannot select more/,
  ],
  [
    'VictoriaMetrics',
    'cannot process more than 30000000 samples per series; either increase -search.maxSamplesPerSeries',
    'too-large',
    /^cannot process/,
  ],
  [
    'VictoriaMetrics',
    'error when searching for tagFilters: the number of matching timeseries exceeds 300000; either narrow down the search',
    'too-many-series',
    /^the number of/,
  ],
  [
    'VictoriaMetrics',
    'the response contains more than -search.maxResponseSeries=10 time series: 12 series; either increase',
    'too-many-series',
    /^the response/,
  ],
  [
    'VictoriaMetrics',
    'timeout exceeded during query execution: timeout=1.000s, the timeout can be increased with -search.maxQueryDuration',
    'timeout',
    /^timeout exceeded/,
  ],
  [
    'Mimir',
    'expanding series: the query exceeded the maximum number of chunks (limit: 11 chunks) (err-mimir-max-chunks-per-query)',
    'too-large',
    /^the query exceeded .*err-mimir/,
  ],
  [
    'Mimir',
    'the total query time range exceeds the limit (query length: 1h0m0s, limit: 1m0s) (err-mimir-max-total-query-length). To adjust',
    'too-large',
    /err-mimir/,
  ],
  [
    'Mimir',
    'the query exceeded the maximum number of series (limit: 1 series) (err-mimir-max-series-per-query). Consider reducing',
    'too-many-series',
    /err-mimir/,
  ],
  [
    'Cortex',
    'the query time range exceeds the limit (query length: 61d0h, limit: 32d0h)',
    'too-large',
    /query length: 61d0h/,
  ],
  [
    'Cortex',
    'expanding series: the query hit the max number of chunks limit (limit: 2000000 chunks)',
    'too-large',
    /^the query hit/,
  ],
  [
    'Cortex',
    'the query hit the max number of series limit (limit: 7 series)',
    'too-many-series',
    /^the query/,
  ],
  ['Amazon', 'query timed out - consider simplifying your query', 'timeout', /^query timed out/],
  [
    'Amazon',
    'queries with long day range (32d to 95d) are currently only supported for range type queries',
    'too-large',
    /^queries with long/,
  ],
  [
    'Thanos',
    'expanding series: proxy Series(): rpc error: code = Code(422) desc = exceeded series limit: limit 1 violated (got 2)',
    'too-many-series',
    /^exceeded series/,
  ],
  [
    'Google',
    'expanding series: generic::aborted: User has requested 5853MiB of memory for processing queries on one Monarch node (limit 5847MiB), refusing to grant further memory for this query.',
    'too-large',
    /^has requested/,
  ],
];

describe('what a failed answer says about the size of a query', () => {
  it.each(ERRORS)('is read from an error of %s: %s', (_, error, kind, text) => {
    const refusal = findRefusal(jsonError(error));
    expect(refusal).toMatchObject({ kind, text: expect.stringMatching(text) });
  });

  it('is read from plain text, with which Cortex and Amazon refuse large answers', () => {
    expect(findRefusal('response larger than the max (181673024 vs 52428800)')).toEqual({
      kind: 'too-large',
      text: 'response larger than the max (181673024 vs 52428800)',
    });
  });

  it.each([
    // The server is busy, and the same query may succeed later.
    "couldn't start executing the request in 10 seconds, since -search.maxConcurrentRequests=8 concurrent requests are executed. Possible solutions: to increase -search.maxQueryDuration",
    'too many outstanding requests',
    'invalid parameter "query": 1:3: parse error: unexpected end of input',
    "too long query; got 20000 bytes; mustn't exceed `-search.maxQueryLen=16384` bytes",
  ])('is nothing: %s', (error) => {
    expect(findRefusal(jsonError(error))).toBeNull();
  });
});
