/** A queue with its dead-letter queue, in this process: fauxqs, which speaks SQS and checks no credentials. */
import { startFauxqs } from 'fauxqs';
import { createQueues } from '../../scripts/offline/queues.ts';

export type Queue = {
  /** http://127.0.0.1:port; clients need it and any credentials. */
  endpoint: string;
  queueUrl: string;
  /** Where messages go that were received `maxReceiveCount` times and never deleted. */
  deadLetterQueueUrl: string;
  stop(): Promise<void>;
};

export type QueueOptions = {
  /** How long a received message stays hidden from other receivers; 30 unless told. */
  visibilitySeconds?: number;
  /** 3 unless told. */
  maxReceiveCount?: number;
};

const REGION = 'us-east-1';

/** Starts empty queues on a free port; `stop` forgets them. */
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
