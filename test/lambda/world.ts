/** The packaged service with the servers that it uses: Prometheus, Ceph, SQS and SES, each behind a proxy that can break. */
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { openS3Store } from '../../src/adapters/s3/store.ts';
import type { Store } from '../../src/service/archive/store.ts';
import { startCeph } from '../services/ceph.ts';
import { packageService } from '../services/packaged.ts';
import { prometheusOver } from '../services/prometheus.ts';
import { startQueue } from '../services/queue.ts';
import { temporaryFolder } from '../services/server.ts';
import { type LocalSes, startSes } from '../services/ses.ts';
import { simulatedDay } from '../simulation/scenarios.ts';
import { type BreakingProxy, startBreakingProxy } from './breaking-proxy.ts';
import type { Service } from './function.ts';

/** The clusters, with the language of their reports. */
export const CLUSTERS = { prod: 'en', 生产: 'zh-CN' } as const;

const SERVERS = ['prometheus', 's3', 'sqs', 'ses'] as const;

export type World = {
  service: Service;
  store: Store;
  ses: LocalSes;
  proxies: Readonly<Record<(typeof SERVERS)[number], BreakingProxy>>;
  /** Takes the next message from the queue; undefined when it has none. */
  takeJob(): Promise<Message | undefined>;
  deleteJob(message: Message): Promise<void>;
  /** Makes a job that was taken available again at once. */
  returnJob(message: Message): Promise<void>;
  stop(): Promise<void>;
};

export async function startWorld(): Promise<World> {
  const undo: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const world = await start(undo);
    return { ...world, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(undo: (() => Promise<unknown>)[]): Promise<Omit<World, 'stop'>> {
  const opened = async <Opened extends { stop(): Promise<unknown> }>(
    opening: Promise<Opened>,
  ): Promise<Opened> => {
    const one = await opening;
    undo.push(() => one.stop());
    return one;
  };
  const ceph = await opened(startCeph());
  const queue = await opened(startQueue({ visibilitySeconds: 360 }));
  const ses = await opened(startSes());
  const prometheus = await opened(prometheusOver(simulatedDay('faulty').simulation));
  await ceph.createBucket('reports');
  const targets = { prometheus: prometheus.url, s3: ceph.endpoint, sqs: queue.endpoint, ses: ses.endpoint };
  const proxies = {} as Record<(typeof SERVERS)[number], BreakingProxy>;
  for (const name of SERVERS) proxies[name] = await opened(startBreakingProxy(targets[name]));

  const folder = await temporaryFolder('lambda-service');
  undo.push(folder.remove);
  const template = await packageService(folder.path, configuration(proxies.prometheus.url));
  const { accessKeyId, secretAccessKey } = ceph.credentials;
  const through = (url: string) => url.replace(queue.endpoint, proxies.sqs.url);
  const sqs = new SQSClient({ endpoint: queue.endpoint, region: ceph.region, credentials: ceph.credentials });
  const store = openS3Store({ bucket: 'reports', ...ceph });
  undo.push(async () => {
    sqs.destroy();
    await store.close();
  });
  const { queueUrl: QueueUrl } = queue;
  return {
    service: {
      folder: folder.path,
      template,
      values: {
        ReportBucket: 'reports',
        JobQueue: through(queue.queueUrl),
        DeadLetterQueue: through(queue.deadLetterQueueUrl),
        'HttpApi.ApiEndpoint': 'https://api.invalid',
      },
      environment: {
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        AWS_ENDPOINT_URL_S3: proxies.s3.url,
        AWS_ENDPOINT_URL_SQS: proxies.sqs.url,
        AWS_ENDPOINT_URL_SESV2: proxies.ses.url,
      },
    },
    store,
    ses,
    proxies,
    async takeJob() {
      const command = new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ['All'] });
      return (await sqs.send(command)).Messages?.[0];
    },
    async deleteJob({ ReceiptHandle }) {
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    },
    async returnJob({ ReceiptHandle }) {
      await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
    },
  };
}

const configuration = (url: string) => `
prometheus: { url: "${url}" }
clusters:
${Object.entries(CLUSTERS)
  .map(([name, language]) => `  - { name: ${name}, language: ${language} }`)
  .join('\n')}
schedules:
  - { name: nightly, period: day, at: "06:00" }
mail: { from: health@example.com }
digests:
  - { name: operators, period: day, at: "07:00", to: [noc@example.com], attachPdf: true }
`;
