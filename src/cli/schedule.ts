import { readConfigFile } from '../config/file.ts';
import { dueTime } from '../config/period.ts';
import { schedulesOf } from '../config/schedules.ts';
import { jobsOfSchedule } from '../service/jobs/jobs.ts';
import { choose, openArchive } from './archive.ts';
import type { CommandContext } from './context.ts';
import { EXIT } from './exit-codes.ts';
import type { ArchiveFlags } from './options.ts';
import { progressBar } from './progress.ts';
import { print, printMessage } from './terminal.ts';
import { jobWorker } from './work-job.ts';

export type ScheduleFlags = ArchiveFlags & { chromium?: string | undefined };

/** Time limit for one report: three times that of the Lambda function, because a machine is not billed by the second. */
const REPORT_MILLISECONDS = 900_000;

/** `antrea-health schedule`: makes the reports of a schedule and stores them as the service does. */
export async function scheduleCommand(
  name: string | undefined,
  flags: ScheduleFlags,
  context: CommandContext,
): Promise<number> {
  const { environment, progress, signal } = context;
  const config = await readConfigFile(flags.config);
  const schedule = choose('schedule', name, { all: schedulesOf(config.file), config });
  const now = new Date();
  const due = dueTime(flags.at, { timeZone: schedule.timeZone, now, name: '--at' });
  const { jobs, failures } = await jobsOfSchedule(config, schedule, due, now);
  const store = await openArchive(flags, config, environment);
  const work = jobWorker(
    { config, store, chromium: flags.chromium, milliseconds: REPORT_MILLISECONDS, isRetried: false },
    context,
  );
  let failureCount = 0;
  const reportFailure = (cluster: string, reason: string) => {
    failureCount += 1;
    printMessage(`${cluster}: ${reason}`);
  };
  for (const { cluster, error } of failures) reportFailure(cluster, asError(error).message);
  try {
    for (const [index, job] of jobs.entries()) {
      progress.show(`${progressBar(index, jobs.length)} ${job.cluster}, ${index + 1} of ${jobs.length}`);
      // What is wrong with one report, even with its state, must not cost the other clusters theirs.
      const result = await work(job).catch((error: unknown) => ({
        outcome: 'failed' as const,
        error: asError(error),
      }));
      progress.clear();
      if (result.outcome === 'failed') reportFailure(job.cluster, result.error.message);
      else if (result.outcome === 'busy')
        reportFailure(
          job.cluster,
          `another process is making this report, until ${result.until} at the latest`,
        );
      else print(job.id);
      if (!signal.aborted) continue;
      const left = jobs.length - index - 1;
      if (left > 0) printMessage(`interrupted; ${left} of ${jobs.length} reports were not begun`);
      return EXIT.interrupted;
    }
  } finally {
    progress.clear();
    await store.close();
  }
  return failureCount > 0 ? EXIT.failed : EXIT.done;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
