import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportSchema } from '../../src/report/model/report.ts';
import { withHead } from '../fixtures/captures.ts';
import { exampleDay, type Scenario, simulatedDay } from '../simulation/scenarios.ts';
import { type Outcome, PROGRAM, reportFolder, runCommand } from './cli.ts';
import { prometheusOver } from './prometheus.ts';
import { type Server, temporaryFolder } from './server.ts';

const example = fileURLToPath(new URL('../../examples/twelve-nodes.capture.gz', import.meta.url));

const run = (...parameters: string[]) => runCommand(parameters);

describe('antrea-health', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let scenario: Scenario;
  let server: Server;

  beforeAll(async () => {
    folder = await temporaryFolder('command');
    scenario = simulatedDay('faulty', { nodes: 12 });
    server = await prometheusOver(scenario.simulation);
  });
  afterAll(async () => {
    await server?.stop();
    await folder?.remove();
  });

  const asked = () => [
    ...[
      'report',
      '--prometheus',
      server.url,
      '--cluster',
      'Prod East',
      '--out',
      join(folder.path, 'reports'),
    ],
    ...['--from', '2026-11-20', '--to', '2026-11-21'],
  ];

  it('writes three files into a new folder and prints only the address of the page', async () => {
    const made = await run(...asked());
    expect(made).toEqual({ code: 0, stderr: '', stdout: expect.stringMatching(/^file:\/\/\/\S+\.html\n$/) });
    const path = reportFolder(made);
    expect(path).toMatch(/^\S*\/prod-east-[0-9a-f]{8}-20261121t000000z-[0-9a-f]{8}-en$/);
    expect((await readdir(path)).sort()).toEqual(['report.html', 'report.json', 'report.pdf']);
    expect((await readFile(join(path, 'report.pdf'))).subarray(0, 5).toString()).toBe('%PDF-');
    const report = reportSchema.parse(JSON.parse(await readFile(join(path, 'report.json'), 'utf8')));
    expect(report.cluster).toBe('Prod East');

    const again = await run(
      'render',
      join(path, 'report.json'),
      '--lang',
      'zh-CN',
      '--format',
      'html',
      '--out',
      folder.path,
    );
    expect(again.code).toBe(0);
    const html = await readFile(join(reportFolder(again), 'report.html'), 'utf8');
    expect(html).toContain('<html lang="zh-CN">');
  });

  it('shows the verdict and the incidents on a terminal, and then the address', async () => {
    const show = async (environment: NodeJS.ProcessEnv, ...formats: string[]) => {
      const words = ['report', '--from-capture', example, '--format', ...formats, '--out', folder.path];
      // script(1) is a terminal for the command.
      const command = [process.execPath, PROGRAM, ...words].map((word) => `'${word}'`).join(' ');
      const { stdout } = await promisify(execFile)('script', ['-qec', command, '/dev/null'], {
        env: { ...process.env, NO_COLOR: '', TERM: 'xterm', ...environment },
      });
      // Progress is shown on one line, which is cleared.
      return stdout
        .trimEnd()
        .split('\r\n')
        .map((line) => line.split('\u001b[1G').at(-1) ?? '');
    };
    const lines = await show({}, 'html');
    expect(lines.length).toBeLessThanOrEqual(11);
    expect(lines[0]).toContain('\u001b[31m✗ Critical\u001b[0m · example · Score ');
    expect(lines.at(-1)).toMatch(/^file:\/\/\/\S+-en\/report\.html$/);
    const plain = await show({ NO_COLOR: '1' }, 'json', '--lang', 'zh-CN');
    expect(plain[0]).toMatch(/^✗ 严重 · example · 评分 \d+ \/ 100 · /);
    expect(plain.at(-1)).toMatch(/^\/\S+-zh-CN$/);
  });

  it('needs only an address if the server has one cluster', async () => {
    const unnamed = asked().filter((word) => word !== '--cluster' && word !== 'Prod East');
    const { code, stdout, stderr } = await run(...unnamed, '--format', 'json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const report = reportSchema.parse(
      JSON.parse(await readFile(join(stdout.trimEnd(), 'report.json'), 'utf8')),
    );
    expect(report).toMatchObject({ cluster: 'antrea', complete: true });
  });

  it('exits with the code of --fail-on when the verdict is that bad', async () => {
    const { code, stdout } = await run(...asked(), '--format', 'json', '--fail-on', 'critical');
    expect(code).toBe(3);
    await expect(stat(join(stdout.trimEnd(), 'report.json'))).resolves.toBeTruthy();
  });

  it('makes the same report from a capture as during the recording', async () => {
    const capture = join(folder.path, 'day.capture.gz');
    const live = await run(...asked(), '--format', 'json', '--capture', capture);
    const replayed = await run(
      'report',
      '--from-capture',
      capture,
      '--format',
      'json',
      '--out',
      join(folder.path, 'replayed'),
    );
    expect([live.code, replayed.code]).toEqual([0, 0]);
    const read = async ({ stdout }: Outcome) =>
      JSON.parse(await readFile(join(stdout.trimEnd(), 'report.json'), 'utf8'));
    const [first, second] = [await read(live), await read(replayed)];
    expect(second).toEqual({ ...first, generatedAt: second.generatedAt, source: second.source });
    expect(second.source.kind).toBe('capture');
  });

  it('writes the report even if its capture cannot be written', async () => {
    const lost = join(folder.path, 'lost');
    await mkdir(lost);
    // Passes queries on, after the folder of the capture was removed.
    const proxy = createServer(async (request, response) => {
      await rm(lost, { recursive: true, force: true });
      const answer = await fetch(`${server.url}${request.url}`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: await text(request),
      });
      response.writeHead(answer.status).end(await answer.text());
    }).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const { port } = proxy.address() as AddressInfo;
    const parameters = asked().map((word) => (word === server.url ? `http://127.0.0.1:${port}` : word));
    const { code, stdout, stderr } = await run(
      ...[...parameters, '--format', 'json', '--capture', join(lost, 'day.capture.gz')],
    );
    proxy.close();
    expect(code).toBe(1);
    expect(stderr).toMatch(/^antrea-health: --capture: cannot write \S+day\.capture\.gz \(ENOENT\)\n$/);
    const report = JSON.parse(await readFile(join(stdout.trimEnd(), 'report.json'), 'utf8'));
    expect(report.complete).toBe(true);
  });

  it('applies the configuration of the recorded cluster to a capture', async () => {
    const file = join(folder.path, 'clusters.yaml');
    const clusters =
      '[{ name: other }, { name: example, indicators: { local-pod-count: { critical: { above: 300 }, warning: null } } }]';
    await writeFile(file, `timeZone: Asia/Shanghai\nclusters: ${clusters}\n`);
    const { code, stdout } = await run(
      ...['report', '--from-capture', example, '--config', file, '--format', 'json', '--out', folder.path],
    );
    expect(code).toBe(0);
    const report = JSON.parse(await readFile(join(stdout.trimEnd(), 'report.json'), 'utf8'));
    expect(report.period.timeZone).toBe('Asia/Shanghai');
    expect(report.findings.map(({ indicator }: { indicator: string }) => indicator)).not.toContain(
      'local-pod-count',
    );
  });

  it('requires --time-zone for a capture with an unknown time zone', async () => {
    const file = join(folder.path, 'mars.capture.gz');
    await writeFile(file, withHead(await readFile(example), { timeZone: 'Mars/Phobos' }));
    const asked = ['report', '--from-capture', file, '--format', 'json', '--out', folder.path];
    const refused = await run(...asked);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toMatch(/mars\.capture\.gz \(use --time-zone\)/);
    const { code, stdout } = await run(...asked, '--time-zone', 'Asia/Shanghai');
    expect(code).toBe(0);
    const report = JSON.parse(await readFile(join(stdout.trimEnd(), 'report.json'), 'utf8'));
    expect(report.period.timeZone).toBe('Asia/Shanghai');
  });

  it('makes a report from the shipped example', async () => {
    const { code, stdout } = await run('demo', '--format', 'json', '--out', folder.path);
    expect(code).toBe(0);
    const report = JSON.parse(await readFile(join(stdout.trimEnd(), 'report.json'), 'utf8'));
    expect(report.findings).toHaveLength(exampleDay().truths.length);
    expect((await stat(example)).size).toBeLessThan(1024 * 1024);
  });

  it.each([
    [
      1,
      ['report', '--prometheus', 'http://127.0.0.1:1', '--cluster', 'x', '--range', '1h'],
      /127\.0\.0\.1:1/,
    ],
    [1, ['report', '--from-capture', import.meta.filename], /is not a capture/],
    [2, ['report', '--cluster', 'x'], /--prometheus/],
    [2, ['report', '--prometheus', 'http://127.0.0.1:1', '--cluster', 'x', '--range', 'a day'], /--range/],
    [
      2,
      ['report', '--prometheus', 'http://127.0.0.1:1', '--cluster', 'x', '--time-zone', 'Mars'],
      /--time-zone/,
    ],
    [
      2,
      ['report', '--prometheus', 'http://x', '--cluster', 'x', '--from', '2026-11-02', '--to', '2026-11-01'],
      /--from/,
    ],
    [2, ['report', '--nonsense'], /--nonsense/],
    [2, ['render', '/nonexistent.json'], /nonexistent\.json/],
  ])('exits with %i and one line, without a stack trace, for %j', async (expected, parameters, message) => {
    const { code, stdout, stderr } = await run(...parameters);
    expect({ code, stdout }).toEqual({ code: expected, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
  });

  it('writes the other files when Chromium is missing', async () => {
    const { code, stdout, stderr } = await run(
      ...[
        'report',
        '--from-capture',
        example,
        '--chromium',
        '/nonexistent',
        '--out',
        join(folder.path, 'no-pdf'),
      ],
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(/^antrea-health: .*\/nonexistent/);
    expect((await readdir(reportFolder({ stdout }))).sort()).toEqual(['report.html', 'report.json']);
  });

  it('refuses to render a report with an id that leaves the folder', async () => {
    const made = await run('report', '--from-capture', example, '--format', 'json', '--out', folder.path);
    const report = JSON.parse(await readFile(join(made.stdout.trimEnd(), 'report.json'), 'utf8'));
    const file = join(folder.path, 'hostile.json');
    await writeFile(file, JSON.stringify({ ...report, id: '../../victim' }));
    const { code, stdout, stderr } = await run('render', file, '--format', 'html', '--out', folder.path);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/not a report of this program \(id\)/);
  });

  it('writes the report of a period without Antrea, prints advice and fails', async () => {
    const { code, stdout, stderr } = await run(
      ...asked().slice(0, -4),
      ...['--from', '2025-01-01', '--to', '2025-01-02', '--format', 'html,json', '--fail-on', 'critical'],
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^antrea-health: No Antrea metrics found: Prometheus responds, but .*\nPossible reasons, the most common first:\n {2}1\. /,
    );
    const html = await readFile(join(reportFolder({ stdout }), 'report.html'), 'utf8');
    expect(html).toContain('No Antrea metrics found');
  });

  it('names the line of a mistake in the configuration', async () => {
    const file = join(folder.path, 'wrong.yaml');
    await writeFile(file, 'prometheus:\n  url: http://127.0.0.1:1\n  tiemout: 10s\n');
    const { code, stderr } = await run('report', '--config', file, '--cluster', 'x');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `antrea-health: ${file}:3: prometheus.tiemout: is not a known key; did you mean timeout?\n`,
    });
  });

  it('neither prints nor writes a token', async () => {
    const token = join(folder.path, 'token');
    await writeFile(token, 'glsa_verysecret\n');
    const parameters = [
      ...asked(),
      '--bearer-token-file',
      token,
      '--capture',
      join(folder.path, 'secret.gz'),
    ];
    const { code, stdout, stderr } = await run(...parameters, '--format', 'json,html');
    expect(code).toBe(0);
    const written = await Promise.all(
      ['report.json', 'report.html'].map((name) => readFile(join(reportFolder({ stdout }), name), 'utf8')),
    );
    expect([stdout, stderr, ...written].join('')).not.toContain('verysecret');
  });
});
