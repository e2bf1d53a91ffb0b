import { describe, expect, it } from 'vitest';
import {
  compared,
  comparisonOf,
  type EarlierAssessment,
  resolvedOf,
} from '../../../src/assess/comparison.ts';
import type { IndicatorAssessment } from '../../../src/assess/indicator.ts';
import type { Finding, ReportIndicator } from '../../../src/model/report.ts';
import { targetsOf } from './notation.ts';

const finding = (change: Partial<Finding> = {}): Finding => ({
  indicator: 'resident-memory',
  subject: 'node-1',
  component: 'agent',
  severity: 'warning',
  value: 120,
  unit: 'bytes',
  threshold: 100,
  condition: 'above',
  usual: null,
  labels: {},
  start: '2026-11-20T01:00:00Z',
  end: '2026-11-20T02:00:00Z',
  durationSeconds: 3600,
  ongoing: false,
  episodes: [{ start: '2026-11-20T01:00:00Z', end: '2026-11-20T02:00:00Z', value: 120 }],
  compared: null,
  weekBefore: null,
  ...change,
});

/** An indicator with one line of node-1. */
function assessmentOf(values: number[], change: Partial<ReportIndicator> = {}): IndicatorAssessment {
  const indicator = {
    id: 'resident-memory',
    status: 'warning',
    aggregation: 'maximum',
    series: [{ subject: 'node-1', labels: {}, values }],
    ...change,
  } as ReportIndicator;
  return { indicator, findings: [], seen: [] };
}

function earlierOf(
  kind: EarlierAssessment['kind'],
  findings: readonly Finding[],
  assessment: IndicatorAssessment = assessmentOf([100, 101, 99, 100]),
  known = true,
): EarlierAssessment {
  const comparison = { kind, start: '', end: '', known, reason: null };
  return { kind, comparison, findings, indicators: new Map([[assessment.indicator.id, assessment]]) };
}

const present = (assessment: IndicatorAssessment) => new Map([[assessment.indicator.id, assessment]]);

function comparedWith(
  one: Finding,
  values: number[],
  before: EarlierAssessment,
  change: Partial<ReportIndicator> = {},
): Finding['compared'] | undefined {
  return compared([one], present(assessmentOf(values, change)), [before])[0]?.compared;
}

describe('a finding compared with the period before', () => {
  it('is new where there was none of its subject', () => {
    const others = [finding({ subject: 'node-2' }), finding({ indicator: 'cpu-usage' })];
    expect(comparedWith(finding(), [120], earlierOf('before', others))).toBe('new');
  });

  it('is worse or better by its severity first', () => {
    const before = earlierOf('before', [finding({ severity: 'critical' })]);
    expect(comparedWith(finding(), [900, 900], before)).toBe('better');
    expect(comparedWith(finding({ severity: 'critical' }), [100], earlierOf('before', [finding()]))).toBe(
      'worse',
    );
  });

  it('is worse where its level rose by more than the level scatters, whatever single points did', () => {
    const before = earlierOf('before', [finding()], assessmentOf([100, 104, 96, 102, 98, 100]));
    // 3.5 deviations of 1.4826 × 2 are 10.4, a tenth of the level is 10.
    expect(comparedWith(finding({ value: 500 }), [100, 500, 101, 99], before)).toBe('unchanged');
    expect(comparedWith(finding(), [110, 110, 110], before)).toBe('unchanged');
    expect(comparedWith(finding(), [111, 111, 111], before)).toBe('worse');
    expect(comparedWith(finding(), [89, 89, 89], before)).toBe('better');
    expect(comparedWith(finding({ condition: 'below' }), [89, 89, 89], before)).toBe('worse');
  });

  it('of counts allows for the chance in them', () => {
    const before = earlierOf('before', [finding({ value: 9 })], assessmentOf([], { aggregation: 'total' }));
    const total = { aggregation: 'total' } as const;
    // 3 × √(9 + 25) is 17.5.
    expect(comparedWith(finding({ value: 25 }), [], before, total)).toBe('unchanged');
    expect(comparedWith(finding({ value: 30 }), [], before, total)).toBe('worse');
  });

  it('is compared with nothing where nothing is known', () => {
    const unknown = earlierOf('before', [], assessmentOf([]), false);
    const failed = earlierOf('before', [], assessmentOf([], { status: 'failed' }));
    expect(comparedWith(finding(), [1], unknown)).toBeNull();
    expect(comparedWith(finding(), [1], failed)).toBeNull();
  });

  it('says apart from that whether there was the same a week before', () => {
    const week = earlierOf('week-before', [finding()]);
    const [one] = compared([finding()], present(assessmentOf([1])), [earlierOf('before', []), week]);
    expect(one).toMatchObject({ compared: 'new', weekBefore: true });
    const [other] = compared([finding({ subject: 'node-2' })], present(assessmentOf([1])), [week]);
    expect(other).toMatchObject({ compared: null, weekBefore: false });
  });
});

describe('what was resolved', () => {
  const scraped = [{ subject: 'node-1', component: 'agent' as const }];
  const now = present(assessmentOf([1], { status: 'healthy' }));

  it('is what was found before and is not there any more, once for each subject', () => {
    const before = earlierOf('before', [finding({ severity: 'critical' }), finding()]);
    expect(resolvedOf([], now, scraped, [before])).toMatchObject([
      { subject: 'node-1', severity: 'critical' },
    ]);
    expect(resolvedOf([finding()], now, scraped, [before])).toEqual([]);
  });

  it('is nothing of which it is not known: not judged, not scraped, or a mere moment', () => {
    const before = earlierOf('before', [finding()]);
    expect(resolvedOf([], present(assessmentOf([1], { status: 'failed' })), scraped, [before])).toEqual([]);
    expect(resolvedOf([], now, [], [before])).toEqual([]);
    expect(
      resolvedOf([], now, scraped, [earlierOf('before', [finding({ indicator: 'process-restarts' })])]),
    ).toEqual([]);
    expect(resolvedOf([], now, scraped, [earlierOf('week-before', [finding()])])).toEqual([]);
  });
});

describe('an earlier period', () => {
  const grid = { start: 0, stepSeconds: 300, count: 4 };
  const data = { kind: 'before', period: { start: 0, end: 1200 }, grid } as const;
  it('is known where somebody was scraped with success for half of the time', () => {
    const known = (targets: Parameters<typeof comparisonOf>[0]['targets']) =>
      comparisonOf({ ...data, targets } as Parameters<typeof comparisonOf>[0]).known;
    expect(
      known(targetsOf([{ node: 'node-1', tried: '5 5 5 5', answered: '0 5 0 1', started: '1 1 1 1' }])),
    ).toBe(true);
    expect(
      known(targetsOf([{ node: 'node-1', tried: '5 5 5 5', answered: '0 5 0 0', started: '1 1 1 1' }])),
    ).toBe(false);
    expect(known({ ok: false, reason: 'no' })).toBe(false);
  });
});
