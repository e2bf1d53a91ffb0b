import { randomUUID } from 'node:crypto';
import { readConfigFile } from '../config/file.ts';
import { dueTime } from '../config/period.ts';
import { schedulesOf } from '../config/schedules.ts';
import { openPrinter } from '../connect/printer.ts';
import { openSecretSources } from '../connect/secrets.ts';
import { openSource } from '../connect/source.ts';
import { deadlineOf } from '../service/jobs/deadline.ts';
import { jobsOfSchedule } from '../service/jobs/jobs.ts';
import { work } from '../service/jobs/work.ts';
import { type ArchiveFlags, choose, openArchive } from './archive.ts';
import type { CommandContext } from './context.ts';
import { EXIT } from './exit-codes.ts';
import { bar } from './progress.ts';

export type ScheduleFlags = ArchiveFlags & { chromium?: string };

/** Time limit for one report: three times that of the Lambda function, since a machine is not billed by the second. */
const REPORT_MILLISECONDS = 900_000;

/** `antrea-health schedule`: makes the reports of a schedule and stores them as the service does. */
export async function scheduleCommand(
  name: string | undefined,
  flags: ScheduleFlags,
  { environment, progress }: CommandContext,
): Promise<number> {
  const config = await readConfigFile(flags.config);
  const schedule = choose('schedule', name, { all: schedulesOf(config.file), config });
  const now = new Date();
  const due = dueTime(flags.at, { timeZone: schedule.timeZone, now, name: '--at' });
  const { jobs, failures } = await jobsOfSchedule(config, schedule, due, now);
  const store = await openArchive(flags, environment);
  const secrets = openSecretSources(environment);
  let failed = 0;
  const fail = (cluster: string, reason: string) => {
    failed += 1;
    process.stderr.write(`antrea-health: ${cluster}: ${reason}\n`);
  };
  for (const { cluster, error } of failures)
    fail(cluster, error instanceof Error ? error.message : String(error));
  try {
    for (const [index, job] of jobs.entries()) {
      progress.show(`${bar(index, jobs.length)} ${job.cluster}, ${index + 1} of ${jobs.length}`);
      const end = Date.now() + REPORT_MILLISECONDS;
      const result = await work(job, {
        config,
        store,
        openSource: (settings, signal) => openSource(settings, secrets, signal),
        openPrinter: () => openPrinter(flags.chromium),
        deadline: deadlineOf(() => end - Date.now()),
        token: randomUUID(),
        now: () => new Date(),
      });
      progress.clear();
      if (result.outcome === 'failed') fail(job.cluster, result.error.message);
      else if (result.outcome === 'busy')
        fail(job.cluster, `another worker is making this report until ${result.until}`);
      else process.stdout.write(`${job.id}\n`);
    }
  } finally {
    progress.clear();
    await store.close();
  }
  return failed > 0 ? EXIT.failed : EXIT.done;
}
