/** The names and labels of series that the OpenTelemetry collector scrapes and writes to Prometheus. */
import type { Labels } from './cluster.ts';
import type { SimulatedSeries } from './samples.ts';

/** The scope of the collector's Prometheus receiver, with the version of the collector. */
const SCOPE: Labels = {
  otel_scope_name: 'github.com/open-telemetry/opentelemetry-collector-contrib/receiver/prometheusreceiver',
  otel_scope_version: '0.150.0',
};

/**
 * Returns series as the collector's Prometheus exporters write them with the default `add_metric_suffixes: true`. The
 * names of counters end in `_total` (metric_namer.go of prometheus/otlptranslator). The type is that of `# TYPE`, so
 * Antrea's monotonic gauges keep their names. The scope becomes labels, and bounds have no exponents
 * (`createAttributes` and `addSingleHistogramDataPoint` in pkg/translator/prometheusremotewrite of
 * opentelemetry-collector-contrib).
 */
export function* throughCollector(series: Iterable<SimulatedSeries>): Generator<SimulatedSeries> {
  for (const one of series) {
    const { le } = one.labels;
    const bound = le === undefined ? {} : { le: withoutExponent(le) };
    yield { ...one, name: nameOf(one), labels: { ...one.labels, ...SCOPE, ...bound } };
  }
}

function nameOf({ family, name }: SimulatedSeries): string {
  return family.type === 'counter' && !name.endsWith('_total') ? `${name}_total` : name;
}

/** Returns "0.000009999" for "9.999e-06". */
function withoutExponent(bound: string): string {
  const [, digits, places] = /^([\d.]+)e-(\d+)$/.exec(bound) ?? [];
  if (digits === undefined) return bound;
  return `0.${'0'.repeat(Number(places) - 1)}${digits.replace('.', '')}`;
}
