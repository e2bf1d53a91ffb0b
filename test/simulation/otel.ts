/** What the OpenTelemetry collector makes of scraped series before a Prometheus stores them. */
import type { Labels } from './cluster.ts';
import type { SimulatedSeries } from './samples.ts';

/** The scope of everything that the collector's Prometheus receiver scrapes; its version is the collector's. */
const SCOPE: Labels = {
  otel_scope_name: 'github.com/open-telemetry/opentelemetry-collector-contrib/receiver/prometheusreceiver',
  otel_scope_version: '0.150.0',
};

/**
 * Series as the collector's exporters for Prometheus name them with their default, `add_metric_suffixes: true`: a name of
 * type counter ends in `_total` (metric_namer.go of prometheus/otlptranslator). A type is what `# TYPE` said, so that
 * Antrea's gauges that only ever rise keep their names. The scope becomes labels, and bounds are written without exponents
 * (`createAttributes` and `addSingleHistogramDataPoint` of pkg/translator/prometheusremotewrite).
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

/** "9.999e-06" as "0.000009999". */
function withoutExponent(bound: string): string {
  const [, digits, places] = /^([\d.]+)e-(\d+)$/.exec(bound) ?? [];
  if (digits === undefined) return bound;
  return `0.${'0'.repeat(Number(places) - 1)}${digits.replace('.', '')}`;
}
