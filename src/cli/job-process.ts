import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import type { Environment } from '../config/environment.ts';
import type { Job } from '../service/jobs/job.ts';
import { type JobOutcome, jobOutcomeSchema } from './job-outcome.ts';

/** What a process of this program needs to be started again with another command. */
export type ProcessOptions = {
  /** The path of the program, and its options for Node. */
  program: string;
  nodeOptions: readonly string[];
  environment: Environment;
  /** The options of the command make-job. */
  parameters: readonly string[];
  /** After this time the process is killed. */
  milliseconds: number;
};

/**
 * Makes a report in a separate process: its memory is free afterwards, and a report that is too large for the machine
 * ends nothing else.
 * @param signal gives the job back
 * @returns null when the process ended without a result
 */
export async function workInProcess(
  job: Job,
  { program, nodeOptions, environment, parameters, milliseconds }: ProcessOptions,
  signal: AbortSignal,
): Promise<JobOutcome | null> {
  const child = spawn(process.execPath, [...nodeOptions, program, 'make-job', ...parameters], {
    env: environment,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const giveBack = () => child.kill('SIGTERM');
  signal.addEventListener('abort', giveBack);
  if (signal.aborted) giveBack();
  const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds);
  const ended = Promise.withResolvers<void>();
  child.once('error', ended.reject);
  child.once('close', () => ended.resolve());
  try {
    // A process that ends before it has read its job closes the pipe, and says why on standard error.
    child.stdin.on('error', () => undefined);
    child.stdin.end(JSON.stringify(job));
    const [output] = await Promise.all([text(child.stdout), ended.promise]);
    return readOutcome(output);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveBack);
  }
}

function readOutcome(output: string): JobOutcome | null {
  try {
    return jobOutcomeSchema.parse(JSON.parse(output));
  } catch {
    return null;
  }
}
