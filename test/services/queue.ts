/** A queue and its dead-letter queue in this process: fauxqs, which implements SQS and checks no credentials. */
import { startFauxqs } from 'fauxqs';
import { createQueues } from '../../scripts/offline/queues.ts';

export type Queue = {
  /** http://127.0.0.1:port; clients may use any credentials. */
  endpoint: string;
  queueUrl: string;
  /** Gets the messages that were received `maxReceiveCount` times and never deleted. */
  deadLetterQueueUrl: string;
  stop(): Promise<void>;
};

export type QueueOptions = {
  /** How long a received message is hidden from other receivers; 30 by default. */
  visibilitySeconds?: number;
  /** 3 by default. */
  maxReceiveCount?: number;
};

const REGION = 'us-east-1';

/** Starts empty queues on a free port; `stop` removes them. */
export async function startQueue(options: QueueOptions = {}): Promise<Queue> {
  const { visibilitySeconds = 30, maxReceiveCount = 3 } = options;
  const server = await startFauxqs({ port: 0, logger: false, defaultRegion: REGION });
  const { queueUrl, deadLetterQueueUrl } = createQueues(server, {
    region: REGION,
    visibilitySeconds,
    maxReceiveCount,
  });
  return {
    endpoint: `http://127.0.0.1:${server.port}`,
    queueUrl,
    deadLetterQueueUrl,
    stop: () => server.stop(),
  };
}
