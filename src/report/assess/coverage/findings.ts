import { max, sum } from 'd3-array';
import type { PeriodGrid } from '../../model/gathered.ts';
import type { Finding } from '../../model/report.ts';
import type { ReportSettings } from '../../model/report-settings.ts';
import { pointAt, stepStart } from '../../model/time.ts';
import { toFinding } from '../findings.ts';
import type { Subject } from '../subjects.ts';
import { fromFirstAttempt, type Gap } from './gaps.ts';
import type { TargetHistory } from './target-history.ts';

/** From when on missing scrapes and restarts need attention. */
export type CoverageThresholds = {
  /** Minimum length of a gap without a successful scrape. */
  gapSeconds: number;
  /** Number of process starts of a component on one node in the period. */
  restarts: { warning: number; critical: number };
};

export const DEFAULT_COVERAGE_THRESHOLDS: CoverageThresholds = {
  // A node's reboot or a rollout, which are restarts, take less. TargetDown of kube-prometheus waits as long.
  gapSeconds: 600,
  // One planned restart is worth knowing; three in a day are a crash loop with its back-off.
  restarts: { warning: 1, critical: 3 },
};

/** Fills in the thresholds that the settings leave open. */
export function coverageThresholds({ gapSeconds, restarts }: ReportSettings['coverage']): CoverageThresholds {
  return {
    gapSeconds: gapSeconds ?? DEFAULT_COVERAGE_THRESHOLDS.gapSeconds,
    restarts: {
      warning: restarts.warning ?? DEFAULT_COVERAGE_THRESHOLDS.restarts.warning,
      critical: restarts.critical ?? DEFAULT_COVERAGE_THRESHOLDS.restarts.critical,
    },
  };
}

/** A target that fails this share of its scrapes is a finding, even without a gap. Our choice. */
const SCATTERED_SHARE = 0.1;

/** What all findings of coverage checks have in common. */
const AT_LEAST = { condition: 'at-least', usual: null, labels: {} } as const;

/**
 * Returns the finding of a subject's gaps. A gap that is over is a warning, because the report misses data. A gap until
 * the end is critical, because the target is not seen now. It is only a warning if one agent is not scraped any more,
 * because its node may have been removed.
 */
export function gapFinding(
  { subject, component }: Subject,
  gaps: readonly Gap[],
  { gapSeconds }: CoverageThresholds,
): Finding {
  const last = gaps.at(-1);
  const ongoing = last?.toEnd ?? false;
  return toFinding(
    {
      indicator: 'scrape-coverage',
      subject,
      component,
      severity: ongoing && (last?.kind === 'down' || component !== 'agent') ? 'critical' : 'warning',
      value: max(gaps, ({ missingSeconds }) => missingSeconds) ?? 0,
      unit: 'seconds',
      threshold: gapSeconds,
      ...AT_LEAST,
      durationSeconds: sum(gaps, ({ missingSeconds }) => missingSeconds),
      ongoing,
    },
    gaps.map(({ start, end, missingSeconds }) => ({ start, end, value: missingSeconds })),
  );
}

/** Returns the finding of scrapes that failed one by one without a gap, if they add up to enough. */
export function scatteredFinding(
  { subject, component, presence, gaps }: TargetHistory,
  data: PeriodGrid,
  { gapSeconds }: CoverageThresholds,
): Finding | null {
  const { stepSeconds } = data.grid;
  const shares = fromFirstAttempt(presence);
  const offset = presence.length - shares.length;
  const isPartial = (share: number) => share < 1;
  const first = shares.findIndex(isPartial) + offset;
  const last = shares.findLastIndex(isPartial) + offset;
  if (gaps.length > 0 || last < offset) return null;
  const [start, end] = [stepStart(data, first), pointAt(data.grid, last)];
  const missing = sum(shares, (share) => 1 - share) * stepSeconds;
  // The period's first step may be shorter than the others.
  const value = Math.min(Math.round(missing), end - start);
  const threshold = Math.max(gapSeconds, SCATTERED_SHARE * shares.length * stepSeconds);
  if (value < threshold) return null;
  return toFinding(
    {
      indicator: 'scrape-coverage',
      subject,
      component,
      severity: 'warning',
      value,
      unit: 'seconds',
      threshold,
      ...AT_LEAST,
      durationSeconds: value,
      ongoing: last === presence.length - 1,
    },
    [{ start, end, value }],
  );
}

/** Returns the finding of a target's restarts if they are enough for a warning. */
export function restartFinding(
  { subject, component, restarts }: TargetHistory,
  limits: CoverageThresholds['restarts'],
): Finding | null {
  if (restarts.length === 0 || restarts.length < Math.min(limits.warning, limits.critical)) return null;
  const severity = restarts.length >= limits.critical ? 'critical' : 'warning';
  return toFinding(
    {
      indicator: 'process-restarts',
      subject,
      component,
      severity,
      value: restarts.length,
      unit: 'restarts',
      threshold: limits[severity],
      ...AT_LEAST,
      durationSeconds: 0,
      ongoing: false,
    },
    restarts.map((time) => ({ start: time, end: time, value: 1 })),
  );
}
