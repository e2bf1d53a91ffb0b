/** A queue with its dead-letter queue, in this process: fauxqs, which speaks SQS and checks no credentials. */
import { startFauxqs } from 'fauxqs';

export type Queue = {
  /** http://127.0.0.1:port; clients need it and any credentials. */
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  queueUrl: string;
  queueArn: string;
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
  const deadLetter = server.createQueue('reports-dead-letter', { region: REGION });
  const queue = server.createQueue('reports', {
    region: REGION,
    attributes: {
      VisibilityTimeout: String(visibilitySeconds),
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetter.queueArn, maxReceiveCount }),
    },
  });
  const endpoint = `http://127.0.0.1:${server.port}`;
  // fauxqs calls its host sqs.us-east-1.localhost, which not every machine can resolve; the path is what counts.
  const local = (url: string) => endpoint + new URL(url).pathname;
  return {
    endpoint,
    region: REGION,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    queueUrl: local(queue.queueUrl),
    queueArn: queue.queueArn,
    deadLetterQueueUrl: local(deadLetter.queueUrl),
    stop: () => server.stop(),
  };
}
