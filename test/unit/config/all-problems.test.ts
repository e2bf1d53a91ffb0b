import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { checkConfigFile } from '../../../src/config/check-file.ts';
import { readConfig } from '../../../src/config/file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'antrea-health-problems-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What the schema says of a text, without the file's name. */
const refusals = (text: string) =>
  readConfig(text, 'x.yaml').problems.map((problem) => problem.replace('x.yaml:', ''));

/** Everything that `antrea-health check` says of a text, without the file's name. */
async function problemsOf(text: string, cluster?: string): Promise<string[]> {
  const path = join(folder, 'x.yaml');
  await writeFile(path, text);
  const { problems, clusters } = await checkConfigFile(path, cluster);
  if (problems.length > 0) expect(clusters).toEqual([]);
  return problems.map((problem) => problem.replace(`${path}:`, ''));
}

describe('what the schema refuses', () => {
  it('is said all at once, unknown keys beside wrong values, in the order of the lines', () => {
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
      '9: formats.1: "pfd" is not one of html, pdf, json; did you mean pdf?',
      '11: clusters.0.nmae: is not a known key; did you mean name?',
      '13: clusters.1.pageSize: "letter" is not one of A4, Letter; did you mean Letter?',
      '14: clusters.1.rnage: is not a known key; did you mean range?',
      '15: clusters.1.step: Invalid input: expected string, received number',
    ]);
  });

  it('includes keys that do not go together or are missing, whatever else is wrong beside them', () => {
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
      '6: mail: give only one of ses, smtp',
      '8: mail.ses.regoin: is not a known key; did you mean region?',
      '9: mail.smtp.host: is missing',
      '9: mail.smtp.password: is missing, and user requires it',
      '10: mail.smtp.port: Invalid input: expected number, received string',
      '14: indicators.cpu-usage.warning.for: "2y" is not a duration such as 30s, 10m, 24h or 7d',
      '14: indicators.cpu-usage.warning: needs one of above, atLeast, below, change and rise, or above together with rise',
      '15: indicators.own: needs title beside query',
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
  ])('is not said to be missing where it is there, misspelt: %s', (text, key, meant) => {
    expect(refusals(text)).toEqual([`1: ${key}: is not a known key; did you mean ${meant}?`]);
  });

  it('has no guess where the key is right, but belongs to another way to say it', () => {
    expect(refusals('prometheus: { bearerToken: { file: a, environment: B } }')).toEqual([
      '1: prometheus.bearerToken.environment: is not a known key',
    ]);
  });
});

describe('a check of a file', () => {
  it('finds nothing wrong with one that is right, and has the settings of every cluster or the wanted one', async () => {
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

  it('says everything that no schema can see, of all clusters, schedules and digests, each with its line', async () => {
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
      '2: range: "0s" must be a duration longer than nothing',
      '4: prometheus.timeout: must not be longer than 1h',
      '6: prometheus.sigv4: give either this or prometheus.bearerToken, not both',
      '8: indicators.cpu-usge: is not an indicator; did you mean cpu-usage?',
      '9: indicators.cpu-usage.warning.for: "0s" must be a duration longer than nothing',
      '9: indicators.cpu-usage.critical.for: "0m" must be a duration longer than nothing',
      '10: indicators.local-pod-count.limits.kubelte: is not a limit of it; did you mean kubelet?',
      '12: step: "0s" must be a duration longer than nothing',
      '14: timeZone: "Asia/Shangai" is not a known time zone such as Asia/Shanghai, Europe/Berlin or UTC',
      '15: coverage.gap: "0s" must be a duration longer than nothing',
      '17: schedules.one.clusters: "brelin" is not among the clusters; did you mean "berlin"?',
      '17: schedules.one.clusters: "paris" is not among the clusters: berlin, shanghai',
      '18: schedules.two.cron: "0 6 * * * *" needs "?" in one of its third and fifth field (day, weekday)',
      '18: schedules.two.timeZone: "Europe/Bärlin" is not a known time zone such as Asia/Shanghai, Europe/Berlin or UTC',
      '20: digests.three.clusters: "shangai" is not among the clusters; did you mean "shanghai"?',
      ' mail: say who sends the digests (mail: { from: … })',
    ]);
  });

  it('says that beside what the schema refuses, in one run', async () => {
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
      '9: range: "0s" must be a duration longer than nothing',
      '11: schedules.0.colour: is not a known key',
      '11: schedules.one.clusters: "paris" is not among the clusters: berlin',
    ]);
  });

  it.each([
    [
      'an indicator whose definition is refused',
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
      'clusters of which one has no name',
      'clusters: [{ nam: a }]\nschedules: [{ name: s, period: day, clusters: [a] }]\n',
    ],
    [
      'mail that is refused',
      'mail: { from: nobody }\ndigests: [{ name: d, period: day, to: [a@example.com] }]\n',
    ],
    [
      'mail below a misspelt key',
      'mial: { from: a@b.cc }\ndigests: [{ name: d, period: day, to: [a@example.com] }]\n',
    ],
  ])('does not complain of what is only missing because something is refused: %s', async (_, text) => {
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
  ])('is content with what the schema says of %j', async (text) => {
    const found = await problemsOf(text);
    expect(found.length).toBeGreaterThan(0);
    expect(found).toEqual(refusals(text));
  });

  it('still looks at what surrounds a value that is refused for two reasons', async () => {
    const text = `clusters: [{ name: berlin }]
mail: { from: a@example.com }
digests: [{ name: d, period: day, to: [a@example.com], clusters: [paris], replyTo: ${'x'.repeat(300)} }]
`;
    expect(refusals(text)).toHaveLength(2);
    expect(await problemsOf(text)).toContain(
      '3: digests.d.clusters: "paris" is not among the clusters: berlin',
    );
  });

  it('names the cluster that is nearest to the wanted one', async () => {
    const text = 'clusters: [{ name: prod }, { name: test }]\n';
    expect(await problemsOf(text, 'prd')).toEqual([
      expect.stringMatching(/^--cluster: "prd" is not among .*x\.yaml's clusters; did you mean "prod"\?$/),
    ]);
  });
});

describe('a file that is spoilt', () => {
  type Node = Record<string, unknown> | unknown[];
  const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;
  /** Every object and list of a file, with its keys. */
  const nodesOf = (value: unknown): Node[] =>
    isNode(value) ? [value, ...Object.values(value).flatMap(nodesOf)] : [];

  const spoil = fc.record({
    node: fc.nat(),
    key: fc.nat(),
    how: fc.constantFrom('left out', 'misspelt', 'null', 'number', 'text', 'list', 'zero'),
  });
  const VALUES: Readonly<Record<string, unknown>> = {
    null: null,
    number: -3,
    text: 'zzz',
    list: [],
    zero: '0s',
  };

  it('in any places has all that the schema says, and more, in one line each and in order', async () => {
    const whole = parse(
      await readFile(new URL('../../../examples/antrea-health.yaml', import.meta.url), 'utf8'),
    );
    expect(nodesOf(whole).length).toBeGreaterThan(20);
    let withMore = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(spoil, { minLength: 1, maxLength: 5 }), async (changes) => {
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
    expect(withMore).toBeGreaterThan(10);
  });

  it('by one letter in a key suggests the right key', async () => {
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
