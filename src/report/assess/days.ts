import { COMPONENTS, type Component, type Indicator } from '../model/indicator.ts';
import type { Period } from '../model/period.ts';
import type { Finding, Status } from '../model/report.ts';
import type { ReportDay } from '../model/report-analysis.ts';
import { isJudged } from '../model/report-values.ts';
import type { Grid } from '../model/series.ts';
import { pointAt, toInstant, toUnixSeconds } from '../model/time.ts';
import type { IndicatorAssessment } from './indicator.ts';
import { worstSeverity } from './severity.ts';

export type DayContext = {
  /** Ids of the coverage checks. */
  checks: readonly string[];
  /** The meaning of a day without values, by indicator id. */
  absences: ReadonlyMap<string, Pick<Indicator, 'whenEmpty' | 'whenAbsent'>>;
  /** For each point, whether any target of a component was scraped with success. */
  scrapedAt: Readonly<Record<Component, readonly boolean[]>>;
  grid: Grid;
};

/** Returns the status of each indicator and coverage check on each day of a longer period. */
export function assessDays(
  days: readonly Period[],
  assessments: readonly IndicatorAssessment[],
  findings: readonly Finding[],
  { checks, absences, scrapedAt, grid }: DayContext,
): ReportDay[] {
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
    const statusOf = ({ indicator: { id, status, components }, seen }: IndicatorAssessment): Status => {
      const worst = worstOfDay(id);
      if (worst) return worst;
      if (!isJudged(status)) return status;
      if (seenOnDay(seen)) return 'healthy';
      if (!wasScraped(components)) return 'no-data';
      const wasSeenBefore = seen.some((value, index) => value && pointAt(grid, index) <= day.start);
      return statusOfAbsence(absences.get(id), wasSeenBefore);
    };
    return {
      start: toInstant(day.start),
      end: toInstant(day.end),
      statuses: Object.fromEntries([
        ...assessments.map((assessment) => [assessment.indicator.id, statusOf(assessment)]),
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
function statusOfAbsence(
  absence: Pick<Indicator, 'whenEmpty' | 'whenAbsent'> | undefined,
  wasSeenBefore: boolean,
): Status {
  const { whenEmpty = 'no-data', whenAbsent = 'no-data' } = absence ?? {};
  if (whenEmpty === 'idle') return 'healthy';
  // A metric that appears in the middle of a period came with an upgrade or was enabled.
  return whenEmpty === 'no-data' && !wasSeenBefore ? whenAbsent : whenEmpty;
}
