import type { FauxqsServer } from 'fauxqs';

/** Creates the queue and the dead-letter queue of deploy/aws/queues.yml in a fauxqs server of this process. */
export function createQueues(
  server: FauxqsServer,
  options: { region: string; visibilitySeconds: number; maxReceiveCount: number },
): { queueUrl: string; deadLetterQueueUrl: string } {
  const { region, visibilitySeconds, maxReceiveCount } = options;
  const deadLetter = server.createQueue('reports-dead-letter', { region });
  const queue = server.createQueue('reports', {
    region,
    attributes: {
      VisibilityTimeout: String(visibilitySeconds),
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetter.queueArn, maxReceiveCount }),
    },
  });
  // fauxqs names its host sqs.us-east-1.localhost, which not every machine can resolve. It only looks at the path.
  const local = (url: string) => `http://127.0.0.1:${server.port}${new URL(url).pathname}`;
  return { queueUrl: local(queue.queueUrl), deadLetterQueueUrl: local(deadLetter.queueUrl) };
}
