import { calendarPeriod } from '../config/calendar.ts';
import type { Period } from '../config/period.ts';
import type { Schedule } from '../config/schedules.ts';
import type { Settings } from '../config/settings.ts';
import type { Job } from '../model/job.ts';
import { FORMATS, type Rendition } from '../model/rendition.ts';
import { reportId } from '../report-id.ts';
import { recordedPeriod } from './captures.ts';
import { clustersOf, type ServiceConfig, settingsOf } from './clusters.ts';

export type JobRequest = {
  cluster: string;
  settings: Settings;
  period: Period;
  rendition: Rendition;
  /** Who asked: a schedule's name or "on-demand". */
  trigger: string;
  now: Date;
};

/** The job that makes a report. Its id follows from what is asked for, so asking twice is asking for the same. */
export function jobOf({ cluster, settings, period, rendition, trigger, now }: JobRequest): Job {
  const { language, pageSize } = rendition;
  // The JSON is always stored: everything else can be made from it again.
  const formats = FORMATS.filter((format) => format === 'json' || rendition.formats.includes(format));
  return {
    version: 1,
    id: [reportId({ cluster, period, settings }), ...renditionOf({ language, formats, pageSize })].join('-'),
    cluster,
    period: { start: toInstant(period.start), end: toInstant(period.end) },
    language,
    formats,
    pageSize,
    trigger,
    requestedAt: now.toISOString(),
  };
}

/** As people would name it: the language, and what is not as usual. */
function renditionOf({ language, formats, pageSize }: Rendition): string[] {
  const [only = 'json'] = formats.filter((format) => format !== 'json');
  return [
    language.toLowerCase(),
    ...(formats.length < FORMATS.length ? [only] : []),
    ...(pageSize === 'A4' ? [] : [pageSize.toLowerCase()]),
  ];
}

/** Whole seconds, as everywhere in reports. */
function toInstant(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}

/** A schedule's jobs: one for each of its clusters, of the last calendar period there before `at`. */
export async function jobsOfSchedule(
  config: ServiceConfig,
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
        (await recordedPeriod(settings)) ?? calendarPeriod(schedule.period, settings.timeZone, at);
      const rendition = {
        language: schedule.language ?? settings.language,
        formats: schedule.formats ?? settings.formats,
        pageSize: settings.pageSize,
      };
      jobs.push(jobOf({ cluster, settings, period, rendition, trigger: schedule.name, now }));
    } catch (error) {
      // What is wrong with one cluster must not cost the others their report.
      failures.push({ cluster, error });
    }
  }
  return { jobs, failures };
}
