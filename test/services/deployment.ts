/**
 * The deployed service on one machine: its handlers, a real S3 server and a queue. API Gateway and Lambda cannot run
 * here; tests pass requests to the handlers as API Gateway does, and messages as Lambda does.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, SQSHandler } from 'aws-lambda';
import { createContext, startEventSource } from '../../scripts/offline/event-source.ts';
import { openS3Store } from '../../src/adapters/s3/store.ts';
import { API_ROUTES } from '../../src/service/api/api.ts';
import type { Store } from '../../src/service/archive/store.ts';
import { startCeph } from './ceph.ts';
import { gatewayEvent } from './fronts.ts';
import { type QueueOptions, startQueue } from './queue.ts';
import { isQueueEmpty } from './queue-empty.ts';
import { temporaryFolder } from './server.ts';
import { waitUntil } from './wait-until.ts';

/** As in serverless.yml. */
const FUNCTION_TIMEOUT_SECONDS = 300;

export type Deployment = {
  store: Store;
  queueUrl: string;
  /** Environment variables for other processes of the deployment. */
  environment: Record<string, string>;
  /** Sends the event of EventBridge Scheduler for a schedule. */
  schedule(name: string, scheduledAt: string): Promise<void>;
  /** Sends the event of EventBridge Scheduler for a digest. @returns its outcome */
  digest(name: string, scheduledAt: string): Promise<string | undefined>;
  request(
    method: 'GET' | 'POST',
    path: string,
    extra?: { body?: unknown; accept?: string },
  ): Promise<APIGatewayProxyStructuredResultV2>;
  /** Polls a report until it is ready or failed. */
  follow(path: string): Promise<Record<string, unknown>>;
  startWorkers(count: number): { stop(): Promise<void> };
  /** Waits until the queue is empty and no message is being processed. */
  drain(): Promise<void>;
  /** Returns the messages of the dead-letter queue with the reasons. */
  deadLetters(): Promise<{ body: string; reason: string | undefined }[]>;
  sqs: SQSClient;
  stop(): Promise<void>;
};

/** Sets the environment of this process: one deployment per test file. */
export async function deploy(config: string, queueOptions: QueueOptions = {}): Promise<Deployment> {
  const folder = await temporaryFolder('deployment');
  const configFile = join(folder.path, 'antrea-health.yaml');
  await writeFile(configFile, config);
  const [ceph, queue] = await Promise.all([startCeph(), startQueue(queueOptions)]);
  await ceph.createBucket('reports');
  const environment = {
    CONFIG_FILE: configFile,
    BUCKET: 'reports',
    QUEUE_URL: queue.queueUrl,
    DEAD_LETTER_QUEUE_URL: queue.deadLetterQueueUrl,
    AWS_ENDPOINT_URL_S3: ceph.endpoint,
    AWS_ENDPOINT_URL_SQS: queue.endpoint,
    AWS_REGION: ceph.region,
    AWS_ACCESS_KEY_ID: ceph.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: ceph.credentials.secretAccessKey,
    POWERTOOLS_SERVICE_NAME: 'antrea-health-report',
    POWERTOOLS_METRICS_NAMESPACE: 'AntreaHealthReport',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
  };
  Object.assign(process.env, environment);
  const sqs = new SQSClient({});
  const store = openS3Store({ bucket: 'reports', endpoint: ceph.endpoint });

  const deployment: Deployment = {
    store,
    sqs,
    queueUrl: queue.queueUrl,
    environment,
    async schedule(name, scheduledAt) {
      const { handler } = await import('../../handlers/daily-report.ts');
      const context = createContext({ functionName: 'daily-report', timeoutSeconds: 60 });
      await handler({ schedule: name, scheduledAt }, context, () => undefined);
    },
    async digest(name, scheduledAt) {
      const { handler } = await import('../../handlers/email-digest.ts');
      const context = createContext({ functionName: 'email-digest', timeoutSeconds: 170 });
      return (await handler({ digest: name, scheduledAt }, context, () => undefined))?.outcome;
    },
    async request(method, path, { body, accept } = {}) {
      const { handler } = await import('../../handlers/on-demand.ts');
      const context = createContext({ functionName: 'on-demand', timeoutSeconds: 29 });
      const answer = await handler(eventOf(method, path, body, accept), context, () => undefined);
      if (!answer) throw new Error('no answer');
      return answer;
    },
    async follow(path) {
      let report: Record<string, unknown> = {};
      const isOver = async () => {
        const answer = await deployment.request('GET', path);
        if (answer.statusCode !== 200) throw new Error(answer.body);
        report = JSON.parse(answer.body ?? '');
        return report['state'] === 'ready' || report['state'] === 'failed';
      };
      await waitUntil(isOver, () => `${path} is still ${report['state']}`);
      return report;
    },
    startWorkers(count) {
      const handler: SQSHandler = async (...all) =>
        (await import('../../handlers/generate-report.ts')).handler(...all);
      return startEventSource({
        queueUrl: queue.queueUrl,
        handler,
        functionName: 'generate-report',
        timeoutSeconds: FUNCTION_TIMEOUT_SECONDS,
        concurrency: count,
        onError: (error) => {
          throw error;
        },
      });
    },
    async drain() {
      await waitUntil(
        () => isQueueEmpty(sqs, queue.queueUrl),
        () => 'the queue does not get empty',
      );
    },
    async deadLetters() {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: queue.deadLetterQueueUrl,
          MaxNumberOfMessages: 10,
          MessageAttributeNames: ['All'],
          VisibilityTimeout: 0,
        }),
      );
      return Messages.map(({ Body = '', MessageAttributes = {} }) => ({
        body: Body,
        reason: MessageAttributes['Reason']?.StringValue,
      }));
    },
    async stop() {
      sqs.destroy();
      await store.close();
      await queue.stop();
      await ceph.stop();
      await folder.remove();
    },
  };
  return deployment;
}

/** Returns the event that API Gateway makes of a request to a route of serverless.yml (payload format 2.0). */
export function eventOf(
  method: string,
  address: string,
  body: unknown,
  accept = 'application/json',
): APIGatewayProxyEventV2 {
  const isSent = body !== undefined;
  return gatewayEvent(API_ROUTES, {
    method,
    address,
    headers: { accept, ...(isSent ? { 'Content-Type': 'application/json' } : {}) },
    ...(isSent ? { body: JSON.stringify(body) } : {}),
  });
}
