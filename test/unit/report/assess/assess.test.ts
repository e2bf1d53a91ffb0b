import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { INDICATORS } from '../../../../src/report/catalog/indicators/index.ts';
import { countReadings } from '../../../../src/report/model/all-rows.ts';
import type { Indicator } from '../../../../src/report/model/indicator.ts';
import { type Report, reportSchema } from '../../../../src/report/model/report.ts';
import type { Series } from '../../../../src/report/model/series.ts';
import { cpuSeconds } from '../../../fixtures/cpu-seconds.ts';
import type { Gathered } from '../../../fixtures/gathered.ts';
import { valuesOf } from '../../../fixtures/values.ts';
import { assessed, gatheredOf, iso, points, START, STEP, series, targetsOf } from './notation.ts';

const METRICS = INDICATORS.flatMap(({ metrics }) => metrics).map((name) => ({ name, series: 1 }));

/** Returns the labels of an indicator's series for these nodes. */
function linesOf(indicator: Indicator, nodes: readonly string[]): Record<string, string>[] {
  const { components, splitBy = [] } = indicator;
  if (components.join() === 'controller') return [{}];
  const sides = components.length > 1 ? components.map((component) => ({ component })) : [{}];
  const splits = splitBy.flatMap((name) => ['a', 'b'].map((value) => ({ [name]: value })));
  return nodes.flatMap((node) =>
    sides.flatMap((side) =>
      (splits.length > 0 ? splits : [{}]).map((split) => ({ node, ...side, ...split })),
    ),
  );
}

/** Indicators that are healthy at one value only. */
const ONLY_HEALTHY_AT: Readonly<Record<string, number>> = {
  'controller-instances': 1,
  'collector-never-connected': 1,
  'unwatched-agents': 0,
  'policy-queue-backlog': 0,
  'service-count-difference': 0,
  'containers-not-ready': 0,
  'agent-conditions': 0,
  'unavailable-apis': 0,
  'failed-webhooks': 0,
  'feature-sync-retries': 0,
  'expiring-certificates': 1e8,
  'unassigned-egresses': 0,
  'unrealized-policies': 0,
  'network-unavailable': 0,
  'pod-sandbox-failures': 0,
  'ovs-restarts': 0,
  'gateway-mtu-difference': 0,
  'out-of-memory-kills': 0,
};

/** A healthy cluster: every other indicator has the values of `shape`, by default 0.01. */
function healthy(
  nodes: readonly string[],
  count: number,
  shape: (index: number) => number = () => 0.01,
): Gathered {
  const indicators = INDICATORS.map((indicator) => {
    const level = indicator.id === 'ovs-flow-count' ? 1000 : 1;
    const lines = linesOf(indicator, nodes).map((labels, line): Series => {
      const well = ONLY_HEALTHY_AT[indicator.id];
      const valueAt = (index: number) =>
        indicator.reading === 'total' ? 0 : (well ?? level * shape(index + line));
      return { labels, values: new Float64Array(count).map((_, index) => valueAt(index)) };
    });
    const answer = { ok: true as const, value: lines };
    return [indicator.id, { query: indicator.query, answer }] as const;
  });
  const agents = nodes.map((node) => ({
    node,
    tried: `5x${count}`,
    answered: `5x${count}`,
    started: `-9000x${count}`,
  }));
  const controller = { ...agents[0], node: 'elsewhere', component: 'controller' as const };
  return gatheredOf(count, {
    indicators: Object.fromEntries(indicators),
    targets: targetsOf([...agents, { tried: '', answered: '', ...controller }], nodes.length),
    metrics: { ok: true, value: METRICS },
  });
}

/** Any data that Prometheus might return: values around the thresholds, gaps, failures, targets that come and go. */
const anyGathered: fc.Arbitrary<Gathered> = fc
  .record({
    count: fc.integer({ min: 1, max: 40 }),
    nodes: fc.uniqueArray(fc.constantFrom('node-1', 'node-10', '', '__proto__', 'a;b', '<b>"\u0000'), {
      minLength: 1,
      maxLength: 3,
    }),
    clipped: fc.nat(STEP - 1),
  })
  .chain(({ count, nodes, clipped }) => {
    const repeated = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
      fc
        .array(fc.tuple(value, fc.integer({ min: 1, max: 12 })), { minLength: count, maxLength: count })
        .map((parts) => parts.flatMap(([one, times]) => new Array<T>(times).fill(one)).slice(0, count));
    const valuesFor = ({ thresholds: { warning, critical } }: Indicator) => {
      const bounds = [warning, critical].flatMap((one) => one?.above ?? one?.atLeast ?? one?.below ?? []);
      return repeated(
        fc.constantFrom(
          null,
          0,
          0.4,
          ...bounds,
          ...bounds.flatMap((bound) => [bound * 0.7, bound * 1.1, bound * 40]),
          1e9,
        ),
      );
    };
    const dataOf = (indicator: Indicator) => {
      const labels = linesOf(indicator, nodes);
      const all = fc.tuple(...labels.map(() => valuesFor(indicator)));
      const answer = all.map((lines) => ({
        ok: true as const,
        value: lines.map(
          (values, index): Series => ({ labels: labels[index] ?? {}, values: valuesOf(values) }),
        ),
      }));
      const failed = fc.constant({ ok: false as const, reason: 'no' });
      return fc
        .oneof({ weight: 9, arbitrary: answer }, { weight: 1, arbitrary: failed })
        .map((one) => ({ query: indicator.query, answer: one }));
    };
    const target = fc.record({
      node: fc.constantFrom(...nodes),
      component: fc.constantFrom('agent' as const, 'agent' as const, 'controller' as const),
      pod: fc.constantFrom('p', 'q'),
      tried: repeated(fc.constantFrom('_', '5', '4')).map((words) => words.join(' ')),
      answered: repeated(fc.constantFrom('0', '5', '3')).map((words) => words.join(' ')),
      started: repeated(fc.constantFrom('_', '-9000', '100', '700', '9e9')).map((words) => words.join(' ')),
    });
    return fc
      .record({
        data: fc.tuple(...INDICATORS.map(dataOf)),
        targets: fc.uniqueArray(target, {
          maxLength: 5,
          selector: ({ node, component, pod }) => `${node} ${component} ${pod}`,
        }),
        desired: fc.option(fc.nat(3)),
        present: fc.subarray(METRICS),
      })
      .map(({ data, targets, desired, present }) =>
        gatheredOf(count, {
          period: { start: START + clipped, end: START + count * STEP },
          indicators: Object.fromEntries(
            INDICATORS.map(({ id }, index) => [id, data[index] ?? data[0]]),
          ) as Gathered['indicators'],
          targets: targetsOf(targets, desired),
          metrics: { ok: true, value: present },
        }),
      );
  });

describe('a report', () => {
  it('of a healthy cluster is healthy', async () => {
    const report = await assessed(healthy(['a', 'b'], 12));
    expect(report).toMatchObject({ verdict: 'healthy', score: 100, complete: true, findings: [] });
    expect(report.indicators.map(({ status }) => status)).toEqual(INDICATORS.map(() => 'healthy'));
  });

  it.each<[string, Partial<Gathered>]>([
    [
      'a query failed',
      {
        indicators: {
          ...healthy(['a'], 6).indicators,
          'cpu-usage': { query: 'q', answer: { ok: false, reason: 'no' } },
        },
      },
    ],
    ['no query has an answer', { indicators: {} }],
    [
      'a gauge has no values',
      {
        indicators: {
          ...healthy(['a'], 6).indicators,
          'cpu-usage': { query: 'q', answer: { ok: true, value: [] } },
        },
      },
    ],
    ['the scrapes are unknown', { targets: { ok: false, reason: 'no' } }],
    ['the metrics are unknown', { metrics: { ok: false, reason: 'no' } }],
    ['Prometheus warned', { warnings: [{ text: 'partial', query: 'q' }] }],
    [
      'agents are missing that the DaemonSet wants',
      { targets: targetsOf([{ node: 'a', tried: '5x6', answered: '5x6' }], 2) },
    ],
    ['there are no targets', { targets: targetsOf([]) }],
  ])('is neither healthy nor complete when %s', async (_, changes) => {
    const report = await assessed({ ...healthy(['a'], 6), ...changes });
    expect(report).toMatchObject({ verdict: 'unknown', complete: false });
    expect(report.score).toBeLessThan(100);
  });

  it('is incomplete if the data of the server begins within the period', async () => {
    const gathered = healthy(['a'], 6);
    const targets = targetsOf([{ node: 'a', tried: '_x2 5x4', answered: '_x2 5x4' }], 1);
    const dayBefore = (answered: Gathered['targets']): Gathered['earlier'][number] => ({
      kind: 'before',
      period: { start: START - 6 * STEP, end: START },
      grid: { ...gathered.grid, start: START - 6 * STEP },
      windows: gathered.windows,
      indicators: {},
      targets: answered,
    });
    const young = await assessed({ ...gathered, targets, earlier: [dayBefore(targetsOf([]))] });
    expect(young.coverage.dataFrom).toBe(iso(START + 2 * STEP));
    expect(young).toMatchObject({ complete: false, findings: [] });
    // It is a gap if the period before is known or could not be queried.
    const known = dayBefore(targetsOf([{ node: 'a', tried: '5x6', answered: '5x6' }], 1));
    for (const earlier of [[], [known], [dayBefore({ ok: false, reason: 'timeout' })]])
      expect((await assessed({ ...gathered, targets, earlier })).coverage.dataFrom).toBeNull();
  });

  it('has the score of the period before as the report about that had it', async () => {
    const gathered = healthy(['a'], 12);
    const answerOf = (...value: Series[]) => ({ query: 'q', answer: { ok: true as const, value } });
    const before: Gathered['indicators'] = {
      ...gathered.indicators,
      'local-pod-count': answerOf(series('250x12', { node: 'a' })),
      goroutines: answerOf(),
    };
    const earlier = (indicators: Gathered['indicators']): Gathered['earlier'][number] => ({
      kind: 'before',
      period: { start: START - 12 * STEP, end: START },
      grid: { ...gathered.grid, start: START - 12 * STEP },
      windows: gathered.windows,
      indicators: Object.fromEntries(Object.entries(indicators).map(([id, { answer }]) => [id, answer])),
      targets: gathered.targets,
    });
    const scoreBefore = async (indicators: Gathered['indicators']) =>
      (await assessed({ ...gathered, earlier: [earlier(indicators)] })).comparisons[0]?.score;
    const itself = await assessed({ ...gathered, indicators: before });
    expect(itself).toMatchObject({ verdict: 'critical', complete: false, score: 67 });
    expect(await scoreBefore(before)).toBe(67);
    expect(await scoreBefore(gathered.indicators)).toBe(100);
    const { 'cpu-usage': _, ...without } = before;
    expect(await scoreBefore(without), 'one question was not asked').toBeUndefined();
    const failed = { query: 'q', answer: { ok: false as const, reason: 'no' } };
    expect(await scoreBefore({ ...before, 'cpu-usage': failed })).toBeUndefined();
  });

  it('contains the result of the survey', async () => {
    const gathered = healthy(['a'], 6);
    expect((await assessed(gathered)).survey).toEqual(gathered.survey);
  });

  it('keeps the other indicators if one query failed', async () => {
    const gathered = healthy(['a', 'b'], 12);
    const failed = { query: 'q', answer: { ok: false as const, reason: 'too many samples' } };
    const report = await assessed({
      ...gathered,
      indicators: { ...gathered.indicators, 'cpu-usage': failed },
    });
    const whole = await assessed(gathered);
    expect(report.indicators.filter(({ id }) => id !== 'cpu-usage')).toEqual(
      whole.indicators.filter(({ id }) => id !== 'cpu-usage'),
    );
    expect(report.indicators.find(({ id }) => id === 'cpu-usage')).toMatchObject({
      status: 'failed',
      reason: 'too many samples',
      query: 'q',
    });
    expect(report.coverage).toEqual(whole.coverage);
  });

  it('does not claim that features are off for a component that never answered', async () => {
    const gathered = healthy(['a'], 6);
    const empty = { query: 'q', answer: { ok: true as const, value: [] } };
    const statusWith = async (answers: string) => {
      const targets = targetsOf([{ node: 'a', tried: '5x6', answered: answers }]);
      const indicators = { ...gathered.indicators, 'proxy-sync-duration': empty };
      const metrics = { ok: true as const, value: [] };
      const report = await assessed({ ...gathered, targets, indicators, metrics });
      return report.indicators.find(({ id }) => id === 'proxy-sync-duration')?.status;
    };
    expect(await statusWith('0x6')).toBe('no-data');
    expect(await statusWith('5x6')).toBe('not-enabled');
  });

  it('keeps hostile names unchanged and distinct', async () => {
    const nodes = [
      '<script>alert(1)</script>',
      '__proto__',
      'constructor',
      '',
      '"],["',
      'a\u0000b',
      'ab',
      '节点',
      '$node',
    ];
    const report = await assessed(healthy(nodes, 3));
    const pods = report.indicators.find(({ id }) => id === 'local-pod-count');
    expect(pods?.readings.map(({ subject }) => subject).sort()).toEqual([...nodes].sort());
    expect(
      report.coverage.targets
        .filter(({ component }) => component === 'agent')
        .map(({ subject }) => subject)
        .sort(),
    ).toEqual([...nodes].sort());
  });

  it('states that the weeks before could not be queried, so that no change does not mean that there is none', async () => {
    const gathered = healthy(['a'], 6);
    const failed = { ok: false as const, reason: 'time ran out' };
    const known = { ok: true as const, value: [] };
    const history = {
      ...gathered.history,
      indicators: { 'ovs-flow-count': failed, 'local-pod-count': failed, goroutines: known },
      capacity: { 'local-pod-count': failed },
    };
    const limits = { 'local-pod-count': { kubelet: { ok: false as const, reason: 'no such store' } } };
    const report = await assessed({ ...gathered, history, limits });
    expect(report.history).toEqual({
      questions: 4,
      unanswered: [
        { questions: 2, indicators: ['ovs-flow-count', 'local-pod-count'], reason: 'time ran out' },
        { questions: 1, indicators: ['local-pod-count'], reason: 'no such store' },
      ],
    });
    // Everything is known about the period itself.
    expect(report).toMatchObject({ complete: true, verdict: 'healthy' });
  });

  it('lists critical findings before warnings, and ongoing ones before those that are over', async () => {
    const nodes = ['a', 'b', 'c', 'd', 'e'];
    const gathered = healthy(nodes, 12);
    const shapes = ['250x4 1x8', '1x8 250x4', '220x4 1x8', '1x8 220x4', '250x5 1x7'];
    const lines = nodes.map((node, index) => ({
      labels: { node },
      values: points(shapes[index] ?? ''),
    }));
    const answer = { ok: true as const, value: lines };
    const report = await assessed({
      ...gathered,
      indicators: { ...gathered.indicators, 'local-pod-count': { query: 'q', answer } },
    });
    expect(report.findings.map(({ subject }) => subject)).toEqual(['b', 'e', 'a', 'd', 'c']);
    expect(report).toMatchObject({ verdict: 'critical', score: 75 });
  });

  it('is made within seconds for 300 nodes and a day', async () => {
    const nodes = Array.from({ length: 300 }, (_, index) => `node-${index}`);
    const gathered = healthy(nodes, 288, (index) => (index * 7919) % 300);
    const { result: report, seconds } = await cpuSeconds(() => assessed(gathered));
    // It takes one or two seconds. An algorithm that is quadratic in nodes or points would take minutes.
    expect(seconds).toBeLessThan(30);
    const pods = report.indicators.find(({ id }) => id === 'local-pod-count');
    expect(pods && countReadings(pods)).toBe(300);
  });
});

describe('for any answers of Prometheus, a report', () => {
  const seconds = (time: string) => Date.parse(time) / 1000;

  function expectSound(report: Report, gathered: Gathered): void {
    expect(reportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
    for (const finding of report.findings) {
      const { start, end, episodes, durationSeconds } = finding;
      const message = JSON.stringify(finding);
      const times = episodes.flatMap((episode) => [seconds(episode.start), seconds(episode.end)]);
      expect(times, message).toEqual([...times].sort((a, b) => a - b));
      expect([seconds(start), seconds(end)], message).toEqual([times[0], times.at(-1)]);
      expect(seconds(start), message).toBeGreaterThanOrEqual(gathered.period.start);
      expect(seconds(end), message).toBeLessThanOrEqual(gathered.period.end);
      expect(durationSeconds, message).toBeLessThanOrEqual(seconds(end) - seconds(start));
      if (finding.ongoing) expect(seconds(end), message).toBeGreaterThanOrEqual(gathered.period.end - STEP);
      const isBeyond = {
        above: finding.value > finding.threshold,
        'at-least': finding.value >= finding.threshold,
        below: finding.value < finding.threshold,
      };
      expect(isBeyond[finding.condition], message).toBe(true);
    }
    for (const indicator of report.indicators) {
      const own = report.findings.filter((finding) => finding.indicator === indicator.id);
      const worst = own.some(({ severity }) => severity === 'critical')
        ? 'critical'
        : own.length > 0
          ? 'warning'
          : null;
      if (worst) expect(indicator.status).toBe(worst);
      else expect(['warning', 'critical']).not.toContain(indicator.status);
      for (const reading of indicator.readings) {
        const ofSubject = own.filter(
          ({ subject, component }) => subject === reading.subject && component === reading.component,
        );
        expect(ofSubject[0]?.severity ?? 'healthy').toBe(reading.status);
      }
      if (indicator.status === 'healthy') expect(indicator.idle || indicator.value !== null).toBe(true);
    }
    const isUnknown = report.indicators.some(({ status }) => status === 'failed' || status === 'no-data');
    if (isUnknown || report.findings.length > 0) expect(report.score).toBeLessThan(100);
    if (isUnknown) expect(report.verdict).not.toBe('healthy');
  }

  it('is a valid and consistent document', async () => {
    await fc.assert(
      fc.asyncProperty(anyGathered, async (gathered) => expectSound(await assessed(gathered), gathered)),
      { numRuns: 150 },
    );
  });

  it('does not depend on the order of the series and does not modify the data', async () => {
    const shuffled = <T>(items: readonly T[], seed: number): T[] =>
      items
        .map((item, index) => ({ item, key: (index * 7919 + seed * 104_729) % 997 }))
        .sort((a, b) => a.key - b.key)
        .map(({ item }) => item);
    await fc.assert(
      fc.asyncProperty(anyGathered, fc.nat(996), async (gathered, seed) => {
        const before = structuredClone(gathered);
        const report = await assessed(gathered);
        expect(gathered).toEqual(before);
        const { targets } = gathered;
        const other: Gathered = {
          ...before,
          indicators: Object.fromEntries(
            Object.entries(gathered.indicators).map(([id, data]) => [
              id,
              data.answer.ok
                ? { ...data, answer: { ok: true, value: shuffled(data.answer.value, seed) } }
                : data,
            ]),
          ),
          targets: targets.ok
            ? {
                ok: true,
                value: {
                  ...targets.value,
                  attempts: shuffled(targets.value.attempts, seed),
                  successes: shuffled(targets.value.successes, seed + 1),
                  startTimes: shuffled(targets.value.startTimes, seed + 2),
                },
              }
            : targets,
        };
        expect(await assessed(other)).toEqual(report);
      }),
      { numRuns: 100 },
    );
  });
});
