import type { Metric } from '../model/metric.ts';

/**
 * A server may store a metric in another form than Antrea exposes it: OpenTelemetry appends `_total` to the names of
 * counters, and Prometheus 3 can store a histogram as one series (a native histogram with custom buckets) instead of
 * `_bucket`, `_sum` and `_count`. Queries are written for the forms that Antrea exposes and are rewritten here.
 */
export type StoredForms = {
  /** Names, as exposed, of counters that are stored with `_total` appended. */
  withTotal: ReadonlySet<string>;
  /** Names of histograms that are stored as native histograms. */
  native: ReadonlySet<string>;
  /** Names of histograms stored as `_sum` and `_count` only, which is how VictoriaMetrics stores native histograms. */
  withoutBuckets: ReadonlySet<string>;
};

/** Every metric is stored as Antrea exposes it. */
export const EXPOSED_FORMS: StoredForms = {
  withTotal: new Set(),
  native: new Set(),
  withoutBuckets: new Set(),
};

/** Returns all names under which a metric may be stored, the exposed one first; for a histogram, that of its count. */
export function storedNames({ name, type }: Pick<Metric, 'name' | 'type'>): string[] {
  if (type === 'histogram') return [`${name}_count`, name];
  return type === 'counter' && !name.endsWith('_total') ? [name, `${name}_total`] : [name];
}

/**
 * Returns the forms in which a server stores the metrics.
 * @param present the metric names that the server has
 */
export function detectForms(
  metrics: readonly Pick<Metric, 'name' | 'type'>[],
  present: ReadonlySet<string>,
): StoredForms {
  const isStoredOtherwise = (metric: Pick<Metric, 'name' | 'type'>) => {
    const [exposed = '', other] = storedNames(metric);
    return other !== undefined && !present.has(exposed) && present.has(other);
  };
  const histograms = metrics.filter(({ type }) => type === 'histogram');
  const counters = metrics.filter(({ type }) => type === 'counter');
  const namesOf = (some: typeof metrics) => new Set(some.map(({ name }) => name));
  return {
    withTotal: namesOf(counters.filter(isStoredOtherwise)),
    native: namesOf(histograms.filter(isStoredOtherwise)),
    withoutBuckets: namesOf(
      histograms.filter(({ name }) => present.has(`${name}_count`) && !present.has(`${name}_bucket`)),
    ),
  };
}

/** Returns the name of a histogram if a query needs its buckets although they are not stored. */
export function findMissingBuckets(query: string, { withoutBuckets }: StoredForms): string | undefined {
  return [...withoutBuckets].find((name) => query.includes(`${name}_bucket{`));
}

/** Matches a string literal, which is skipped, or a metric name before its matchers. */
const STRING_OR_NAME = /"(?:[^"\\]|\\.)*"|[a-zA-Z_:][a-zA-Z0-9_:]*(?=\{)/g;

/** Matches `rate(x_sum{…}[…])` and the like. Label values may contain braces. */
const RATE_OF_PART =
  /\b(rate|increase)\((\w+)_(sum|count|bucket)(\{(?:[^{}"]|"(?:[^"\\]|\\.)*")*\})(\[[^\]]*\])\)/g;

/** Matches the selection of one bucket by its bound, spelled as in Prometheus 2 and 3: `le=~"1|1[.]0"`. */
const BOUND = /,?\ble=~"(\d+)\|\d+\[\.\]0"/;

/** Returns the query that selects the metrics in their stored forms. */
export function rewriteQuery(query: string, { withTotal, native }: StoredForms): string {
  if (withTotal.size === 0 && native.size === 0) return query;
  return query
    .replace(STRING_OR_NAME, (text) => (withTotal.has(text) ? `${text}_total` : text))
    .replace(
      RATE_OF_PART,
      (part, rate: string, name: string, suffix: string, braces: string, range: string) => {
        if (!native.has(name)) return part;
        const [, bound] = BOUND.exec(braces) ?? [];
        const histogram = `${rate}(${name}${braces.replace(BOUND, '')}${range})`;
        if (suffix !== 'bucket') return `histogram_${suffix}(${histogram})`;
        return bound === undefined
          ? histogram
          : `(histogram_fraction(-Inf, ${bound}, ${histogram}) * histogram_count(${histogram}))`;
      },
    );
}
