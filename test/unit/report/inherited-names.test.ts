import { beforeAll, describe, expect, it } from 'vitest';
import { settingsOf } from '../../../src/config/clusters.ts';
import { parseConfig } from '../../../src/config/file.ts';
import { makeReport } from '../../../src/report/make-report.ts';
import { LANGUAGES } from '../../../src/report/model/indicator.ts';
import type { Report } from '../../../src/report/model/report.ts';
import { parseStoredReport } from '../../../src/report/model/stored-report.ts';
import { createContext } from '../../../src/report/render/create-context.ts';
import { renderHtml } from '../../../src/report/render/html.ts';
import { causeOf } from '../../../src/report/render/sections/incidents/headline.ts';
import { type FakeTarget, sourceOver } from '../../fixtures/fake-source.ts';

/** Names of properties that all objects have. As nodes, labels, clusters and indicators they are names like any other. */
const NAMES = ['__proto__', 'constructor', 'hasOwnProperty', 'toString', 'valueOf'];

const PERIOD = { start: Date.UTC(2026, 10, 14) / 1000, end: Date.UTC(2026, 10, 21) / 1000 };

const CONFIG = `
prometheus: { url: "http://prometheus.example" }
clusters:
  - { name: constructor, indicators: { valueof: { critical: { above: 7 } } } }
  - { name: toString, prometheus: { matchers: { hasOwnProperty: x } } }
  - { name: hasOwnProperty, indicators: { constructor: { query: own2, title: Second, unit: count } } }
indicators:
  constructor:
    title: Constructor
    query: max by (node, constructor, toString) (own)
    unit: count
    subject: node
    splitBy: [constructor, toString]
    warning: { atLeast: 1 }
    limits: { constructor: 10 }
  valueof: { title: Value, query: own, unit: count, warning: { above: 5 } }
`;
const config = parseConfig(CONFIG, 'health.yaml');

/** Each agent lacks one of the labels; that of the first node has all of them. */
const TARGETS: FakeTarget[] = [
  ...NAMES.map((node, index): FakeTarget => {
    const others = NAMES.filter((name, at) => name !== '__proto__' && (index === 0 || at !== index));
    return {
      labels: {
        job: 'constructor',
        instance: `${node};antrea-agent-${index}`,
        node,
        ...Object.fromEntries(others.map((name) => [name, name])),
      },
      metrics: ['antrea_agent_local_pod_count', 'own'],
    };
  }),
  {
    labels: { job: 'toString', instance: 'constructor;antrea-controller-x', toString: 'valueOf' },
    exposes: 'controller',
  },
];

let report: Report;
beforeAll(async () => {
  report = await makeReport(sourceOver({ targets: TARGETS }).source, {
    cluster: 'constructor',
    period: PERIOD,
    settings: settingsOf(config, 'constructor').report,
    generatedAt: new Date(PERIOD.end * 1000),
  });
});

describe('a report about names that all objects have', () => {
  it('has each node and each reading once', () => {
    const agents = report.coverage.targets.filter(({ component }) => component === 'agent');
    expect(agents.map(({ subject }) => subject).sort()).toEqual(NAMES);
    expect(agents.map(({ pods }) => pods?.length)).toEqual(NAMES.map(() => 1));
    const own = report.indicators.find(({ id }) => id === 'constructor');
    expect(own?.readings.map(({ subject }) => subject).sort()).toEqual(NAMES);
    const labels = Object.fromEntries(
      own?.readings.map((reading) => [reading.subject, reading.labels]) ?? [],
    );
    expect(labels).toEqual(
      Object.fromEntries([
        ['__proto__', { constructor: 'constructor', toString: 'toString' }],
        ['constructor', { toString: 'toString' }],
        ['hasOwnProperty', { constructor: 'constructor', toString: 'toString' }],
        ['toString', { constructor: 'constructor' }],
        ['valueOf', { constructor: 'constructor', toString: 'toString' }],
      ]),
    );
  });

  it('takes no label for a cluster or a copy because some targets lack it', () => {
    expect(report.survey).toMatchObject({ cluster: null, duplications: [] });
    expect(report.survey?.agent).toMatchObject({ jobs: ['constructor'], targets: NAMES.length });
  });

  it('is the same after it was stored', () => {
    expect(parseStoredReport(JSON.stringify(report))).toEqual(report);
  });

  it.each(LANGUAGES)('is rendered in %s', async (language) => {
    const html = await renderHtml(report, { language });
    for (const name of NAMES) expect(html).toContain(name);
    expect(html).not.toMatch(/\[native code\]|\[object Object\]/);
  });

  it('is rendered although a day lacks the status of an indicator', async () => {
    const calendar = report.calendar?.map((day) => ({ ...day, statuses: {} })) ?? null;
    expect(calendar).toHaveLength(7);
    const whole = report.calendar?.slice(0, 3) ?? [];
    await renderHtml({ ...report, calendar: [...whole, ...(calendar?.slice(3) ?? [])] }, { language: 'en' });
  });

  it('names a custom indicator as a cause like any other', () => {
    expect(causeOf(createContext(report, 'en'), 'constructor')).toMatchObject({ kind: 'level' });
  });
});

describe('the configuration of clusters with such names', () => {
  it('gives each cluster its own indicators and matchers', () => {
    const idsOf = (cluster: string) =>
      settingsOf(config, cluster)
        .report.indicators.filter(({ isOwn }) => isOwn)
        .map(({ id, query, thresholds }) => [id, query, thresholds.critical?.above]);
    const query = 'max by (node, constructor, toString) (own)';
    expect(idsOf('constructor')).toEqual([
      ['constructor', query, undefined],
      ['valueof', 'own', 7],
    ]);
    expect(idsOf('hasOwnProperty')[0]).toEqual(['constructor', 'own2', undefined]);
    expect(settingsOf(config, 'toString').report.targetSettings.matchers.agent).toEqual({
      hasOwnProperty: 'x',
    });
  });

  it('refuses a cluster that is not listed, and a change of an indicator that is not defined', () => {
    expect(() => settingsOf(config, 'valueOf')).toThrow('--cluster: "valueOf" is not one of the clusters');
    expect(() => settingsOf(parseConfig('indicators: { constructor: { warning: null } }', 'a'), 'x')).toThrow(
      'indicators.constructor: is not an indicator',
    );
    expect(() => settingsOf(parseConfig('indicators: { constructor: null }', 'a'), 'x')).toThrow(
      'indicators.constructor: is not an indicator',
    );
  });

  it.each(['constructor', 'toString'])('refuses the unknown key %s in one line', (key) => {
    for (const text of [`${key}: 1`, `prometheus: { ${key}: { url: x } }`, `coverage: { ${key}: 1 }`])
      expect(() => parseConfig(text, 'a')).toThrow(new RegExp(`^a:1: .*${key}: is not a known key`));
  });
});
