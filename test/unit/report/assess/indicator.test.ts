import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IndicatorContext } from '../../../../src/report/assess/evaluate-series.ts';
import { assessIndicator, type IndicatorAnswer } from '../../../../src/report/assess/indicator.ts';
import { subjectKey } from '../../../../src/report/assess/subjects.ts';
import { addLeadingSteps, countEvents } from '../../../../src/report/gather/counter-events.ts';
import { planGrid, planWindows } from '../../../../src/report/gather/plan.ts';
import type { Indicator } from '../../../../src/report/model/indicator.ts';
import type { Finding } from '../../../../src/report/model/report.ts';
import type { Series } from '../../../../src/report/model/series.ts';
import { levelsOn } from '../../../fixtures/counter.ts';
import {
  afterSteps,
  answered,
  gatheredOf,
  INTERVAL,
  indicatorNamed,
  iso,
  points,
  START,
  STEP,
  series,
} from './notation.ts';

const LATENCY = indicatorNamed('ovs-flow-operation-latency', { splitBy: ['operation'] });
const PROXY = indicatorNamed('proxy-sync-duration', {
  thresholds: { warning: { above: 0.5, forSeconds: 900 }, critical: { above: 1, forSeconds: 600 } },
});
const POLICY = indicatorNamed('network-policy-sync-duration');
const PODS = indicatorNamed('local-pod-count', { thresholds: { warning: { above: 215, forSeconds: 600 } } });
const FLOWS = indicatorNamed('ovs-flow-count', {
  thresholds: { warning: { change: 0.5, forSeconds: 900 }, critical: { below: 1, forSeconds: 300 } },
});
const MEMORY = indicatorNamed('resident-memory', { thresholds: {} });
const ERRORS = indicatorNamed('ovs-flow-operation-errors', {
  thresholds: { warning: { above: 0, forSeconds: 0 }, critical: { above: 0, forSeconds: 0, times: 3 } },
});

const SEEN: IndicatorContext = {
  starts: new Map(),
  presentMetrics: new Set(),
  scraped: [
    { subject: 'node-1', component: 'agent' },
    { subject: 'antrea-controller', component: 'controller' },
  ],
};

function assessed(indicator: Indicator, lines: readonly Series[], changes: Partial<IndicatorContext> = {}) {
  const facts = gatheredOf(lines[0]?.values.length ?? 12);
  return assessIndicator(indicator, answered(indicator, lines), facts, { ...SEEN, ...changes });
}

/** Formats a finding as 'critical 1.5 2-6': severity, value, and steps from start to end. */
function briefly({ severity, value, start, end, ongoing }: Finding): string {
  const steps = (time: string) => (Date.parse(time) / 1000 - START) / STEP;
  return `${severity} ${value} ${steps(start)}-${steps(end)}${ongoing ? ' ongoing' : ''}`;
}

describe('the status', () => {
  const here = (indicator: Indicator) => new Set(indicator.metrics);
  it.each<[string, Indicator, Partial<IndicatorContext>, string, boolean]>([
    ['no activity', PROXY, { presentMetrics: here(PROXY) }, 'healthy', true],
    ['a gauge without values', PODS, { presentMetrics: here(PODS) }, 'no-data', false],
    ['metrics of a feature that is off', PROXY, {}, 'not-enabled', false],
    [
      'metrics that this version does not have',
      { ...ERRORS, whenAbsent: 'not-exposed' },
      {},
      'not-exposed',
      false,
    ],
    [
      'one metric of a feature that others show to be on',
      PROXY,
      { presentMetrics: new Set(['antrea_proxy_total_services_installed']) },
      'no-data',
      false,
    ],
    [
      'agents without the metric by which a query picks versions',
      { ...PROXY, versionMetric: 'antrea_agent_fqdn_cache_size' },
      { presentMetrics: here(PROXY) },
      'not-exposed',
      false,
    ],
    ['metrics of errors that every version has', ERRORS, {}, 'no-data', false],
    ['metrics that every version has', PODS, {}, 'no-data', false],
    [
      'a component that was never seen',
      PROXY,
      { presentMetrics: here(PROXY), scraped: [{ subject: 'antrea-controller', component: 'controller' }] },
      'no-data',
      false,
    ],
    [
      'a component of which nothing is known',
      PROXY,
      { presentMetrics: here(PROXY), scraped: [] },
      'no-data',
      false,
    ],
    ['unknown metrics', PROXY, { presentMetrics: null }, 'no-data', false],
  ])('of an empty answer: %s', (_, indicator, changes, status, idle) => {
    for (const lines of [[], [series('_x6')]]) {
      const { indicator: found, findings } = assessed(indicator, lines, changes);
      expect(found).toMatchObject({ status, idle, value: null, readings: [] });
      expect(findings).toEqual([]);
    }
  });

  const failed = (answer: IndicatorAnswer['answer']) =>
    assessIndicator(PODS, { query: 'sent', answer, before: [] }, gatheredOf(6), SEEN).indicator;

  it('is failed, with the reason, if the query failed', () => {
    expect(failed({ ok: false, reason: 'too many samples' })).toMatchObject({
      status: 'failed',
      idle: false,
      reason: 'too many samples',
      query: 'sent',
    });
  });

  it('is not-captured if the capture was recorded without the query', () => {
    expect(failed({ ok: false, reason: 'record it again', notCaptured: true })).toMatchObject({
      status: 'not-captured',
    });
  });

  it('is healthy without thresholds, for any values', () => {
    expect(assessed(MEMORY, [series('1e12x6')]).indicator).toMatchObject({
      status: 'healthy',
      judged: false,
      value: 1e12,
    });
  });
});

describe('the findings of a subject', () => {
  it.each([
    ['critical only, if warnings surround it', '0.1 0.6 2 3 0.6 0.1', ['critical 3 2-4']],
    ['also a warning at a later time', '2 2 0.1 0.1 0.6x3 0.1', ['critical 2 0-2', 'warning 0.6 4-7']],
    ['also a warning at an earlier time', '0.6x3 0.1 2 2 0.1', ['critical 2 4-6', 'warning 0.6 0-3']],
    [
      'that the warning goes on when what was critical is over',
      '0.1 2 2 0.6 0.6',
      ['critical 2 1-3', 'warning 2 1-5 ongoing'],
    ],
    ['critical only while it is ongoing', '0.1 0.6 0.6 2 2', ['critical 2 3-5 ongoing']],
    ['a warning if critical values did not last', '0.1 0.6 2 0.6 0.1', ['warning 2 1-4']],
    ['none if neither lasted', '0.6 0.1 2 0.1 0.6', []],
  ])('%s', (_, notation, expected) => {
    const { indicator, findings } = assessed(PROXY, [series(notation, { ip_family: 'v4' })]);
    expect(findings.map(briefly)).toEqual(expected);
    expect(indicator.status).toBe(expected[0]?.split(' ')[0] ?? 'healthy');
    expect(indicator.readings.map(({ status }) => status)).toEqual([indicator.status]);
  });

  it('cover all its series of one severity in one finding, with the worst value', () => {
    const { indicator, findings } = assessed(PROXY, [
      series('2 2 2 0.1 0.1 0.1', { ip_family: 'v4' }),
      series('0.1 3 3 3 0.1 0.1', { ip_family: 'v6' }),
    ]);
    expect(findings.map(briefly)).toEqual(['critical 3 0-4']);
    expect(findings[0]).toMatchObject({
      labels: { ip_family: 'v6' },
      threshold: 1,
      condition: 'above',
      durationSeconds: 4 * STEP,
      episodes: [{ start: afterSteps(0), end: afterSteps(4), value: 3 }],
    });
    expect(indicator.readings).toMatchObject([
      {
        subject: 'node-1',
        status: 'critical',
        value: 3,
        at: afterSteps(2),
        last: 0.1,
        labels: { ip_family: 'v6' },
      },
    ]);
  });

  it('last as long as their episodes without the pauses', () => {
    const [finding] = assessed(PROXY, [series('2 2 0.1 0.1 3 3 3', { ip_family: 'v4' })]).findings;
    expect(finding).toMatchObject({
      start: afterSteps(0),
      end: afterSteps(7),
      durationSeconds: 5 * STEP,
      ongoing: true,
      episodes: [{ value: 2 }, { value: 3, start: afterSteps(4) }],
    });
  });

  it('have the lowest value if lower is worse, and come first', () => {
    const { findings, indicator } = assessed(FLOWS, [
      series('9 9 9 0.5 9 9', { node: 'few' }),
      series('9 9 9 0 9 9', { node: 'none' }),
      series('8x6', { node: 'calm' }),
      series('9x6', { node: 'great' }),
    ]);
    expect(findings.map(({ subject, value }) => [subject, value])).toEqual([
      ['none', 0],
      ['few', 0.5],
    ]);
    expect(indicator.readings.map(({ subject }) => subject)).toEqual(['none', 'few', 'great', 'calm']);
  });

  it.each([
    ['7 1 _', 1],
    ['7 _ _', null],
  ])('have a last value only if it is from the end of the period: %s', (notation, last) => {
    const { indicator } = assessed(PODS, [series(notation)]);
    expect(indicator.readings).toMatchObject([{ value: 7, at: afterSteps(1), last }]);
  });

  it('follow a controller that moved and keep it separate from the agent of a node', () => {
    const CPU = indicatorNamed('cpu-usage');
    const { indicator } = assessed(CPU, [
      series('1 1 1 _ _ _', { component: 'controller', node: 'node-1' }),
      series('_ _ _ 2 2 2', { component: 'controller', node: 'node-2' }),
      series('0.3x6', { component: 'agent', node: 'node-1' }),
    ]);
    expect(
      indicator.readings.map(({ subject, component, value, last }) => [subject, component, value, last]),
    ).toEqual([
      ['antrea-controller', 'controller', 2, 2],
      ['node-1', 'agent', 0.3, 0.3],
    ]);
  });

  it('include a pause without activity of less than an hour', () => {
    expect(assessed(POLICY, [series('1500 _x12 1500')]).findings.map(briefly)).toEqual([
      'critical 1500 0-14 ongoing',
    ]);
    expect(assessed(POLICY, [series('1500 _x13 1500')]).findings).toEqual([]);
    expect(assessed(PODS, [series('220 _x3 220')]).findings).toEqual([]);
  });

  it('begin no earlier than the period, although its first step may', () => {
    const facts = gatheredOf(4);
    const period = { ...facts.period, start: START + 100 };
    const answer = answered(PODS, [series('220x4')]);
    const [finding] = assessIndicator(PODS, answer, { ...facts, period }, SEEN).findings;
    expect(finding).toMatchObject({ start: iso(START + 100), durationSeconds: 4 * STEP - 100 });
  });
});

describe('a scraped node without a series', () => {
  const scraped = ['node-1', 'node-2'].map((subject) => ({ subject, component: 'agent' as const }));

  it('is missing if every node should have a reading', () => {
    const { indicator } = assessed(PODS, [series('20x6')], { scraped });
    expect(indicator.missing).toEqual([{ subject: 'node-2', component: 'agent' }]);
  });

  it('is not missing if nothing may have happened on it', () => {
    const { indicator } = assessed(PROXY, [series('0.1x6', { ip_family: 'v4' })], { scraped });
    expect(indicator.missing).toEqual([]);
  });
});

describe('after the start of a process', () => {
  const startedAt = (seconds: number) => ({
    starts: new Map([[subjectKey({ component: 'agent', subject: 'node-1' }), [START + seconds]]]),
  });

  it('points are ignored while their look-back includes its first five minutes', () => {
    const line = series('20 20 9000 9000 9000 30', { operation: 'add' });
    const { indicator, findings } = assessed(LATENCY, [line], startedAt(2 * STEP));
    // Started at point 1. Windows of six minutes include part of the next five minutes up to point 4.
    expect(findings).toEqual([]);
    expect(indicator.readings[0]).toMatchObject({ value: 9000, at: afterSteps(5), median: 25 });
    const [later] = assessed(
      LATENCY,
      [series('20 20 9000x8', { operation: 'add' })],
      startedAt(2 * STEP),
    ).findings;
    expect(later?.start).toBe(afterSteps(4));
  });

  it('an indicator without remaining points has no reading', () => {
    const line = series('_ _ _ _ 9000 9000', { operation: 'add' });
    const { indicator } = assessed(LATENCY, [line], startedAt(4 * STEP));
    expect(indicator).toMatchObject({ status: 'healthy', idle: true, value: null });
    const gauge = { ...PODS, settleSeconds: 600 };
    expect(assessed(gauge, [series('_ _ _ _ 9 9')], startedAt(4 * STEP)).indicator.status).toBe('no-data');
  });
});

describe('retries of a feature, which have points only where there were some', () => {
  const RETRIES = indicatorNamed('feature-sync-retries');
  const foundIn = (notation: string) =>
    assessed(RETRIES, [series(notation, { component: 'agent', name: 'egressgroup' })]).findings.map(briefly);

  it('are found if they continue for half an hour', () => {
    expect(foundIn('_x20 2 1x5 _x20')).toEqual(['warning 2 20-26']);
    expect(foundIn('_x20 2 1x4 _x20')).toEqual([]);
  });

  it('are found with pauses of a quarter of an hour, the longest of client-go', () => {
    expect(foundIn('_x5 1 _ _ 1 _ _ 1 _ _ 1 _ _ 1 _ _ 1 _x20')).toEqual(['warning 1 5-21']);
  });

  it('are not found if single ones are spread over a day', () => {
    expect(foundIn(Array(14).fill('_x18 1').join(' '))).toEqual([]);
    expect(foundIn('_x20 9 1 _x100 5 2 _x20')).toEqual([]);
  });
});

describe('events counted over the period', () => {
  const errors = (notation: string, operation = 'add') => series(notation, { operation });

  it('are whole numbers, in total and by episode', () => {
    const { indicator, findings, series: judged } = assessed(ERRORS, [errors('0 1 0 0 4 5 0')]);
    expect(findings.map(briefly)).toEqual(['critical 10 1-6']);
    expect(findings[0]?.episodes.map(({ value }) => value)).toEqual([1, 9]);
    expect(indicator).toMatchObject({ value: 10, readings: [{ value: 10, at: null, last: 0 }] });
    expect(judged.map(({ values }) => values)).toEqual([points('0 1 0 0 4 5 0')]);
  });

  it('are whole numbers although differences of floating-point numbers are slightly off', () => {
    const { findings, series: judged } = assessed(ERRORS, [errors('0 3.9999999 0 1.0000001')]);
    expect(findings.map(briefly)).toEqual(['warning 5 1-4 ongoing']);
    expect(judged.map(({ values }) => values)).toEqual([points('0 4 0 1')]);
  });

  it('are neither extrapolated nor corrected: each point has those of its step', () => {
    const { findings } = assessedErrors([1800, 1810, 1820, 1830], {
      hours: 24,
      interval: 60,
      offset: 59,
      before: 0,
    });
    expect(findings).toMatchObject([{ value: 4, episodes: [{ value: 4 }] }]);
    // Neighbouring points show different events.
    const { indicator } = assessed(ERRORS, [errors('1 1 1 0 0')]);
    expect(indicator).toMatchObject({ value: 3, status: 'critical' });
  });

  it('are only a warning at one or two moments', () => {
    const { findings } = assessed(ERRORS, [errors('0 6 0 1 0 0')]);
    expect(findings.map(briefly)).toEqual(['warning 7 1-4']);
  });

  it('are not added up over operations, because a bundle counts for each: the greatest total counts', () => {
    const lines = [errors('0 5 0 0'), errors('0 2 0 4', 'delete')];
    const { findings, indicator } = assessed(ERRORS, lines);
    expect(findings).toMatchObject([{ value: 6, labels: { operation: 'delete' } }]);
    expect(indicator.readings).toMatchObject([{ value: 6, labels: { operation: 'delete' } }]);
  });

  it('are the sum of the known steps, which may be 0', () => {
    for (const none of ['0x6', '0 0 _ _ _ 0 0 0'])
      expect(assessed(ERRORS, [errors(none)])).toMatchObject({
        findings: [],
        indicator: { status: 'healthy', value: 0 },
      });
    const { findings } = assessed(ERRORS, [errors('_ 1 0 _ _ 8 _')]);
    expect(findings).toMatchObject([{ value: 9, episodes: [{ value: 1 }, { value: 8 }] }]);
  });

  it('are added up over all processes of a node', () => {
    const pods = [errors('0 2 1 _ _'), errors('_ _ 3 0 1')];
    const { indicator, findings, series: judged } = assessed(ERRORS, pods);
    expect(indicator).toMatchObject({ value: 7, readings: [{ value: 7 }] });
    expect(judged.map(({ values }) => values)).toEqual([points('0 2 4 0 1')]);
    expect(findings).toMatchObject([{ value: 7 }]);
  });

  it('are judged by their total if a threshold allows some', () => {
    const tolerant = { ...ERRORS, thresholds: { warning: { above: 5, forSeconds: 0 } } };
    expect(assessed(tolerant, [errors('0 3 0 3 0')]).findings).toMatchObject([{ value: 6, threshold: 5 }]);
    expect(assessed(tolerant, [errors('0 5 0 0')]).findings).toEqual([]);
  });

  /** Returns the findings of a report over an hour or a day with errors at these times, in seconds after its start. */
  function assessedErrors(
    seconds: readonly number[],
    {
      hours,
      interval,
      offset = 7,
      before = 100,
    }: { hours: number; interval: number; offset?: number; before?: number },
  ) {
    const times = seconds.map((time) => START + time).sort((a, b) => a - b);
    const period = { start: START, end: START + hours * 3600 };
    const grid = planGrid(period.start, period.end, hours === 1 ? interval : STEP);
    const windows = planWindows(grid.stepSeconds, interval, true);
    const samples = Array.from({ length: (hours * 3600 + 1200) / interval }, (_, index) => {
      const time = START - 1200 + offset + index * interval;
      return { time, value: before + times.filter((moment) => moment <= time).length };
    });
    const labels = { node: 'node-1', operation: 'add' };
    const levels = [{ labels, values: levelsOn(samples, addLeadingSteps(grid, 1), 'last') }];
    const answer = answered(ERRORS, countEvents(1, levels));
    const { findings } = assessIndicator(ERRORS, answer, { ...gatheredOf(1), grid, windows, period }, SEEN);
    return { findings, times, samples, stepSeconds: grid.stepSeconds };
  }

  it('are dated and counted exactly in a report over a day and over an hour', () => {
    const moments = fc.array(fc.integer({ min: 600, max: 3000 }), { minLength: 1, maxLength: 8 });
    const sampling = fc.record({
      hours: fc.constantFrom(1, 24),
      interval: fc.constantFrom(15, 60),
      offset: fc.integer({ min: 1, max: 14 }),
      before: fc.constantFrom(0, 1, 500),
      late: fc.boolean(),
    });
    fc.assert(
      fc.property(moments, sampling, (seconds, { late, ...options }) => {
        const offset = late ? options.interval - options.offset : options.offset;
        const { findings, times, samples, stepSeconds } = assessedErrors(
          seconds.map((time) => time * options.hours),
          { ...options, offset },
        );
        expect(findings).toHaveLength(1);
        const [finding] = findings;
        const tolerance = stepSeconds + options.interval;
        expect(finding).toMatchObject({ value: times.length, ongoing: false });
        expect(Math.abs(Date.parse(finding?.start ?? '') / 1000 - (times[0] ?? 0))).toBeLessThanOrEqual(
          tolerance,
        );
        expect(Math.abs(Date.parse(finding?.end ?? '') / 1000 - (times.at(-1) ?? 0))).toBeLessThanOrEqual(
          tolerance,
        );
        expect(finding?.episodes.reduce((sum, { value }) => sum + value, 0)).toBe(times.length);
        // Every step in which a scrape shows an event is a separate moment.
        const scrapes = times.map((time) => samples.find((sample) => sample.time >= time)?.time ?? 0);
        const steps = new Set(scrapes.map((time) => Math.ceil((time - START) / stepSeconds)));
        expect(finding?.severity).toBe(steps.size < 3 ? 'warning' : 'critical');
      }),
    );
  });

  it('are over if the last two steps have none', () => {
    const { findings } = assessedErrors([3400], { hours: 1, interval: 15 });
    expect(findings).toMatchObject([{ value: 1, ongoing: false, episodes: [{ value: 1 }] }]);
    expect(assessedErrors([3590], { hours: 1, interval: 15 }).findings).toMatchObject([
      { ongoing: true, episodes: [{ value: 1 }] },
    ]);
  });

  it('do not include those of the minutes before the period, although its first step looks back to them', () => {
    expect(assessedErrors([-60], { hours: 1, interval: 15 }).findings).toEqual([]);
    expect(assessedErrors([900], { hours: 1, interval: 15 }).findings).toMatchObject([{ value: 1 }]);
  });

  it('belong to the first step if only its first scrape shows them', () => {
    const { findings } = assessedErrors([-3], { hours: 1, interval: 15 });
    expect(findings.map(briefly)).toHaveLength(1);
    expect(findings).toMatchObject([{ value: 1, start: afterSteps(0), episodes: [{ value: 1 }] }]);
  });
});

describe('the times of a finding', () => {
  /** The highest value of a gauge in each look-back, or the mean of a rate. */
  it.each<[string, Indicator]>([
    ['a gauge', { ...PODS, thresholds: { critical: { above: 100, forSeconds: 600 } } }],
    ['a mean', { ...POLICY, thresholds: { critical: { above: 100, forSeconds: 600 } } }],
  ])('are within two steps of the truth: %s', (_, indicator) => {
    const isMean = indicator.query.includes('$window');
    fc.assert(
      fc.property(
        fc.nat(40_000),
        fc.integer({ min: 1800, max: 20_000 }),
        fc.integer({ min: 150, max: 9000 }),
        (from, length, level) => {
          const count = 288;
          const fault = { start: START + 1200 + from, end: START + 1200 + from + length };
          const lookBack = isMean ? STEP + INTERVAL : STEP;
          const values = new Float64Array(count).map((__, index) => {
            const end = START + (index + 1) * STEP;
            const scrapes = Array.from(
              { length: lookBack / INTERVAL },
              (___, back) => end - 7 - back * INTERVAL,
            );
            const read = scrapes.map((time) => (time >= fault.start && time < fault.end ? level : 10));
            return isMean ? read.reduce((sum, value) => sum + value, 0) / read.length : Math.max(...read);
          });
          const answer = answered(indicator, [{ labels: { node: 'node-1' }, values }]);
          const { findings } = assessIndicator(indicator, answer, gatheredOf(count), SEEN);
          expect(findings).toHaveLength(1);
          const [finding] = findings;
          expect(finding?.value).toBe(level);
          expect(Math.abs(Date.parse(finding?.start ?? '') / 1000 - fault.start)).toBeLessThanOrEqual(
            2 * STEP,
          );
          expect(Math.abs(Date.parse(finding?.end ?? '') / 1000 - fault.end)).toBeLessThanOrEqual(2 * STEP);
          expect(Math.abs((finding?.durationSeconds ?? 0) - length)).toBeLessThanOrEqual(2 * STEP);
          expect(finding?.ongoing).toBe(false);
        },
      ),
    );
  });
});
