/**
 * Makes reports without their files, or only gathers for them, and parses the same answers as a reference. bench/worker.ts
 * starts it.
 *
 *   node bench/report-worker.ts URL START END     the period in Unix seconds
 */
import { openPrometheus } from '../src/adapters/prometheus/client.ts';
import { resolveSettings } from '../src/config/settings.ts';
import { limitHeap } from '../src/connect/heap.ts';
import { EXPORTERS } from '../src/report/catalog/exporters.ts';
import { METRICS } from '../src/report/catalog/metrics/index.ts';
import { gather } from '../src/report/gather/gather.ts';
import { makeReport } from '../src/report/make-report.ts';
import { answerTasks } from './answer-tasks.ts';
import { checkComplete } from './complete.ts';
import { type Measurement, measure } from './measure.ts';
import type { LoggedRequest } from './replay/start.ts';

export type ReportTask =
  | { kind: 'report' }
  /** Asks everything that a report asks and discards the answers. */
  | { kind: 'gather' }
  /** Parses the answers to these requests. */
  | { kind: 'parse'; requests: readonly LoggedRequest[] };

export type ReportOutput = {
  measured: Measurement;
  /** Of a report: how many agents it saw and how many findings it has; else 0. */
  agents: number;
  findings: number;
};

const [url = '', start, end] = process.argv.slice(2);
limitHeap();
const { report: settings } = resolveSettings({});
const period = { start: Number(start), end: Number(end) };

/** The texts of the answers, so that only the first reference waits for them. */
let bodies: string[] | undefined;

answerTasks((task: ReportTask) => {
  if (task.kind === 'parse') return parseAnswers(task.requests);
  return task.kind === 'gather' ? gatherOne() : makeOne();
});

async function makeOne(): Promise<ReportOutput> {
  const client = openPrometheus({ url });
  const { value, measured } = await measure(() =>
    makeReport(client, { cluster: 'bench', period, settings, generatedAt: new Date(period.end * 1000) }),
  );
  await client.close();
  checkComplete(value);
  return { measured, agents: value.coverage.agentsSeen, findings: value.findings.length };
}

async function gatherOne(): Promise<ReportOutput> {
  const client = openPrometheus({ url });
  const { measured } = await measure(async () => {
    const gathering = await gather(client, {
      ...{ cluster: 'bench', period, ...settings },
      ...{ metrics: METRICS, exporters: EXPORTERS },
    });
    for await (const _answer of gathering.answers);
  });
  await client.close();
  return { measured, agents: 0, findings: 0 };
}

async function parseAnswers(requests: readonly LoggedRequest[]): Promise<ReportOutput> {
  bodies ??= await Promise.all(requests.map(askAgain));
  const texts = bodies;
  const { measured } = await measure(async () => {
    for (const text of texts) JSON.parse(text);
  });
  return { measured, agents: 0, findings: 0 };
}

async function askAgain({ path, body }: LoggedRequest): Promise<string> {
  const response = await fetch(`${url}${path}`, { method: 'POST', body: new URLSearchParams(body) });
  return response.text();
}
