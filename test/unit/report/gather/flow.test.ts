import { describe, expect, it } from 'vitest';
import { assess } from '../../../../src/report/assess/assess.ts';
import { GatherError, QueryError } from '../../../../src/report/gather/errors.ts';
import { type GatherOptions, gather } from '../../../../src/report/gather/gather.ts';
import type { Source } from '../../../../src/report/gather/source.ts';
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

/** Eight indicators, each with a separate metric. */
const NUMBERED = Array.from({ length: 8 }, (_, number): Indicator => {
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
});

/** A cluster that was scraped in all periods. */
const serverWith = (...metrics: readonly string[]) =>
  sourceOver({
    targets: (['agent', 'controller'] as const).map((exposes) => ({
      labels: { job: `antrea-${exposes}s`, instance: `node-1;antrea-${exposes}-x` },
      metrics:
        exposes === 'agent'
          ? ['antrea_agent_local_pod_count', ...metrics]
          : ['antrea_controller_length_network_policy_queue'],
    })),
  });

/** Returns a source for which the queries about the period that `isFailing` accepts fail. */
const failing = (source: Source, isFailing: (query: string) => boolean): Source => ({
  ...source,
  range: (query, grid) => {
    const isOfPeriod = grid.stepSeconds === STEP && grid.start === PERIOD.start;
    if (isOfPeriod && isFailing(query)) throw new QueryError('rejected', `refused: ${query}`);
    return source.range(query, grid);
  },
});

const stepOf = ({ at }: Asked) => (typeof at === 'number' ? 0 : at.stepSeconds);

describe('while indicators are read one by one', () => {
  /** Reads the indicators slowly. Returns their ids, those asked about in order, and the most that were asked ahead. */
  async function readSlowly(answers: AsyncIterable<{ id: string }>, askedSoFar: () => string[]) {
    const ids: string[] = [];
    const ahead: number[] = [];
    for await (const { id } of answers) {
      ids.push(id);
      // The source needs no time, so everything that is asked without waiting for the reader is asked now.
      await new Promise(setImmediate);
      ahead.push(askedSoFar().length - ids.length);
    }
    return { ids, asked: askedSoFar(), mostAhead: Math.max(...ahead) };
  }

  it('asks about a few of the next ones, in their order, and about the history only when that is read', async () => {
    const { source, asked } = serverWith(...NUMBERED.map((_, number) => `level_${number}`));
    const askedWith = (step: number) => () => [
      ...new Set(
        asked
          .filter((one) => stepOf(one) === step)
          .flatMap(({ query }) => /level_(\d)/.exec(query)?.[1] ?? [])
          .map((number) => `level-${number}`),
      ),
    ];
    const { periods, history } = await gather(source, optionsFor(NUMBERED));
    const all = NUMBERED.map(({ id }) => id);
    expect(askedWith(STEP)()).toEqual([]);
    const ofPeriods = await readSlowly(periods, askedWith(STEP));
    expect(ofPeriods).toMatchObject({ ids: all, asked: all });
    expect(askedWith(HISTORY_STEP)()).toEqual([]);
    const ofHistory = await readSlowly(history, askedWith(HISTORY_STEP));
    expect(ofHistory).toMatchObject({ ids: all, asked: all });
    for (const { mostAhead } of [ofPeriods, ofHistory]) {
      expect(mostAhead).toBeGreaterThan(0);
      expect(mostAhead).toBeLessThanOrEqual(3);
    }
  });
});

describe('an indicator without an answer', () => {
  it('is not queried at other times; if no indicator has an answer, the first reason is the error', async () => {
    const { source, asked } = serverWith();
    const refused = failing(source, (query) => query.includes('level_'));
    const gathering = await gather(refused, optionsFor(NUMBERED));
    const error: unknown = await readAll(gathering).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(GatherError);
    expect(String(error)).toMatch(/the first failure: refused: .*\(level_0\{/);
    // The source itself was never reached: not for earlier periods, and not for the history.
    expect(asked.filter(({ query }) => query.includes('level_'))).toEqual([]);
  });

  it('is named among the unanswered requests about the history, without being queried again', async () => {
    const { source, asked } = serverWith('process_open_fds', 'process_max_fds');
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
