import { parser } from '@prometheus-io/lezer-promql';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configOfCluster } from '../../../src/config/clusters.ts';
import { ConfigError } from '../../../src/config/errors.ts';
import { inspectConfig, parseConfig } from '../../../src/config/file.ts';
import { findQueryProblem, PLACEHOLDERS } from '../../../src/config/schema/promql.ts';
import { resolveSettings } from '../../../src/config/settings.ts';
import { INDICATORS } from '../../../src/report/catalog/indicators/index.ts';
import type { Indicator } from '../../../src/report/model/indicator.ts';
import { type Matcher, type Selection, substitute } from '../../../src/report/promql/placeholders.ts';
import { reportId } from '../../../src/report/report-id.ts';
import { cpuSeconds } from '../../fixtures/cpu-seconds.ts';

const NAME = 'health.yaml';

const PENDING = `
indicators:
  pods-pending:
    title: Pending Pods
    query: sum(kube_pod_status_phase{phase="Pending",$others})
    unit: pods
    warning: { above: 10, for: 10m }
`;

/** Returns the custom indicators of a file. */
function customOf(text: string, cluster?: string): Indicator[] {
  const { config } = configOfCluster(parseConfig(text, NAME), cluster);
  const { indicators } = resolveSettings(config).report;
  expect(indicators.slice(0, INDICATORS.length).map(({ id }) => id)).toEqual(INDICATORS.map(({ id }) => id));
  return indicators.slice(INDICATORS.length);
}

/** Returns the message of the error, and expects it to be one line. */
function messageOf(text: string): string {
  try {
    customOf(text, 'a');
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    const { message } = error as ConfigError;
    expect(message).not.toMatch(/[\r\n]/);
    return message;
  }
  throw new Error('the text was accepted');
}

const withQuery = (query: string) =>
  `indicators:\n  own:\n    title: Own\n    unit: count\n    query: ${JSON.stringify(query)}\n`;

/** Returns a selection with one job per component, of a cluster that `others` selects. */
function selectionWith(others: readonly Matcher[]): Selection {
  const component = (job: string) => ({
    matchers: [...others, { label: 'job', operator: '=' as const, value: job }],
    windows: null,
    nodeLabel: 'node',
  });
  return { agent: component('a'), controller: component('c'), others };
}

describe('a custom indicator', () => {
  it('requires only a title, a query and a unit', () => {
    expect(customOf(PENDING)).toEqual([
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

  it('can have the properties of a built-in one', () => {
    const [indicator] = customOf(`
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
    expect(indicator?.scope).toBeUndefined();
  });

  it.each(['up', 'up # why', 'sum(up)\n# why\n', 'sum by (node) (\n  up # a\n)\n'])(
    'of nodes keeps its query: %j',
    (query) => {
      const [indicator] = customOf(`${withQuery(query)}    subject: node\n`);
      expect(indicator?.query).toContain(query.trimEnd());
      expect(findQueryProblem(indicator?.query ?? '')).toBeNull();
    },
  );

  it.each<[string, string, string]>([
    [
      'no title',
      withQuery('up').replace(/ {4}title.*\n/, ''),
      '2: indicators.own: needs title, because it has a query',
    ],
    [
      'no unit',
      withQuery('up').replace(/ {4}unit.*\n/, ''),
      '2: indicators.own: needs unit, because it has a query',
    ],
    [
      'no query',
      'indicators:\n  own:\n    title: Own\n    unit: count\n',
      '3: indicators.own.title: requires a query, which defines a custom indicator; a built-in indicator has warning, critical, limits and runbook',
    ],
    [
      'an unknown unit',
      withQuery('up').replace('count', 'furlongs'),
      '4: indicators.own.unit: is not a unit; the units are milliseconds, ',
    ],
    [
      'an ID with capitals',
      withQuery('up').replace('own:', 'Own_1:'),
      '2: indicators.Own_1: is not an indicator id: lower-case words joined by hyphens, at most 60 characters',
    ],
    [
      'an ID that is too long',
      withQuery('up').replace('own:', `${'o'.repeat(61)}:`),
      'at most 60 characters',
    ],
    [
      'an unknown language',
      withQuery('up').replace('title: Own', 'title: { de: Eigenes }'),
      '3: indicators.own.title.de: is not a known key',
    ],
    [
      'an empty title',
      withQuery('up').replace('title: Own', 'title: {}'),
      '3: indicators.own.title: needs en, zh-CN or both',
    ],
    [
      'a title that is a list',
      withQuery('up').replace('title: Own', 'title: [Own]'),
      '3: indicators.own.title: must be text, or en: … and zh-CN: …',
    ],
    [
      'a title that is too long',
      withQuery('up').replace('Own', 'o'.repeat(81)),
      '3: indicators.own.title: is longer than 80 characters',
    ],
    [
      'a reading that only built-in indicators have',
      `${withQuery('up')}    reading: total\n`,
      '6: indicators.own.reading: ',
    ],
    ['an unknown subject', `${withQuery('up')}    subject: pod\n`, '6: indicators.own.subject: '],
    [
      'an invalid label',
      `${withQuery('up')}    splitBy: [a-b]\n`,
      '6: indicators.own.splitBy.0: is not a label name',
    ],
    [
      'a command of two lines',
      `${withQuery('up')}    nextSteps:\n      - text: x\n        command: |\n          a\n          b\n`,
      '8: indicators.own.nextSteps.0.command: must be one line of text',
    ],
    [
      'a query for a built-in indicator',
      withQuery('up').replace('own:', 'cpu-usage:'),
      'indicators.cpu-usage.query: is built in and has a fixed query; choose another id to define a custom indicator',
    ],
    [
      'the ID of a coverage check',
      withQuery('up').replace('own:', 'scrape-coverage:'),
      'indicators.scrape-coverage: is built in; choose another id for a custom indicator',
    ],
    [
      'a built-in indicator removed',
      'indicators: { cpu-usage: null }\n',
      'indicators.cpu-usage: is built in and cannot be removed; remove its thresholds with warning: null and critical: null',
    ],
    [
      'thresholds of an unknown indicator',
      `${PENDING}  pod-pending:\n    warning: null\n`,
      'indicators.pod-pending: is not an indicator; did you mean pods-pending?',
    ],
    [
      'an unknown indicator removed',
      'indicators: { own: null }\n',
      'indicators.own: is not an indicator; docs/indicators.md lists the built-in indicators, and a custom one needs title, query and unit',
    ],
  ])('is refused with %s', (_, text, said) => {
    expect(messageOf(text)).toContain(said);
  });
});

describe('a file with several problems', () => {
  it('reports each problem once, sorted by line', () => {
    const text = `range: 7x
indicators:
  one:
    title: { fr: x }
    query: up)
  two: { query: up, unit: count }
clusters: [{ name: a, rnage: 1d }]
`;
    expect(inspectConfig(text, NAME).problems).toEqual([
      'health.yaml:1: range: "7x" is not a duration such as 30s, 10m, 24h or 7d',
      'health.yaml:3: indicators.one: needs unit, because it has a query',
      'health.yaml:4: indicators.one.title.fr: is not a known key',
      'health.yaml:5: indicators.one.query: unexpected `)` at column 3 of the query',
      'health.yaml:6: indicators.two: needs title, because it has a query',
      'health.yaml:7: clusters.0.rnage: is not a known key; did you mean range?',
    ]);
  });
});

describe('the query of a custom indicator', () => {
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
    // Labels in quotes would make it valid, and those without would become another label.
    ['{up$agents}', 'unexpected `$agents` at column 4 of the query'],
    ['x[$agents]', 'unexpected `$agents` at column 3 of the query'],
    ['', 'is empty'],
    ['# nothing yet', 'is empty'],
    ['x[5m]', 'is a range vector; use a function such as rate() or max_over_time() to get an instant vector'],
    ['(x[5m] offset 1h)', 'is a range vector; '],
    ['x[1h:5m] @ end()', 'is a range vector; '],
    ['x[5m] > 1', 'is a range vector; '],
    ['"x"', 'is a string; an indicator requires an instant vector'],
    ['-(1 + 2) * time()', 'is a scalar; use vector() to get an instant vector'],
    ['scalar(x)', 'is a scalar; '],
    ['rate(x[$windows])', '$windows is not a placeholder; did you mean $window?'],
    ['sum(x{$agnts})', '$agnts is not a placeholder; did you mean $agents?'],
    [
      'x[$period]',
      '$period is not a placeholder; the placeholders are $agents, $controllers, $components, $others, $nodeLabel, $window, $span, $interval, $step',
    ],
    [
      'x{$others,a="b"}',
      '$others can be empty, which leaves an extra comma at column 10 of the query; write it last in the braces',
    ],
    [`x${' '.repeat(5000)}`, 'is longer than 5000 characters'],
  ])('is refused when it is %j', (query, said) => {
    expect(messageOf(withQuery(query))).toMatch(/^health\.yaml:5: indicators\.own\.query: /);
    expect(messageOf(withQuery(query))).toContain(`: ${said}`);
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
    expect(customOf(withQuery(query))[0]?.query).toBe(query);
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
  ])('is refused with the line of the mistake in %s', (_, text, line) => {
    const file = `indicators:\n  own:\n    ${text}\n    title: x\n    unit: count\n`;
    expect(messageOf(file)).toMatch(
      new RegExp(`^health\\.yaml:${line}: indicators\\.own\\.query: unexpected \`\\)\``),
    );
  });

  it('that ends too early is refused with its last line', () => {
    const file =
      'indicators:\n  own:\n    query: |\n      sum(\n        up\n\n    title: x\n    unit: count\n';
    expect(messageOf(file)).toBe('health.yaml:5: indicators.own.query: the query ends too early');
  });

  it('is either valid in the grammar or refused in one line', () => {
    const piece = fc.constantFrom(
      ...['up', 'sum', 'rate', 'by', '(', ')', '{', '}', '[', ']', '5m', ',', '=', '"', "'", '#', '\n', ' '],
      ...['+', '@', 'offset', '1', '$agents', '$others', '$window', '$nodeLabel', '$1', '$', '（', '\\', '`'],
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
    );
    const durations = { window: 300, span: 60, interval: 30, step: 60, period: 86_400 };
    let accepted = 0;
    fc.assert(
      fc.property(text, (query) => {
        const { file, problems } = inspectConfig(withQuery(query), NAME);
        if (file === null) {
          expect(problems.length).toBeGreaterThan(0);
          for (const problem of problems) expect(problem).toMatch(/^health\.yaml:\d+(?::\d+)?: [^\r\n]+$/);
          return;
        }
        accepted += 1;
        // As it would be sent, with and without matchers of the cluster.
        for (const others of [[], [{ label: 'k8s.cluster', operator: '=', value: 'prod' } as const]]) {
          const sent = substitute(query, selectionWith(others), durations);
          parser.parse(sent).iterate({ enter: ({ type }) => expect(type.isError, sent).toBe(false) });
        }
      }),
      { numRuns: 3000 },
    );
    expect(accepted).toBeGreaterThan(30);
  });

  it('is checked with bounded work however deeply it is nested', async () => {
    const queries = ['('.repeat(2500) + ')'.repeat(2500), '['.repeat(5000), Array(2000).fill('x').join('+')];
    const { seconds } = await cpuSeconds(() => {
      for (const query of queries) inspectConfig(withQuery(query), NAME);
    });
    expect(seconds).toBeLessThan(15);
  });

  it('can use every placeholder, and `substitute` replaces it', () => {
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
    return capacity?.limits.map((limit) => [limit.id, 'value' in limit ? limit.value : 'queried']);
  };
  const own = 'query: sum(up), title: Own, unit: count';

  it('of a built-in indicator are replaced or removed by name', () => {
    expect(limitsOf('local-pod-count', '{}')).toEqual([
      ['node-cidr', 253],
      ['kubelet', 'queried'],
    ]);
    const text = 'indicators: { local-pod-count: { limits: { node-cidr: 125, kubelet: 110 } } }';
    expect(limitsOf('local-pod-count', text)).toEqual([
      ['node-cidr', 125],
      ['kubelet', 110],
    ]);
    expect(
      limitsOf('local-pod-count', 'indicators: { local-pod-count: { limits: { node-cidr: null } } }'),
    ).toEqual([['kubelet', 'queried']]);
  });

  it('can differ by cluster and change the report ID', () => {
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

  it('of a custom indicator can have any name', () => {
    expect(limitsOf('mine', `indicators: { mine: { ${own}, limits: { pool: 500 } } }`)).toEqual([
      ['pool', 500],
    ]);
    expect(limitsOf('mine', `indicators: { mine: { ${own} } }`)).toBeUndefined();
  });

  it.each([
    [
      'local-pod-count: { limits: { pods: 9 } }',
      /local-pod-count\.limits\.pods: is not a limit of this indicator; its limits are node-cidr, kubelet/,
    ],
    ['cpu-usage: { limits: { cores: 9 } }', /cpu-usage\.limits: is not supported by this indicator/],
    ['local-pod-count: { limits: { node-cidr: 0 } }', /local-pod-count\.limits\.node-cidr: /],
  ])('are refused with their key: %s', (entry, message) => {
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
    customOf(text, cluster).map(({ id, query, thresholds }) => [id, query, thresholds]);
  const query = 'sum(kube_pod_status_phase{phase="Pending",$others})';

  it('are the common ones where the cluster sets none', () => {
    expect(thresholdsOf('plain')).toEqual([
      ['pods-pending', query, { warning: { above: 10, forSeconds: 600 } }],
    ]);
  });

  it('can have other thresholds and durations', () => {
    expect(thresholdsOf('small')).toEqual([
      [
        'pods-pending',
        query,
        { warning: { above: 2, forSeconds: 0 }, critical: { above: 5, forSeconds: 3600 } },
      ],
    ]);
  });

  it('are removed with null', () => {
    expect(customOf(text, 'quiet')).toEqual([]);
  });

  it('can be redefined or defined for one cluster only', () => {
    expect(thresholdsOf('other')).toEqual([
      ['pods-pending', 'vector(1)', {}],
      ['only-here', 'vector(2)', {}],
    ]);
  });

  it('can have other jobs and another node label', () => {
    const { config } = configOfCluster(parseConfig(text, NAME), 'other');
    expect(resolveSettings(config).report.targetSettings).toEqual({
      jobs: { agent: ['a1', 'a2'], controller: ['c'] },
      matchers: { agent: {}, controller: {}, others: {} },
      nodeLabels: { agent: 'host', controller: 'host' },
    });
  });
});
