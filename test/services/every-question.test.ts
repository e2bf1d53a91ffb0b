/** Each question of a report fails, and then has an empty answer, while all others are answered as ever. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPrometheus } from '../../src/adapters/prometheus/client.ts';
import { QueryError } from '../../src/report/gather/errors.ts';
import type { LiveSource, Source } from '../../src/report/gather/source.ts';
import { makeReport } from '../../src/report/make-report.ts';
import type { Report } from '../../src/report/model/report.ts';
import type { Grid } from '../../src/report/model/series.ts';
import type { Labels } from '../simulation/cluster.ts';
import type { Fault } from '../simulation/faults.ts';
import { type SimulatedSeries, simulate } from '../simulation/samples.ts';
import { startPrometheus } from './prometheus.ts';
import { settingsOf } from './report.ts';
import type { Database } from './server.ts';

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

/** Answers each question once and then from memory. */
function remembering(live: LiveSource): { source: Source; asked: Question[] } {
  const answers = new Map<string, Promise<unknown>>();
  const asked: Question[] = [];
  const remember = <T>(question: Question, ask: () => Promise<T>): Promise<T> => {
    const key = keyOf(question);
    if (!answers.has(key)) {
      asked.push(question);
      answers.set(key, ask());
    }
    return answers.get(key) as Promise<T>;
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

/** @param change what becomes of the answer to the question */
function except(source: Source, question: Question, change: 'fails' | 'is empty', message: string): Source {
  const isMeant = (query: string, at: Grid | number) => keyOf({ query, at }) === keyOf(question);
  const fail = () => {
    if (change === 'fails') throw new QueryError('rejected', message);
  };
  return {
    kind: 'prometheus',
    async range(query, at) {
      if (!isMeant(query, at)) return source.range(query, at);
      fail();
      return { series: [], warnings: [] };
    },
    async instant(query, at) {
      if (!isMeant(query, at)) return source.instant(query, at);
      fail();
      return { samples: [], warnings: [] };
    },
  };
}

/** Returns the findings of a report that another one lacks. */
function lostFindings(clean: Report, report: Report): string[] {
  const keys = ({ findings }: Report) =>
    findings.map(({ indicator, subject }) => `${indicator} of ${subject}`);
  return keys(clean).filter((key) => !keys(report).includes(key));
}

const reportFrom = (source: Source) =>
  makeReport(source, {
    cluster: 'simulated',
    period: PERIOD,
    settings: settingsOf({ step: '5m' }).report,
    generatedAt: new Date('2026-11-20T07:00:00Z'),
  });

describe.each(CLUSTERS)('$title', ({ indicators, series }) => {
  let server: Database;
  let live: LiveSource;
  let source: Source;
  let questions: readonly Question[];
  let clean: Report;
  beforeAll(async () => {
    server = await startPrometheus();
    await server.load(series());
    live = openPrometheus({ url: server.url, longestPauseMilliseconds: 10 });
    const memory = remembering(live);
    source = memory.source;
    clean = await reportFrom(source);
    questions = [...memory.asked];
  });
  afterAll(async () => {
    await live.close();
    await server.stop();
  });

  it('has these findings', () => {
    expect(clean.complete).toBe(true);
    expect([...new Set(clean.findings.map(({ indicator }) => indicator))].sort()).toEqual(indicators);
    expect(questions.length).toBeGreaterThan(100);
  });

  it('has them or an incomplete report, which names the reason, whichever question fails', async () => {
    const wrong: unknown[] = [];
    for (const [index, question] of questions.entries()) {
      const message = `question ${index} was refused`;
      const report = await reportFrom(except(source, question, 'fails', message));
      const lost = lostFindings(clean, report);
      const isNamed = JSON.stringify(report).includes(message);
      if ((lost.length > 0 && report.complete) || report.verdict === 'healthy' || !isNamed)
        wrong.push({ question, lost, isNamed, complete: report.complete, verdict: report.verdict });
    }
    expect(wrong).toEqual([]);
  });

  it('is never healthy, whichever answer is empty', async () => {
    const wrong: unknown[] = [];
    for (const question of questions) {
      const report = await reportFrom(except(source, question, 'is empty', ''));
      const lost = lostFindings(clean, report);
      if (lost.length > 0 && report.verdict === 'healthy') wrong.push({ question, lost });
    }
    expect(wrong).toEqual([]);
  });
});
