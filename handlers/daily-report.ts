import { Logger } from '@aws-lambda-powertools/logger';
import type { Handler } from 'aws-lambda';
import { ConfigError } from '../src/config/errors.ts';
import { schedulesOf } from '../src/config/schedules.ts';
import { jobsOfSchedule } from '../src/service/jobs/jobs.ts';
import { configuration } from './shared/configuration.ts';
import { scheduledTime } from './shared/due-time.ts';
import { queueOf } from './shared/queue.ts';

/** The message of EventBridge Scheduler; see the schedules in serverless.yml. */
export type ScheduleEvent = {
  schedule: string;
  /** When the schedule was due, ISO 8601, so that a late or repeated delivery requests the same reports. */
  scheduledAt: string;
};

const logger = new Logger();

/** Runs on a schedule: sends a job per cluster for the last day, week or month to the queue. */
export const handler: Handler<ScheduleEvent, { jobs: number }> = async (event, context) => {
  logger.addContext(context);
  const config = await configuration();
  const schedule = schedulesOf(config.file).find(({ name }) => name === event.schedule);
  if (!schedule)
    throw new ConfigError(
      `schedules: "${event.schedule}" is not in the configuration; deploy the service again`,
    );
  const now = new Date();
  const { jobs, failures } = await jobsOfSchedule(
    config,
    schedule,
    scheduledTime(event.scheduledAt, now),
    now,
  );
  await queueOf('QUEUE_URL').send(jobs.map((job) => JSON.stringify(job)));
  logger.info('jobs sent', { schedule: schedule.name, reportIds: jobs.map(({ id }) => id) });
  for (const { cluster, error } of failures) logger.error('no job', { cluster, error });
  // The other jobs were sent; the failure triggers the alarm for these.
  if (failures.length > 0)
    throw new ConfigError(`no job could be made for ${failures.map(({ cluster }) => cluster).join(', ')}`);
  return { jobs: jobs.length };
};
