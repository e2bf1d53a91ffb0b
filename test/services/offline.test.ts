import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../scripts/offline/free-port.ts';
import { temporaryFolder } from './server.ts';
import { waitUntil } from './wait-until.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The source is the shipped capture; one cluster has a schedule of every minute, the other has none. */
const CONFIG = `
prometheus: { capture: "${join(root, 'examples/twelve-nodes.capture.gz')}" }
clusters:
  - { name: asked-for }
  - { name: scheduled }
schedules:
  - { name: minutely, period: day, cron: '* * * * ? *', clusters: [scheduled], formats: [html] }
`;

let child: ChildProcess;
let address: string;
let folder: { path: string; remove(): Promise<void> };
let output = '';

beforeAll(async () => {
  folder = await temporaryFolder('offline');
  const config = join(folder.path, 'config.yaml');
  await writeFile(config, CONFIG);
  const port = await freePort();
  address = `http://127.0.0.1:${port}/reports`;
  child = spawn(process.execPath, ['scripts/offline.ts', '--config', config, '--port', String(port)], {
    cwd: root,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
  });
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  await waitUntil(
    () => output.includes('The service listens on') || child.exitCode !== null,
    () => `the service does not start: ${output}`,
  );
  if (child.exitCode !== null) throw new Error(output);
});
afterAll(async () => {
  if (child?.exitCode === null) {
    child.kill('SIGINT');
    await new Promise((resolve) => child.once('exit', resolve));
  }
  await folder?.remove();
});

async function becomesReady(path: string): Promise<void> {
  const isReady = async () => {
    const report = (await (await fetch(new URL(path, address))).json()) as { state: string; reason: string };
    if (report.state === 'failed') throw new Error(report.reason);
    return report.state === 'ready';
  };
  await waitUntil(isReady, () => `${path} is still not ready: ${output}`);
}

describe('npm run offline', () => {
  it('says in one line that its port is in use', async () => {
    const { port } = new URL(address);
    const second = spawn(process.execPath, ['scripts/offline.ts', '--port', port], { cwd: root });
    const [stdout, stderr, [code]] = await Promise.all([
      text(second.stdout),
      text(second.stderr),
      once(second, 'exit'),
    ]);
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: '',
      stderr: `offline: --port: ${port} is in use; choose another with --port\n`,
    });
  });

  it('makes a report on demand and serves it over HTTP', async () => {
    const asked = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ cluster: 'asked-for', language: 'zh-CN' }),
    });
    expect(asked.status).toBe(202);
    const path = asked.headers.get('location') ?? '';
    await becomesReady(path);
    const pdf = await fetch(new URL(`${path}/report.pdf`, address));
    expect(pdf.headers.get('content-type')).toBe('application/pdf');
    expect(
      Buffer.from(await pdf.arrayBuffer())
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');
    const html = await fetch(`${address}/asked-for/latest/report.html`);
    expect(await html.text()).toContain('lang="zh-CN"');
    const page = await fetch(address, { headers: { accept: 'text/html' } });
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await page.text()).toContain('asked-for');
  });

  it('answers bad requests like the deployed service', async () => {
    const wrong = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{',
    });
    expect(wrong.status).toBe(400);
    expect(wrong.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    const up = await fetch(`${address}/asked-for/..%2f..%2fetc%2fpasswd`);
    expect(up.status).toBe(404);
    expect(up.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    const elsewhere = await fetch(new URL('/nothing/here', address), { method: 'DELETE' });
    expect(elsewhere.status).toBe(404);
    expect(elsewhere.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  it('makes reports on a schedule', async () => {
    const isListed = async () => {
      const response = await fetch(`${address}?cluster=scheduled`);
      return ((await response.json()) as { reports: unknown[] }).reports.length > 0;
    };
    await waitUntil(isListed, () => `no report was made by the schedule: ${output}`);
  });
});
