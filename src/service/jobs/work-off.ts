import { setTimeout as sleep } from 'node:timers/promises';
import type { Job } from './job.ts';

export type WorkOffOptions = {
  /** Returns the jobs that nobody works on. */
  openJobs: () => Promise<Job[]>;
  /** Works on one job; when the signal is aborted, gives it back soon. */
  run: (job: Job, signal: AbortSignal) => Promise<void>;
  /** How many jobs run at the same time. */
  concurrency: number;
  /** How often to look for jobs that other servers left. */
  pauseMilliseconds: number;
  onError: (error: unknown) => void;
};

export type WorkOff = {
  /** Looks for jobs now. */
  wake(): void;
  /** How many jobs run. */
  running(): number;
  /** Begins no more jobs, gives those that run this time to finish, and then gives them back. */
  stop(graceMilliseconds: number): Promise<void>;
};

/** Works off jobs until it is stopped. */
export function startWorkOff({
  openJobs,
  run,
  concurrency,
  pauseMilliseconds,
  onError,
}: WorkOffOptions): WorkOff {
  const running = new Map<string, Promise<void>>();
  const ending = new AbortController();
  const giveBack = new AbortController();
  let waking = Promise.withResolvers<void>();

  const begin = (job: Job) => {
    const done = run(job, giveBack.signal)
      .catch(onError)
      .finally(() => running.delete(job.id));
    running.set(job.id, done);
  };

  const beginAll = async () => {
    for (const job of shuffled(await openJobs())) {
      while (running.size >= concurrency) await Promise.race(running.values());
      if (ending.signal.aborted) return;
      if (!running.has(job.id)) begin(job);
    }
  };

  const loop = async () => {
    while (!ending.signal.aborted) {
      waking = Promise.withResolvers();
      await beginAll().catch(onError);
      const pause = new AbortController();
      const pausing = sleep(pauseMilliseconds, undefined, { signal: pause.signal }).catch(() => undefined);
      await Promise.race([pausing, waking.promise]);
      pause.abort();
    }
  };

  const looping = loop();
  return {
    wake: () => waking.resolve(),
    running: () => running.size,
    async stop(graceMilliseconds) {
      ending.abort();
      waking.resolve();
      const timer = setTimeout(() => giveBack.abort(), graceMilliseconds);
      await looping;
      await Promise.all(running.values());
      clearTimeout(timer);
    },
  };
}

/** Servers that share a store find the same jobs, and begin with different ones. */
function shuffled<T>(items: readonly T[]): T[] {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = Math.floor(Math.random() * (last + 1));
    [order[last], order[other]] = [order[other] as T, order[last] as T];
  }
  return order;
}
