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

const ROUNDS = 10;
const names = Array.from({ length: ROUNDS + 1 }, (_, index) => `cluster-${index}`);
const capture = fileURLToPath(new URL('../../examples/twelve-nodes.capture.gz', import.meta.url));
const config = `
prometheus: { capture: "${capture}" }
clusters: [${names.map((name) => `{ name: ${name} }`).join(', ')}]
`;
const script = fileURLToPath(new URL('worker.ts', import.meta.url));

let service: Deployment;
beforeAll(async () => {
  // Hidden for less than what a worker has patience for.
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

/** Runs a worker until it ends, or ends it. @returns how, and after how many milliseconds */
async function run(shiftSeconds: number, killAfter?: number): Promise<{ how: string; milliseconds: number }> {
  const began = performance.now();
  const child = spawn(process.execPath, [script], {
    env: { ...process.env, ...service.environment, SHIFT_SECONDS: String(shiftSeconds) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise<string>((resolve) =>
    child.once('exit', (code, signal) => resolve(signal ?? `exit ${code}`)),
  );
  if (killAfter !== undefined) {
    await Promise.race([sleep(killAfter), ended]);
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
    const { how, milliseconds: whole } = await run(0);
    expect(how).toBe('exit 0');
    await expectWhole(job, 'undisturbed');
    const seen: string[] = [];
    for (const [round, name] of others.entries()) {
      const interrupted = await send(name);
      // Spread over a worker's life, at random within each part: its start, gathering, printing, storing.
      const killAfter = ((round + Math.random()) / ROUNDS) * whole;
      const killed = await run(0, killAfter);
      const { state } = (await readState(service.store, interrupted.id)) ?? {};
      seen.push(`${killed.how} after ${Math.round(killAfter)} ms: ${state?.state ?? 'not begun'}`);
      // Its claim has run out by then.
      if (killed.how === 'SIGKILL') expect((await run(600)).how).toBe('exit 0');
      await expectWhole(interrupted, seen.at(-1) ?? '');
    }
    // Otherwise the moments were badly chosen and this shows nothing.
    expect(seen.filter((one) => one.endsWith('running')).length, seen.join('; ')).toBeGreaterThanOrEqual(2);
  }, 600_000);
});
