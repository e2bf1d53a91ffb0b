import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** Whether a queue has no message, not even one that a receiver has taken and not deleted yet. */
export async function isQueueEmpty(client: SQSClient, queueUrl: string): Promise<boolean> {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] }),
  );
  const { ApproximateNumberOfMessages: waiting, ApproximateNumberOfMessagesNotVisible: taken } = Attributes;
  return waiting === '0' && taken === '0';
}
