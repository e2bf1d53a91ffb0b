/** Two servers that share a bucket, their reports, metrics and end. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openS3Store } from '../../src/adapters/s3/store.ts';
import { clusterKey } from '../../src/report/model/cluster-key.ts';
import { stateKey } from '../../src/service/archive/address.ts';
import { listedReports } from '../../src/service/archive/listing.ts';
import type { Store } from '../../src/service/archive/store.ts';
import { type Ceph, startCeph } from './ceph.ts';
import { PROGRAM } from './cli.ts';
import { checkMetrics } from './promtool.ts';
import { temporaryFolder } from './server.ts';
import { howMany } from './thorough.ts';
import { waitUntil } from './wait-until.ts';

const CAPTURE = fileURLToPath(new URL('../../examples/twelve-nodes.capture.gz', import.meta.url));

const NAMES = Array.from({ length: howMany(8, 20) }, (_, index) => `cluster-${index}`);

let ceph: Ceph;
let store: Store;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let config = '';
const servers: Server[] = [];

beforeAll(async () => {
  [ceph, folder] = await Promise.all([startCeph(), temporaryFolder('serve')]);
  await ceph.createBucket('reports');
  const { endpoint, region, credentials } = ceph;
  store = openS3Store({ bucket: 'reports', endpoint, region, credentials });
  config = join(folder.path, 'antrea-health.yaml');
  const key = join(folder.path, 'key');
  await writeFile(key, `${credentials.secretAccessKey}\n`);
  await writeFile(
    config,
    `
prometheus: { capture: ${JSON.stringify(CAPTURE)} }
formats: [json]
clusters: [${NAMES.map((name) => `{ name: ${name}${name === 'cluster-7' ? ', formats: [html]' : ''} }`).join(', ')}]
archive:
  s3:
    bucket: reports
    endpoint: ${endpoint}
    accessKeyId: { environment: KEY_ID }
    secretAccessKey: { file: ${JSON.stringify(key)} }
`,
  );
});
afterAll(async () => {
  for (const { child } of servers) if (child.exitCode === null && child.pid) killAll(child, 'SIGKILL');
  await store?.close();
  await ceph?.stop();
  await folder?.remove();
});

type Server = { url: string; metricsUrl: string; child: ChildProcess; log: string[] };

/** Starts a server in a process group, whose processes end with it as those of a Pod do. */
async function start(): Promise<Server> {
  const listen = ['--listen', '127.0.0.1:0', '--listen-metrics', '127.0.0.1:0'];
  const child = spawn(process.execPath, [PROGRAM, 'serve', '--config', config, ...listen], {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env['PATH'], TMPDIR: process.env['TMPDIR'], KEY_ID: ceph.credentials.accessKeyId },
  });
  const log: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => log.push(line));
  const urls = () =>
    log.flatMap((line) => {
      const [, url] = /msg="?serves.* url=(\S+)/.exec(line) ?? [];
      return url === undefined ? [] : [url.replace(/\/$/, '/reports')];
    });
  await waitUntil(
    () => urls().length === 2 || child.exitCode !== null,
    () => log.join('\n'),
  );
  const [url = '', metricsUrl = ''] = urls();
  const server = { url, metricsUrl, child, log };
  servers.push(server);
  return server;
}

function killAll({ pid = 0 }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended.
  }
}

async function request({ url }: Server, cluster: string) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ cluster }),
  });
  const body = (await response.json()) as { id: string; state: string };
  return { status: response.status, body };
}

const finished = async () => (await listedReports(store, null, { limit: 1000 })).reports;

/** Makes the claims of a server that was killed expire now; its reports would otherwise wait for a minute. */
async function expireClaims(ids: readonly string[]): Promise<number> {
  let count = 0;
  for (const id of ids) {
    const object = await store.get(stateKey(id));
    const state = object && JSON.parse(Buffer.from(object.bytes).toString('utf8'));
    if (object === null || state.state !== 'running') continue;
    const expired = { ...state, claim: { ...state.claim, until: new Date().toISOString() } };
    const kind = { contentType: object.contentType };
    if (await store.put(stateKey(id), Buffer.from(JSON.stringify(expired)), kind, { tag: object.tag }))
      count += 1;
  }
  return count;
}

const numberOf = (metrics: string, name: string) =>
  Number(
    metrics
      .split('\n')
      .find((line) => line.startsWith(`${name} `))
      ?.slice(name.length + 1) ?? NaN,
  );

describe('two servers of one bucket', () => {
  let first: Server;
  let second: Server;

  it('make one report of five requests for it each, although one of them is killed', async () => {
    [first, second] = await Promise.all([start(), start()]);
    const requests = Array.from({ length: 5 * NAMES.length }, (_, index) =>
      request(index % 2 === 0 ? first : second, NAMES[index % NAMES.length] ?? ''),
    );
    const answers = await Promise.all(requests);
    expect(answers.filter(({ status }) => status !== 200 && status !== 202)).toEqual([]);
    const ids = [...new Set(answers.map(({ body }) => body.id))];
    expect(ids).toHaveLength(NAMES.length);
    await waitUntil(
      async () => (await finished()).length >= 5,
      () => [...first.log, ...second.log].join('\n'),
    );
    killAll(first.child, 'SIGKILL');
    await once(first.child, 'close');
    await expireClaims(ids);
    await waitUntil(
      async () => (await finished()).length >= NAMES.length,
      () => second.log.join('\n'),
    );
    expect((await finished()).map(({ cluster }) => cluster).sort()).toEqual(NAMES.map(clusterKey).sort());
  });

  it('show the reports, hand out their files, and say in metrics what they did', async () => {
    const page = await fetch(second.url, { headers: { accept: 'text/html' } });
    expect(await page.text()).toContain('cluster-7');
    const { reports } = (await (await fetch(`${second.url}?cluster=cluster-7`)).json()) as {
      reports: { url: string }[];
    };
    const report = new URL(`${reports[0]?.url}/report.html`, second.url);
    const file = await fetch(report);
    expect(file.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(file.headers.get('content-security-policy')).toContain('sandbox');
    expect(await file.text()).toMatch(/^<!doctype html>.*<\/html>\s*$/is);
    const metrics = await (await fetch(second.metricsUrl)).text();
    // How many of them the first one made before it was killed is left to chance.
    expect(numberOf(metrics, 'healthreport_jobs_total{outcome="made"}')).toBeGreaterThan(0);
    expect(numberOf(metrics, 'healthreport_score{cluster="cluster-7"}')).toBeGreaterThanOrEqual(0);
    expect(await checkMetrics(metrics)).toBe('');
  });

  it('give back or finish what they are making on SIGTERM, and exit with 0', async () => {
    const again = await fetch(second.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ cluster: 'cluster-3', language: 'zh-CN' }),
    });
    const { id } = (await again.json()) as { id: string };
    const state = async () => {
      const object = await store.get(stateKey(id));
      return object === null ? null : JSON.parse(Buffer.from(object.bytes).toString('utf8')).state;
    };
    await waitUntil(
      async () => (await state()) === 'running',
      () => second.log.join('\n'),
    );
    second.child.kill('SIGTERM');
    const [code] = await once(second.child, 'close');
    expect(code).toBe(0);
    expect(['ready', 'queued']).toContain(await state());
    await expect(fetch(second.url)).rejects.toThrow();
  });

  it('go on with what was requested when they start again', async () => {
    const third = await start();
    const { body } = await request(third, 'cluster-3');
    expect(body).toMatchObject({ state: 'ready' });
    await waitUntil(
      async () => (await finished()).length >= NAMES.length + 1,
      () => third.log.join('\n'),
    );
    killAll(third.child, 'SIGTERM');
    await once(third.child, 'close');
  });
});
