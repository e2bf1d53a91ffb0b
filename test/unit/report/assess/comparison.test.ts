import { describe, expect, it } from 'vitest';
import { compareFindings } from '../../../../src/report/assess/comparison/compare-findings.ts';
import {
  checkComparison,
  type EarlierPeriod,
} from '../../../../src/report/assess/comparison/earlier-period.ts';
import { findResolved } from '../../../../src/report/assess/comparison/resolved.ts';
import type { IndicatorAssessment } from '../../../../src/report/assess/indicator.ts';
import { medianOf, scatterOf } from '../../../../src/report/assess/medians.ts';
import type { PeriodAssessment } from '../../../../src/report/assess/period.ts';
import { seriesKey } from '../../../../src/report/assess/subjects.ts';
import type { Coverage, Finding, ReportIndicator, Target } from '../../../../src/report/model/report.ts';
import type { EarlierData } from '../../../../src/report/model/series.ts';
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

/** An indicator with one series of node-1. */
function assessmentOf(values: number[], change: Partial<ReportIndicator> = {}): IndicatorAssessment {
  const median = medianOf(values);
  const indicator = {
    id: 'resident-memory',
    status: 'warning',
    aggregation: 'maximum',
    idle: false,
    own: null,
    missing: [],
    readings: [{ subject: 'node-1', component: 'agent', labels: {}, value: median }],
    ...change,
  } as unknown as ReportIndicator;
  const scatter = scatterOf(Float64Array.from(values));
  const key = seriesKey({ subject: 'node-1', component: 'agent', labels: {} });
  return { indicator, findings: [], seen: [], levels: new Map([[key, { value: median, median, scatter }]]) };
}

const NODE = { subject: 'node-1', component: 'agent', seenRatio: 1 } as Target;

function periodOf(
  findings: readonly Finding[],
  assessment: IndicatorAssessment,
  { known = true, targets = [NODE] }: Partial<Coverage> = {},
): PeriodAssessment {
  const indicators = new Map([[assessment.indicator.id, assessment]]);
  return { findings, indicators, coverage: { known, targets } } as unknown as PeriodAssessment;
}

function earlierOf(
  kind: EarlierData['kind'],
  findings: readonly Finding[],
  assessment: IndicatorAssessment = assessmentOf([100, 101, 99, 100]),
  coverage: Partial<Coverage> = {},
): EarlierPeriod {
  const comparison = { kind, start: '', end: '', known: true, reason: null };
  return { comparison, assessment: periodOf(findings, assessment, coverage) };
}

const unknownPeriod = (kind: EarlierData['kind']): EarlierPeriod => ({
  comparison: { kind, start: '', end: '', known: false, reason: null },
  assessment: null,
});

function comparedWith(
  one: Finding,
  values: number[],
  before: EarlierPeriod,
  change: Partial<ReportIndicator> = {},
): Finding['compared'] | undefined {
  return compareFindings(periodOf([one], assessmentOf(values, change)), [before])[0]?.compared;
}

describe('a finding compared with the period before', () => {
  it('is new if its subject had none', () => {
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

  it('is worse if its level rose by more than it scatters, regardless of single points', () => {
    const before = earlierOf('before', [finding()], assessmentOf([100, 104, 96, 102, 98, 100]));
    // 3.5 deviations of 1.4826 × 2 are 10.4, a tenth of the level is 10.
    expect(comparedWith(finding({ value: 500 }), [100, 500, 101, 99], before)).toBe('unchanged');
    expect(comparedWith(finding(), [110, 110, 110], before)).toBe('unchanged');
    expect(comparedWith(finding(), [111, 111, 111], before)).toBe('worse');
    expect(comparedWith(finding(), [89, 89, 89], before)).toBe('better');
    const low = finding({ condition: 'below' });
    const lowBefore = earlierOf('before', [low], assessmentOf([100, 104, 96, 102, 98, 100]));
    expect(comparedWith(low, [89, 89, 89], lowBefore)).toBe('worse');
  });

  it('is worse if it lasted twice as long at the same level, and half an hour longer', () => {
    const before = (durationSeconds: number) => earlierOf('before', [finding({ durationSeconds })]);
    const same = (durationSeconds: number, than: number) =>
      comparedWith(finding({ durationSeconds }), [100], before(than));
    expect(same(3600, 1800)).toBe('worse');
    expect(same(1500, 600)).toBe('unchanged');
    expect(same(7000, 3600)).toBe('unchanged');
    expect(same(900, 36_000)).toBe('better');
  });

  it('is compared together with the other finding of its subject and indicator', () => {
    const both = [finding({ severity: 'critical' }), finding()];
    const ways = (now: readonly Finding[], then: readonly Finding[]) =>
      compareFindings(periodOf(now, assessmentOf([100])), [earlierOf('before', then)]).map(
        ({ compared }) => compared,
      );
    expect(ways(both, both)).toEqual(['unchanged', 'unchanged']);
    expect(ways(both, [finding()])).toEqual(['worse', 'worse']);
    expect(ways([finding()], both)).toEqual(['better']);
  });

  it('is new on the other side of its bounds, for instance when flows return after a day without', () => {
    const before = earlierOf('before', [finding({ condition: 'below' })]);
    expect(comparedWith(finding({ condition: 'above' }), [900], before)).toBe('new');
  });

  it('about scrapes is worse only by what would be a gap of its own', () => {
    const gap = (value: number) =>
      finding({ indicator: 'scrape-coverage', unit: 'seconds', value, threshold: 600 });
    const ways = (value: number, than: number) =>
      comparedWith(gap(value), [], earlierOf('before', [gap(than)]));
    expect(ways(780, 600)).toBe('unchanged');
    expect(ways(7200, 600)).toBe('worse');
    expect(ways(600, 7200)).toBe('better');
  });

  it('about counts is unchanged within what chance explains', () => {
    const before = earlierOf('before', [finding({ value: 9 })], assessmentOf([], { aggregation: 'total' }));
    const total = { aggregation: 'total' } as const;
    // 3 × √(9 + 25) is 17.5.
    expect(comparedWith(finding({ value: 25 }), [], before, total)).toBe('unchanged');
    expect(comparedWith(finding({ value: 30 }), [], before, total)).toBe('worse');
    const many = earlierOf('before', [finding({ value: 1e6 })], assessmentOf([], { aggregation: 'total' }));
    expect(comparedWith(finding({ value: 1.05e6 }), [], many, total)).toBe('unchanged');
  });

  it('is not compared if the period before is unknown or the indicator was not judged in it', () => {
    const failed = earlierOf('before', [], assessmentOf([], { status: 'failed' }));
    expect(comparedWith(finding(), [1], unknownPeriod('before'))).toBeNull();
    expect(comparedWith(finding(), [1], failed)).toBeNull();
    const off = earlierOf('before', [], assessmentOf([], { status: 'not-enabled' }));
    expect(comparedWith(finding(), [1], off)).toBeNull();
    const missing = assessmentOf([1], { missing: [{ subject: 'node-1', component: 'agent' }] });
    expect(comparedWith(finding(), [1], earlierOf('before', [], missing))).toBeNull();
  });

  it('is new on a node that did not exist, but not on one that was hardly seen', () => {
    const seenFor = (targets: Target[]) =>
      compareFindings(periodOf([finding()], assessmentOf([1])), [
        earlierOf('before', [], undefined, { targets }),
        earlierOf('week-before', [], undefined, { targets }),
      ])[0];
    expect(seenFor([{ ...NODE, seenRatio: 0.2 }])).toMatchObject({ compared: null, weekBefore: null });
    expect(seenFor([{ ...NODE, seenRatio: null }])).toMatchObject({ compared: null, weekBefore: null });
    expect(seenFor([])).toMatchObject({ compared: 'new', weekBefore: false });
  });

  it('states separately whether the same was found a week before', () => {
    const week = earlierOf('week-before', [finding()]);
    const compared = (present: Finding, earlier: EarlierPeriod[]) =>
      compareFindings(periodOf([present], assessmentOf([1])), earlier)[0];
    expect(compared(finding(), [earlierOf('before', []), week])).toMatchObject({
      compared: 'new',
      weekBefore: true,
    });
    expect(compared(finding({ subject: 'node-2' }), [week])).toMatchObject({
      compared: null,
      weekBefore: false,
    });
  });
});

describe('a resolved finding', () => {
  const healthy = assessmentOf([1], { status: 'healthy' });
  const resolvedWith = (
    before: EarlierPeriod,
    {
      findings = [],
      assessment = healthy,
      coverage = {},
    }: {
      findings?: Finding[];
      assessment?: IndicatorAssessment;
      coverage?: Partial<Coverage>;
    } = {},
  ) => findResolved(periodOf(findings, assessment, coverage), [before]);

  it('was found before and is over, and is listed once for each subject', () => {
    const before = earlierOf('before', [finding({ severity: 'critical' }), finding()]);
    expect(resolvedWith(before)).toMatchObject([{ subject: 'node-1', severity: 'critical' }]);
    expect(resolvedWith(before, { findings: [finding()] })).toEqual([]);
  });

  it('is not listed if its end is unknown: not judged, not scraped, or a mere moment', () => {
    const before = earlierOf('before', [finding()]);
    expect(resolvedWith(before, { assessment: assessmentOf([1], { status: 'failed' }) })).toEqual([]);
    expect(resolvedWith(before, { coverage: { targets: [] } })).toEqual([]);
    const restart = finding({ indicator: 'process-restarts' });
    expect(resolvedWith(earlierOf('before', [restart]))).toEqual([]);
    expect(resolvedWith(earlierOf('week-before', [finding()]))).toEqual([]);
    expect(resolvedWith(before, { coverage: { targets: [{ ...NODE, seenRatio: 0.1 }] } })).toEqual([]);
  });

  it('without activity now may be a count or a user’s own indicator, but not a latency', () => {
    const before = earlierOf('before', [finding()]);
    const idle: Partial<ReportIndicator> = { status: 'healthy', idle: true, readings: [] };
    const count = (change: Partial<ReportIndicator>) =>
      resolvedWith(before, { assessment: assessmentOf([], { ...idle, ...change }) }).length;
    expect(count({})).toBe(0);
    expect(count({ aggregation: 'total' })).toBe(1);
    // The author of the query decided that an empty answer is healthy.
    expect(count({ own: { title: {}, explanation: {}, impact: {}, nextSteps: [] } as never })).toBe(1);
  });

  it('of a user’s own indicator needs a value, but no target of Antrea', () => {
    const before = earlierOf('before', [finding()]);
    const own = { title: {}, explanation: {}, impact: {}, nextSteps: [] } as never;
    const resolved = (change: Partial<ReportIndicator>) =>
      resolvedWith(before, {
        assessment: assessmentOf([1], { status: 'healthy', own, ...change }),
        coverage: { targets: [] },
      });
    expect(resolved({})).toHaveLength(1);
    expect(resolved({ readings: [] })).toEqual([]);
  });

  it('is no outage of Prometheus if the scrapes of this period are unknown', () => {
    const outage = finding({ indicator: 'scrape-coverage', subject: 'prometheus', component: null });
    const before = earlierOf('before', [outage]);
    expect(resolvedWith(before, { coverage: { known: false, targets: [] } })).toEqual([]);
    expect(resolvedWith(before)).toHaveLength(1);
  });
});

describe('an earlier period', () => {
  const check = (targets: EarlierData['targets']) => {
    const grid = { start: 0, stepSeconds: 300, count: 4 };
    return checkComparison({
      kind: 'before',
      period: { start: 0, end: 1200 },
      grid,
      targets,
    } as EarlierData);
  };
  const answered = (notation: string) =>
    check(targetsOf([{ node: 'node-1', tried: '5 5 5 5', answered: notation }]));

  it('is known if any target was scraped with success for half of the time', () => {
    expect(answered('0 5 0 1').known).toBe(true);
    expect(answered('0 5 0 0').known).toBe(false);
    expect(check({ ok: false, reason: 'no' })).toMatchObject({ known: false, reason: 'no' });
  });

  it('has a reason if it was scraped for less than half of the time, and none if not at all', () => {
    expect(answered('0 5 0 0').reason).toBe('targets were scraped in only 25 % of it');
    expect(answered('0 0 0 0').reason).toBeNull();
  });
});
