import { describe, expect, it } from 'vitest';
import { assess } from '../../../../src/report/assess/assess.ts';
import { GatherError, QueryError } from '../../../../src/report/gather/errors.ts';
import { type GatherOptions, gather } from '../../../../src/report/gather/gather.ts';
import type { Source } from '../../../../src/report/gather/source.ts';
import type { Gathering } from '../../../../src/report/model/gathered.ts';
import type { Indicator } from '../../../../src/report/model/indicator.ts';
import { type Asked, sourceOver } from '../../../fixtures/fake-source.ts';
import { readAll } from '../../../fixtures/gathered.ts';
import { OPTIONS as ASSESS_OPTIONS, indicatorNamed } from '../assess/notation.ts';

const DAY = 86_400;
const PERIOD = { start: 1_700_000_000 - DAY, end: 1_700_000_000 };
const STEP = 300;
const HISTORY_STEP = 3600;

const PODS = indicatorNamed('local-pod-count');
/** Its capacity has a separate query. */
const DESCRIPTORS = indicatorNamed('open-file-descriptors');

/** Indicators, each with a separate metric. */
const NUMBERED = Array.from({ length: 32 }, (_, number): Indicator => {
  const { capacity: _capacity, ...indicator } = PODS;
  return { ...indicator, id: `level-${number}`, query: `max by ($node) (level_${number}{$agents})` };
});

const optionsFor = (indicators: readonly Indicator[]): GatherOptions => ({
  cluster: 'prod',
  period: PERIOD,
  timeZone: 'UTC',
  stepSeconds: STEP,
  targetSettings: { jobs: {}, matchers: { agent: {}, controller: {}, others: {} }, nodeLabels: {} },
  indicators,
  metrics: [],
  exporters: [],
});

/** A cluster that was scraped in all periods, with these metrics on each node. */
const serverWith = (metrics: readonly string[], nodes = 1) =>
  sourceOver({
    targets: [
      ...Array.from({ length: nodes }, (_, node) => ({
        labels: { job: 'antrea-agents', instance: `node-${node};antrea-agent-x` },
        metrics: ['antrea_agent_local_pod_count', ...metrics],
      })),
      {
        labels: { job: 'antrea-controllers', instance: 'node-0;antrea-controller-x' },
        metrics: ['antrea_controller_length_network_policy_queue'],
      },
    ],
  });

/** Returns a source for which the queries about the period that `isFailing` accepts fail, after others are answered. */
const failing = (source: Source, isFailing: (query: string) => boolean): Source => ({
  ...source,
  range: async (query, grid) => {
    const isOfPeriod = grid.stepSeconds === STEP && grid.start === PERIOD.start;
    if (isOfPeriod && isFailing(query)) {
      await new Promise(setImmediate);
      throw new QueryError('rejected', `refused: ${query}`);
    }
    return source.range(query, grid);
  },
});

const stepOf = ({ at }: Asked) => (typeof at === 'number' ? 0 : at.stepSeconds);

describe('while answers are read one by one', () => {
  const DAYS_EARLIER = { present: 0, before: 1, 'week-before': 7 };

  type Key = `${string} ${keyof typeof DAYS_EARLIER | 'history'}`;

  /** Returns which answer about a numbered indicator needs this query, for instance 'level-3 before'. */
  function neededBy({ query, at }: Asked): Key[] {
    const number = /level_(\d+)/.exec(query)?.[1];
    if (number === undefined || typeof at === 'number') return [];
    if (at.stepSeconds === HISTORY_STEP) return [`level-${number} history`];
    const daysEarlier = (PERIOD.start - at.start) / DAY;
    const kinds = ['present', 'before', 'week-before'] as const;
    return kinds
      .filter((kind) => DAYS_EARLIER[kind] === daysEarlier)
      .map((kind) => `level-${number} ${kind}` as const);
  }

  /** A cluster with this number of nodes. Their series have the same values. */
  function serverOf(nodes: number, step: number) {
    const metrics = NUMBERED.map((_, number) => `level_${number}`);
    const [{ source: all }, { source: one, asked }] = [serverWith(metrics, nodes), serverWith(metrics)];
    const ofEach = Array.from({ length: nodes + 1 }, (_, node) => ({ node: `${node}` }));
    const source: Source = {
      ...all,
      range: async (query, grid) => {
        if (![step, HISTORY_STEP].includes(grid.stepSeconds)) return all.range(query, grid);
        const { series, warnings } = await one.range(query, grid);
        // The nodes and the controller.
        const copies = series.flatMap(({ values }) => ofEach.map((labels) => ({ labels, values })));
        return { series: copies, warnings };
      },
    };
    return { source, asked: () => [...new Set(asked.flatMap(neededBy))] };
  }

  /** Reads slowly. Returns the keys of the answers in order, and those that were asked by the time each was read. */
  async function readSlowly({ answers }: Gathering, askedSoFar: () => Key[]) {
    const keys: Key[] = [];
    const askedUntil: Key[][] = [];
    for await (const answer of answers) {
      if (answer.about !== 'indicator' && answer.about !== 'history') continue;
      keys.push(`${answer.id} ${answer.about === 'indicator' ? answer.kind : 'history'}`);
      // The source needs no time, so everything that is asked without waiting for the reader is asked now.
      await new Promise(setImmediate);
      askedUntil.push(askedSoFar());
    }
    return { keys, askedUntil };
  }

  const byPeriod = (ids: readonly string[]): Key[] =>
    (['present', 'before', 'week-before'] as const).flatMap((kind) => ids.map((id): Key => `${id} ${kind}`));
  const byIndicator = (ids: readonly string[]): Key[] =>
    ids.flatMap((id): Key[] => [`${id} present`, `${id} before`, `${id} week-before`]);

  // A day with a point every 15 s has 5,760 points. Questions under way have up to a million values together.
  it.each([
    { nodes: 1, step: 15, indicators: 32, most: 32, order: byPeriod },
    // One series per node and one of the controller: 293,760 values.
    { nodes: 50, step: 15, indicators: 32, most: 3, order: byPeriod },
    // 1,733,760 values: the next question is asked in any case.
    { nodes: 300, step: 15, indicators: 8, most: 2, order: byPeriod },
    // With more than 1,000 nodes, an indicator is compared before the next one is read.
    { nodes: 1200, step: 60, indicators: 8, most: 2, order: byIndicator },
  ])(
    'at most $most questions are under way for $nodes nodes, in the order of the answers',
    async ({ nodes, step, indicators, most, order }) => {
      const some = NUMBERED.slice(0, indicators);
      const ids = some.map(({ id }) => id);
      const { source, asked } = serverOf(nodes, step);
      const gathering = await gather(source, { ...optionsFor(some), stepSeconds: step });
      expect(asked()).toEqual([]);
      const { keys, askedUntil } = await readSlowly(gathering, asked);
      expect(keys).toEqual([...order(ids), ...ids.map((id) => `${id} history`)]);
      expect(asked().sort()).toEqual(keys.toSorted());
      const underWay = askedUntil.map((soFar, index) => soFar.map((key) => keys.indexOf(key) - index + 1));
      expect(Math.max(...underWay.flat())).toBeLessThanOrEqual(32);
      const ofIndicators = underWay.slice(0, 3 * indicators - most);
      expect(Math.max(...ofIndicators.flat())).toBe(most);
    },
  );
});

describe('an indicator without an answer', () => {
  it('is not queried at other times; if no indicator has an answer, the first reason is the error', async () => {
    const { source, asked } = serverWith([]);
    const isAboutIndicator = (query: string) => /level_|_fds/.test(query);
    // The capacity of the descriptors has a query that could still be answered.
    const gathering = await gather(failing(source, isAboutIndicator), optionsFor([DESCRIPTORS, ...NUMBERED]));
    const error: unknown = await readAll(gathering).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(GatherError);
    expect(String(error)).toMatch(/the first failure: refused: .*process_open_fds\{/);
    // Questions after the error may still be under way.
    await new Promise(setImmediate);
    // The source itself was never reached: not for earlier periods, and not for the history.
    expect(asked.filter(({ query }) => isAboutIndicator(query))).toEqual([]);
  });

  it('is named among the unanswered requests about the history, without being queried again', async () => {
    const { source, asked } = serverWith(['process_open_fds', 'process_max_fds']);
    const indicators = [DESCRIPTORS, PODS];
    const isRatio = (query: string) => query.includes('process_open_fds') && query.includes('/');
    const gathering = await gather(failing(source, isRatio), optionsFor(indicators));
    const report = await assess(gathering, { ...ASSESS_OPTIONS, indicators });
    const failed = report.indicators.find(({ id }) => id === DESCRIPTORS.id);
    expect(failed).toMatchObject({ status: 'failed', reason: `refused: ${failed?.query}` });
    expect(report.history).toEqual({
      // The levels of both, the capacity of the descriptors, and the limits that have a query.
      questions: 5,
      unanswered: [{ questions: 1, indicators: [DESCRIPTORS.id], reason: failed?.reason }],
    });
    const ofHistory = asked.filter((one) => stepOf(one) === HISTORY_STEP).map(({ query }) => query);
    expect(ofHistory.filter(isRatio)).toEqual([]);
    expect(ofHistory.filter((query) => query.includes('process_open_fds'))).toHaveLength(1);
    expect(report.capacity.map(({ indicator }) => indicator)).toContain(DESCRIPTORS.id);
  });
});
