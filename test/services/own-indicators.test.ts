import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../scripts/offline/free-port.ts';
import { CLUSTER_SUBJECT, reportSchema } from '../../src/report/model/report.ts';
import { type Outcome, reportFolder, runCommand } from './cli.ts';
import { prometheusOver } from './prometheus.ts';
import { type Server, temporaryFolder } from './server.ts';
import { victoriaMetricsOver } from './victoria-metrics.ts';

/** Tests custom indicators on a real Prometheus, from `antrea-health check` to the e-mail. */

const DAY_SECONDS = 86_400;

const NOW = Math.floor(Date.now() / 60_000) * 60;
/** The last midnight, which ends the period of the daily report. */
const TODAY = Math.floor(NOW / DAY_SECONDS) * DAY_SECONDS;
const FAULT_START = TODAY - 15 * 3600;

const OWN = `
indicators:
  pods-of-all-nodes:
    title: { en: Pods of all nodes, zh-CN: 全部节点的 Pod }
    query: sum(max_over_time(antrea_agent_local_pod_count{$agents}[$span]))
    unit: pods
    critical: { above: 240, for: 10m }
    explanation: All \`Pods\` & <their> sum.
    nextSteps: [{ text: Count them., command: "kubectl get pods -A" }]
  busiest-node: { title: Busiest node, unit: pods, query: "max_over_time(antrea_agent_local_pod_count{$agents}[$span])", subject: node, warning: { above: 200, for: 5m } }
`;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: Server;

beforeAll(async () => {
  folder = await temporaryFolder('own-indicators');
  server = await prometheusOver({
    start: TODAY - DAY_SECONDS - 1800,
    end: NOW,
    nodes: 3,
    faults: [{ kind: 'pods', node: 'worker-02', start: FAULT_START, end: NOW, level: 246 }],
  });
});
afterAll(async () => {
  await server?.stop();
  await folder?.remove();
});

async function config(text: string): Promise<string> {
  const file = join(folder.path, 'own.yaml');
  await writeFile(file, text);
  return file;
}

const run = (...parameters: string[]) => runCommand(parameters);

/** Returns the output for a configuration, without the name of its folder. */
async function check(text: string, ...more: string[]): Promise<Outcome> {
  const outcome = await run('check', '--config', await config(text), ...more);
  const short = (output: string) =>
    output.replaceAll(`${folder.path}/`, '').replaceAll(server.url, 'PROMETHEUS');
  return { ...outcome, stdout: short(outcome.stdout), stderr: short(outcome.stderr) };
}

const asked = (text: string) => `prometheus: { url: "${server.url}" }\n${text.trimStart()}`;

describe('antrea-health check', () => {
  it('prints the server’s answer for each indicator', async () => {
    const { code, stdout, stderr } = await check(asked(OWN));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toBe('own.yaml: valid, 1 cluster, 2 custom indicators');
    expect(stdout).toMatch(/^ok +pods-of-all-nodes +1 series; now \d{3} pods$/m);
    expect(stdout).toMatch(/^ok +busiest-node +3 series, 3 nodes; highest now 24\d pods \(worker-02\)$/m);
  });

  it('checks each cluster, or only the requested one', async () => {
    const text = asked(
      `${OWN}clusters: [{ name: east }, { name: west, indicators: { busiest-node: null } }]\n`,
    );
    const all = await check(text);
    const own = /^(?:east|west$|(?:ok|note) +(?:pods-of-all-nodes|busiest-node)\b)/gm;
    expect(all.stdout.match(own)?.map((line) => line.split(/ +/).at(-1))).toEqual([
      'east',
      'pods-of-all-nodes',
      'busiest-node',
      'west',
      'pods-of-all-nodes',
    ]);
    const one = await check(text, '--cluster', 'west');
    expect(one.stdout).not.toContain('east');
    expect(one.stdout).toMatch(/^west\n(?:.*\n)+ok +pods-of-all-nodes /m);
  });

  it.each<[string, string, RegExp]>([
    [
      'in one line',
      `indicators:\n  wrong: { title: Wrong, unit: count, query: rate(up) }\n`,
      /→ own\.yaml:3: indicators\.wrong\.query: Prometheus refused the query \(HTTP 400\): .*expected type range vector.*\n/,
    ],
    [
      'in the third line of many, for nodes',
      'indicators:\n  wrong:\n    title: Wrong\n    unit: count\n    subject: node\n    query: |\n      # what\n      sum(\n        rate(up{$agents})\n      )\n',
      /→ own\.yaml:10: indicators\.wrong\.query: .*expected type range vector.*\n/,
    ],
  ])('prints the line and the reason when the server refuses a query %s', async (_, text, message) => {
    const { code, stdout } = await check(asked(text));
    expect(stdout).toMatch(message);
    expect(stdout).toMatch(/^problem wrong +the server refuses the query$/m);
    expect(code).toBe(2);
  });

  it.each<[string, string, string]>([
    [
      'is empty',
      '{ title: x, unit: count, query: nobody_exposes_this }',
      'the answer is empty, which a report shows as no data; check the names of metrics and labels, or set whenEmpty: idle if an empty answer is normal',
    ],
    [
      'has lost its nodes',
      '{ title: x, unit: count, query: sum by (job) (up), subject: node }',
      'the answer has series without the label node; keep the label, for example with "by (node)", or remove subject: node',
    ],
    [
      'names others than nodes',
      `{ title: x, unit: count, query: 'up{job!~"antrea.*"}', subject: node }`,
      'is not the name of a node with an agent, such as "control-plane-1"; set the label node to the name of the node, for example with label_replace',
    ],
    [
      'falls together',
      '{ title: x, unit: pods, query: "antrea_agent_local_pod_count{$agents}" }',
      '3 series of the cluster are merged, and the greatest value is used; separate them with splitBy: [node], or aggregate them in the query',
    ],
    [
      'has no value now',
      `{ title: x, unit: pods, query: 'max(antrea_agent_local_pod_count and on () vector(time()) < ${NOW - 12 * 3600})' }`,
      'has no current value, only earlier ones; check whether its metrics still exist',
    ],
  ])('warns about an answer that %s', async (_, indicator, doubt) => {
    const { code, stdout } = await check(asked(`indicators:\n  odd: ${indicator}\n`));
    expect(stdout).toMatch(/^note +odd +.+\n +→ own\.yaml:3: indicators\.odd\.query: .+\n/m);
    expect(stdout).toContain(doubt);
    expect(code).toBe(0);
  });

  it('accepts an empty answer with whenEmpty: idle', async () => {
    const { stdout, stderr } = await check(
      asked('indicators:\n  odd: { title: x, unit: count, query: nobody_exposes_this, whenEmpty: idle }\n'),
    );
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^ok +odd +empty: no series, which counts as idle$/m);
  });

  it('lists all problems of a file without a query', async () => {
    const { code, stdout, stderr } = await check(
      'prometheus: { url: "http://127.0.0.1:9" }\nindicators:\n  a: { title: x, query: up) , unit: count }\n  b: { query: up }\n',
    );
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe(
      'antrea-health: own.yaml:3: indicators.a.query: unexpected `)` at column 3 of the query\n' +
        'antrea-health: own.yaml:4: indicators.b: needs title, because it has a query\n',
    );
  });

  it('lists problems of single clusters and of schedules with their lines', async () => {
    const { code, stderr } = await check(
      'clusters:\n  - name: a\n    indicators:\n      cpu-usage: { query: up, title: x, unit: cores }\n      gone: null\n  - name: b\n    indicators:\n      lost: { warning: null }\n    timeZone: Mars\nschedules: [{ name: d, period: day, clusters: [c] }]\n',
    );
    expect(code).toBe(2);
    const lines = stderr.trimEnd().split('\n');
    expect(lines.map((line) => /^antrea-health: own\.yaml(?::\d+)?: [\w.-]+/.exec(line)?.[0])).toEqual([
      'antrea-health: own.yaml:4: indicators.cpu-usage.query',
      'antrea-health: own.yaml:5: indicators.gone',
      'antrea-health: own.yaml:8: indicators.lost',
      'antrea-health: own.yaml:9: timeZone',
      'antrea-health: own.yaml:10: schedules.d.clusters',
    ]);
  });

  it('sends no query with --offline', async () => {
    const { code, stdout, stderr } = await check(
      `prometheus: { url: "http://127.0.0.1:9" }${OWN}`,
      '--offline',
    );
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: 'own.yaml: valid, 1 cluster, 2 custom indicators\n',
      stderr: '',
    });
  });

  it('reports a Prometheus that does not answer, and checks the other clusters', async () => {
    const dead = `http://127.0.0.1:${await freePort()}`;
    const { code, stdout, stderr } = await check(
      `${OWN}clusters:\n  - { name: down, prometheus: { url: "${dead}" } }\n  - { name: up, prometheus: { url: "${server.url}" } }\n`,
    );
    expect(stderr).toBe('');
    expect(stdout).toMatch(
      new RegExp(
        `^down\\nproblem Connection +cannot reach Prometheus at ${dead} \\(ECONNREFUSED\\); check the address$`,
        'm',
      ),
    );
    expect(stdout).toMatch(/^up\n(?:.*\n)+ok +pods-of-all-nodes +1 series/m);
    expect(code).toBe(1);
  });

  it('needs a file or an address', async () => {
    expect(await run('check')).toMatchObject({
      code: 2,
      stderr:
        'antrea-health: --config: give the file to check, or the address of a server with --prometheus\n',
    });
  });
});

describe('antrea-health check on VictoriaMetrics', () => {
  it('prints the same, and the reason when the server refuses a query', async () => {
    const victoriaMetrics = await victoriaMetricsOver({
      start: NOW - 2 * 3600,
      end: NOW,
      nodes: 2,
      labelling: 'address-and-node',
    });
    try {
      const file = await config(
        `${OWN}  wrong: { title: x, unit: count, query: 'label_replace(up, "a")' }\n`.trimStart(),
      );
      const { code, stdout, stderr } = await run(
        ...['check', '--config', file, '--prometheus', victoriaMetrics.url],
      );
      expect(stderr).toBe('');
      expect(stdout).toMatch(/^ok +busiest-node +2 series, 2 nodes; highest now \d+ pods \([\w-]+\)$/m);
      expect(stdout).toMatch(/ → \S+:10: indicators\.wrong\.query: Prometheus refused the query .+\n/);
      expect(code).toBe(2);
    } finally {
      await victoriaMetrics.stop();
    }
  });
});

async function textOfPdf(bytes: Uint8Array): Promise<string> {
  const { getDocument } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const document = await getDocument({ data: new Uint8Array(bytes) }).promise;
  const pages = Array.from({ length: document.numPages }, async (_, index) => {
    const { items } = await (await document.getPage(index + 1)).getTextContent();
    return items.map((item) => ('str' in item ? item.str : '')).join('');
  });
  return (await Promise.all(pages)).join('\n');
}

describe('a report with custom indicators', () => {
  it('has their findings, with their texts in both languages', async () => {
    const file = await config(asked(OWN));
    const made = await run(
      ...['report', '--config', file, '--cluster', 'prod', '--range', '4h', '--format', 'html,pdf,json'],
      ...['--out', folder.path],
    );
    const path = reportFolder(made);
    const report = reportSchema.parse(JSON.parse(await readFile(join(path, 'report.json'), 'utf8')));
    const [sum, node] = report.indicators.filter(({ section }) => section === 'own');
    expect(sum).toMatchObject({
      id: 'pods-of-all-nodes',
      status: 'critical',
      components: [],
      own: {
        title: { en: 'Pods of all nodes', 'zh-CN': '全部节点的 Pod' },
        explanation: { en: 'All `Pods` & <their> sum.', 'zh-CN': 'All `Pods` & <their> sum.' },
        impact: { en: '', 'zh-CN': '' },
        nextSteps: [{ text: { en: 'Count them.' }, command: 'kubectl get pods -A' }],
      },
      readings: [{ subject: CLUSTER_SUBJECT, component: null, status: 'critical' }],
    });
    expect(node?.readings.map(({ subject, status }) => [subject, status])).toEqual([
      ['worker-02', 'warning'],
      expect.arrayContaining(['healthy']),
      expect.arrayContaining(['healthy']),
    ]);
    const found = report.findings.filter(({ indicator }) => indicator === sum?.id || indicator === node?.id);
    expect(found.map(({ indicator, subject, ongoing }) => ({ indicator, subject, ongoing }))).toEqual([
      { indicator: 'pods-of-all-nodes', subject: CLUSTER_SUBJECT, ongoing: true },
      { indicator: 'busiest-node', subject: 'worker-02', ongoing: true },
    ]);

    const english = await readFile(join(path, 'report.html'), 'utf8');
    expect(english).toContain('Pods of all nodes');
    expect(english).toContain('<code>Pods</code> &amp; &lt;their&gt; sum.');
    expect(english).toContain('Count them.');
    expect(english).toContain('Busiest node');
    const printed = await textOfPdf(await readFile(join(path, 'report.pdf')));
    expect(printed).toContain('Pods of all nodes');
    expect(printed).toContain('Count them.');
    const again = await run(
      ...['render', join(path, 'report.json'), '--lang', 'zh-CN', '--format', 'html', '--out', folder.path],
    );
    expect(await readFile(join(reportFolder(again), 'report.html'), 'utf8')).toContain('全部节点的 Pod');
  });

  it('shows the reason when the server refuses a query', async () => {
    const file = await config(
      asked('indicators:\n  wrong: { title: Wrong, unit: count, query: rate(up) }\n'),
    );
    const { code, stdout } = await run(
      ...['report', '--config', file, '--cluster', 'prod', '--range', '1h', '--format', 'json'],
      ...['--out', folder.path],
    );
    expect(code).toBe(0);
    const report = JSON.parse(await readFile(join(stdout.trimEnd(), 'report.json'), 'utf8'));
    const wrong = report.indicators.find(({ id }: { id: string }) => id === 'wrong');
    expect(wrong).toMatchObject({ status: 'failed', own: { title: { en: 'Wrong' } } });
    expect(wrong.reason).toMatch(/expected type range vector/);
    expect(report.complete).toBe(false);
  });

  it('names the line of a mistake before the first query', async () => {
    const file = await config(asked('indicators:\n  cpu-usage: { title: x, unit: cores, query: up }\n'));
    const { code, stderr } = await run('report', '--config', file, '--cluster', 'prod');
    expect(code).toBe(2);
    expect(stderr).toBe(
      `antrea-health: ${file}:3: indicators.cpu-usage.query: is built in and has a fixed query; choose another id to define a custom indicator\n`,
    );
  });

  it('is part of the daily digest', async () => {
    const file = await config(
      asked(`${OWN}clusters: [{ name: prod }]
mail: { from: health@example.com }
schedules: [{ name: daily, period: day, formats: [json] }]
digests: [{ name: operators, period: day, to: [noc@example.com] }]
`),
    );
    const at = new Date((TODAY + 60) * 1000).toISOString();
    const common = ['--config', file, '--archive', join(folder.path, 'archive'), '--at', at];
    const made = await run('schedule', 'daily', ...common);
    expect(made).toMatchObject({ code: 0, stderr: '' });
    const { stdout } = await run('digest', 'operators', ...common, '--dry-run', '--out', folder.path);
    const text = await readFile(join(stdout.trimEnd(), 'digest.txt'), 'utf8');
    expect(text).toContain('Pods of all nodes');
  });
});
