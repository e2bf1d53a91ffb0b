import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settingsOf } from '../../src/config/clusters.ts';
import { parseConfig } from '../../src/config/file.ts';
import { reportSchema } from '../../src/report/model/report.ts';
import { reportFolder } from '../../src/service/archive/address.ts';
import { readState } from '../../src/service/archive/claims.ts';
import { listedReports } from '../../src/service/archive/listing.ts';
import { recordedPeriod } from '../../src/service/jobs/captures.ts';
import type { Job } from '../../src/service/jobs/job.ts';
import { jobOf } from '../../src/service/jobs/jobs.ts';
import { type Deployment, deploy } from './deployment.ts';
import { testProgram } from './test-program.ts';
import { howMany } from './thorough.ts';

const ROUNDS = howMany(5, 10);
const names = Array.from({ length: ROUNDS + 1 }, (_, index) => `cluster-${index}`);
const capture = fileURLToPath(new URL('../../examples/twelve-nodes.capture.gz', import.meta.url));
const config = `
prometheus: { capture: "${capture}" }
clusters: [${names.map((name) => `{ name: ${name} }`).join(', ')}]
`;

let service: Deployment;
beforeAll(async () => {
  service = await deploy(config, { visibilitySeconds: 2, maxReceiveCount: 10 });
});
afterAll(() => service?.stop());

async function send(cluster: string): Promise<Job> {
  const settings = settingsOf(parseConfig(config, 'test.yaml'), cluster);
  const period = await recordedPeriod(settings);
  if (period === null) throw new Error('the example is no capture');
  const job = jobOf({
    cluster,
    settings: settings.report,
    period,
    rendition: settings.rendition,
    trigger: 'test',
    now: new Date(),
  });
  await service.sqs.send(
    new SendMessageCommand({ QueueUrl: service.queueUrl, MessageBody: JSON.stringify(job) }),
  );
  return job;
}

type Run = {
  /** Kills the worker this long after it has started, or after it has begun with the report; never when missing. */
  kill?: { after: 'start' | 'claim'; milliseconds: number };
  /** How far the worker's clock is ahead. */
  shiftSeconds?: number;
};

const isRunning = async (job: Job) => (await readState(service.store, job.id))?.state.state === 'running';

/** Runs a worker until it ends or is killed. @returns how it ended, and how long it worked on the report */
async function run(
  job: Job,
  { kill, shiftSeconds = 0 }: Run = {},
): Promise<{ how: string; milliseconds: number }> {
  const child = spawn(process.execPath, [testProgram('worker')], {
    env: { ...process.env, ...service.environment, SHIFT_SECONDS: String(shiftSeconds) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise<string>((resolve) =>
    child.once('exit', (code, signal) => resolve(signal ?? `exit ${code}`)),
  );
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  if (kill?.after !== 'start')
    while (!hasEnded() && !(await isRunning(job))) await Promise.race([sleep(20), ended]);
  const began = performance.now();
  if (kill) {
    await Promise.race([sleep(kill.milliseconds), ended]);
    child.kill('SIGKILL');
  }
  return { how: await ended, milliseconds: performance.now() - began };
}

async function expectWhole(job: Job, message: string): Promise<void> {
  const { state } = (await readState(service.store, job.id)) ?? {};
  expect(state, message).toMatchObject({ state: 'ready', missing: [], claim: null });
  expect(state?.files.map(({ name }) => name).sort()).toEqual(['report.html', 'report.json', 'report.pdf']);
  for (const { name, key, bytes } of state?.files ?? []) {
    expect(key).toBe(`${reportFolder(job.id)}/${state?.attempt}/${name}`);
    const object = await service.store.get(key);
    expect(object?.bytes.byteLength, message).toBe(bytes);
    const text = Buffer.from(object?.bytes ?? []).toString('latin1');
    if (name === 'report.pdf')
      expect(text.startsWith('%PDF-') && text.trimEnd().endsWith('%%EOF')).toBe(true);
    if (name === 'report.html') expect(text.trimEnd().endsWith('</html>')).toBe(true);
    if (name === 'report.json')
      reportSchema.parse(JSON.parse(Buffer.from(object?.bytes ?? []).toString('utf8')));
  }
  const { reports } = await listedReports(service.store, job.cluster, { limit: 10 });
  expect(
    reports.map(({ id }) => id),
    message,
  ).toEqual([job.id]);
}

describe('workers killed with SIGKILL', () => {
  it('leave reports that are whole after the next delivery', async () => {
    const [first = '', ...others] = names;
    const job = await send(first);
    const undisturbed = await run(job);
    expect(undisturbed.how).toBe('exit 0');
    await expectWhole(job, 'undisturbed');
    const seen: string[] = [];
    for (const [round, name] of others.entries()) {
      const interrupted = await send(name);
      // Two are killed while they start, two as soon as they have begun, the others at random while they gather,
      // render, print and store.
      const share = Math.max(0, (round - 4 + Math.random()) / (ROUNDS - 4));
      const kill =
        round < 2
          ? ({ after: 'start', milliseconds: Math.random() * 500 } as const)
          : ({ after: 'claim', milliseconds: round < 4 ? 0 : share * undisturbed.milliseconds } as const);
      const killed = await run(interrupted, { kill });
      const { state } = (await readState(service.store, interrupted.id)) ?? {};
      const moment = `${Math.round(kill.milliseconds)} ms after its ${kill.after}`;
      seen.push(`${killed.how} ${moment}: ${state?.state ?? 'not begun'}`);
      // The claim of the killed one has run out on the clock of the next.
      if (killed.how === 'SIGKILL')
        expect((await run(interrupted, { shiftSeconds: 600 })).how).toBe('exit 0');
      await expectWhole(interrupted, seen.at(-1) ?? '');
    }
    // Otherwise the moments were badly chosen and this shows nothing.
    expect(seen.filter((one) => one.endsWith('running')).length, seen.join('; ')).toBeGreaterThanOrEqual(
      howMany(1, 2),
    );
  });
});
