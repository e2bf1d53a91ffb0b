import { describe, expect, it } from 'vitest';
import { compareFindings } from '../../../../src/report/assess/comparison/compare-findings.ts';
import { checkComparison } from '../../../../src/report/assess/comparison/earlier-period.ts';
import type { Outcome } from '../../../../src/report/assess/comparison/outcome.ts';
import { findResolved } from '../../../../src/report/assess/comparison/resolved.ts';
import type { EvaluatedSeries } from '../../../../src/report/assess/evaluate-series.ts';
import type { IndicatorAssessment } from '../../../../src/report/assess/indicator.ts';
import { medianOf } from '../../../../src/report/assess/medians.ts';
import { seriesKey } from '../../../../src/report/assess/subjects.ts';
import type { PeriodScrapes } from '../../../../src/report/model/gathered.ts';
import type { Coverage, Finding, ReportIndicator, Target } from '../../../../src/report/model/report.ts';
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
  const median = medianOf(Float64Array.from(values));
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
  const known = Float64Array.from(values);
  const key = seriesKey({ subject: 'node-1', component: 'agent', labels: {} });
  const series = { key, value: median, values: known, judged: known } as EvaluatedSeries;
  return { indicator, findings: [], seen: [], series: [series], values: new Map([[key, median]]) };
}

const NODE = { subject: 'node-1', component: 'agent', seenRatio: 1 } as Target;

/** @param assessment `null` for the coverage checks */
function outcomeOf(
  findings: readonly Finding[],
  assessment: IndicatorAssessment | null = assessmentOf([100, 101, 99, 100]),
  { known = true, targets = [NODE] }: Partial<Coverage> = {},
): Outcome {
  return { findings, assessment, coverage: { known, targets } as Coverage };
}

function comparedTo(before: Outcome | null, present: Outcome): Finding[] {
  return compareFindings(present, { before, 'week-before': null });
}

function comparedWith(
  one: Finding,
  values: number[],
  before: Outcome | null,
  change: Partial<ReportIndicator> = {},
): Finding['compared'] | undefined {
  return comparedTo(before, outcomeOf([one], assessmentOf(values, change)))[0]?.compared;
}

describe('a finding compared with the period before', () => {
  it('is new if its subject had none', () => {
    const others = [finding({ subject: 'node-2' }), finding({ indicator: 'cpu-usage' })];
    expect(comparedWith(finding(), [120], outcomeOf(others))).toBe('new');
  });

  it('is worse or better by its severity first', () => {
    const before = outcomeOf([finding({ severity: 'critical' })]);
    expect(comparedWith(finding(), [900, 900], before)).toBe('better');
    expect(comparedWith(finding({ severity: 'critical' }), [100], outcomeOf([finding()]))).toBe('worse');
  });

  it('is worse if its level rose by more than it scatters, regardless of single points', () => {
    const before = outcomeOf([finding()], assessmentOf([100, 104, 96, 102, 98, 100]));
    // 3.5 deviations of 1.4826 × 2 are 10.4, a tenth of the level is 10.
    expect(comparedWith(finding({ value: 500 }), [100, 500, 101, 99], before)).toBe('unchanged');
    expect(comparedWith(finding(), [110, 110, 110], before)).toBe('unchanged');
    expect(comparedWith(finding(), [111, 111, 111], before)).toBe('worse');
    expect(comparedWith(finding(), [89, 89, 89], before)).toBe('better');
    const low = finding({ condition: 'below' });
    const lowBefore = outcomeOf([low], assessmentOf([100, 104, 96, 102, 98, 100]));
    expect(comparedWith(low, [89, 89, 89], lowBefore)).toBe('worse');
  });

  it('is worse if it lasted twice as long at the same level, and half an hour longer', () => {
    const before = (durationSeconds: number) => outcomeOf([finding({ durationSeconds })]);
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
      comparedTo(outcomeOf(then), outcomeOf(now, assessmentOf([100]))).map(({ compared }) => compared);
    expect(ways(both, both)).toEqual(['unchanged', 'unchanged']);
    expect(ways(both, [finding()])).toEqual(['worse', 'worse']);
    expect(ways([finding()], both)).toEqual(['better']);
  });

  it('is new on the other side of its bounds, for instance when flows return after a day without', () => {
    const before = outcomeOf([finding({ condition: 'below' })]);
    expect(comparedWith(finding({ condition: 'above' }), [900], before)).toBe('new');
  });

  it('about scrapes is worse only by what would be a gap of its own', () => {
    const gap = (value: number) =>
      finding({ indicator: 'scrape-coverage', unit: 'seconds', value, threshold: 600 });
    const ways = (value: number, than: number) =>
      comparedTo(outcomeOf([gap(than)], null), outcomeOf([gap(value)], null))[0]?.compared;
    expect(ways(780, 600)).toBe('unchanged');
    expect(ways(7200, 600)).toBe('worse');
    expect(ways(600, 7200)).toBe('better');
  });

  it('about counts is unchanged within what chance explains', () => {
    const before = outcomeOf([finding({ value: 9 })], assessmentOf([], { aggregation: 'total' }));
    const total = { aggregation: 'total' } as const;
    // 3 × √(9 + 25) is 17.5.
    expect(comparedWith(finding({ value: 25 }), [], before, total)).toBe('unchanged');
    expect(comparedWith(finding({ value: 30 }), [], before, total)).toBe('worse');
    const many = outcomeOf([finding({ value: 1e6 })], assessmentOf([], { aggregation: 'total' }));
    expect(comparedWith(finding({ value: 1.05e6 }), [], many, total)).toBe('unchanged');
  });

  it('is not compared if the period before is unknown or the indicator was not judged in it', () => {
    const failed = outcomeOf([], assessmentOf([], { status: 'failed' }));
    expect(comparedWith(finding(), [1], null)).toBeNull();
    expect(comparedWith(finding(), [1], failed)).toBeNull();
    const off = outcomeOf([], assessmentOf([], { status: 'not-enabled' }));
    expect(comparedWith(finding(), [1], off)).toBeNull();
    const missing = assessmentOf([1], { missing: [{ subject: 'node-1', component: 'agent' }] });
    expect(comparedWith(finding(), [1], outcomeOf([], missing))).toBeNull();
  });

  it('is new on a node that did not exist, but not on one that was hardly seen', () => {
    const seenFor = (targets: Target[]) =>
      compareFindings(outcomeOf([finding()], assessmentOf([1])), {
        before: outcomeOf([], undefined, { targets }),
        'week-before': outcomeOf([], undefined, { targets }),
      })[0];
    expect(seenFor([{ ...NODE, seenRatio: 0.2 }])).toMatchObject({ compared: null, weekBefore: null });
    expect(seenFor([{ ...NODE, seenRatio: null }])).toMatchObject({ compared: null, weekBefore: null });
    expect(seenFor([])).toMatchObject({ compared: 'new', weekBefore: false });
  });

  it('states separately whether the same was found a week before', () => {
    const compared = (present: Finding, before: Outcome | null) =>
      compareFindings(outcomeOf([present], assessmentOf([1])), {
        before,
        'week-before': outcomeOf([finding()]),
      })[0];
    expect(compared(finding(), outcomeOf([]))).toMatchObject({
      compared: 'new',
      weekBefore: true,
    });
    expect(compared(finding({ subject: 'node-2' }), null)).toMatchObject({
      compared: null,
      weekBefore: false,
    });
  });
});

describe('a resolved finding', () => {
  const healthy = assessmentOf([1], { status: 'healthy' });
  const resolvedWith = (
    before: Outcome | null,
    {
      findings = [],
      assessment = healthy,
      coverage = {},
    }: {
      findings?: Finding[];
      assessment?: IndicatorAssessment | null;
      coverage?: Partial<Coverage>;
    } = {},
  ) => findResolved(outcomeOf(findings, assessment, coverage), before);

  it('was found before and is over, and is listed once for each subject', () => {
    const before = outcomeOf([finding({ severity: 'critical' }), finding()]);
    expect(resolvedWith(before)).toMatchObject([{ subject: 'node-1', severity: 'critical' }]);
    expect(resolvedWith(before, { findings: [finding()] })).toEqual([]);
  });

  it('is not listed if its end is unknown: not judged, not scraped, or a mere moment', () => {
    const before = outcomeOf([finding()]);
    expect(resolvedWith(before, { assessment: assessmentOf([1], { status: 'failed' }) })).toEqual([]);
    expect(resolvedWith(before, { coverage: { targets: [] } })).toEqual([]);
    const restart = finding({ indicator: 'process-restarts' });
    expect(resolvedWith(outcomeOf([restart], null), { assessment: null })).toEqual([]);
    expect(resolvedWith(null)).toEqual([]);
    expect(resolvedWith(before, { coverage: { targets: [{ ...NODE, seenRatio: 0.1 }] } })).toEqual([]);
  });

  it('without activity now may be a count or a user’s own indicator, but not a latency', () => {
    const before = outcomeOf([finding()]);
    const idle: Partial<ReportIndicator> = { status: 'healthy', idle: true, readings: [] };
    const count = (change: Partial<ReportIndicator>) =>
      resolvedWith(before, { assessment: assessmentOf([], { ...idle, ...change }) }).length;
    expect(count({})).toBe(0);
    expect(count({ aggregation: 'total' })).toBe(1);
    // The author of the query decided that an empty answer is healthy.
    expect(count({ own: { title: {}, explanation: {}, impact: {}, nextSteps: [] } as never })).toBe(1);
  });

  it('of a user’s own indicator needs a value, but no target of Antrea', () => {
    const before = outcomeOf([finding()]);
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
    const before = outcomeOf([outage], null);
    const resolved = (coverage: Partial<Coverage>) => resolvedWith(before, { assessment: null, coverage });
    expect(resolved({ known: false, targets: [] })).toEqual([]);
    expect(resolved({})).toHaveLength(1);
  });
});

describe('an earlier period', () => {
  const check = (targets: PeriodScrapes['targets']) => {
    const grid = { start: 0, stepSeconds: 300, count: 4 };
    const period = { start: 0, end: 1200 };
    return checkComparison({ kind: 'before', period, grid, targets } as PeriodScrapes, 'before');
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
