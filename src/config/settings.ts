import { AUTHENTICATION_KEYS, type PrometheusSettings } from '../adapters/prometheus/schema.ts';
import { INDICATORS } from '../report/catalog/indicators/index.ts';
import type { Rendition } from '../report/formats.ts';
import { DEFAULT_FORMATS } from '../report/formats.ts';
import type { ReportSettings } from '../report/model/report-settings.ts';
import { parseDuration } from './duration.ts';
import { type OnProblem, throwProblem, withFallback } from './errors.ts';
import { resolveIndicators } from './indicators.ts';
import { checkTimeZone } from './period.ts';
import type { ReportConfig } from './schema/config.ts';
import { resolveSilences } from './silences.ts';
import { resolveTargets } from './targets.ts';

/** The configuration for the reports of one cluster, with defaults filled in and durations in seconds. */
export type Settings = {
  report: ReportSettings;
  rendition: Rendition;
  /** Length of a report's period when no start is given. */
  rangeSeconds: number;
  prometheus: PrometheusSettings;
};

/** No server works on a query for longer, and a timer cannot be set to more than some weeks. */
const LONGEST_TIMEOUT_SECONDS = 3600;

/**
 * Fills in defaults and converts durations.
 * @throws ConfigError that names the key
 */
export function resolveSettings(config: ReportConfig, onProblem: OnProblem = throwProblem): Settings {
  const { prometheus = {}, coverage = {} } = config;
  const toSeconds = (text: string | undefined, name: string) =>
    text === undefined ? undefined : withFallback(() => parseDuration(text, name), undefined, onProblem);
  const timeout = toSeconds(prometheus.timeout, 'prometheus.timeout');
  if (timeout !== undefined && timeout > LONGEST_TIMEOUT_SECONDS)
    onProblem('prometheus.timeout: must not be longer than 1h');
  const [authentication, another] = AUTHENTICATION_KEYS.filter((key) => prometheus[key] !== undefined);
  if (another !== undefined)
    onProblem(`prometheus.${another}: give either this or prometheus.${authentication}, not both`);
  const timeZone = withFallback(() => checkTimeZone(config.timeZone ?? 'UTC', 'timeZone'), 'UTC', onProblem);
  const indicators = resolveIndicators(INDICATORS, config.indicators ?? {}, onProblem);
  const { url, capture, bearerToken, basic, sigv4, headers = {}, caFile, concurrency } = prometheus;
  return {
    report: {
      timeZone,
      targetSettings: resolveTargets(prometheus),
      stepSeconds: toSeconds(config.step, 'step'),
      scrapeIntervalSeconds: toSeconds(prometheus.scrapeInterval, 'prometheus.scrapeInterval'),
      indicators,
      silences: resolveSilences(config, indicators, timeZone, onProblem),
      runbook: config.runbook,
      links: config.links ?? [],
      leaveOut: config.leaveOut ?? [],
      coverage: { gapSeconds: toSeconds(coverage.gap, 'coverage.gap'), restarts: coverage.restarts ?? {} },
    },
    rendition: {
      language: config.language ?? 'en',
      formats: [...new Set(config.formats ?? DEFAULT_FORMATS)],
      pageSize: config.pageSize ?? 'A4',
    },
    rangeSeconds: toSeconds(config.range ?? '24h', 'range') ?? 0,
    prometheus: {
      ...{ url, capture, bearerToken, basic, sigv4, headers, caFile, concurrency },
      timeoutMilliseconds: timeout === undefined ? undefined : timeout * 1000,
    },
  };
}
