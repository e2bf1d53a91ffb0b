import type { Store } from '../service/archive/store.ts';
import type { Job } from '../service/jobs/job.ts';
import { findOpenJobs } from '../service/jobs/open-jobs.ts';
import { startWorkOff, type WorkOff } from '../service/jobs/work-off.ts';
import type { ServerMetrics } from '../service/metrics.ts';
import type { CommandContext } from './context.ts';
import type { JobOutcome } from './job-outcome.ts';
import { type ProcessOptions, workInProcess } from './job-process.ts';
import type { Log } from './log.ts';
import type { StoreFlags } from './options.ts';

export type ServeJobsOptions = {
  flags: StoreFlags & { chromium?: string | undefined };
  store: Store;
  concurrency: number;
  metrics: ServerMetrics;
  log: Log;
  onError: (error: unknown) => void;
};

/** As for the Lambda function: `timeout` of generate-report in serverless.yml. */
const REPORT_SECONDS = 300;

/** Near the end of its time a report is stored with what it has; see service/jobs/deadline.ts. */
const KILL_AFTER_SECONDS = REPORT_SECONDS + 30;

/** How often to look for what other servers left, and for what failed and must be tried again. */
const LOOK_MILLISECONDS = 10_000;

/** Makes the reports that are requested, each in a separate process. */
export function startServeJobs(
  { flags, store, concurrency, metrics, log, onError }: ServeJobsOptions,
  { environment }: CommandContext,
): WorkOff {
  const findJobs = findOpenJobs(store, onError);
  const own: ProcessOptions = {
    program: process.argv[1] ?? '',
    nodeOptions: process.execArgv,
    environment,
    parameters: parametersOf(flags),
    milliseconds: KILL_AFTER_SECONDS * 1000,
  };
  return startWorkOff({
    openJobs: () => findJobs(new Date()),
    run: async (job, signal) => {
      const outcome = await workInProcess(job, own, signal);
      metrics.count(outcome?.outcome ?? 'died', outcome?.outcome === 'made' ? outcome.seconds : undefined);
      log(...lineOf(job, outcome));
    },
    concurrency,
    pauseMilliseconds: LOOK_MILLISECONDS,
    onError,
  });
}

function parametersOf({ config, archive, bucket, chromium }: ServeJobsOptions['flags']): string[] {
  const given = { '--config': config, '--archive': archive, '--bucket': bucket, '--chromium': chromium };
  return [
    ...Object.entries(given).flatMap(([option, value]) => (value === undefined ? [] : [option, value])),
    ...['--seconds', String(REPORT_SECONDS)],
  ];
}

function lineOf({ id: report }: Job, outcome: JobOutcome | null): Parameters<Log> {
  switch (outcome?.outcome) {
    case 'made': {
      const seconds = Object.values(outcome.seconds).reduce((sum, one) => sum + one, 0);
      const missing = outcome.missing.join('; ') || undefined;
      return ['info', 'made', { report, verdict: outcome.verdict ?? undefined, seconds, missing }];
    }
    case 'ready':
      return ['info', 'was made before', { report }];
    case 'busy':
      return ['info', 'another server makes it', { report, until: outcome.until }];
    case 'failed': {
      const message = outcome.final ? 'failed' : 'failed; will be tried again';
      return ['error', message, { report, error: outcome.error }];
    }
    case undefined:
      return ['error', 'the process of a report ended without a result', { report }];
  }
}
