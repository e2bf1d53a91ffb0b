import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { checkConfigFile } from '../../../src/config/check-file.ts';
import { inspectConfig } from '../../../src/config/file.ts';
import { OUTPUT_FORMATS } from '../../../src/report/formats.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'antrea-health-problems-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Returns the problems that the schema finds in a text, without the file's name. */
const refusals = (text: string) =>
  inspectConfig(text, 'x.yaml').problems.map((problem) => problem.replace('x.yaml:', ''));

/** Returns all problems that `antrea-health check` finds in a text, without the file's name. */
async function problemsOf(text: string, cluster?: string): Promise<string[]> {
  const path = join(folder, 'x.yaml');
  await writeFile(path, text);
  const { problems, clusters } = await checkConfigFile(path, cluster);
  if (problems.length > 0) expect(clusters).toEqual([]);
  return problems.map((problem) => problem.replace(`${path}:`, ''));
}

describe('problems that the schema finds', () => {
  it('are reported together, unknown keys and wrong values, sorted by line', () => {
    expect(
      refusals(`promtheus: { url: x }
range: 7x
prometheus:
  retry: 3
  concurrency: many
  urll: x
  headres: {}
language: zh
formats: [html, pfd]
clusters:
  - nmae: a
  - name: b
    pageSize: letter
    rnage: 1d
    step: 5
`),
    ).toEqual([
      '1: promtheus: is not a known key; did you mean prometheus?',
      '2: range: "7x" is not a duration such as 30s, 10m, 24h or 7d',
      '4: prometheus.retry: is not a known key',
      '5: prometheus.concurrency: Invalid input: expected number, received string',
      '6: prometheus.urll: is not a known key; did you mean url?',
      '7: prometheus.headres: is not a known key; did you mean headers?',
      '8: language: "zh" is not one of en, zh-CN; did you mean zh-CN?',
      `9: formats.1: "pfd" is not one of ${OUTPUT_FORMATS.join(', ')}; did you mean pdf?`,
      '11: clusters.0.nmae: is not a known key; did you mean name?',
      '13: clusters.1.pageSize: "letter" is not one of A4, Letter; did you mean Letter?',
      '14: clusters.1.rnage: is not a known key; did you mean range?',
      '15: clusters.1.step: Invalid input: expected string, received number',
    ]);
  });

  it('include credentials in the address of links', () => {
    expect(
      refusals('mail: { from: a@example.com, address: "https://me:s3cret@reports.example.com" }\n'),
    ).toEqual([
      '1: mail.address: contains a user name or password, which the links of each digest would show to all recipients',
    ]);
  });

  it('include conflicting and missing keys, even if other values of the object are wrong', () => {
    expect(
      refusals(`schedules:
  - name: one
    period: weekly
    at: '07:00'
    cron: '0 6 * * ? *'
mail:
  from: a@example.com
  ses: { regoin: x }
  smtp:
    port: many
    user: me
indicators:
  cpu-usage:
    warning: { for: 2y }
  own:
    query: 5
    unit: sec
`),
    ).toEqual([
      '3: schedules.0.period: "weekly" is not one of day, week, month; did you mean week?',
      '5: schedules.0.cron: give either this or at, not both',
      '6: mail: give only one of ses and smtp',
      '8: mail.ses.regoin: is not a known key; did you mean region?',
      '9: mail.smtp.host: is missing',
      '9: mail.smtp.password: is missing, and user requires it',
      '10: mail.smtp.port: Invalid input: expected number, received string',
      '14: indicators.cpu-usage.warning.for: "2y" is not a duration such as 30s, 10m, 24h or 7d',
      '14: indicators.cpu-usage.warning: needs exactly one of above, atLeast, below, change and rise, or above together with rise',
      '15: indicators.own: needs title, because it has a query',
      '16: indicators.own.query: Invalid input: expected string, received number',
      '17: indicators.own.unit: "sec" is not a unit; did you mean seconds?',
    ]);
  });

  it.each([
    ['indicators: { own: { titel: x, query: up, unit: count } }', 'indicators.own.titel', 'title'],
    ['indicators: { cpu-usage: { warning: { abov: 1 } } }', 'indicators.cpu-usage.warning.abov', 'above'],
    ['mail: { from: a@example.com, smtp: { hots: x } }', 'mail.smtp.hots', 'host'],
    [
      'mail: { from: a@example.com, smtp: { host: x, user: me, passwrod: { file: x } } }',
      'mail.smtp.passwrod',
      'password',
    ],
    ['prometheus: { bearerToken: { secrte: a, key: b } }', 'prometheus.bearerToken.secrte', 'secret'],
    ['prometheus: { headers: { X-Key: { flie: a } } }', 'prometheus.headers.X-Key.flie', 'file'],
    ['aws: { authorization: { jtw: { issuer: x } } }', 'aws.authorization.jtw', 'jwt'],
    ['digests: [{ name: a, period: day, too: [a@example.com] }]', 'digests.0.too', 'to'],
  ])('report a misspelt required key as misspelt, not as missing: %s', (text, key, meant) => {
    expect(refusals(text)).toEqual([`1: ${key}: is not a known key; did you mean ${meant}?`]);
  });

  it('include maintenance without its times', () => {
    expect(
      refusals(`maintenance:
  - { name: a, every: 5 }
  - { name: b, every: Sat, Sun 00:00-06:00 }
  - { name: c, evry: Tue 22:00-02:00 }
  - { name: d, from: 2026-12-01 }
`),
    ).toEqual([
      '2: maintenance.0.every: must be a time such as Tue 22:00-02:00, or a list of up to 10 such times',
      '3: maintenance.1.Sun 00:00-06:00: is not a known key',
      '4: maintenance.2.evry: is not a known key; did you mean every?',
      '5: maintenance.3: needs both from and until, or every',
    ]);
  });

  it('suggest nothing for a correct key of another branch of a union', () => {
    expect(refusals('prometheus: { bearerToken: { file: a, environment: B } }')).toEqual([
      '1: prometheus.bearerToken.environment: is not a known key',
    ]);
  });
});

describe('checkConfigFile', () => {
  it('finds no problems in a valid file and returns the settings of all clusters or of the wanted one', async () => {
    const path = join(folder, 'right.yaml');
    await writeFile(path, 'range: 2d\nclusters: [{ name: a }, { name: b, range: 1d }]\n');
    const all = await checkConfigFile(path, undefined);
    expect(all.problems).toEqual([]);
    expect(all.clusters.map(({ cluster, settings }) => [cluster, settings.rangeSeconds])).toEqual([
      ['a', 172_800],
      ['b', 86_400],
    ]);
    const one = await checkConfigFile(path, 'b');
    expect(one.clusters.map(({ cluster }) => cluster)).toEqual(['b']);
  });

  it('finds the problems of clusters, schedules and digests that a schema cannot find, with their lines', async () => {
    expect(
      await problemsOf(`timeZone: Mars/Olympus
range: 0s
prometheus:
  timeout: 2h
  bearerToken: { file: a }
  sigv4: {}
indicators:
  cpu-usge: { warning: null }
  cpu-usage: { warning: { above: 1, for: 0s }, critical: { above: 2, for: 0m } }
  local-pod-count: { limits: { kubelte: 110 } }
clusters:
  - { name: berlin, step: 0s }
  - name: shanghai
    timeZone: Asia/Shangai
    coverage: { gap: 0s }
schedules:
  - { name: one, period: day, clusters: [brelin, paris] }
  - { name: two, period: day, cron: '0 6 * * * *', timeZone: Europe/Bärlin }
digests:
  - { name: three, period: day, to: [a@example.com], clusters: [shangai] }
`),
    ).toEqual([
      '1: timeZone: "Mars/Olympus" is not a known time zone such as Asia/Shanghai, Europe/Berlin or UTC',
      '2: range: "0s" must be longer than zero',
      '4: prometheus.timeout: must not be longer than 1h',
      '6: prometheus.sigv4: give either this or prometheus.bearerToken, not both',
      '8: indicators.cpu-usge: is not an indicator; did you mean cpu-usage?',
      '9: indicators.cpu-usage.warning.for: "0s" must be longer than zero',
      '9: indicators.cpu-usage.critical.for: "0m" must be longer than zero',
      '10: indicators.local-pod-count.limits.kubelte: is not a limit of this indicator; did you mean kubelet?',
      '12: step: "0s" must be longer than zero',
      '14: timeZone: "Asia/Shangai" is not a known time zone such as Asia/Shanghai, Europe/Berlin or UTC',
      '15: coverage.gap: "0s" must be longer than zero',
      '17: schedules.one.clusters: "brelin" is not one of the clusters; did you mean "berlin"?',
      '17: schedules.one.clusters: "paris" is not one of the clusters: berlin, shanghai',
      '18: schedules.two.cron: "0 6 * * * *" needs "?" as either its third or its fifth field (day, weekday)',
      '18: schedules.two.timeZone: "Europe/Bärlin" is not a known time zone such as Asia/Shanghai, Europe/Berlin or UTC',
      '20: digests.three.clusters: "shangai" is not one of the clusters; did you mean "shanghai"?',
      ' mail: give the sender of the digests (mail: { from: … })',
    ]);
  });

  it('finds those of silences and maintenance, with the lines of their entries', async () => {
    expect(
      await problemsOf(`silences:
  - { indicator: cpu-usage, reason: known, until: 2027-01-01 }
  - indicator: cpu-usge
    reason: known
    until: soon
maintenance:
  - name: a
    every: Teu 22:00-02:00
    timeZone: Europe/Berln
  - name: b
    every:
      - Tue 22:00-02:00
      - 22:00-02:00
    from: 2027-01-02
    until: 2027-01-01
clusters:
  - name: one
  - name: two
    maintenance:
      - name: c
        every: first Sat
`),
    ).toEqual([
      '3: silences.1.indicator: cpu-usge is not an indicator; did you mean cpu-usage?',
      '5: silences.1.until: "soon" is not a time such as 2026-11-21, 2026-11-21T08:00 or 2026-11-21T08:00Z',
      '8: maintenance.0.every: "Teu" is not a weekday such as Tue; did you mean Tue?',
      '9: maintenance.0.timeZone: "Europe/Berln" is not a known time zone such as Asia/Shanghai, Europe/Berlin or UTC',
      '13: maintenance.1.every.1: "22:00-02:00" needs its days, for example "Tue 22:00-02:00" or "day 22:00-02:00"',
      '15: maintenance.1.until: is not after from',
      '21: maintenance.0.every: "first Sat" is not a recurring time such as Tue 22:00-02:00, Mon-Fri 01:00-05:00, first Sun 01:00-05:00 or day 02:00-03:00',
    ]);
  });

  it('finds these problems and those of the schema in one run', async () => {
    expect(
      await problemsOf(`rnage: 1d
timeZone: Mars/Olympus
language: zh
prometheus: { timeout: 2h, urll: x }
indicators:
  cpu-usge: { warning: null }
  own: { title: Own, query: up), unit: count }
clusters:
  - { name: berlin, step: 5, range: 0s }
schedules:
  - { name: one, period: day, clusters: [paris], colour: red }
`),
    ).toEqual([
      '1: rnage: is not a known key; did you mean range?',
      '2: timeZone: "Mars/Olympus" is not a known time zone such as Asia/Shanghai, Europe/Berlin or UTC',
      '3: language: "zh" is not one of en, zh-CN; did you mean zh-CN?',
      '4: prometheus.urll: is not a known key; did you mean url?',
      '4: prometheus.timeout: must not be longer than 1h',
      '6: indicators.cpu-usge: is not an indicator; did you mean cpu-usage?',
      '7: indicators.own.query: unexpected `)` at column 3 of the query',
      '9: clusters.0.step: Invalid input: expected string, received number',
      '9: range: "0s" must be longer than zero',
      '11: schedules.0.colour: is not a known key',
      '11: schedules.one.clusters: "paris" is not one of the clusters: berlin',
    ]);
  });

  it.each([
    [
      'an indicator with an invalid definition',
      'indicators: { own: { title: x, query: up), unit: count } }\nclusters: [{ name: a, indicators: { own: { warning: null } } }]\n',
    ],
    [
      'an indicator below a misspelt key',
      'indicatros: { own: { title: x, query: up, unit: count } }\nclusters: [{ name: a, indicators: { own: { warning: null } } }]\n',
    ],
    [
      'an indicator whose query is misspelt',
      'indicators: { own: { title: x, qurey: up, unit: count } }\nclusters: [{ name: a, indicators: { own: { warning: null } } }]\n',
    ],
    [
      'clusters below a misspelt key',
      'clutsers: [{ name: a }]\nschedules: [{ name: s, period: day, clusters: [a] }]\n',
    ],
    [
      'clusters, one without a name',
      'clusters: [{ nam: a }]\nschedules: [{ name: s, period: day, clusters: [a] }]\n',
    ],
    [
      'channels, one with a wrong name',
      'channels: [{ name: Ops, slack: { url: { file: a } } }]\ndigests: [{ name: d, period: day, channels: [ops] }]\n',
    ],
    [
      'channels below a misspelt key',
      'chanels: [{ name: ops, slack: { url: { file: a } } }]\ndigests: [{ name: d, period: day, channels: [ops] }]\n',
    ],
    ['invalid mail', 'mail: { from: nobody }\ndigests: [{ name: d, period: day, to: [a@example.com] }]\n'],
    [
      'mail below a misspelt key',
      'mial: { from: a@b.cc }\ndigests: [{ name: d, period: day, to: [a@example.com] }]\n',
    ],
  ])('does not report what is missing only because of another problem: %s', async (_, text) => {
    expect(await problemsOf(text)).toEqual(refusals(text));
  });

  it.each([
    '- a\n',
    'words',
    'range: [\n',
    '[]',
    'clusters: 5\n',
    '__proto__: 1\n',
    '"": 1\n',
    'indicators: [cpu-usage]\n',
  ])('finds nothing beyond the schema’s problems in %j', async (text) => {
    const found = await problemsOf(text);
    expect(found.length).toBeGreaterThan(0);
    expect(found).toEqual(refusals(text));
  });

  it('checks the rest of an object when one value has two problems', async () => {
    const text = `clusters: [{ name: berlin }]
mail: { from: a@example.com }
digests: [{ name: d, period: day, to: [a@example.com], clusters: [paris], replyTo: ${'x'.repeat(300)} }]
`;
    expect(refusals(text)).toHaveLength(2);
    expect(await problemsOf(text)).toContain(
      '3: digests.d.clusters: "paris" is not one of the clusters: berlin',
    );
  });

  it('finds the problems of channels, and repeats no address, which is secret', async () => {
    const found = await problemsOf(`channels:
  - { name: ops, slack: { url: https://hooks.slack.com/services/s3cret } }
  - { name: two, teams: { url: { file: a } }, feishu: { url: { file: b } } }
  - { name: none }
  - { name: noc, webhook: { url: { file: a }, headers: { Authorization: s3cret } } }
  - { name: noc, dingtalk: { url: { file: a }, signingSecrt: { file: b } } }
digests:
  - { name: nobody, period: day }
  - { name: typo, period: day, channels: [nco, paris] }
  - { name: mailed, period: day, to: [a@example.com] }
`);
    expect(found).toEqual([
      '2: channels.0.slack.url: must name where the secret is stored: "file: …", "environment: …", "parameter: …" or "secret: …"',
      '3: channels.1: needs exactly one of slack, teams, dingtalk, wecom, feishu and webhook',
      '4: channels.2: needs exactly one of slack, teams, dingtalk, wecom, feishu and webhook',
      '5: channels.3.webhook.headers.Authorization: is a secret; name where it is stored, for example with "file: …" or "environment: …"',
      '6: channels.4.dingtalk.signingSecrt: is not a known key; did you mean signingSecret?',
      '8: digests.0: needs at least one of to and channels',
    ]);
    expect(JSON.stringify(found)).not.toContain('s3cret');
  });

  it('finds digests that name unknown channels or have no sender, and an address that is given twice', async () => {
    expect(
      await problemsOf(`address: https://reports.example.com
channels:
  - { name: noc, wecom: { url: { file: a } } }
  - { name: noc, wecom: { url: { file: b } } }
digests:
  - { name: typo, period: day, channels: [nco, paris] }
`),
    ).toEqual([
      '2: channels: "noc" is listed twice',
      '6: digests.typo.channels: "nco" is not one of the channels; did you mean "noc"?',
      '6: digests.typo.channels: "paris" is not one of the channels: noc',
    ]);
    expect(
      await problemsOf(`address: https://reports.example.com
mail: { from: a@example.com, address: https://reports.example.com }
digests: [{ name: chat, period: day, channels: [ops] }]
`),
    ).toEqual([
      '2: mail.address: give either this or address, not both',
      '3: digests.chat.channels: "ops" is not one of the channels',
    ]);
    expect(await problemsOf('digests: [{ name: mailed, period: day, to: [a@example.com] }]\n')).toEqual([
      expect.stringMatching(/mail: give the sender of the digests/),
    ]);
    const chat = 'channels: [{ name: ops, teams: { url: { file: a } } }]\n';
    expect(await problemsOf(`${chat}digests: [{ name: chat, period: day, channels: [ops] }]\n`)).toEqual([]);
  });

  it('suggests the cluster whose name is most similar to the wanted one', async () => {
    const text = 'clusters: [{ name: prod }, { name: test }]\n';
    expect(await problemsOf(text, 'prd')).toEqual([
      expect.stringMatching(
        /^--cluster: "prd" is not one of the clusters of .*x\.yaml; did you mean "prod"\?$/,
      ),
    ]);
  });
});

describe('a valid file with random mistakes', () => {
  type Node = Record<string, unknown> | unknown[];
  const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;
  /** Returns every object and list of a file. */
  const nodesOf = (value: unknown): Node[] =>
    isNode(value) ? [value, ...Object.values(value).flatMap(nodesOf)] : [];

  const mistake = fc.record({
    node: fc.nat(),
    key: fc.nat(),
    how: fc.constantFrom('removed', 'misspelt', 'null', 'number', 'text', 'list', 'zero'),
  });
  const VALUES: Readonly<Record<string, unknown>> = {
    null: null,
    number: -3,
    text: 'zzz',
    list: [],
    zero: '0s',
  };

  it('has the problems of the schema and others, one line each, sorted by line', async () => {
    const whole = parse(
      await readFile(new URL('../../../examples/antrea-health.yaml', import.meta.url), 'utf8'),
    );
    expect(nodesOf(whole).length).toBeGreaterThan(20);
    let withMore = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(mistake, { minLength: 1, maxLength: 5 }), async (changes) => {
        const data = structuredClone(whole);
        for (const { node, key, how } of changes) {
          const nodes = nodesOf(data).filter((one) => Object.keys(one).length > 0);
          const target = nodes[node % nodes.length] as Record<string, unknown>;
          const name = Object.keys(target)[key % Object.keys(target).length] ?? '';
          if (how in VALUES) target[name] = VALUES[how];
          else {
            if (how === 'misspelt' && !Array.isArray(target)) target[`${name}e`] = target[name];
            delete target[name];
          }
        }
        const text = JSON.stringify(data, null, 1);
        const refused = refusals(text);
        const found = await problemsOf(text);
        for (const problem of found) expect(problem).toMatch(/^(?:\d+:)? [^\r\n]+$/);
        expect(found.filter((problem) => refused.includes(problem))).toEqual([...new Set(refused)]);
        const lines = found.map((problem) => Number.parseInt(problem, 10) || Infinity);
        expect(lines).toEqual([...lines].sort((a, b) => (a === b ? 0 : a - b)));
        if (refused.length > 0 && found.length > refused.length) withMore += 1;
      }),
      { numRuns: 300 },
    );
    expect(withMore).toBeGreaterThan(0);
  });

  it('has a suggestion for a key that lacks one letter', async () => {
    const whole = parse(
      await readFile(new URL('../../../examples/antrea-health.yaml', import.meta.url), 'utf8'),
    );
    const keys = Object.keys(whole);
    expect(keys.length).toBeGreaterThan(5);
    for (const key of keys) {
      const { [key]: value, ...others } = whole;
      const misspelt = `${key.slice(0, 1)}${key.slice(2)}`;
      expect(refusals(JSON.stringify({ ...others, [misspelt]: value }, null, 1))).toContainEqual(
        expect.stringMatching(new RegExp(`^\\d+: ${misspelt}: is not a known key; did you mean ${key}\\?$`)),
      );
    }
  });
});
