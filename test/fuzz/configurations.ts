/** Changed configuration files, from their text to the report of each cluster. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { parse } from 'yaml';
import { checkConfigFile } from '../../src/config/check-file.ts';
import { clustersOf, settingsOf } from '../../src/config/clusters.ts';
import { type Config, parseConfig } from '../../src/config/file.ts';
import { digestsOf, schedulesOf } from '../../src/config/schedules.ts';
import { makeReport } from '../../src/report/make-report.ts';
import { digestPeriod } from '../../src/service/digest/collect.ts';
import { jobsOfSchedule } from '../../src/service/jobs/jobs.ts';
import { type FakeTarget, sourceOver } from '../fixtures/fake-source.ts';
import { edits, texts } from './inputs.ts';
import { edit, type Tree, toText, toTree } from './json-tree.ts';
import { checkMessage, checkReport, madeOrRefused } from './promises.ts';
import { openTarget, type Target } from './target.ts';

const FILE = `
timeZone: Asia/Shanghai
language: en
formats: [html, pdf, json]
pageSize: A4
range: 24h
step: 5m
prometheus:
  url: https://user:pass@prometheus.example/prefix?tenant=1
  basic: { username: reader, password: { environment: PASSWORD } }
  headers: { X-Scope-OrgID: network, X-Key: { file: /etc/key } }
  caFile: /etc/ca.pem
  jobs: { agent: [antrea-agents, b], controller: antrea-controllers }
  matchers: { cluster: a, agent: { role: x } }
  nodeLabel: { agent: node, controller: instance }
  scrapeInterval: 30s
  timeout: 60s
  concurrency: 4
indicators:
  resident-memory: { critical: { above: 858993459, for: 15m }, warning: null }
  local-pod-count: { warning: { above: 90 }, limits: { kubelet: 100 } }
  latency:
    title: { en: Latency, zh-CN: 延迟 }
    query: 'max by (node, device) (rate(x{$agents,device!="lo"}[$window]))'
    unit: seconds
    subject: node
    splitBy: [device]
    warning: { above: 0.1, for: 10m }
    critical: { rise: 0.5, above: 1, times: 2 }
    explanation: Text.
    impact: Every lookup waits.
    nextSteps: [{ text: Read., command: 'kubectl logs -n $namespace $pod --since-time=$since' }]
    whenEmpty: idle
  other: { title: Other, query: 'sum(y{$others})', unit: count, critical: { change: 0.5 } }
coverage: { gap: 10m, restarts: { warning: 1, critical: 3 } }
silences:
  - { indicator: cpu-usage, subject: 'w*', reason: known, owner: me, from: 2026-11-20T08:00, until: 2027-01-01 }
maintenance:
  - { name: once, from: 2026-11-20T22:00, until: 2026-11-21T02:00Z }
  - { name: again, every: [Tue 22:00-02:00, first Sun 01:00-05:00, day 02:00-03:00], timeZone: Europe/Berlin }
clusters:
  - { name: one, timeZone: Europe/Berlin, prometheus: { matchers: { cluster: one } }, indicators: { other: null } }
  - { name: two, language: zh-CN, prometheus: { url: 'http://localhost:9090', bearerToken: { secret: s, key: k } } }
schedules:
  - { name: daily, period: day, at: '06:00', formats: [json] }
  - { name: monthly, period: month, cron: '0 6 1 * ? *', clusters: [one], language: zh-CN }
digests:
  - { name: weekly, period: week, to: [noc@example.com], attachPdf: true, attachMegabytes: 5, note: Note. }
mail: { from: a@example.com, fromName: A, address: 'https://x.example', smtp: { host: m, user: u, password: { file: f } } }
archive: { s3: { bucket: b, endpoint: 'https://s3.example', accessKeyId: { environment: A }, secretAccessKey: { file: f } } }
serve: { authentication: { proxy: { userHeader: X-User, from: [10.0.0.0/8] } }, basePath: /health }
aws: { authorization: iam, retentionDays: 400, logRetentionDays: 30 }
`;

const KEYS = [...new Set([...FILE.matchAll(/['"]?([\w-]+)['"]?:/g)].map(([, key = '']) => key))];

/** What YAML has and JSON has not. */
const YAML_VALUES: readonly string[] = [
  ...[
    '*a',
    '&a x',
    '&a [*a]',
    '!!omap [a: 1]',
    '!!set {a}',
    '!!binary aGk=',
    '!x y',
    '{<<: *a}',
    '|',
    '>-',
    '~',
  ],
  ...[
    '.inf',
    '-.inf',
    '.nan',
    '0o17',
    '0x1f',
    '1:30',
    '2026-01-01',
    '"\\x00"',
    '"\\ud800"',
    "'it''s'",
    '@',
    '`',
  ],
  ...[
    '1d',
    '0s',
    '24h',
    '7d',
    '9999999999d',
    '60 s',
    '- a',
    '? a',
    '%YAML 1.2',
    '# comment',
    '[',
    '}',
    '\t',
    '---',
  ],
  ...[
    'Europe/Kiev',
    'UTC',
    'GMT+25',
    '0 6 * * ? *',
    '* * * * * *',
    '23:59',
    '24:00',
    '$agents',
    'up{',
    'up[5m]',
  ],
  ...[
    'vector(1)',
    'up{$agents}',
    'rate(up{$agents}[$window]) / 0',
    '(((',
    'a'.repeat(5001),
    'http://[::1',
    'ftp://x',
  ],
];

const yamlEdits = fc.record({
  place: fc.array(fc.record({ child: fc.nat(1000), isEvery: fc.constant(false) }), {
    maxLength: 7,
    size: 'max',
  }),
  change: fc
    .oneof(
      fc.constantFrom(...YAML_VALUES),
      texts.map((text) => JSON.stringify(text)),
    )
    .map((text) => ({ do: 'replace' as const, by: { text } })),
});

const anyEdit = fc.oneof(edits(KEYS), yamlEdits);

export async function openConfigurations(): Promise<Target> {
  const folder = await mkdtemp(join(tmpdir(), 'antrea-health-report-fuzz-'));
  const tree = toTree(parse(FILE));
  return openTarget({
    inputs: fc.record({
      edits: fc.oneof(
        { weight: 2, arbitrary: fc.tuple(anyEdit) },
        fc.array(anyEdit, { minLength: 2, maxLength: 3 }),
      ),
      isBlock: fc.boolean(),
    }),
    async check({ edits: all, isBlock }) {
      const edited = all.reduce<Tree>(edit, tree);
      const text = isBlock ? toBlock(edited, '') : toText(edited);
      const file = join(folder, 'x.yaml');
      await writeFile(file, text);
      const { problems, clusters } = await checkConfigFile(file, undefined);
      for (const problem of problems) checkMessage(problem);
      const config = await madeOrRefused(() => parseConfig(text, file));
      if (problems.length === 0 && (config === null || clusters.length === 0))
        throw new Error('the file has no problem and cannot be used');
      if (config === null) return 'refused';
      await useAll(config);
      return problems.length > 0 ? 'read with problems' : 'read';
    },
    stop: () => rm(folder, { recursive: true }),
  });
}

const NOW = new Date('2026-11-21T06:00:00Z');

/** Does with a configuration what the commands do. */
async function useAll(config: Config): Promise<void> {
  const { file } = config;
  await madeOrRefused(async () => {
    for (const schedule of schedulesOf(file)) {
      const { failures } = await jobsOfSchedule(config, schedule, NOW, NOW);
      for (const { error } of failures) await madeOrRefused(() => Promise.reject(error));
    }
  });
  await madeOrRefused(() => digestsOf(file).map((digest) => digestPeriod(digest, NOW)));
  const clusters = (await madeOrRefused(() => clustersOf(config))) ?? [];
  for (const { name } of clusters.slice(0, 2)) {
    const settings = await madeOrRefused(() => settingsOf(config, name));
    if (settings === null) continue;
    const period = { start: NOW.getTime() / 1000 - 6 * 3600, end: NOW.getTime() / 1000 };
    const report = await madeOrRefused(() =>
      makeReport(sourceOver({ targets: TARGETS }).source, {
        cluster: name,
        period,
        settings: settings.report,
        generatedAt: NOW,
      }),
    );
    if (report !== null) await checkReport(report);
  }
}

const TARGETS: readonly FakeTarget[] = [
  ...['n1', 'n2'].map(
    (node): FakeTarget => ({
      labels: { job: 'antrea-agents', instance: `${node};pod`, node, cluster: 'one', role: 'x' },
      metrics: ['antrea_agent_local_pod_count', 'x', 'y', 'process_resident_memory_bytes'],
    }),
  ),
  {
    labels: { job: 'antrea-controllers', instance: 'n1;controller', cluster: 'one' },
    exposes: 'controller',
  },
];

/** Returns the tree as YAML in block style. */
function toBlock(tree: Tree, indent: string): string {
  if ('text' in tree) return ` ${tree.text}\n`;
  const deeper = `${indent}  `;
  if ('items' in tree) {
    if (tree.items.length === 0) return ' []\n';
    return `\n${tree.items.map((item) => `${indent}-${toBlock(item, deeper)}`).join('')}`;
  }
  if (tree.members.length === 0) return ' {}\n';
  return `\n${tree.members.map(([key, value]) => `${indent}${JSON.stringify(key)}:${toBlock(value, deeper)}`).join('')}`;
}
