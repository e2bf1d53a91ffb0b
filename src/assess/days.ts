import type { Finding, ReportIndicator, Status } from '../model/report.ts';
import type { CalendarDay } from '../model/report-depth.ts';
import type { Grid } from '../model/series.ts';
import type { IndicatorAssessment } from './indicator.ts';
import { pointAt, toIso } from './time.ts';

export type CalendarRules = {
  /** Ids of the coverage checks. */
  checks: readonly string[];
  /** Ids of the indicators that always have a value: a day without one is a hole, not a quiet day. */
  levels: ReadonlySet<string>;
  grid: Grid;
};

/** What each day of a longer period was like, indicator by indicator. */
export function calendarOf(
  days: readonly { start: number; end: number }[],
  assessments: readonly IndicatorAssessment[],
  findings: readonly Finding[],
  { checks, levels, grid }: CalendarRules,
): CalendarDay[] {
  return days.map((day) => {
    const own = findings.filter((finding) => isOnDay(finding, day));
    const seenOnDay = (seen: readonly boolean[]) =>
      seen.some((value, index) => value && isWithin(pointAt(grid, index), day));
    const wasScraped = assessments.some(({ seen }) => seenOnDay(seen));
    const statuses = assessments.map(({ indicator, seen }): [string, Status] => [
      indicator.id,
      statusOnDay(indicator, own, wasScraped && (seenOnDay(seen) || !levels.has(indicator.id))),
    ]);
    const ofChecks = checks.map((id): [string, Status] => [
      id,
      worstOf(own, id) ?? (wasScraped ? 'healthy' : 'no-data'),
    ]);
    return {
      start: toIso(day.start),
      end: toIso(day.end),
      statuses: Object.fromEntries([...statuses, ...ofChecks]),
    };
  });
}

/** The point of a step that ends at midnight is the day's before. */
function isWithin(time: number, { start, end }: { start: number; end: number }): boolean {
  return time > start && time <= end;
}

function isOnDay({ episodes }: Finding, { start, end }: { start: number; end: number }): boolean {
  return episodes.some((episode) => {
    const [from, to] = [Date.parse(episode.start) / 1000, Date.parse(episode.end) / 1000];
    return from < end && (to > start || (from === to && from >= start));
  });
}

function worstOf(findings: readonly Finding[], id: string): Status | undefined {
  const own = findings.filter(({ indicator }) => indicator === id);
  return own.find(({ severity }) => severity === 'critical')?.severity ?? own[0]?.severity;
}

function statusOnDay(indicator: ReportIndicator, own: readonly Finding[], isKnown: boolean): Status {
  const worst = worstOf(own, indicator.id);
  if (worst) return worst;
  if (!['healthy', 'warning', 'critical'].includes(indicator.status)) return indicator.status;
  return isKnown ? 'healthy' : 'no-data';
}
