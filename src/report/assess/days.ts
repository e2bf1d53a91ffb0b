import { COMPONENTS, type Component, type Indicator } from '../model/indicator.ts';
import type { Period } from '../model/period.ts';
import type { Finding, Status } from '../model/report.ts';
import type { ReportDay } from '../model/report-analysis.ts';
import { isJudged } from '../model/report-values.ts';
import type { Grid } from '../model/series.ts';
import { pointAt, toInstant, toUnixSeconds } from '../model/time.ts';
import type { CoverageAssessment } from './coverage/coverage.ts';
import type { JudgedIndicator } from './judge-indicator.ts';
import { worstSeverity } from './severity.ts';

type SeenIndicator = Pick<JudgedIndicator, 'indicator' | 'seen'>;

export type DayContext = {
  grid: Grid;
  /** They define what a day without values means. */
  indicators: readonly Indicator[];
  /** Ids of the coverage checks. */
  checks: readonly string[];
};

/** Returns the status of each indicator and coverage check on each day of a longer period. */
export function assessDays(
  days: readonly Period[],
  { judged, scrapedAt }: { judged: readonly SeenIndicator[]; scrapedAt: CoverageAssessment['scrapedAt'] },
  findings: readonly Finding[],
  { grid, indicators, checks }: DayContext,
): ReportDay[] {
  const indicatorById = new Map(indicators.map((indicator) => [indicator.id, indicator]));
  return days.map((day) => {
    const findingsOfDay = Map.groupBy(
      findings.filter((finding) => isOnDay(finding, day)),
      ({ indicator }) => indicator,
    );
    const worstOfDay = (id: string) => worstSeverity(findingsOfDay.get(id) ?? []);
    const seenOnDay = (seen: readonly boolean[]) =>
      // The point at midnight stands for the step before it, which is part of the day before.
      seen.some(
        (value, index) => value && pointAt(grid, index) > day.start && pointAt(grid, index) <= day.end,
      );
    const wasScraped = (components: readonly Component[]) =>
      (components.length > 0 ? components : COMPONENTS).some((component) => seenOnDay(scrapedAt[component]));
    const statusOf = ({ indicator: { id, status, components }, seen }: SeenIndicator): Status => {
      const worst = worstOfDay(id);
      if (worst) return worst;
      if (!isJudged(status)) return status;
      if (seenOnDay(seen)) return 'healthy';
      if (!wasScraped(components)) return 'no-data';
      const wasSeenBefore = seen.some((value, index) => value && pointAt(grid, index) <= day.start);
      return statusOfAbsence(indicatorById.get(id), wasSeenBefore);
    };
    return {
      start: toInstant(day.start),
      end: toInstant(day.end),
      statuses: Object.fromEntries([
        ...judged.map((one) => [one.indicator.id, statusOf(one)]),
        ...checks.map((id) => [id, worstOfDay(id) ?? (wasScraped(COMPONENTS) ? 'healthy' : 'no-data')]),
      ]),
    };
  });
}

/** Whether a finding has an episode on a day; a restart is an episode without length. */
function isOnDay({ episodes }: Finding, { start, end }: Period): boolean {
  return episodes.some((episode) => {
    const [from, to] = [toUnixSeconds(episode.start), toUnixSeconds(episode.end)];
    return from < end && (to > start || (from === to && from >= start));
  });
}

/** Returns the status of a day without values on which the component was scraped. */
function statusOfAbsence(indicator: Indicator | undefined, wasSeenBefore: boolean): Status {
  const { whenEmpty = 'no-data', whenAbsent = 'no-data' } = indicator ?? {};
  if (whenEmpty === 'idle') return 'healthy';
  // A metric that appears in the middle of a period came with an upgrade or was enabled.
  return whenEmpty === 'no-data' && !wasSeenBefore ? whenAbsent : whenEmpty;
}
