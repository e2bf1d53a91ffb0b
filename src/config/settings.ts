import type { Indicator, Language, Threshold, Thresholds } from '../model/indicator.ts';
import type { Format, PageSize } from '../model/rendition.ts';
import { parseDuration } from './duration.ts';
import { ConfigError } from './errors.ts';
import { checkTimeZone } from './period.ts';
import type { ReportConfig, ThresholdConfig } from './schema.ts';
import type { SecretReference } from './secret-schema.ts';

/** How to reach Prometheus, secrets not yet looked up. */
export type PrometheusSettings = {
  url: string | undefined;
  /** A capture's file, instead of an address. */
  capture: string | undefined;
  bearerToken: SecretReference | undefined;
  basic: { username: string; password: SecretReference } | undefined;
  /** Requests are signed for AWS; a missing region follows from the address. */
  sigv4: { region?: string | undefined; roleArn?: string | undefined } | undefined;
  headers: Readonly<Record<string, string | SecretReference>>;
  caFile: string | undefined;
  timeoutMilliseconds: number | undefined;
  concurrency: number | undefined;
};

/** Everything that a report is made by, defaults filled in and durations in seconds. */
export type Settings = {
  timeZone: string;
  language: Language;
  formats: readonly Format[];
  pageSize: PageSize;
  rangeSeconds: number;
  stepSeconds: number | undefined;
  scrapeIntervalSeconds: number | undefined;
  prometheus: PrometheusSettings;
  selection: {
    jobs: { agent: readonly string[]; controller: readonly string[] };
    matchers: Readonly<Record<string, string>>;
    nodeLabel: string;
  };
  indicators: readonly Indicator[];
  coverage: {
    gapSeconds: number | undefined;
    restarts: { warning?: number | undefined; critical?: number | undefined };
  };
};

/** Longer than any server works on a query; also, a timer cannot be set to more than some weeks. */
const LONGEST_TIMEOUT_SECONDS = 3600;

/** Ways to prove to Prometheus who asks. */
export const PROOFS = ['bearerToken', 'basic', 'sigv4'] as const;

/** The names in Antrea's own build/yamls/antrea-prometheus.yml. */
const DEFAULT_JOBS = { agent: 'antrea-agents', controller: 'antrea-controllers' } as const;

/**
 * Fills in defaults and works out what the file's words mean.
 * @param catalog the built-in indicators, whose thresholds the configuration may replace
 * @throws ConfigError naming the key
 */
export function resolveSettings(config: ReportConfig, catalog: readonly Indicator[]): Settings {
  const { prometheus = {}, coverage = {} } = config;
  const seconds = (text: string | undefined, name: string) =>
    text === undefined ? undefined : parseDuration(text, name);
  const list = (names: string | string[]) => (typeof names === 'string' ? [names] : names);
  const timeout = seconds(prometheus.timeout, 'prometheus.timeout');
  if (timeout !== undefined && timeout > LONGEST_TIMEOUT_SECONDS)
    throw new ConfigError('prometheus.timeout: must not be longer than 1h');
  const [proof, another] = PROOFS.filter((key) => prometheus[key] !== undefined);
  if (another !== undefined)
    throw new ConfigError(`prometheus.${another}: give either this or prometheus.${proof}, not both`);
  return {
    timeZone: checkTimeZone(config.timeZone ?? 'UTC', 'timeZone'),
    language: config.language ?? 'en',
    formats: [...new Set(config.formats ?? (['html', 'pdf', 'json'] as const))],
    pageSize: config.pageSize ?? 'A4',
    rangeSeconds: seconds(config.range ?? '24h', 'range') ?? 0,
    stepSeconds: seconds(config.step, 'step'),
    scrapeIntervalSeconds: seconds(prometheus.scrapeInterval, 'prometheus.scrapeInterval'),
    prometheus: {
      url: prometheus.url,
      capture: prometheus.capture,
      bearerToken: prometheus.bearerToken,
      basic: prometheus.basic,
      sigv4: prometheus.sigv4,
      headers: prometheus.headers ?? {},
      caFile: prometheus.caFile,
      timeoutMilliseconds: timeout === undefined ? undefined : timeout * 1000,
      concurrency: prometheus.concurrency,
    },
    selection: {
      jobs: {
        agent: list(prometheus.jobs?.agent ?? DEFAULT_JOBS.agent),
        controller: list(prometheus.jobs?.controller ?? DEFAULT_JOBS.controller),
      },
      matchers: prometheus.matchers ?? {},
      nodeLabel: prometheus.nodeLabel ?? 'node',
    },
    indicators: withThresholds(catalog, config.indicators ?? {}),
    coverage: { gapSeconds: seconds(coverage.gap, 'coverage.gap'), restarts: coverage.restarts ?? {} },
  };
}

function withThresholds(
  catalog: readonly Indicator[],
  own: NonNullable<ReportConfig['indicators']>,
): Indicator[] {
  const unknown = Object.keys(own).find((id) => !catalog.some((indicator) => indicator.id === id));
  if (unknown !== undefined)
    throw new ConfigError(
      `indicators.${unknown}: is not an indicator; there are ${catalog.map(({ id }) => id).join(', ')}`,
    );
  return catalog.map((indicator) => {
    const changes = own[indicator.id];
    if (!changes) return indicator;
    const thresholds: Thresholds = { ...indicator.thresholds };
    for (const severity of ['warning', 'critical'] as const) {
      const change = changes[severity];
      if (change === null) delete thresholds[severity];
      else if (change) thresholds[severity] = thresholdOf(change, `indicators.${indicator.id}.${severity}`);
    }
    return { ...indicator, thresholds };
  });
}

function thresholdOf({ for: duration, ...conditions }: ThresholdConfig, name: string): Threshold {
  const given = Object.fromEntries(Object.entries(conditions).filter(([, value]) => value !== undefined));
  return { ...given, forSeconds: duration === undefined ? 0 : parseDuration(duration, `${name}.for`) };
}
