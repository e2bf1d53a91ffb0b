import type { QueryErrorKind } from '../../report/gather/errors.ts';

/** What servers say when a query is too large for one of their limits. */

type RefusalKind = Extract<QueryErrorKind, 'too-large' | 'too-many-series' | 'timeout'>;

/**
 * Each text with the place in the product's source or documentation that has it. Products that embed Prometheus's engine
 * (Thanos, Cortex, Mimir, Amazon Managed Prometheus) also have its texts. They are compared with the whole answer, since
 * VictoriaMetrics and Thanos put the query and the way of the error before them.
 */
const REFUSALS: readonly { kind: RefusalKind; text: RegExp }[] = [
  // Prometheus: promql/engine.go (--query.max-samples), web/api/v1/api.go.
  { kind: 'too-large', text: /query processing would load too many samples into memory/ },
  { kind: 'too-large', text: /exceeded maximum resolution of [\d,]+ points per timeseries/ },
  // VictoriaMetrics: app/vmselect/promql/eval.go (-search.maxPointsPerTimeseries, -search.maxMemoryPerQuery),
  // app/vmselect/netstorage/netstorage.go (-search.maxSamplesPerQuery, -search.maxSamplesPerSeries).
  { kind: 'too-large', text: /too many points for the given (?:start|step)=/ },
  { kind: 'too-large', text: /not enough memory for processing .*data points across/s },
  { kind: 'too-large', text: /cannot select more than -search\.maxSamplesPerQuery/ },
  { kind: 'too-large', text: /cannot process more than \d+ samples per series/ },
  // VictoriaMetrics: lib/storage/index_db.go (-search.maxUniqueTimeseries), app/vmselect/promql/exec.go.
  { kind: 'too-many-series', text: /the number of matching (?:unique )?timeseries exceeds/ },
  { kind: 'too-many-series', text: /the response contains more than -search\.maxResponseSeries/ },
  // VictoriaMetrics: app/vmselect/netstorage/netstorage.go (-search.maxQueryDuration), with HTTP 422.
  { kind: 'timeout', text: /timeout exceeded (?:before|during|while) / },
  // Mimir: pkg/util/globalerror/user.go.
  {
    kind: 'too-large',
    text: /the .*err-mimir-max-(?:chunks-per-query|chunks-bytes-per-query|estimated-chunks-per-query|estimated-memory-consumption-per-query|query-length|total-query-length)/,
  },
  { kind: 'too-many-series', text: /the .*err-mimir-max-series-per-query/ },
  // Cortex, and Amazon Managed Prometheus, which embeds it: pkg/frontend/transport/handler.go;
  // docs.aws.amazon.com/prometheus/latest/userguide/AMP-troubleshooting.html.
  { kind: 'too-large', text: /the query time range exceeds the limit/ },
  {
    kind: 'too-large',
    text: /the query hit the (?:max number of chunks|aggregated (?:chunks|data) size) limit/,
  },
  { kind: 'too-many-series', text: /the query hit the max number of series limit/ },
  // Amazon Managed Prometheus answers this with HTTP 422 and the type "execution" (AMP-troubleshooting.html).
  { kind: 'timeout', text: /query timed out/ },
  // Amazon Managed Prometheus, for instant queries over more than 32 days (github.com/robusta-dev/krr/issues/522).
  { kind: 'too-large', text: /queries with long day range .* only supported for range type queries/ },
  // Thanos and Cortex, when a store or the whole query runs out of time: pkg/frontend/transport/handler.go.
  { kind: 'timeout', text: /context deadline exceeded/ },
  // Cortex, Mimir: pkg/querier/worker/frontend_processor.go; HTTP 413 with plain text.
  { kind: 'too-large', text: /response larger than the max \(\d+ vs \d+\)/ },
  // Thanos: pkg/store/bucket.go (--store.limits.request-samples, --store.limits.request-series), also in Cortex.
  { kind: 'too-large', text: /exceeded (?:chunks|bytes) limit/ },
  { kind: 'too-many-series', text: /exceeded series limit/ },
  // Google Cloud Managed Service for Prometheus (github.com/GoogleCloudPlatform/prometheus-engine/issues/767).
  { kind: 'too-large', text: /has requested .* of memory .*refusing to grant further memory/ },
  // Azure Monitor managed service for Prometheus (github.com/grafana/grafana/issues/107159).
  { kind: 'too-large', text: /time range cannot exceed \d+ days/ },
];

/** Returns what the body of a failed answer says about the size of the query; `null` if it says nothing about it. */
export function findRefusal(body: string): { kind: RefusalKind; text: string } | null {
  const message = readMessage(body);
  for (const { kind, text } of REFUSALS) {
    const match = text.exec(message);
    if (match) return { kind, text: message.slice(match.index) };
  }
  return null;
}

/** Returns the error in Prometheus's JSON, or the body itself: some limits answer with plain text. */
function readMessage(body: string): string {
  try {
    const { error } = JSON.parse(body) as { error?: unknown };
    return typeof error === 'string' ? error : '';
  } catch {
    return body;
  }
}
