import { clustersOf, settingsOf } from '../../config/clusters.ts';
import type { Config } from '../../config/file.ts';
import type { Schedule } from '../../config/schedules.ts';
import type { Rendition } from '../../report/formats.ts';
import type { Period } from '../../report/model/period.ts';
import { lastPeriod } from '../../report/model/period.ts';
import type { ReportSettings } from '../../report/model/report-settings.ts';
import { toInstant } from '../../report/model/time.ts';
import { reportId } from '../../report/report-id.ts';
import { storedFormats, storedIdOf } from '../archive/stored-id.ts';
import { recordedPeriod } from './captures.ts';
import type { Job } from './job.ts';

export type JobRequest = {
  cluster: string;
  settings: ReportSettings;
  period: Period;
  rendition: Rendition;
  /** What requested the report: a schedule's name, or "on-demand". */
  trigger: string;
  now: Date;
};

/** Returns the job that makes a report. Its id follows from the request, so that two equal requests share a report. */
export function jobOf({ cluster, settings, period, rendition, trigger, now }: JobRequest): Job {
  const { language, pageSize } = rendition;
  return {
    version: 1,
    id: storedIdOf(reportId({ cluster, period, settings }), rendition),
    cluster,
    period: { start: toInstant(period.start), end: toInstant(period.end) },
    language,
    formats: storedFormats(rendition.formats),
    pageSize,
    trigger,
    requestedAt: now.toISOString(),
  };
}

/** Returns a schedule's jobs: one per cluster, for the last calendar period in the cluster's time zone before `at`. */
export async function jobsOfSchedule(
  config: Config,
  schedule: Schedule,
  at: Date,
  now: Date,
): Promise<{ jobs: Job[]; failures: { cluster: string; error: unknown }[] }> {
  const jobs: Job[] = [];
  const failures: { cluster: string; error: unknown }[] = [];
  const names = schedule.clusters ?? clustersOf(config).map(({ name }) => name);
  for (const cluster of names) {
    try {
      const settings = settingsOf(config, cluster);
      const period =
        (await recordedPeriod(settings)) ?? lastPeriod(schedule.period, settings.report.timeZone, at);
      const rendition = {
        ...settings.rendition,
        ...(schedule.language && { language: schedule.language }),
        ...(schedule.formats && { formats: schedule.formats }),
      };
      jobs.push(
        jobOf({ cluster, settings: settings.report, period, rendition, trigger: schedule.name, now }),
      );
    } catch (error) {
      // A fault in one cluster's configuration must not cost the others their reports.
      failures.push({ cluster, error });
    }
  }
  return { jobs, failures };
}
