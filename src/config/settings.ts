import { AUTHENTICATION_KEYS, type PrometheusSettings } from '../adapters/prometheus/schema.ts';
import { INDICATORS } from '../report/catalog/indicators/index.ts';
import type { Rendition } from '../report/formats.ts';
import { DEFAULT_FORMATS } from '../report/formats.ts';
import type { ReportSettings } from '../report/model/report-settings.ts';
import { parseDuration } from './duration.ts';
import { ConfigError, noting } from './errors.ts';
import { resolveIndicators } from './indicators.ts';
import { checkTimeZone } from './period.ts';
import type { ReportConfig } from './schema/config.ts';
import { resolveTargets } from './targets.ts';

/** What the configuration says for the reports of one cluster, defaults filled in and durations in seconds. */
export type Settings = {
  report: ReportSettings;
  rendition: Rendition;
  /** How far back a report reaches when no start is given. */
  rangeSeconds: number;
  prometheus: PrometheusSettings;
};

/** Longer than any server works on a query; also, a timer cannot be set to more than some weeks. */
const LONGEST_TIMEOUT_SECONDS = 3600;

/**
 * Fills in defaults and converts durations.
 * @throws ConfigError that names the key
 */
export function resolveSettings(config: ReportConfig): Settings {
  const problems: string[] = [];
  const settings = settingsWith(problems, config);
  if (problems[0] !== undefined) throw new ConfigError(problems[0]);
  return settings;
}

/**
 * The same, but adds every problem to `problems`, one line each that names the key. When it adds any, do not use the
 * settings.
 */
export function settingsWith(problems: string[], config: ReportConfig): Settings {
  const { prometheus = {}, coverage = {} } = config;
  const seconds = (text: string | undefined, name: string) =>
    text === undefined ? undefined : noting(problems, () => parseDuration(text, name), undefined);
  const timeout = seconds(prometheus.timeout, 'prometheus.timeout');
  if (timeout !== undefined && timeout > LONGEST_TIMEOUT_SECONDS)
    problems.push('prometheus.timeout: must not be longer than 1h');
  const [proof, another] = AUTHENTICATION_KEYS.filter((key) => prometheus[key] !== undefined);
  if (another !== undefined)
    problems.push(`prometheus.${another}: give either this or prometheus.${proof}, not both`);
  const { url, capture, bearerToken, basic, sigv4, headers = {}, caFile, concurrency } = prometheus;
  return {
    report: {
      timeZone: noting(problems, () => checkTimeZone(config.timeZone ?? 'UTC', 'timeZone'), 'UTC'),
      targetSettings: resolveTargets(prometheus),
      stepSeconds: seconds(config.step, 'step'),
      scrapeIntervalSeconds: seconds(prometheus.scrapeInterval, 'prometheus.scrapeInterval'),
      indicators: resolveIndicators(INDICATORS, config.indicators ?? {}, problems),
      coverage: { gapSeconds: seconds(coverage.gap, 'coverage.gap'), restarts: coverage.restarts ?? {} },
    },
    rendition: {
      language: config.language ?? 'en',
      formats: [...new Set(config.formats ?? DEFAULT_FORMATS)],
      pageSize: config.pageSize ?? 'A4',
    },
    rangeSeconds: seconds(config.range ?? '24h', 'range') ?? 0,
    prometheus: {
      ...{ url, capture, bearerToken, basic, sigv4, headers, caFile, concurrency },
      timeoutMilliseconds: timeout === undefined ? undefined : timeout * 1000,
    },
  };
}
