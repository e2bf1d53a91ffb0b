import type { Component, Severity } from '../../model/indicator.ts';
import type { Finding } from '../../model/report.ts';
import type { Gathered } from '../../model/series.ts';
import { pointAt, stepStart, toIso } from '../../model/time.ts';
import type { Subject } from '../subjects.ts';
import { fromFirstTried, type Gap, type Presence } from './gaps.ts';

/** From when on missing scrapes and restarts need attention. */
export type CoverageThresholds = {
  /** A stretch without a successful scrape of this length is a finding. */
  gapSeconds: number;
  /** So many starts of a component's process on one node in the period are a warning, or critical. */
  restarts: { warning: number; critical: number };
};

export const DEFAULT_COVERAGE_THRESHOLDS: CoverageThresholds = {
  // Long enough for a node's reboot or a rollout, which are restarts; Prometheus's own TargetDown alerts wait as long.
  gapSeconds: 600,
  // One planned restart is worth knowing of, three in a day are a crash loop that backs off.
  restarts: { warning: 1, critical: 3 },
};

/** What is known of one target over the period. */
export type TargetHistory = Subject & {
  component: Component;
  node: string;
  instances: string[];
  /** Names of its Pods, the newest last; empty where nothing knows them. */
  pods: string[];
  presence: Presence;
  /** Whether it should have been seen at a point of the grid. */
  isExpected: (index: number) => boolean;
  gaps: Gap[];
  /** When its processes were started, the first one seen included. */
  starts: number[];
  restarts: number[];
};

/**
 * Unseen for a while in the night is a hole in this report: a warning. At the end of the period it is a blind spot in
 * this moment, and critical, unless it is one agent that is not scraped any more: its node may have been removed.
 */
export function gapFinding(
  subject: string,
  component: Component | null,
  gaps: readonly Gap[],
  { gapSeconds }: CoverageThresholds,
): Finding {
  const last = gaps.at(-1);
  const ongoing = last?.toEnd ?? false;
  return {
    indicator: 'scrape-coverage',
    subject,
    component,
    severity: ongoing && (last?.kind === 'down' || component !== 'agent') ? 'critical' : 'warning',
    value: gaps.reduce((longest, { missingSeconds }) => Math.max(longest, missingSeconds), 0),
    unit: 'seconds',
    threshold: gapSeconds,
    condition: 'at-least',
    usual: null,
    labels: {},
    start: toIso(gaps[0]?.start ?? 0),
    end: toIso(last?.end ?? 0),
    durationSeconds: gaps.reduce((sum, { missingSeconds }) => sum + missingSeconds, 0),
    ongoing,
    episodes: gaps.map(({ start, end, missingSeconds }) => ({
      start: toIso(start),
      end: toIso(end),
      value: missingSeconds,
    })),
    compared: null,
    weekBefore: null,
  };
}

/** A target that fails one scrape in ten all day has no gap, and is not well seen either. */
const SCATTERED_SHARE = 0.1;

/** Scrapes that fail here and there, with no gap among them, when they add up. */
export function scatteredFinding(
  { subject, component, presence, gaps }: TargetHistory,
  gathered: Pick<Gathered, 'grid' | 'period'>,
  { gapSeconds }: CoverageThresholds,
): Finding | null {
  const { stepSeconds } = gathered.grid;
  const shares = fromFirstTried(presence);
  const offset = presence.length - shares.length;
  const isPartial = (share: number) => share < 1;
  const first = shares.findIndex(isPartial) + offset;
  const last = shares.findLastIndex(isPartial) + offset;
  if (gaps.length > 0 || last < offset) return null;
  const [from, to] = [stepStart(gathered, first), pointAt(gathered.grid, last)];
  const missing = shares.reduce((sum, share) => sum + 1 - share, 0) * stepSeconds;
  // The period's first step may be shorter than the others.
  const value = Math.min(Math.round(missing), to - from);
  const threshold = Math.max(gapSeconds, SCATTERED_SHARE * shares.length * stepSeconds);
  if (value < threshold) return null;
  const [start, end] = [toIso(from), toIso(to)];
  return {
    indicator: 'scrape-coverage',
    subject,
    component,
    severity: 'warning',
    value,
    unit: 'seconds',
    threshold,
    condition: 'at-least',
    usual: null,
    labels: {},
    start,
    end,
    durationSeconds: value,
    ongoing: last === presence.length - 1,
    episodes: [{ start, end, value }],
    compared: null,
    weekBefore: null,
  };
}

export function restartFinding(
  history: TargetHistory,
  limits: CoverageThresholds['restarts'],
): Finding | null {
  const { restarts } = history;
  const [first] = restarts;
  const last = restarts.at(-1);
  if (
    first === undefined ||
    last === undefined ||
    restarts.length < Math.min(limits.warning, limits.critical)
  )
    return null;
  const severity: Severity = restarts.length >= limits.critical ? 'critical' : 'warning';
  return {
    indicator: 'process-restarts',
    subject: history.subject,
    component: history.component,
    severity,
    value: restarts.length,
    unit: 'restarts',
    threshold: limits[severity],
    condition: 'at-least',
    usual: null,
    labels: {},
    start: toIso(first),
    end: toIso(last),
    durationSeconds: 0,
    ongoing: false,
    episodes: restarts.map((time) => ({ start: toIso(time), end: toIso(time), value: 1 })),
    compared: null,
    weekBefore: null,
  };
}
