import { lastDue } from '../../config/cron-due.ts';
import type { Schedule } from '../../config/schedules.ts';
import { lastPeriod, type Period } from '../../report/model/period.ts';
import type { ListedReport } from '../archive/listing.ts';
import { hasSameLength } from '../archive/listing.ts';

/** The reports that schedules should have made. */

export type DueReport = { period: Period; at: Date };

/**
 * How late a report may be, in milliseconds. A digest is due an hour after the reports by default
 * (config/schedules.ts), and its readers expect them then. Until then a schedule may still be at work: hundreds of
 * clusters take minutes, Lambda's retries three minutes, and those of a Kubernetes Job 20.
 */
const DELAY_MILLISECONDS = 3_600_000;

/**
 * Returns for each cluster the reports that were due last, one for each schedule. A time that passed less than an hour
 * ago does not count yet.
 */
export function dueReports(
  schedules: readonly Schedule[],
  now: Date,
): (cluster: { name: string; timeZone: string }) => DueReport[] {
  const before = new Date(now.getTime() - DELAY_MILLISECONDS);
  const due = schedules.flatMap((schedule) => {
    const at = lastDue(schedule, before);
    return at === null ? [] : [{ schedule, at }];
  });
  return ({ name, timeZone }) => {
    const reports = due
      .filter(({ schedule: { clusters } }) => clusters === undefined || clusters.includes(name))
      .map(({ schedule, at }) => ({ period: lastPeriod(schedule.period, timeZone, at), at }));
    const periods = Map.groupBy(reports, ({ period }) => `${period.start} ${period.end}`);
    return [...periods.values()].flatMap(([first]) => first ?? []);
  };
}

/** Whether a finished report is the one that was due, or a later one of the same length. */
export function isMade({ period }: DueReport, finished: readonly Pick<ListedReport, 'period'>[]): boolean {
  return finished.some((report) => report.period.end >= period.end && hasSameLength(report, { period }));
}
