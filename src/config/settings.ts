import type { SecretReference } from '../adapters/secrets/schema.ts';
import type { Indicator, Language } from '../report/model/indicator.ts';
import type { OutputFormat, PageSize } from '../report/model/rendition.ts';
import type { ReportSettings } from '../report/model/report-settings.ts';
import { parseDuration } from './duration.ts';
import { ConfigError, noting } from './errors.ts';
import { resolveIndicators } from './indicators.ts';
import { checkTimeZone } from './period.ts';
import type { ReportConfig } from './schema.ts';
import { resolveTargets } from './targets.ts';

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
export type Settings = ReportSettings & {
  language: Language;
  formats: readonly OutputFormat[];
  pageSize: PageSize;
  rangeSeconds: number;
  prometheus: PrometheusSettings;
};

/** Longer than any server works on a query; also, a timer cannot be set to more than some weeks. */
const LONGEST_TIMEOUT_SECONDS = 3600;

/** Ways to prove to Prometheus who asks. */
export const PROOFS = ['bearerToken', 'basic', 'sigv4'] as const;

/**
 * Fills in defaults and works out what the file's words mean.
 * @param catalog the built-in indicators; the configuration may change their thresholds and add others
 * @throws ConfigError naming the key
 */
export function resolveSettings(config: ReportConfig, catalog: readonly Indicator[]): Settings {
  const problems: string[] = [];
  const settings = settingsWith(problems, config, catalog);
  if (problems[0] !== undefined) throw new ConfigError(problems[0]);
  return settings;
}

/**
 * The same, with every problem rather than the first: adds what is wrong to `problems`, a line each that names the key.
 * When it adds any, the settings are not to be used.
 */
export function settingsWith(
  problems: string[],
  config: ReportConfig,
  catalog: readonly Indicator[],
): Settings {
  const { prometheus = {}, coverage = {} } = config;
  const seconds = (text: string | undefined, name: string) =>
    text === undefined ? undefined : noting(problems, () => parseDuration(text, name), undefined);
  const timeout = seconds(prometheus.timeout, 'prometheus.timeout');
  if (timeout !== undefined && timeout > LONGEST_TIMEOUT_SECONDS)
    problems.push('prometheus.timeout: must not be longer than 1h');
  const [proof, another] = PROOFS.filter((key) => prometheus[key] !== undefined);
  if (another !== undefined)
    problems.push(`prometheus.${another}: give either this or prometheus.${proof}, not both`);
  return {
    timeZone: noting(problems, () => checkTimeZone(config.timeZone ?? 'UTC', 'timeZone'), 'UTC'),
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
    targetSettings: resolveTargets(prometheus),
    indicators: resolveIndicators(catalog, config.indicators ?? {}, problems),
    coverage: { gapSeconds: seconds(coverage.gap, 'coverage.gap'), restarts: coverage.restarts ?? {} },
  };
}
