/** Each question of a report fails, has an empty answer, and has garbage, while all others are answered as ever. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPrometheus } from '../../src/adapters/prometheus/client.ts';
import { QueryError } from '../../src/report/gather/errors.ts';
import type { InstantAnswer, LiveSource, RangeAnswer, Source } from '../../src/report/gather/source.ts';
import { makeReport } from '../../src/report/make-report.ts';
import { type Report, reportSchema } from '../../src/report/model/report.ts';
import type { Grid } from '../../src/report/model/series.ts';
import type { Labels } from '../simulation/cluster.ts';
import type { Fault } from '../simulation/faults.ts';
import { type SimulatedSeries, simulate } from '../simulation/samples.ts';
import { startPrometheus } from './prometheus.ts';
import { settingsOf } from './report.ts';
import { someOf } from './thorough.ts';

const HOUR = 3600;
const MIDNIGHT = Date.UTC(2026, 10, 20) / 1000;
const PERIOD = { start: MIDNIGHT, end: MIDNIGHT + 6 * HOUR };

const OPTIONS = { flowExporter: true, kubeStateMetrics: true, nodeIpam: true } as const;
const cluster = (faults: readonly Fault[]): Iterable<SimulatedSeries> =>
  simulate({ ...OPTIONS, start: MIDNIGHT - 7 * HOUR, end: PERIOD.end, nodes: 3, faults });

/** The node has less than a third of its flows from midnight on. */
function* withLostFlows(series: Iterable<SimulatedSeries>): Generator<SimulatedSeries> {
  for (const one of series) {
    const isMeant = one.name === 'antrea_agent_ovs_total_flow_count' && isOfNode(one.labels);
    const values = one.values.map((value, index) =>
      isMeant && (one.timestamps[index] ?? 0) >= MIDNIGHT * 1000 ? Math.round(0.3 * value) : value,
    );
    yield { ...one, values };
  }
}

const isOfNode = ({ instance }: Labels) => instance?.startsWith('worker-01');

/** Each cluster has findings of few kinds, so that no other finding hides that one is lost. */
const CLUSTERS: readonly {
  title: string;
  indicators: readonly string[];
  series: () => Iterable<SimulatedSeries>;
}[] = [
  {
    title: 'a node that lost 70 % of its flows at midnight',
    indicators: ['ovs-flow-count'],
    series: () => withLostFlows(cluster([])),
  },
  {
    title: 'a node whose agent restarts',
    indicators: ['process-restarts'],
    series: () =>
      cluster(
        [2, 3, 4].map((hour) => ({
          kind: 'container-restart',
          node: 'worker-01',
          start: MIDNIGHT + hour * HOUR,
          end: MIDNIGHT + hour * HOUR + 20,
        })),
      ),
  },
  {
    title: 'a node that had no agent for an hour',
    indicators: ['missing-agents', 'process-restarts', 'scrape-coverage'],
    series: () =>
      cluster([{ kind: 'agent-gone', node: 'worker-01', start: MIDNIGHT + HOUR, end: MIDNIGHT + 2 * HOUR }]),
  },
];

type Question = { query: string; at: Grid | number };
const keyOf = ({ query, at }: Question) => JSON.stringify([query, at]);

type Values = Pick<RangeAnswer, 'series'> | Pick<InstantAnswer, 'samples'>;

/** A report may change the values of an answer, but not its labels. */
const copied = <T extends Values>(answer: T): T => ({
  ...answer,
  ...('series' in answer
    ? { series: answer.series.map((one) => ({ ...one, values: one.values.slice() })) }
    : { samples: answer.samples.map((one) => ({ ...one })) }),
});

/** Answers each question once and then with copies. */
function remembering(live: LiveSource): { source: Source; asked: Question[] } {
  const answers = new Map<string, Promise<unknown>>();
  const asked: Question[] = [];
  const remember = <T extends Values>(question: Question, ask: () => Promise<T>): Promise<T> => {
    const key = keyOf(question);
    if (!answers.has(key)) {
      asked.push(question);
      answers.set(key, ask());
    }
    return (answers.get(key) as Promise<T>).then(copied);
  };
  return {
    asked,
    source: {
      kind: 'prometheus',
      range: (query, at) => remember({ query, at }, () => live.range(query, at)),
      instant: (query, at) => remember({ query, at }, () => live.instant(query, at)),
    },
  };
}

/** Returns a source that answers one question in another way. */
function except(source: Source, question: Question, change: <T extends Values>(answer: T) => T): Source {
  const key = keyOf(question);
  const isMeant = (query: string, at: Grid | number) =>
    query === question.query && keyOf({ query, at }) === key;
  return {
    kind: 'prometheus',
    async range(query, at) {
      const answer = await source.range(query, at);
      return isMeant(query, at) ? change(answer) : answer;
    },
    async instant(query, at) {
      const answer = await source.instant(query, at);
      return isMeant(query, at) ? change(answer) : answer;
    },
  };
}

const failing = (message: string) => (): never => {
  throw new QueryError('rejected', message);
};

const emptied = <T extends Values>(answer: T): T => ({
  ...answer,
  ...('series' in answer ? { series: [] } : { samples: [] }),
});

/** @param garbage returns another value, by the value and its place */
const spoilt =
  (garbage: (value: number, index: number) => number) =>
  <T extends Values>(answer: T): T => ({
    ...answer,
    ...('series' in answer
      ? {
          series: answer.series.map((one) => ({
            ...one,
            values: one.values.map((value, index) => (Number.isNaN(value) ? value : garbage(value, index))),
          })),
        }
      : { samples: answer.samples.map((one, index) => ({ ...one, value: garbage(one.value, index) })) }),
  });

/** What no metric has: exporters with mistakes, and servers that want to do harm. */
const GARBAGE: Readonly<Record<string, (value: number, index: number) => number>> = {
  'the largest numbers of both signs': (_, index) => (index % 2 === 0 ? -1 : 1) * Number.MAX_VALUE,
  'the smallest number': () => Number.MIN_VALUE,
  'nanoseconds instead of seconds': (value) => value * 1e9,
  'negative numbers': (value) => -value - 1,
};

/** Returns the findings of a report that another one lacks. */
function lostFindings(clean: Report, report: Report): string[] {
  const keys = ({ findings }: Report) =>
    findings.map(({ indicator, subject }) => `${indicator} of ${subject}`);
  return keys(clean).filter((key) => !keys(report).includes(key));
}

const { report: settings } = settingsOf({ step: '5m' });

const reportFrom = (source: Source) =>
  makeReport(source, {
    cluster: 'simulated',
    period: PERIOD,
    settings,
    generatedAt: new Date('2026-11-20T07:00:00Z'),
  });

/** A server with some samples, the answers that a report needs of it, and the report. */
async function serverWith(series: Iterable<SimulatedSeries>) {
  const server = await startPrometheus();
  await server.load(series);
  const live = openPrometheus({ url: server.url, longestPauseMilliseconds: 10 });
  const { source, asked } = remembering(live);
  const clean = await reportFrom(source);
  const stop = async () => {
    await live.close();
    await server.stop();
  };
  return { source, questions: [...asked], clean, stop };
}

type Prepared = Awaited<ReturnType<typeof serverWith>>;

describe.each(CLUSTERS.map((one, index) => ({ ...one, index })))(
  '$title',
  ({ indicators, series, index }) => {
    let prepared: Prepared;
    beforeAll(async () => {
      prepared = await serverWith(series());
    });
    afterAll(() => prepared.stop());

    it('has these findings', () => {
      const { clean, questions } = prepared;
      expect(clean.complete).toBe(true);
      expect([...new Set(clean.findings.map(({ indicator }) => indicator))].sort()).toEqual(indicators);
      expect(questions.length).toBeGreaterThan(100);
    });

    it('has them or an incomplete report, which names the reason, whichever question fails', async () => {
      const { clean, questions, source } = prepared;
      const wrong: unknown[] = [];
      for (const [number, question] of questions.entries()) {
        const message = `question ${number} was refused`;
        const report = await reportFrom(except(source, question, failing(message)));
        const lost = lostFindings(clean, report);
        const isNamed = JSON.stringify(report).includes(message);
        if ((lost.length > 0 && report.complete) || report.verdict === 'healthy' || !isNamed)
          wrong.push({ question, lost, isNamed, complete: report.complete, verdict: report.verdict });
      }
      expect(wrong).toEqual([]);
    });

    it('is never healthy, whichever answer is empty', async () => {
      const { clean, questions, source } = prepared;
      const wrong: unknown[] = [];
      for (const question of someOf(questions, index % 2, 2)) {
        const report = await reportFrom(except(source, question, emptied));
        const lost = lostFindings(clean, report);
        if (lost.length > 0 && report.verdict === 'healthy') wrong.push({ question, lost });
      }
      expect(wrong).toEqual([]);
    });
  },
);

describe('garbage in any answer', () => {
  let prepared: Prepared;
  beforeAll(async () => {
    prepared = await serverWith(cluster([]));
  });
  afterAll(() => prepared.stop());

  it.each(Object.entries(GARBAGE).map(([name, value], index) => ({ name, value, index })))(
    'makes a report that its schema accepts: $name',
    async ({ value, index }) => {
      const { questions, source } = prepared;
      const wrong: unknown[] = [];
      for (const question of someOf(questions, index, 4)) {
        const spoil = spoilt(value);
        const report = await reportFrom(except(source, question, spoil)).catch(
          (error: Error) => error.message,
        );
        const { error } = reportSchema.safeParse(JSON.parse(JSON.stringify(report)));
        if (error) wrong.push({ question, report: typeof report === 'string' ? report : error.issues[0] });
      }
      expect(wrong).toEqual([]);
    },
  );
});
