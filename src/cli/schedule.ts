import { setTimeout as sleep } from 'node:timers/promises';
import { clustersOf } from '../config/clusters.ts';
import { ConfigError } from '../config/errors.ts';
import { type Config, readConfigFile } from '../config/file.ts';
import { dueTime } from '../config/period.ts';
import { type Schedule, schedulesOf } from '../config/schedules.ts';
import type { Job } from '../service/jobs/job.ts';
import { jobsOfSchedule } from '../service/jobs/jobs.ts';
import type { WorkOutcome } from '../service/jobs/work.ts';
import { choose, openArchive } from './archive.ts';
import type { CommandContext } from './context.ts';
import { EXIT } from './exit-codes.ts';
import type { ArchiveFlags } from './options.ts';
import { progressBar } from './progress.ts';
import { print, printMessage } from './terminal.ts';
import { jobWorker } from './work-job.ts';

export type ScheduleFlags = ArchiveFlags & { chromium?: string | undefined; shard?: string | undefined };

/** Time limit for one report: three times that of the Lambda function, because a machine is not billed by the second. */
const REPORT_MILLISECONDS = 900_000;

/** `antrea-health schedule`: makes the reports of a schedule and stores them as the service does. */
export async function scheduleCommand(
  name: string | undefined,
  flags: ScheduleFlags,
  context: CommandContext,
): Promise<number> {
  const config = await readConfigFile(flags.config);
  const chosen = choose('schedule', name, { all: schedulesOf(config.file), config });
  const schedule = flags.shard === undefined ? chosen : shardOf(chosen, flags.shard, config);
  const now = new Date();
  const due = dueTime(flags.at, { timeZone: schedule.timeZone, now, name: '--at' });
  const { jobs, failures } = await jobsOfSchedule(config, schedule, due, now);
  const store = await openArchive(flags, config, context.environment);
  const work = jobWorker(
    { config, store, chromium: flags.chromium, milliseconds: REPORT_MILLISECONDS, isRetried: false },
    context,
  );
  for (const { cluster, error } of failures) printMessage(`${cluster}: ${asError(error).message}`);
  try {
    const { failed, notBegun } = await makeAll(jobs, work, context);
    if (context.signal.aborted) {
      if (notBegun > 0) printMessage(`interrupted; ${notBegun} of ${jobs.length} reports were not begun`);
      return EXIT.interrupted;
    }
    return failures.length + failed > 0 ? EXIT.failed : EXIT.done;
  } finally {
    await store.close();
  }
}

/**
 * Returns the part of a schedule that `--shard index/number` names: every so-many-th cluster.
 * @throws ConfigError when the option is not such a part
 */
function shardOf(schedule: Schedule, shard: string, config: Config): Schedule {
  const [, index = '', count = ''] = /^(\d{1,4})\/(\d{1,4})$/.exec(shard) ?? [];
  if (Number(index) >= Number(count))
    throw new ConfigError(
      `--shard: "${shard}" is not a part such as 0/4, 1/4, 2/4 or 3/4, counted from 0 as JOB_COMPLETION_INDEX is`,
    );
  const names = schedule.clusters ?? clustersOf(config).map((cluster) => cluster.name);
  return {
    ...schedule,
    clusters: names.filter((_, position) => position % Number(count) === Number(index)),
  };
}

/** How often to look whether another process has made a report. */
const BUSY_PAUSE_MILLISECONDS = 5_000;

/**
 * Works on all jobs, one after the other. Those that another process works on come again at the end: it makes them, or dies
 * and leaves them.
 */
async function makeAll(
  jobs: readonly Job[],
  work: (job: Job) => Promise<WorkOutcome>,
  { progress, signal }: CommandContext,
): Promise<{ failed: number; notBegun: number }> {
  const left = jobs.map((job) => ({ job, isBusy: false }));
  const giveUp = Date.now() + jobs.length * REPORT_MILLISECONDS;
  let failed = 0;
  const reportFailure = ({ cluster }: Job, reason: string) => {
    failed += 1;
    printMessage(`${cluster}: ${reason}`);
  };
  while (!signal.aborted) {
    const next = left.shift();
    if (next === undefined) break;
    const { job, isBusy } = next;
    if (isBusy) await sleep(BUSY_PAUSE_MILLISECONDS, undefined, { signal }).catch(() => undefined);
    const done = jobs.length - left.length - 1;
    progress.show(`${progressBar(done, jobs.length)} ${job.cluster}, ${done + 1} of ${jobs.length}`);
    // What is wrong with one report, even with its state, must not cost the other clusters theirs.
    const result = await work(job).catch((error: unknown) => ({
      outcome: 'failed' as const,
      error: asError(error),
    }));
    progress.clear();
    if (result.outcome === 'failed') reportFailure(job, result.error.message);
    else if (result.outcome !== 'busy') print(job.id);
    else if (Date.now() < giveUp) left.push({ job, isBusy: true });
    else reportFailure(job, 'another process has been making this report for too long');
  }
  return { failed, notBegun: left.filter(({ isBusy }) => !isBusy).length };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
