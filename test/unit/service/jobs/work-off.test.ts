import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Job } from '../../../../src/service/jobs/job.ts';
import { startWorkOff } from '../../../../src/service/jobs/work-off.ts';
import { jobEnding } from '../archive/surroundings.ts';

const jobs = Array.from({ length: 9 }, (_, day) => jobEnding(`2026112${day}t230000z`));

/** Works off a list of open jobs; a job that was run leaves the list. */
function start({ concurrency = 2, takes = 5, list = [...jobs] as Job[] } = {}) {
  const log: string[] = [];
  const errors: unknown[] = [];
  let most = 0;
  let now = 0;
  const workOff = startWorkOff({
    openJobs: async () => [...list],
    run: async (job, signal) => {
      now += 1;
      most = Math.max(most, now);
      try {
        await sleep(takes, undefined, { signal }).catch(() => log.push(`gave back ${job.id}`));
        if (!signal.aborted) log.push(job.id);
        list.splice(
          list.findIndex(({ id }) => id === job.id),
          1,
        );
      } finally {
        now -= 1;
      }
    },
    concurrency,
    pauseMilliseconds: 5,
    onError: (error) => errors.push(error),
  });
  return { workOff, log, errors, list, most: () => most };
}

const until = async (isTrue: () => boolean) => {
  while (!isTrue()) await sleep(2);
};

it('runs every job once, and as many at a time as are allowed', async () => {
  const { workOff, log, list, most } = start();
  await until(() => list.length === 0);
  await workOff.stop(1000);
  expect([...log].sort()).toEqual(jobs.map(({ id }) => id).sort());
  expect(most()).toBe(2);
});

it('lets running jobs finish and begins no others when it is stopped', async () => {
  const { workOff, log, list } = start({ takes: 50 });
  await until(() => workOff.running() === 2);
  await workOff.stop(60_000);
  expect(log).toHaveLength(2);
  expect(log.join()).not.toContain('gave back');
  expect(list).toHaveLength(7);
});

it('gives running jobs back when they take too long', async () => {
  const { workOff, log } = start({ takes: 600_000 });
  await until(() => workOff.running() === 2);
  await workOff.stop(10);
  expect(log).toHaveLength(2);
  expect(log.every((line) => line.startsWith('gave back'))).toBe(true);
});

it('goes on after a list that failed, and wakes up for a new job', async () => {
  const errors: unknown[] = [];
  const done: string[] = [];
  let lists = 0;
  const workOff = startWorkOff({
    openJobs: async () => {
      lists += 1;
      if (lists === 1) throw new Error('no store');
      return lists === 2 ? jobs.slice(0, 1) : [];
    },
    run: async ({ id }) => void done.push(id),
    concurrency: 1,
    pauseMilliseconds: 600_000,
    onError: (error) => errors.push(error),
  });
  await until(() => errors.length === 1);
  workOff.wake();
  await until(() => done.length === 1);
  await workOff.stop(1000);
  expect(done).toEqual([jobs[0]?.id]);
});

it('a job that fails ends nothing else', async () => {
  const errors: unknown[] = [];
  let runs = 0;
  const workOff = startWorkOff({
    openJobs: async () => (runs < 3 ? jobs.slice(0, 3) : []),
    run: async () => {
      runs += 1;
      throw new Error('no process');
    },
    concurrency: 1,
    pauseMilliseconds: 1,
    onError: (error) => errors.push(error),
  });
  await until(() => runs >= 3);
  await workOff.stop(1000);
  expect(errors.length).toBe(runs);
});
