import { randomUUID } from 'node:crypto';
import type { Config } from '../config/file.ts';
import { openPrinter } from '../connect/printer.ts';
import { openSecretSources } from '../connect/secrets.ts';
import { openSource } from '../connect/source.ts';
import type { Store } from '../service/archive/store.ts';
import { deadlineOf } from '../service/jobs/deadline.ts';
import type { Job } from '../service/jobs/job.ts';
import { type WorkOutcome, work } from '../service/jobs/work.ts';
import type { CommandContext } from './context.ts';

export type WorkJobOptions = {
  config: Config;
  store: Store;
  /** The Chromium that prints; the bundled or an installed one when absent. */
  chromium: string | undefined;
  /** Time limit for the report. */
  milliseconds: number;
  /** Whether the job is tried again after a failure without anybody asking for it. */
  isRetried: boolean;
};

/** Works on jobs in this process. Keep it: secrets are cached for some minutes. */
export function jobWorker(
  { config, store, chromium, milliseconds, isRetried }: WorkJobOptions,
  { environment, signal }: CommandContext,
): (job: Job) => Promise<WorkOutcome> {
  const secrets = openSecretSources(environment);
  return (job) => {
    const end = Date.now() + milliseconds;
    return work(job, {
      config,
      store,
      openSource: (settings, aborted) => openSource(settings, secrets, aborted),
      openPrinter: () => openPrinter(chromium, environment),
      deadline: deadlineOf(() => end - Date.now()),
      isRetried,
      signal,
      token: randomUUID(),
      now: () => new Date(),
    });
  };
}
