import { COMPONENTS, type Component, type Indicator } from '../model/indicator.ts';
import type { Finding, ReportIndicator, Status } from '../model/report.ts';
import type { CalendarDay } from '../model/report-analysis.ts';
import { isJudged } from '../model/report-values.ts';
import type { Grid } from '../model/series.ts';
import { pointAt, toIso } from '../model/time.ts';
import type { IndicatorAssessment } from './indicator.ts';

export type CalendarRules = {
  /** Ids of the coverage checks. */
  checks: readonly string[];
  /** By indicator: what it means that it has no value on a day. */
  absences: ReadonlyMap<string, Pick<Indicator, 'whenEmpty' | 'whenAbsent'>>;
  /** At each point, whether any target of a component was scraped with success. */
  scraped: Readonly<Record<Component, readonly boolean[]>>;
  grid: Grid;
};

/** What each day of a longer period was like, indicator by indicator. */
export function calendarOf(
  days: readonly { start: number; end: number }[],
  assessments: readonly IndicatorAssessment[],
  findings: readonly Finding[],
  { checks, absences, scraped, grid }: CalendarRules,
): CalendarDay[] {
  return days.map((day) => {
    const own = findings.filter((finding) => isOnDay(finding, day));
    const seenOnDay = (seen: readonly boolean[]) =>
      seen.some((value, index) => value && isWithin(pointAt(grid, index), day));
    const wasScraped = (components: readonly Component[]) =>
      (components.length > 0 ? components : COMPONENTS).some((component) => seenOnDay(scraped[component]));
    const statuses = assessments.map(({ indicator, seen }): [string, Status] => [
      indicator.id,
      statusOnDay(indicator, own, () => {
        if (seenOnDay(seen)) return 'healthy';
        if (!wasScraped(indicator.components)) return 'no-data';
        const wasThere = seen.some((value, index) => value && pointAt(grid, index) <= day.start);
        return statusOfAbsence(absences.get(indicator.id), wasThere);
      }),
    ]);
    const ofChecks = checks.map((id): [string, Status] => [
      id,
      worstOf(own, id) ?? (wasScraped(COMPONENTS) ? 'healthy' : 'no-data'),
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

function statusOnDay(
  indicator: ReportIndicator,
  own: readonly Finding[],
  withoutFinding: () => Status,
): Status {
  const worst = worstOf(own, indicator.id);
  if (worst) return worst;
  return isJudged(indicator.status) ? withoutFinding() : indicator.status;
}

/** What a day without a value was, although the component was scraped. */
function statusOfAbsence(
  absence: Pick<Indicator, 'whenEmpty' | 'whenAbsent'> | undefined,
  wasThere: boolean,
): Status {
  const { whenEmpty = 'no-data', whenAbsent = 'no-data' } = absence ?? {};
  if (whenEmpty === 'idle') return 'healthy';
  // What comes in the middle of a period has come with an upgrade, or been switched on.
  return whenEmpty === 'no-data' && !wasThere ? whenAbsent : whenEmpty;
}
