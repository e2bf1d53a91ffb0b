import type { FauxqsServer } from 'fauxqs';

/** Queue and dead-letter queue in a fauxqs of this process, as deploy/aws/queues.yml has them on AWS. */
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
  // fauxqs calls its host sqs.us-east-1.localhost, which not every machine can resolve; the path is what counts.
  const local = (url: string) => `http://127.0.0.1:${server.port}${new URL(url).pathname}`;
  return { queueUrl: local(queue.queueUrl), deadLetterQueueUrl: local(deadLetter.queueUrl) };
}
