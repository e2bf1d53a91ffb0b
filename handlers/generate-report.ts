import { randomUUID } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context, SQSBatchResponse, SQSHandler, SQSRecord } from 'aws-lambda';
import { limitHeap } from '../src/connect/heap.ts';
import { openPrinter } from '../src/connect/printer.ts';
import { openSecretSources } from '../src/connect/secrets.ts';
import { openSource } from '../src/connect/source.ts';
import { clusterKey } from '../src/report/model/cluster-key.ts';
import { STAGES } from '../src/report/model/stage.ts';
import { MOST_DELIVERIES } from '../src/service/archive/state.ts';
import { deadlineOf, LEAST_MILLISECONDS } from '../src/service/jobs/deadline.ts';
import { type Job, jobSchema } from '../src/service/jobs/job.ts';
import { type StageSeconds, type WorkOutcome, work } from '../src/service/jobs/work.ts';
import { configuration } from './shared/configuration.ts';
import { queueOf } from './shared/queue.ts';
import { deployedStore } from './shared/store.ts';

limitHeap();

const logger = new Logger();
const metrics = new Metrics();
const secrets = openSecretSources(process.env);

/** Limit for one call to the store; src/service/jobs/deadline.ts reserves three of them for storing a report. */
const PATIENCE_MILLISECONDS = 10_000;

/** Makes the reports of the queue's jobs. The queue delivers failed messages again. */
export const handler: SQSHandler = async (event, context): Promise<SQSBatchResponse> => {
  logger.addContext(context);
  const unfinished: string[] = [];
  for (const record of event.Records) {
    logger.resetKeys();
    logger.appendKeys({ messageId: record.messageId });
    const isDone = await handle(record, context).catch((error) => returnToQueue(record, error));
    if (!isDone) unfinished.push(record.messageId);
  }
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  logger.resetKeys();
  return { batchItemFailures: unfinished.map((itemIdentifier) => ({ itemIdentifier })) };
};

/** Returns whether the message can be deleted from the queue. */
async function handle(record: SQSRecord, context: Context): Promise<boolean> {
  const job = readJob(record.body);
  if (job === null) {
    logger.error('message without a job');
    await sendToDeadLetter(record, 'it is not a job of this version');
    return true;
  }
  logger.appendKeys({ reportId: job.id, cluster: job.cluster });
  const deadline = deadlineOf(() => context.getRemainingTimeInMillis());
  if (deadline.millisecondsLeft() < LEAST_MILLISECONDS) {
    logger.warn('too little time left to begin', { milliseconds: deadline.millisecondsLeft() });
    return false;
  }
  const outcome = await work(job, {
    config: await configuration(),
    store: await deployedStore(PATIENCE_MILLISECONDS),
    openSource: (settings, signal) => openSource(settings, secrets, signal),
    openPrinter,
    deadline,
    isRetried: true,
    token: randomUUID(),
    now: () => new Date(),
  });
  return acknowledge(outcome, record);
}

function readJob(body: string): Job | null {
  try {
    return jobSchema.parse(JSON.parse(body));
  } catch {
    return null;
  }
}

async function acknowledge(outcome: WorkOutcome, record: SQSRecord): Promise<boolean> {
  switch (outcome.outcome) {
    case 'made': {
      const { state, seconds } = outcome;
      logger.info('report made', { seconds, result: state.result, missing: state.missing });
      measure(clusterKey(state.cluster), state.result?.score, seconds);
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
      if (!outcome.final) return false;
      metrics.addMetric('ReportsFailed', MetricUnit.Count, 1);
      await sendToDeadLetter(record, outcome.error.message);
      return true;
  }
}

function measure(cluster: string, score: number | undefined, seconds: StageSeconds): void {
  metrics.addMetric('ReportsMade', MetricUnit.Count, 1);
  for (const stage of STAGES) {
    const taken = seconds[stage];
    // A report without a PDF has no printing time.
    if (taken !== undefined)
      metrics.addMetric(`${stage[0]?.toUpperCase()}${stage.slice(1)}Seconds`, MetricUnit.Seconds, taken);
  }
  if (score === undefined) return;
  const ofCluster = metrics.singleMetric();
  ofCluster.addDimension('Cluster', cluster);
  ofCluster.addMetric('Score', MetricUnit.NoUnit, score);
}

/** Handles a failure that could not be written into the report's state: the queue retries up to its limit. */
async function returnToQueue(record: SQSRecord, error: unknown): Promise<boolean> {
  logger.error('job not handled', { error });
  if (Number(record.attributes.ApproximateReceiveCount) < MOST_DELIVERIES) return false;
  return sendToDeadLetter(record, error instanceof Error ? error.message : String(error)).then(
    () => true,
    () => false,
  );
}

/** Sends a message unchanged to the dead-letter queue, from where it can be sent back, with the reason as attribute. */
async function sendToDeadLetter(record: SQSRecord, reason: string): Promise<void> {
  await queueOf('DEAD_LETTER_QUEUE_URL').sendWith(record.body, { Reason: reason });
}
