import type { Metric } from '../model/metric.ts';

/**
 * The same metric may be stored in other forms than Antrea exposes it: OpenTelemetry adds `_total` to the names of
 * counters, and Prometheus 3 can store a histogram as one series (a native histogram with custom buckets) instead of
 * `_bucket`, `_sum` and `_count`. Queries are written for the forms that Antrea exposes and put into these here.
 */
export type StoredForms = {
  /** Counters that are stored with `_total` at their end. */
  withTotal: ReadonlySet<string>;
  /** Histograms that are stored as native ones. */
  native: ReadonlySet<string>;
  /** Histograms of which only `_sum` and `_count` are stored. VictoriaMetrics keeps no more of native ones. */
  withoutBuckets: ReadonlySet<string>;
};

export const EXPOSED_FORMS: StoredForms = {
  withTotal: new Set(),
  native: new Set(),
  withoutBuckets: new Set(),
};

/** All names under which a metric may be stored, the exposed one first. */
export function storedNames({ name, type }: Pick<Metric, 'name' | 'type'>): string[] {
  if (type === 'histogram') return [`${name}_count`, name];
  return type === 'counter' && !name.endsWith('_total') ? [name, `${name}_total`] : [name];
}

/** @param present the names that the server has */
export function detectForms(
  metrics: readonly Pick<Metric, 'name' | 'type'>[],
  present: ReadonlySet<string>,
): StoredForms {
  const otherwise = metrics.filter((metric) => {
    const [exposed = '', other] = storedNames(metric);
    return other !== undefined && !present.has(exposed) && present.has(other);
  });
  const namesOf = (isHistogram: boolean) =>
    otherwise.filter(({ type }) => (type === 'histogram') === isHistogram).map(({ name }) => name);
  const withoutBuckets = metrics
    .filter(
      ({ name, type }) =>
        type === 'histogram' && present.has(`${name}_count`) && !present.has(`${name}_bucket`),
    )
    .map(({ name }) => name);
  return {
    withTotal: new Set(namesOf(false)),
    native: new Set(namesOf(true)),
    withoutBuckets: new Set(withoutBuckets),
  };
}

/** The histogram of which a query needs the buckets that are not stored, if any. */
export function findMissingBuckets(query: string, { withoutBuckets }: StoredForms): string | undefined {
  return [...withoutBuckets].find((name) => query.includes(`${name}_bucket{`));
}

/** A text between quotes, which is passed over, or the name of a metric before its matchers. */
const TEXT_OR_NAME = /"(?:[^"\\]|\\.)*"|[a-zA-Z_:][a-zA-Z0-9_:]*(?=\{)/g;

/** `rate(x_sum{…}[…])` and its like. The values of labels may hold braces. */
const PART = /\b(rate|increase)\((\w+)_(sum|count|bucket)(\{(?:[^{}"]|"(?:[^"\\]|\\.)*")*\})(\[[^\]]*\])\)/g;

/** The bound that a query picks from the buckets, in the spellings of Prometheus 2 and 3: `le=~"1|1[.]0"`. */
const BOUND = /,?\ble=~"(\d+)\|\d+\[\.\]0"/;

/** A query as a server with these forms answers it. */
export function rewriteForForms(query: string, { withTotal, native }: StoredForms): string {
  if (withTotal.size === 0 && native.size === 0) return query;
  const named = query.replace(TEXT_OR_NAME, (name) => (withTotal.has(name) ? `${name}_total` : name));
  return named.replace(
    PART,
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
