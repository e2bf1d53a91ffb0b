import { describe, expect, it } from 'vitest';
import { compareReports } from '../../../../src/report/compare/compare-reports.ts';
import {
  type Difference,
  differenceSchema,
  type FindingChange,
} from '../../../../src/report/compare/difference.ts';
import type { Finding, Report, ReportIndicator } from '../../../../src/report/model/report.ts';
import { depthReport } from '../../../fixtures/depth-report.ts';
import { largeReport } from '../../../fixtures/large-report.ts';
import { nothingSeenReport } from '../../../fixtures/nothing-seen.ts';
import { dip, finding, incident, restart } from '../../../fixtures/report-parts.ts';
import { sampleReport } from '../../../fixtures/sample-report.ts';
import { withIndicator } from '../render/changed-reports.ts';

const healthy = (options = {}) => sampleReport({ condition: 'healthy', ...options });

const compare = (first: Report, second: Report) =>
  compareReports({ report: first, schemaVersion: '4' }, { report: second, schemaVersion: '4' });

/** A healthy report with these findings, each of them an incident. */
function withFindings(...findings: Finding[]): Report {
  const critical = findings.some(({ severity }) => severity === 'critical');
  return {
    ...healthy(),
    findings,
    incidents: findings.map((_, index) => incident(findings, [index])),
    verdict: findings.length === 0 ? 'healthy' : critical ? 'critical' : 'warning',
  };
}

const pods = (value: number, changes: Partial<Finding> = {}) =>
  finding({
    indicator: 'local-pod-count',
    subject: 'node-03',
    value,
    threshold: 215,
    stretches: [['Sat 19:00', 'Sat 21:00']],
    ...changes,
  });

const errors = (value: number) =>
  finding({
    indicator: 'ovs-flow-operation-errors',
    subject: 'node-03',
    value,
    threshold: 0,
    severity: 'critical',
    stretches: [['Sat 12:00', 'Sat 12:00']],
  });

const kindsOf = ({ findings }: Difference) =>
  findings.map(({ kind, reason, indicator, subject }) => [kind, reason, indicator, subject].join(' ').trim());

const without = (report: Report, node: string): Report => ({
  ...report,
  coverage: {
    ...report.coverage,
    targets: report.coverage.targets.filter(({ subject }) => subject !== node),
  },
});

/** Changes readings and the chart of an indicator on node-03. */
function withLevel(report: Report, id: string, change: (value: number) => number): Report {
  const all = report.indicators.find((indicator) => indicator.id === id) as ReportIndicator;
  const isNode = ({ subject }: { subject: string }) => subject === 'node-03';
  const changed = (value: number | null) => (value === null ? null : change(value));
  return withIndicator(report, id, {
    readings: all.readings.map((one) =>
      isNode(one)
        ? { ...one, value: changed(one.value), last: changed(one.last), median: changed(one.median) }
        : one,
    ),
    series: all.series.map((one) => (isNode(one) ? { ...one, values: one.values.map(changed) } : one)),
  });
}

const REPORTS: Readonly<Record<string, Report>> = {
  healthy: healthy(),
  unwell: sampleReport(),
  depth: depthReport(),
  week: sampleReport({ period: 'week' }),
  nothing: nothingSeenReport({}),
  'other cluster': sampleReport({ cluster: 'prod-us-1', nodeName: (index) => `us-${index}` }),
  large: largeReport({ condition: 'bad-day', nodes: 150 }),
};
const NAMES = Object.keys(REPORTS);
const PAIRS = NAMES.flatMap((a) => NAMES.map((b) => [a, b] as const));

describe('the difference of two reports', () => {
  it.each(NAMES)('is empty for the report "%s" and itself', (name) => {
    const report = REPORTS[name] as Report;
    const difference = compare(report, structuredClone(report));
    expect({
      ...difference,
      findings: difference.findings.filter(({ kind }) => kind !== 'unchanged'),
    }).toMatchObject({
      outcome: 'same',
      order: 'same',
      findings: [],
      indicators: [],
      readings: [],
      thresholds: [],
      nodes: { added: [], removed: [] },
    });
    expect(difference.unchanged.indicators).toBe(report.indicators.length);
  });

  it.each(PAIRS)('of "%s" and "%s" has the form of its schema and is the mirror of the reverse', (a, b) => {
    const [first, second] = [REPORTS[a] as Report, REPORTS[b] as Report];
    const difference = compare(first, second);
    expect(differenceSchema.parse(difference)).toEqual(difference);
    const reverse = compare(second, first);
    const keyOf = ({ indicator, subject, component, first: one, second: two }: FindingChange) =>
      JSON.stringify([indicator, subject, component, (one ?? two)?.condition === 'below']);
    const kinds = new Map(reverse.findings.map((change) => [keyOf(change), change]));
    expect(kinds.size).toBe(difference.findings.length);
    for (const change of difference.findings) {
      const mirrored = kinds.get(keyOf(change));
      expect([mirrored?.first, mirrored?.second]).toEqual([change.second, change.first]);
      expect(MIRRORED[change.kind]).toContain(mirrored?.kind);
    }
    const swapped = ({ first: one, second: two, ...rest }: Difference['readings'][number]) =>
      JSON.stringify({ ...rest, first: two, second: one });
    expect(reverse.readings.map(swapped).sort()).toEqual(
      difference.readings
        .map((one) => JSON.stringify({ ...one, first: one.first, second: one.second }))
        .map(sortedKeys)
        .sort(),
    );
    expect(reverse.nodes).toEqual({ added: difference.nodes.removed, removed: difference.nodes.added });
    expect(reverse.unchanged).toEqual(difference.unchanged);
  });

  it('calls a finding new or resolved where the other report judged the subject', () => {
    const difference = compare(withFindings(pods(216)), withFindings(errors(4)));
    expect(kindsOf(difference)).toEqual([
      'new  ovs-flow-operation-errors node-03',
      'resolved  local-pod-count node-03',
    ]);
    expect(difference.outcome).toBe('worse');
  });

  it.each([
    ['the query failed', { status: 'failed' }, 'failed', 'unknown'],
    ['there is no data', { status: 'no-data' }, 'no-data', 'unknown'],
    ['the feature is off', { status: 'not-enabled' }, 'not-enabled', 'unknown'],
    ['it has no thresholds any more', { judged: false, thresholds: {} }, 'no-thresholds', 'unknown'],
    [
      'the node has no reading',
      { readings: [], missing: [{ subject: 'node-03', component: 'agent' }] },
      'no-reading',
      'unknown',
    ],
  ] as const)('calls a finding neither better nor resolved where %s', (_, changes, reason, outcome) => {
    const second = withIndicator(
      withFindings(),
      'local-pod-count',
      changes as unknown as Partial<ReportIndicator>,
    );
    const difference = compare(withFindings(pods(216)), second);
    expect(kindsOf(difference)).toEqual([`not-judged ${reason} local-pod-count node-03`]);
    expect(difference.outcome).toBe(outcome);
  });

  it('does not judge an indicator that one report does not have', () => {
    const first = {
      ...withFindings(),
      indicators: withFindings().indicators.filter(({ id }) => id !== 'local-pod-count'),
    };
    const difference = compare(first, withFindings(pods(216)));
    expect(kindsOf(difference)).toEqual(['not-judged indicator-absent local-pod-count node-03']);
    expect(difference.indicators).toEqual([{ indicator: 'local-pod-count', first: null, second: 'healthy' }]);
    expect(compare(withFindings(), first).outcome).toBe('unknown');
  });

  it('calls the findings of an added node new, and those of a removed node not judged', () => {
    const [small, large] = [without(withFindings(), 'node-03'), withFindings(pods(216))];
    expect(kindsOf(compare(small, large))).toEqual(['new  local-pod-count node-03']);
    const removed = compare(large, small);
    expect(kindsOf(removed)).toEqual(['not-judged subject-absent local-pod-count node-03']);
    expect(removed).toMatchObject({ outcome: 'same', nodes: { added: [], removed: ['node-03'] } });
  });

  it('compares findings of both reports by severity, counts and duration', () => {
    const kind = (first: Finding, second: Finding) =>
      compare(withFindings(first), withFindings(second)).findings[0]?.kind;
    expect(kind(pods(216), pods(246, { severity: 'critical' }))).toBe('worse');
    expect(kind(pods(246, { severity: 'critical' }), pods(216))).toBe('better');
    // 3 × √(4 + 25) = 16.2 and 3 × √(4 + 12) = 12.
    expect(kind(errors(4), errors(25))).toBe('worse');
    expect(kind(errors(4), errors(12))).toBe('unchanged');
    expect(kind(pods(216), { ...pods(216), durationSeconds: 14_400 })).toBe('worse');
    expect(kind(pods(216), { ...pods(216), durationSeconds: 10_000 })).toBe('unchanged');
  });

  it('compares the level of a finding by the median and the scatter of its series', () => {
    const report = withFindings(pods(216));
    const kind = (factor: number) =>
      compare(
        report,
        withLevel(report, 'local-pod-count', (value) => value * factor),
      ).findings[0]?.kind;
    expect([kind(3), kind(1.05), kind(0.3)]).toEqual(['worse', 'unchanged', 'better']);
  });

  it('lists readings that changed clearly, except those of subjects with a finding', () => {
    const second = withLevel(healthy(), 'local-pod-count', (value) => value * 3);
    const { readings, unchanged, outcome } = compare(healthy(), second);
    expect(readings).toMatchObject([{ indicator: 'local-pod-count', subject: 'node-03', kind: 'median' }]);
    expect(readings[0]?.second).toBe(3 * (readings[0]?.first ?? 0));
    expect(unchanged.readings).toBeGreaterThan(100);
    expect(outcome).toBe('same');
    const both = { ...second, findings: [pods(216)], incidents: [incident([pods(216)], [0])] };
    expect(compare(healthy(), both).readings).toEqual([]);
  });

  it('calls no reading changed that is within the scatter of one of the reports', () => {
    const steady = withLevel(healthy(), 'local-pod-count', () => 100);
    const noisy = withLevel(healthy(), 'local-pod-count', () => 130);
    const series = noisy.indicators
      .find(({ id }) => id === 'local-pod-count')
      ?.series.map((one) =>
        one.subject === 'node-03'
          ? { ...one, values: one.values.map((_, index) => (index % 2 === 0 ? 60 : 200)) }
          : one,
      );
    expect(compare(steady, noisy).readings).toHaveLength(1);
    const scattered = withIndicator(noisy, 'local-pod-count', { series: series ?? [] });
    expect(compare(steady, scattered).readings).toEqual([]);
    expect(compare(scattered, steady).readings).toEqual([]);
  });

  it('compares the median of all nodes where a chart does not draw each', () => {
    const report = largeReport({ condition: 'bad-day', nodes: 150 });
    const raised = report.indicators.map((indicator) =>
      indicator.id === 'local-pod-count' && indicator.envelope !== null
        ? {
            ...indicator,
            envelope: {
              ...indicator.envelope,
              median: indicator.envelope.median.map((value) => value && 3 * value),
            },
          }
        : indicator,
    );
    expect(compare(report, { ...report, indicators: raised }).readings).toMatchObject([
      { indicator: 'local-pod-count', subject: null },
    ]);
  });

  it('does not compare counts and durations of periods with different lengths', () => {
    const first = withFindings(errors(4));
    const week = { ...withFindings(errors(25)), period: { ...first.period, start: '2026-11-15T08:00:00Z' } };
    const difference = compare(first, week);
    expect(difference).toMatchObject({ sameLength: false, order: 'overlapping' });
    expect(difference.findings[0]?.kind).toBe('unchanged');
    const hour = { ...withFindings(errors(25)), period: { ...first.period, end: '2026-11-22T09:00:00Z' } };
    expect(compare(first, hour).findings[0]?.kind).toBe('worse');
  });

  it('counts only what needs attention in its outcome', () => {
    const findings = [restart('node-03', 'Sat 12:00'), dip('node-03', 'Sat 12:00', 'Sat 12:10')];
    const linked = (explained: boolean): Report => ({
      ...withFindings(...findings),
      incidents: [
        incident(findings, [0, 1], { links: [{ cause: 0, effect: 1, rule: 'restart-flows', explained }] }),
      ],
    });
    const before = withFindings(restart('node-03', 'Sat 12:00'));
    expect(compare(before, linked(true)).outcome).toBe('same');
    expect(compare(before, linked(false)).outcome).toBe('worse');
    expect(compare(linked(true), linked(false)).findings.map(({ kind }) => kind)).toEqual([
      'worse',
      'unchanged',
    ]);
  });

  it('compares two clusters although their nodes have other names', () => {
    const other = sampleReport({
      condition: 'healthy',
      cluster: 'prod-us-1',
      nodeName: (index) => `us-${index}`,
    });
    const difference = compare(withFindings(pods(216)), other);
    expect(difference.sameCluster).toBe(false);
    expect(kindsOf(difference)).toEqual(['resolved  local-pod-count node-03']);
  });

  it('says in which order the periods are', () => {
    const day = healthy();
    const next = { ...day, period: { ...day.period, start: day.period.end, end: '2026-11-23T08:00:00Z' } };
    expect([compare(day, next).order, compare(next, day).order, compare(day, day).order]).toEqual([
      'later',
      'earlier',
      'same',
    ]);
  });

  it('names thresholds that are different, and findings that were judged by them', () => {
    const strict = withIndicator(withFindings(pods(216)), 'local-pod-count', {
      thresholds: { warning: { above: 100, forSeconds: 900 } },
    });
    const difference = compare(withFindings(), strict);
    expect(difference.thresholds).toMatchObject([
      {
        indicator: 'local-pod-count',
        first: { warning: { above: 215 } },
        second: { warning: { above: 100 } },
      },
    ]);
    expect(difference.findings).toMatchObject([{ kind: 'new', sameThresholds: false }]);
  });

  it('does not call a report without Antrea better', () => {
    const difference = compare(withFindings(pods(216)), nothingSeenReport({}));
    expect(difference.outcome).toBe('unknown');
    expect(difference.reports.second.score).toBeNull();
    expect(difference.findings.map(({ kind }) => kind)).toEqual(['not-judged']);
  });
});

/** What a finding is in the reverse. What is new may not be known to be over, as with nodes that only one report has. */
const MIRRORED: Readonly<Record<FindingChange['kind'], readonly FindingChange['kind'][]>> = {
  new: ['resolved', 'not-judged'],
  resolved: ['new'],
  worse: ['better'],
  better: ['worse'],
  unchanged: ['unchanged'],
  'not-judged': ['not-judged', 'new'],
};

const sortedKeys = (text: string): string => {
  const { first, second, ...rest } = JSON.parse(text) as Difference['readings'][number];
  return JSON.stringify({ ...rest, first, second });
};
