import fc from 'fast-check';
import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { describe, expect, it } from 'vitest';
import type { Language } from '../../../../src/report/model/indicator.ts';
import type { Report, ReportIndicator } from '../../../../src/report/model/report.ts';
import { renderJunit } from '../../../../src/report/render/junit/render.ts';
import { visible } from '../../../../src/report/render/kit/phrase.ts';
import { HOSTILE_NAME, hostileReport } from '../../../fixtures/hostile-names.ts';
import { largeReport } from '../../../fixtures/large-report.ts';
import { incident, restart } from '../../../fixtures/report-parts.ts';
import { sampleReport } from '../../../fixtures/sample-report.ts';
import { NOTHING, withIndicator } from './changed-reports.ts';

type Element = { name: string; attributes: Record<string, string>; children: Element[]; text: string };

/** Reads XML by a parser that refuses whatever XML 1.0 does not allow. */
function parseXml(text: string): Element {
  const parser = new SaxesParser();
  const root: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }: SaxesTagPlain) => {
    const element = { name, attributes, children: [], text: '' };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on('text', (piece) => {
    const element = open.at(-1);
    if (element) element.text += piece;
  });
  parser.on('closetag', () => void open.pop());
  parser.write(text).close();
  return root.children[0] ?? root;
}

const suitesOf = (report: Report, language: Language = 'en') => parseXml(renderJunit(report, language));

const casesOf = (suites: Element) =>
  suites.children.flatMap(({ children }) => children.filter(({ name }) => name === 'testcase'));

/** Returns the only result of a test case: its element, or a passed one. */
function resultOf(suites: Element, title: string): Element {
  const testCase = casesOf(suites).find(({ attributes }) => attributes['name'] === title);
  if (testCase === undefined) throw new Error(`no test case ${title}`);
  const [result, ...others] = testCase.children.filter(({ name }) => name !== 'system-out');
  expect(others).toEqual([]);
  return result ?? { ...testCase, name: 'passed' };
}

describe('the results of tests', () => {
  const report = sampleReport();

  it('are suites of the sections, with as many results as they say', () => {
    const suites = suitesOf(report);
    expect(suites.children.map(({ attributes }) => attributes['name'])).toEqual([
      'Coverage',
      'Availability',
      'Policy computation',
      'Services',
      'Datapath',
      'Flow export',
      'Capacity',
      'Processes',
      'Custom indicators',
    ]);
    const names = { failures: 'failure', errors: 'error', skipped: 'skipped' };
    for (const { attributes, children } of suites.children) {
      const tests = children.filter(({ name }) => name === 'testcase');
      expect(attributes['tests']).toBe(`${tests.length}`);
      for (const [attribute, name] of Object.entries(names)) {
        const results = tests.filter((test) => test.children.some((child) => child.name === name));
        expect(attributes[attribute], attribute).toBe(`${results.length}`);
      }
    }
    expect(suites.attributes['tests']).toBe(`${report.indicators.length + 3}`);
  });

  it('say what is wrong, where and since when', () => {
    const { name, attributes, text } = resultOf(suitesOf(report), 'NetworkPolicy sync duration');
    expect([name, attributes['type']]).toEqual(['failure', 'critical']);
    expect(attributes['message']).toMatch(
      /^NetworkPolicy sync duration of the controller reached .* \(threshold 1\ss\)$/,
    );
    expect(text).toContain(attributes['message'] ?? '-');
    expect(text).toMatch(/Critical, controller, .*, since 22 Nov 2026, 0\d:\d\d/);
    expect(text).toMatch(/First step: .*\n {2}kubectl /);
    expect(text).toContain('Times are in Europe/Berlin');
    const chinese = resultOf(suitesOf(report, 'zh-CN'), 'NetworkPolicy 同步耗时');
    expect(chinese.attributes['message']).toMatch(
      /^Controller 的 NetworkPolicy 同步耗时达到 .*（阈值 1\ss）$/,
    );
  });

  it.each<[string, Partial<ReportIndicator>]>([
    ['error', { ...NOTHING, status: 'failed', reason: 'timed out' }],
    ['error', { ...NOTHING, status: 'no-data' }],
    ['error', { ...NOTHING, status: 'not-captured' }],
    ['skipped', { ...NOTHING, status: 'not-enabled' }],
    ['skipped', { ...NOTHING, status: 'not-exposed' }],
    ['skipped', { idle: true }],
    ['skipped', { judged: false }],
    ['passed', {}],
  ])('are %s for %j', (expected, changes) => {
    const healthy = withIndicator(sampleReport({ condition: 'healthy' }), 'cpu-usage', changes);
    const { name, text } = resultOf(suitesOf(healthy), 'CPU usage');
    expect(name).toBe(expected);
    if (changes.reason) expect(text).toContain(changes.reason);
  });

  it('pass for findings that another one explains, as in the verdict', () => {
    const findings = [restart('node-01', 'Sun 03:12'), restart('node-02', 'Sun 03:13')].map((one, index) =>
      index === 0 ? one : { ...one, indicator: 'cpu-usage' },
    );
    const links = [{ cause: 0, effect: 1, rule: 'any', explained: true }];
    const incidents = [incident(findings, [0, 1], { links })];
    const explained = withIndicator(
      { ...sampleReport({ condition: 'healthy' }), findings, incidents },
      'cpu-usage',
      {
        status: 'critical',
      },
    );
    const suites = suitesOf(explained);
    expect(resultOf(suites, 'Process restarts').name).toBe('failure');
    const passed = resultOf(suites, 'CPU usage');
    expect([passed.name, passed.children[0]?.text]).toEqual([
      'passed',
      'Caused by the restart; see: The agent on node-01 restarted once; 1 related finding',
    ]);
  });

  it('name a known defect of the version that shows in the findings, and the release that fixes it', () => {
    const defects = [{ id: 'service-sync-not-retried', certain: true }];
    const version = { component: 'agent', tag: 'v2.5.1', release: '2.5.1', podsAtEnd: 12 } as const;
    const images = { versions: [version], upgrades: [] };
    const incidents = report.incidents.map((one) => ({ ...one, defects }));
    const suites = suitesOf({ ...report, antrea: { ...report.antrea, images, defects }, incidents });
    const { text } = resultOf(suites, 'OVS flow operation errors');
    expect(text).toContain('\nKnown defect of Antrea 2.5.1, fixed in 2.5.3 and 2.6.3: A Service that');
    expect(text).toContain('https://github.com/antrea-io/antrea/pull/8206\n');
    expect(resultOf(suitesOf(report), 'OVS flow operation errors').text).not.toContain('defect');
  });

  it('have an error for an incomplete report, so that missing data is no success', () => {
    const { name, text } = resultOf(suitesOf(report), 'Completeness of the report');
    expect(name).toBe('error');
    expect(text).toContain('Prometheus returned 1 warning');
    const healthy = suitesOf(sampleReport({ condition: 'healthy' }));
    expect(resultOf(healthy, 'Completeness of the report').name).toBe('passed');
    expect([healthy.attributes['failures'], healthy.attributes['errors']]).toEqual(['0', '0']);
  });

  it('name a few of very many nodes', () => {
    const { attributes, text } = resultOf(
      suitesOf(largeReport({ condition: 'upgrade', nodes: 1000 })),
      'Process restarts',
    );
    expect(attributes['message']).toContain('The agents on 1,000 nodes restarted');
    expect(text).toContain('and 980 more');
    expect(text.length).toBeLessThan(4000);
  });

  it('are well-formed and have different names, whatever names come from outside', () => {
    fc.assert(
      fc.property(HOSTILE_NAME, fc.constantFrom<Language>('en', 'zh-CN'), (name, language) => {
        const suites = suitesOf(hostileReport(name), language);
        const cases = casesOf(suites);
        expect(cases).toHaveLength(sampleReport().indicators.length + 3);
        const keys = cases.map(({ attributes }) =>
          JSON.stringify([attributes['classname'], attributes['name']]),
        );
        expect(new Set(keys).size).toBe(keys.length);
        const properties = suites.children[0]?.children[0]?.children ?? [];
        expect(
          properties.find(({ attributes }) => attributes['name'] === 'cluster')?.attributes['value'],
        ).toBe(visible(name));
        const failed = cases.flatMap(({ children }) => children.filter(({ name: kind }) => kind === 'error'));
        expect(failed.some(({ text }) => text.includes(visible(name)))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
