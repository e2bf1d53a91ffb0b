import { describe, expect, it } from 'vitest';
import {
  compared,
  comparisonOf,
  type EarlierAssessment,
  resolvedOf,
} from '../../../../src/report/assess/comparison/comparison.ts';
import type { IndicatorAssessment } from '../../../../src/report/assess/indicator.ts';
import { scatterOf } from '../../../../src/report/assess/medians.ts';
import { keyOf, medianOf } from '../../../../src/report/assess/subjects.ts';
import type { Finding, ReportIndicator } from '../../../../src/report/model/report.ts';
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
  const key = keyOf({ subject: 'node-1', component: 'agent' }, {});
  const levels = new Map([[key, { value: median, median, scatter }]]);
  return { indicator, findings: [], seen: [], levels };
}

const NODE = { subject: 'node-1', component: 'agent' as const, seenRatio: 1 };

function earlierOf(
  kind: EarlierAssessment['kind'],
  findings: readonly Finding[],
  assessment: IndicatorAssessment = assessmentOf([100, 101, 99, 100]),
  known = true,
  targets: EarlierAssessment['targets'] = [NODE],
): EarlierAssessment {
  const comparison = { kind, start: '', end: '', known, reason: null };
  const indicators = new Map([[assessment.indicator.id, assessment]]);
  return { kind, comparison, findings, indicators, targets };
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
    const low = finding({ condition: 'below' });
    const lowBefore = earlierOf('before', [low], assessmentOf([100, 104, 96, 102, 98, 100]));
    expect(comparedWith(low, [89, 89, 89], lowBefore)).toBe('worse');
  });

  it('is worse where it lasted twice as long at the same level, and half an hour longer', () => {
    const before = (durationSeconds: number) => earlierOf('before', [finding({ durationSeconds })]);
    const same = (durationSeconds: number, than: number) =>
      comparedWith(finding({ durationSeconds }), [100], before(than));
    expect(same(3600, 1800)).toBe('worse');
    expect(same(1500, 600)).toBe('unchanged');
    expect(same(7000, 3600)).toBe('unchanged');
    expect(same(900, 36_000)).toBe('better');
  });

  it('is one trouble with what else was found of its subject: critical stretches and warnings beside them', () => {
    const both = [finding({ severity: 'critical' }), finding()];
    const ways = (now: readonly Finding[], then: readonly Finding[]) =>
      compared(now, present(assessmentOf([100])), [earlierOf('before', then)]).map((one) => one.compared);
    expect(ways(both, both)).toEqual(['unchanged', 'unchanged']);
    expect(ways(both, [finding()])).toEqual(['worse', 'worse']);
    expect(ways([finding()], both)).toEqual(['better']);
  });

  it('is another trouble on the other side of its bounds, as when flows are back after a day without', () => {
    const before = earlierOf('before', [finding({ condition: 'below' })]);
    expect(comparedWith(finding({ condition: 'above' }), [900], before)).toBe('new');
  });

  it('of scrapes is worse only by what would be a gap of its own', () => {
    const gap = (value: number) =>
      finding({ indicator: 'scrape-coverage', unit: 'seconds', value, threshold: 600 });
    const ways = (value: number, than: number) =>
      comparedWith(gap(value), [], earlierOf('before', [gap(than)]));
    expect(ways(780, 600)).toBe('unchanged');
    expect(ways(7200, 600)).toBe('worse');
    expect(ways(600, 7200)).toBe('better');
  });

  it('of counts allows for the chance in them', () => {
    const before = earlierOf('before', [finding({ value: 9 })], assessmentOf([], { aggregation: 'total' }));
    const total = { aggregation: 'total' } as const;
    // 3 × √(9 + 25) is 17.5.
    expect(comparedWith(finding({ value: 25 }), [], before, total)).toBe('unchanged');
    expect(comparedWith(finding({ value: 30 }), [], before, total)).toBe('worse');
    const many = earlierOf('before', [finding({ value: 1e6 })], assessmentOf([], { aggregation: 'total' }));
    expect(comparedWith(finding({ value: 1.05e6 }), [], many, total)).toBe('unchanged');
  });

  it('is compared with nothing where nothing is known', () => {
    const unknown = earlierOf('before', [], assessmentOf([]), false);
    const failed = earlierOf('before', [], assessmentOf([], { status: 'failed' }));
    expect(comparedWith(finding(), [1], unknown)).toBeNull();
    expect(comparedWith(finding(), [1], failed)).toBeNull();
    const off = earlierOf('before', [], assessmentOf([], { status: 'not-enabled' }));
    expect(comparedWith(finding(), [1], off)).toBeNull();
    const missing = assessmentOf([1], { missing: [{ subject: 'node-1', component: 'agent' }] });
    expect(comparedWith(finding(), [1], earlierOf('before', [], missing))).toBeNull();
  });

  it('of a node that was hardly seen before is not called new, but of one that was not there is', () => {
    const seenFor = (targets: EarlierAssessment['targets']) =>
      compared([finding()], present(assessmentOf([1])), [
        earlierOf('before', [], undefined, true, targets),
        earlierOf('week-before', [], undefined, true, targets),
      ])[0];
    expect(seenFor([{ ...NODE, seenRatio: 0.2 }])).toMatchObject({ compared: null, weekBefore: null });
    expect(seenFor([{ ...NODE, seenRatio: null }])).toMatchObject({ compared: null, weekBefore: null });
    expect(seenFor([])).toMatchObject({ compared: 'new', weekBefore: false });
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
  const scraped = { known: true, targets: [NODE] };
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
    expect(resolvedOf([], now, { known: true, targets: [] }, [before])).toEqual([]);
    expect(
      resolvedOf([], now, scraped, [earlierOf('before', [finding({ indicator: 'process-restarts' })])]),
    ).toEqual([]);
    expect(resolvedOf([], now, scraped, [earlierOf('week-before', [finding()])])).toEqual([]);
    const hardly = { known: true, targets: [{ ...NODE, seenRatio: 0.1 }] };
    expect(resolvedOf([], now, hardly, [before])).toEqual([]);
  });

  it('is no latency without activity, but is a count of nothing', () => {
    const before = earlierOf('before', [finding()]);
    const idle: Partial<ReportIndicator> = { status: 'healthy', idle: true, readings: [] };
    const gone = (change: Partial<ReportIndicator>) =>
      resolvedOf([], present(assessmentOf([], { ...idle, ...change })), scraped, [before]).length;
    expect(gone({})).toBe(0);
    expect(gone({ aggregation: 'total' })).toBe(1);
    // Whoever wrote the query says that no answer means that all is well.
    expect(gone({ own: { title: {}, explanation: {}, impact: {}, nextSteps: [] } as never })).toBe(1);
  });

  it('of an indicator of one’s own needs no target of Antrea’s, only a value', () => {
    const before = earlierOf('before', [finding()]);
    const own = { title: {}, explanation: {}, impact: {}, nextSteps: [] } as never;
    const nobody = { known: true, targets: [] };
    const gone = (change: Partial<ReportIndicator>) =>
      resolvedOf([], present(assessmentOf([1], { status: 'healthy', own, ...change })), nobody, [before]);
    expect(gone({})).toHaveLength(1);
    expect(gone({ readings: [] })).toEqual([]);
  });

  it('is no outage of Prometheus where nothing is known of the scrapes now', () => {
    const outage = finding({ indicator: 'scrape-coverage', subject: 'prometheus', component: null });
    const before = earlierOf('before', [outage]);
    expect(resolvedOf([], now, { known: false, targets: [] }, [before])).toEqual([]);
    expect(resolvedOf([], now, scraped, [before])).toHaveLength(1);
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

  it('of which too little was seen says how much, and does not say that there is nothing', () => {
    const reason = (answered: string) =>
      comparisonOf({
        ...data,
        targets: targetsOf([{ node: 'node-1', tried: '5 5 5 5', answered }]),
      } as Parameters<typeof comparisonOf>[0]).reason;
    expect(reason('0 5 0 0')).toBe('targets were scraped in only 25 % of it');
    expect(reason('0 0 0 0')).toBeNull();
  });
});
