import { parser } from '@prometheus-io/lezer-promql';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configOfCluster } from '../../../src/config/clusters.ts';
import { ConfigError } from '../../../src/config/errors.ts';
import { parseConfig, readConfig } from '../../../src/config/file.ts';
import { faultOf, PLACEHOLDERS } from '../../../src/config/schema/promql.ts';
import { resolveSettings } from '../../../src/config/settings.ts';
import { INDICATORS } from '../../../src/report/catalog/indicators/index.ts';
import type { Indicator } from '../../../src/report/model/indicator.ts';
import { type Matcher, type Selection, substitute } from '../../../src/report/promql/placeholders.ts';
import { reportId } from '../../../src/report/report-id.ts';

const NAME = 'health.yaml';

const PENDING = `
indicators:
  pods-pending:
    title: Pending Pods
    query: sum(kube_pod_status_phase{phase="Pending",$others})
    unit: pods
    warning: { above: 10, for: 10m }
`;

/** The indicators of a file that the catalog does not have. */
function ownOf(text: string, cluster?: string): Indicator[] {
  const { config } = configOfCluster(parseConfig(text, NAME), cluster);
  const { indicators } = resolveSettings(config).report;
  expect(indicators.slice(0, INDICATORS.length).map(({ id }) => id)).toEqual(INDICATORS.map(({ id }) => id));
  return indicators.slice(INDICATORS.length);
}

/** What is said of a file that is wrong, whichever part of it is. */
function complaintOf(text: string): string {
  try {
    ownOf(text, 'a');
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    const { message } = error as ConfigError;
    expect(message).not.toMatch(/[\r\n]/);
    return message;
  }
  throw new Error('was accepted');
}

const withQuery = (query: string) =>
  `indicators:\n  own:\n    title: Own\n    unit: count\n    query: ${JSON.stringify(query)}\n`;

/** Agents and controller of jobs of their own, of a cluster that `others` picks. */
function selectionWith(others: readonly Matcher[]): Selection {
  const component = (job: string) => ({
    matchers: [...others, { label: 'job', operator: '=' as const, value: job }],
    windows: null,
    nodeLabel: 'node',
  });
  return { agent: component('a'), controller: component('c'), others };
}

describe('an indicator of one’s own', () => {
  it('needs no more than a title, a query and a unit', () => {
    expect(ownOf(PENDING)).toEqual([
      {
        id: 'pods-pending',
        isOwn: true,
        section: 'own',
        components: [],
        scope: 'cluster',
        metrics: [],
        query: 'sum(kube_pod_status_phase{phase="Pending",$others})',
        unit: 'pods',
        reading: 'maximum',
        thresholds: { warning: { above: 10, forSeconds: 600 } },
        whenAbsent: 'no-data',
        whenEmpty: 'no-data',
        title: { en: 'Pending Pods', 'zh-CN': 'Pending Pods' },
        explanation: { en: '', 'zh-CN': '' },
        impact: { en: '', 'zh-CN': '' },
        nextSteps: [],
      },
    ]);
  });

  it('may say all that a built-in one says', () => {
    const [indicator] = ownOf(`
indicators:
  dns-latency:
    title: { zh-CN: CoreDNS 延迟 }
    explanation: { en: How long it takes., zh-CN: 耗时。 }
    impact: Names are slow.
    nextSteps:
      - text: { en: Read its log., zh-CN: 查看日志。 }
        command: kubectl logs -n kube-system -l k8s-app=kube-dns --since-time=$since
      - text: Ask.
    query: max by (node, pod) (coredns_latency) # a comment at its end
    unit: seconds
    subject: node
    splitBy: [pod]
    reading: last
    whenEmpty: idle
    warning: null
    critical: { above: 1 }
`);
    expect(indicator).toMatchObject({
      components: ['agent'],
      title: { en: 'CoreDNS 延迟', 'zh-CN': 'CoreDNS 延迟' },
      explanation: { en: 'How long it takes.', 'zh-CN': '耗时。' },
      impact: { en: 'Names are slow.', 'zh-CN': 'Names are slow.' },
      nextSteps: [
        {
          text: { en: 'Read its log.', 'zh-CN': '查看日志。' },
          command: 'kubectl logs -n kube-system -l k8s-app=kube-dns --since-time=$since',
        },
        { text: { en: 'Ask.', 'zh-CN': 'Ask.' } },
      ],
      splitBy: ['pod'],
      reading: 'last',
      whenEmpty: 'idle',
      thresholds: { critical: { above: 1, forSeconds: 0 } },
    });
    expect(indicator).not.toHaveProperty('scope');
  });

  it.each(['up', 'up # why', 'sum(up)\n# why\n', 'sum by (node) (\n  up # a\n)\n'])(
    'of the nodes asks for their names in PromQL that is still right: %j',
    (query) => {
      const [indicator] = ownOf(`${withQuery(query)}    subject: node\n`);
      expect(indicator?.query).toContain(query.trimEnd());
      expect(faultOf(indicator?.query ?? '')).toBeNull();
    },
  );

  it.each<[string, string, string]>([
    ['no title', withQuery('up').replace(/ {4}title.*\n/, ''), '2: indicators.own: needs title beside query'],
    ['no unit', withQuery('up').replace(/ {4}unit.*\n/, ''), '2: indicators.own: needs unit beside query'],
    [
      'no query',
      'indicators:\n  own:\n    title: Own\n    unit: count\n',
      '3: indicators.own.title: goes with a query, for an indicator of your own; without one there are warning, critical and limits',
    ],
    [
      'a unit nobody knows',
      withQuery('up').replace('count', 'furlongs'),
      '4: indicators.own.unit: is not a unit; there are milliseconds, ',
    ],
    [
      'an id with capitals',
      withQuery('up').replace('own:', 'Own_1:'),
      '2: indicators.Own_1: is not the id of an indicator: lower-case words joined by hyphens, at most 60 characters',
    ],
    [
      'an id that is too long',
      withQuery('up').replace('own:', `${'o'.repeat(61)}:`),
      'at most 60 characters',
    ],
    [
      'a language there is not',
      withQuery('up').replace('title: Own', 'title: { de: Eigenes }'),
      '3: indicators.own.title.de: is not a known key',
    ],
    [
      'a title without words',
      withQuery('up').replace('title: Own', 'title: {}'),
      '3: indicators.own.title: needs en, zh-CN or both',
    ],
    [
      'a title that is a list',
      withQuery('up').replace('title: Own', 'title: [Own]'),
      '3: indicators.own.title: is neither text nor en: … and zh-CN: …',
    ],
    [
      'a title like a page',
      withQuery('up').replace('Own', 'o'.repeat(81)),
      '3: indicators.own.title: is longer than 80 characters',
    ],
    [
      'a reading that needs another query',
      `${withQuery('up')}    reading: total\n`,
      '6: indicators.own.reading: ',
    ],
    ['a subject there is not', `${withQuery('up')}    subject: pod\n`, '6: indicators.own.subject: '],
    [
      'a label that is none',
      `${withQuery('up')}    splitBy: [a-b]\n`,
      '6: indicators.own.splitBy.0: is not the name of a label',
    ],
    [
      'a command of two lines',
      `${withQuery('up')}    nextSteps:\n      - text: x\n        command: |\n          a\n          b\n`,
      '8: indicators.own.nextSteps.0.command: is not one line of text',
    ],
    [
      'another query for a built-in one',
      withQuery('up').replace('own:', 'cpu-usage:'),
      'indicators.cpu-usage.query: is built in; its query cannot be changed, but another id makes it an indicator of your own',
    ],
    [
      'the id of a coverage check',
      withQuery('up').replace('own:', 'scrape-coverage:'),
      'indicators.scrape-coverage: is built in; choose another id for an indicator of your own',
    ],
    [
      'a built-in one left out',
      'indicators: { cpu-usage: null }\n',
      'indicators.cpu-usage: is built in and cannot be left out; warning: null and critical: null switch its thresholds off',
    ],
    [
      'thresholds of one that is not there',
      `${PENDING}  pod-pending:\n    warning: null\n`,
      'indicators.pod-pending: is not an indicator; did you mean pods-pending?',
    ],
    [
      'one left out that is not there',
      'indicators: { own: null }\n',
      'indicators.own: is not an indicator; docs/indicators.md lists them, and title, query and unit make it one of your own',
    ],
  ])('is refused with %s', (_, text, said) => {
    expect(complaintOf(text)).toContain(said);
  });
});

describe('a file with several mistakes', () => {
  it('has them said in the order of its lines, each once', () => {
    const text = `range: 7x
indicators:
  one:
    title: { fr: x }
    query: up)
  two: { query: up, unit: count }
clusters: [{ name: a, rnage: 1d }]
`;
    expect(readConfig(text, NAME).problems).toEqual([
      'health.yaml:1: range: "7x" is not a duration such as 30s, 10m, 24h or 7d',
      'health.yaml:3: indicators.one: needs unit beside query',
      'health.yaml:4: indicators.one.title.fr: is not a known key',
      'health.yaml:5: indicators.one.query: unexpected `)` at column 3 of the query',
      'health.yaml:6: indicators.two: needs title beside query',
      'health.yaml:7: clusters.0.rnage: is not a known key; did you mean range?',
    ]);
  });
});

describe('the query of an indicator of one’s own', () => {
  it.each<[string, string]>([
    ['sum(rate(x[5m])', 'the query ends too early'],
    ['rate(x[5m])) / 2', 'unexpected `)` at column 12 of the query'],
    ['sum(\n  rate(x[5m)\n)', 'unexpected `)` at line 2, column 12 of the query'],
    ['x{a="b" c="d"}', 'unexpected `c` at column 9 of the query'],
    ['sum(x{a="b)', 'a string is not closed at column 9 of the query'],
    ['median(x)', '`median` at column 1 of the query is not a function of PromQL'],
    ['x（1）', 'unexpected `（` at column 2 of the query'],
    ['x\u00a0+ y', 'unexpected character U+00A0 at column 2 of the query'],
    ['x\u3000', 'unexpected character U+3000 at column 2 of the query'],
    ['up $agents', 'unexpected `$agents` at column 4 of the query'],
    ['x[$agents]', 'unexpected `$agents` at column 3 of the query'],
    ['', 'is empty'],
    ['# nothing yet', 'is empty'],
    [
      'x[5m]',
      'is a range vector; a function such as rate() or max_over_time() makes an instant vector of it',
    ],
    ['(x[5m] offset 1h)', 'is a range vector; '],
    ['x[1h:5m] @ end()', 'is a range vector; '],
    ['x[5m] > 1', 'is a range vector; '],
    ['"x"', 'is a string; an indicator needs an instant vector'],
    ['-(1 + 2) * time()', 'is a scalar; vector() makes an instant vector of it'],
    ['scalar(x)', 'is a scalar; '],
    ['rate(x[$windows])', '$windows is not a placeholder; did you mean $window?'],
    ['sum(x{$agnts})', '$agnts is not a placeholder; did you mean $agents?'],
    [
      'x[$period]',
      '$period is not a placeholder; there are $agents, $controllers, $components, $others, $nodeLabel, $window, $span, $interval, $step',
    ],
    [
      'x{$others,a="b"}',
      '$others may stand for nothing, which leaves a comma too many at column 10 of the query; write it last in its braces',
    ],
    [`x${' '.repeat(5000)}`, 'is longer than 5000 characters'],
  ])('is refused when it is %j', (query, said) => {
    expect(complaintOf(withQuery(query))).toMatch(/^health\.yaml:5: indicators\.own\.query: /);
    expect(complaintOf(withQuery(query))).toContain(`: ${said}`);
  });

  it.each([
    'up',
    '-up',
    'x > bool 0',
    '1 + x',
    'vector(1)',
    'SUM BY (a) (x)',
    'sum(x) without ()',
    'a / on ($nodeLabel) group_left b',
    'rate({__name__=~"a|b",$agents}[$window])',
    'max_over_time(rate(x{$components}[$window])[$span:$step])',
    'rate(x{$controllers}[$interval] offset $span)',
    'sum(x{a="b",$others}) / sum(y{$others})',
    'label_replace(x, "node", "$1", "instance", "(.*):.*$")',
    `label_replace(x, "node", "\${host}", "instance", "(?P<host>.*):.*")`,
    'x{a="（\u00a0$1"} # （\u3000',
    '{"with.dots", "a.b"="c"}',
  ])('may be %j', (query) => {
    expect(ownOf(withQuery(query))[0]?.query).toBe(query);
  });

  const BAD = 'sum(\n  rate(a[5m])\n  / rate(b[5m))\n)';
  const indented = BAD.replaceAll('\n', '\n      ');
  it.each<[string, string, number]>([
    ['a literal block', `query: |\n      ${indented}`, 6],
    ['a literal block that keeps its end', `query: |2+ # why\n        ${indented}`, 6],
    ['a folded block', `query: >-\n      ${indented}`, 6],
    ['a plain text of many lines', `query:\n      ${indented}`, 6],
    ['a quoted text of many lines', `query: '${indented}'`, 5],
    ['a text with escapes', 'query: "a{b=\\"c\\"} + \\\n      )"', 3],
  ])('is refused with the line that is wrong in %s', (_, text, line) => {
    const file = `indicators:\n  own:\n    ${text}\n    title: x\n    unit: count\n`;
    expect(complaintOf(file)).toMatch(
      new RegExp(`^health\\.yaml:${line}: indicators\\.own\\.query: unexpected \`\\)\``),
    );
  });

  it('that ends too early is refused with its last line', () => {
    const file =
      'indicators:\n  own:\n    query: |\n      sum(\n        up\n\n    title: x\n    unit: count\n';
    expect(complaintOf(file)).toBe('health.yaml:5: indicators.own.query: the query ends too early');
  });

  it('is either what the grammar takes, or refused in one line', () => {
    const piece = fc.constantFrom(
      ...['up', 'sum', 'rate', 'by', '(', ')', '{', '}', '[', ']', '5m', ',', '=', '"', "'", '#', '\n', ' '],
      ...['+', '@', 'offset', '1', '$agents', '$others', '$window', '$nodeLabel', '$1', '$', '（', '\\', '`'],
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
    );
    const durations = { window: 300, span: 60, interval: 30, step: 60, period: 86_400 };
    let taken = 0;
    fc.assert(
      fc.property(text, (query) => {
        const { file, problems } = readConfig(withQuery(query), NAME);
        if (file === null) {
          expect(problems.length).toBeGreaterThan(0);
          for (const problem of problems) expect(problem).toMatch(/^health\.yaml:\d+(?::\d+)?: [^\r\n]+$/);
          return;
        }
        taken += 1;
        // As it would be sent, both with matchers of the cluster and without.
        for (const others of [[], [{ label: 'k8s.cluster', operator: '=', value: 'prod' } as const]]) {
          const sent = substitute(query, selectionWith(others), durations);
          parser.parse(sent).iterate({ enter: ({ type }) => expect(type.isError, sent).toBe(false) });
        }
      }),
      { numRuns: 3000 },
    );
    expect(taken).toBeGreaterThan(30);
  });

  it('is read at once however deep it goes', () => {
    const begin = performance.now();
    for (const query of [
      '('.repeat(2500) + ')'.repeat(2500),
      '['.repeat(5000),
      Array(2000).fill('x').join('+'),
    ])
      readConfig(withQuery(query), NAME);
    expect(performance.now() - begin).toBeLessThan(15_000);
  });

  it('may use every placeholder that is named, and gather fills them in', () => {
    const durations = { window: 300, span: 60, interval: 30, step: 60, period: 86_400 };
    for (const name of PLACEHOLDERS)
      expect(substitute(`$${name}`, selectionWith([]), durations)).not.toContain('$');
  });
});

describe('limits', () => {
  const settingsFor = (text: string, cluster?: string) =>
    resolveSettings(configOfCluster(parseConfig(text, 'x.yaml'), cluster).config).report;
  const limitsOf = (id: string, text: string, cluster?: string) => {
    const { capacity } = settingsFor(text, cluster).indicators.find((one) => one.id === id) ?? {};
    return capacity?.limits.map((limit) => [limit.id, 'value' in limit ? limit.value : 'asked']);
  };
  const own = 'query: sum(up), title: Own, unit: count';

  it('of a built-in indicator are replaced one by one, or left out', () => {
    expect(limitsOf('local-pod-count', '{}')).toEqual([
      ['node-cidr', 253],
      ['kubelet', 'asked'],
    ]);
    const text = 'indicators: { local-pod-count: { limits: { node-cidr: 125, kubelet: 110 } } }';
    expect(limitsOf('local-pod-count', text)).toEqual([
      ['node-cidr', 125],
      ['kubelet', 110],
    ]);
    expect(
      limitsOf('local-pod-count', 'indicators: { local-pod-count: { limits: { node-cidr: null } } }'),
    ).toEqual([['kubelet', 'asked']]);
  });

  it('may differ by cluster, and are part of what a report is about', () => {
    const text = `indicators: { local-pod-count: { limits: { kubelet: 110 } } }
clusters: [{ name: a }, { name: b, indicators: { local-pod-count: { limits: { node-cidr: 61 } } } }]`;
    expect(limitsOf('local-pod-count', text, 'b')).toEqual([
      ['node-cidr', 61],
      ['kubelet', 110],
    ]);
    const idFor = (cluster: string) =>
      reportId({ cluster: 'same', period: { start: 0, end: 86_400 }, settings: settingsFor(text, cluster) });
    expect(idFor('a')).not.toBe(idFor('b'));
  });

  it('are what an indicator of one’s own runs into', () => {
    expect(limitsOf('mine', `indicators: { mine: { ${own}, limits: { pool: 500 } } }`)).toEqual([
      ['pool', 500],
    ]);
    expect(limitsOf('mine', `indicators: { mine: { ${own} } }`)).toBeUndefined();
  });

  it.each([
    [
      'local-pod-count: { limits: { pods: 9 } }',
      /local-pod-count\.limits\.pods: is not a limit of it; there are node-cidr, kubelet/,
    ],
    ['cpu-usage: { limits: { cores: 9 } }', /cpu-usage\.limits: has nothing to run into/],
    ['local-pod-count: { limits: { node-cidr: 0 } }', /local-pod-count\.limits\.node-cidr: /],
  ])('that are wrong are named: %s', (entry, message) => {
    expect(() => settingsFor(`indicators: { ${entry} }`)).toThrow(message);
  });
});

describe('indicators by cluster', () => {
  const text = `${PENDING}
  cpu-usage:
    warning: { above: 1, for: 10m }
clusters:
  - name: plain
  - name: small
    indicators:
      pods-pending: { warning: { above: 2 }, critical: { above: 5, for: 1h } }
  - name: quiet
    indicators: { pods-pending: null, cpu-usage: { warning: null } }
  - name: other
    prometheus: { jobs: { agent: [a1, a2], controller: c }, nodeLabel: host }
    indicators:
      pods-pending: { title: Others, unit: count, query: vector(1) }
      only-here: { title: Only here, unit: count, query: vector(2) }
`;
  const thresholdsOf = (cluster: string) =>
    ownOf(text, cluster).map(({ id, query, thresholds }) => [id, query, thresholds]);
  const query = 'sum(kube_pod_status_phase{phase="Pending",$others})';

  it('are those for all where it says nothing', () => {
    expect(thresholdsOf('plain')).toEqual([
      ['pods-pending', query, { warning: { above: 10, forSeconds: 600 } }],
    ]);
  });

  it('have its own thresholds and durations', () => {
    expect(thresholdsOf('small')).toEqual([
      [
        'pods-pending',
        query,
        { warning: { above: 2, forSeconds: 0 }, critical: { above: 5, forSeconds: 3600 } },
      ],
    ]);
  });

  it('are left out with null', () => {
    expect(ownOf(text, 'quiet')).toEqual([]);
  });

  it('are defined anew, or for one cluster alone', () => {
    expect(thresholdsOf('other')).toEqual([
      ['pods-pending', 'vector(1)', {}],
      ['only-here', 'vector(2)', {}],
    ]);
  });

  it('come with its own jobs and node label', () => {
    const { config } = configOfCluster(parseConfig(text, NAME), 'other');
    expect(resolveSettings(config).report.targetSettings).toEqual({
      jobs: { agent: ['a1', 'a2'], controller: ['c'] },
      matchers: { agent: {}, controller: {}, others: {} },
      nodeLabels: { agent: 'host', controller: 'host' },
    });
  });
});
