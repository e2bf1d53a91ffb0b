import { text } from 'node:stream/consumers';
import { readConfigFile } from '../config/file.ts';
import { UserError } from '../report/model/user-error.ts';
import { jobSchema } from '../service/jobs/job.ts';
import { openArchive } from './archive.ts';
import type { CommandContext } from './context.ts';
import { EXIT } from './exit-codes.ts';
import { type JobOutcome, toJobOutcome } from './job-outcome.ts';
import type { StoreFlags } from './options.ts';
import { print } from './terminal.ts';
import { jobWorker } from './work-job.ts';

export type MakeJobFlags = StoreFlags & { chromium?: string | undefined; seconds: string };

/** `antrea-health make-job`: what `serve` starts for each report. Reads the job from standard input. */
export async function makeJobCommand(flags: MakeJobFlags, context: CommandContext): Promise<number> {
  const config = await readConfigFile(flags.config);
  const job = readJob(await text(process.stdin));
  const store = await openArchive(flags, config, context.environment);
  try {
    const milliseconds = Number(flags.seconds) * 1000;
    const work = jobWorker(
      { config, store, chromium: flags.chromium, milliseconds, isRetried: true },
      context,
    );
    const outcome: JobOutcome = await work(job).then(toJobOutcome, (error: unknown) => {
      if (!(error instanceof UserError)) throw error;
      return { outcome: 'failed', error: error.message, final: false };
    });
    print(JSON.stringify(outcome));
    return EXIT.done;
  } finally {
    await store.close();
  }
}

function readJob(content: string) {
  try {
    return jobSchema.parse(JSON.parse(content));
  } catch (error) {
    throw new UserError('standard input is not a job', { cause: error });
  }
}
