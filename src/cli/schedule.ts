import { randomUUID } from 'node:crypto';
import { openSecretStores } from '../adapters/secrets/aws.ts';
import { schedulesOf } from '../config/schedules.ts';
import { openSource } from '../connect.ts';
import { deadlineOf } from '../service/jobs/deadline.ts';
import { jobsOfSchedule } from '../service/jobs/jobs.ts';
import { work } from '../service/jobs/work.ts';
import { type ArchiveFlags, dueTimeOf, notAmong, openArchive, readServiceConfig } from './archive.ts';
import type { CommandContext } from './context.ts';
import { EXIT } from './exit-codes.ts';
import { bar } from './progress.ts';

export type ScheduleFlags = ArchiveFlags & { chromium?: string };

/** How long one report may take: three times what the function on Lambda has, since nobody counts the seconds here. */
const REPORT_MILLISECONDS = 900_000;

/** `antrea-health schedule`: makes the reports of a schedule and stores them as the service does. */
export async function scheduleCommand(
  name: string | undefined,
  flags: ScheduleFlags,
  { environment, progress }: CommandContext,
): Promise<number> {
  const config = await readServiceConfig(flags);
  const schedules = schedulesOf(config.file);
  const schedule =
    name === undefined && schedules.length === 1 ? schedules[0] : schedules.find((one) => one.name === name);
  if (!schedule) throw notAmong('schedule', name, schedules, config.name);
  const now = new Date();
  const { jobs, failures } = await jobsOfSchedule(
    config,
    schedule,
    dueTimeOf(flags, schedule.timeZone, now),
    now,
  );
  const store = await openArchive(flags, environment['AWS_ENDPOINT_URL_S3']);
  const secretStores = openSecretStores();
  const say = (cluster: string, what: string) => process.stderr.write(`antrea-health: ${cluster}: ${what}\n`);
  let failed = failures.length;
  for (const { cluster, error } of failures)
    say(cluster, error instanceof Error ? error.message : String(error));
  try {
    for (const [index, job] of jobs.entries()) {
      progress.show(`${bar(index, jobs.length)} ${job.cluster}, ${index + 1} of ${jobs.length}`);
      const end = Date.now() + REPORT_MILLISECONDS;
      const outcome = await work(job, {
        config,
        store,
        openSource: (settings, signal) => openSource(settings, { environment, secretStores, signal }),
        openPrinter: async () => {
          const { openPrinter } = await import('../report/render/print/pdf.ts');
          return openPrinter(flags.chromium ? { executablePath: flags.chromium } : {});
        },
        deadline: deadlineOf(() => end - Date.now()),
        token: randomUUID(),
        now: () => new Date(),
      });
      progress.clear();
      if (outcome.outcome === 'failed') {
        failed += 1;
        say(job.cluster, outcome.error.message);
      } else if (outcome.outcome === 'busy') {
        failed += 1;
        say(job.cluster, `somebody else is making it until ${outcome.until}`);
      } else process.stdout.write(`${job.id}\n`);
    }
  } finally {
    progress.clear();
    await store.close();
  }
  return failed > 0 ? EXIT.failed : EXIT.done;
}
