import { randomUUID } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context, SQSBatchResponse, SQSHandler, SQSRecord } from 'aws-lambda';
import { MOST_ATTEMPTS } from '../src/archive/state.ts';
import { openQueue } from '../src/aws/queue.ts';
import { openSecretStores } from '../src/aws/secrets.ts';
import { type Job, jobSchema } from '../src/model/job.ts';
import { openSource } from '../src/prometheus-source.ts';
import { deadlineOf, LEAST_MILLISECONDS } from '../src/service/deadline.ts';
import { STAGES, type StageSeconds, type WorkOutcome, work } from '../src/service/work.ts';
import { configuration } from './shared/configuration.ts';
import { fromEnvironment } from './shared/environment.ts';
import { openStore } from './shared/store.ts';

const logger = new Logger();
const metrics = new Metrics();
const secretStores = openSecretStores();

/** The queue's worker: makes the reports that jobs ask for. What it does not answer for is delivered again. */
export const handler: SQSHandler = async (event, context): Promise<SQSBatchResponse> => {
  logger.addContext(context);
  const unfinished: string[] = [];
  for (const record of event.Records) {
    try {
      if (!(await isDone(record, context))) unfinished.push(record.messageId);
    } catch (error) {
      logger.error('job not handled', { messageId: record.messageId, error });
      unfinished.push(record.messageId);
    }
  }
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  logger.resetKeys();
  return { batchItemFailures: unfinished.map((itemIdentifier) => ({ itemIdentifier })) };
};

/** Whether the message may leave the queue. */
async function isDone(record: SQSRecord, context: Context): Promise<boolean> {
  const job = readJob(record.body);
  if (job === null) {
    logger.error('message without a job', { messageId: record.messageId });
    await bury(record, 'it is not a job of this version');
    return true;
  }
  logger.appendKeys({ reportId: job.id, cluster: job.cluster });
  const deadline = deadlineOf(() => context.getRemainingTimeInMillis());
  if (deadline.millisecondsLeft() < LEAST_MILLISECONDS) return false;
  const isLastTry = Number(record.attributes.ApproximateReceiveCount) >= MOST_ATTEMPTS;
  const outcome = await work(job, {
    config: await configuration(),
    store: await openStore(),
    openSource: (settings, signal) =>
      openSource(settings, { environment: process.env, secretStores, signal }),
    openPrinter: async () => (await import('../src/render/pdf.ts')).openPrinter(),
    deadline,
    token: randomUUID(),
    isLastTry,
    now: () => new Date(),
  });
  return settle(outcome, record);
}

function readJob(body: string): Job | null {
  try {
    return jobSchema.parse(JSON.parse(body));
  } catch {
    return null;
  }
}

async function settle(outcome: WorkOutcome, record: SQSRecord): Promise<boolean> {
  switch (outcome.outcome) {
    case 'made': {
      const { state, seconds } = outcome;
      logger.info('report made', { seconds, result: state.result, missing: state.missing });
      measure(state.cluster, state.result?.score, seconds);
      return true;
    }
    case 'ready':
      logger.info('report was made before');
      return true;
    case 'busy':
      logger.info('report is being made by another worker', { until: outcome.until });
      return false;
    case 'failed':
      logger.error('report failed', { error: outcome.error, final: outcome.final });
      metrics.addMetric('ReportsFailed', MetricUnit.Count, 1);
      if (outcome.final) await bury(record, outcome.error.message);
      return outcome.final;
  }
}

function measure(cluster: string, score: number | undefined, seconds: StageSeconds): void {
  metrics.addMetric('ReportsMade', MetricUnit.Count, 1);
  for (const stage of STAGES)
    metrics.addMetric(
      `${stage[0]?.toUpperCase()}${stage.slice(1)}Seconds`,
      MetricUnit.Seconds,
      seconds[stage] ?? 0,
    );
  if (score === undefined) return;
  const ofCluster = metrics.singleMetric();
  ofCluster.addDimension('Cluster', cluster);
  ofCluster.addMetric('Score', MetricUnit.NoUnit, score);
}

/** Into the dead-letter queue, as it came, so that it can be sent back from there; with the reason beside it. */
async function bury(record: SQSRecord, reason: string): Promise<void> {
  await openQueue(fromEnvironment('DEAD_LETTER_QUEUE_URL')).sendWith(record.body, { Reason: reason });
}
