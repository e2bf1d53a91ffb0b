import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
  type SQSClientConfig,
} from '@aws-sdk/client-sqs';
import type { Context, SQSEvent, SQSHandler } from 'aws-lambda';

/**
 * Replaces Lambda's event source mapping, which serverless-offline lacks for SQS: it takes messages from the queue, calls
 * the function, and deletes the messages that succeeded. Failed messages return when their visibility time-out is over
 * and go to the dead-letter queue after the queue's maximum number of deliveries.
 */
export type EventSource = {
  /** Stops taking messages and waits for the invocations in progress. */
  stop(): Promise<void>;
};

export type EventSourceOptions = {
  queueUrl: string;
  handler: SQSHandler;
  functionName: string;
  /** The function's time-out in seconds, from which the remaining time in its context counts down. */
  timeoutSeconds: number;
  /** How many invocations run at the same time. */
  concurrency: number;
  client?: SQSClientConfig;
  onError: (error: unknown) => void;
};

export function startEventSource(options: EventSourceOptions): EventSource {
  const client = new SQSClient(options.client ?? {});
  let isRunning = true;
  const stopping = new AbortController();

  async function poll(): Promise<void> {
    while (isRunning) {
      try {
        const command = new ReceiveMessageCommand({
          QueueUrl: options.queueUrl,
          MaxNumberOfMessages: 1,
          WaitTimeSeconds: 1,
          MessageSystemAttributeNames: ['All'],
        });
        const { Messages = [] } = await client.send(command, { abortSignal: stopping.signal });
        for (const message of Messages) await deliver(client, message, options);
      } catch (error) {
        if (!isRunning) return;
        options.onError(error);
        await sleep(1000);
      }
    }
  }

  const polling = Array.from({ length: options.concurrency }, poll);
  return {
    async stop() {
      isRunning = false;
      stopping.abort();
      await Promise.all(polling);
      client.destroy();
    },
  };
}

async function deliver(client: SQSClient, message: Message, options: EventSourceOptions): Promise<void> {
  const { queueUrl, handler } = options;
  const response = await handler(createEvent(message), createContext(options), () => undefined);
  const failed = response?.batchItemFailures.some(
    ({ itemIdentifier }) => itemIdentifier === message.MessageId,
  );
  if (failed) return;
  await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: message.ReceiptHandle }));
}

export function createEvent(message: Message): SQSEvent {
  const { MessageId = '', ReceiptHandle = '', Body = '', Attributes = {}, MD5OfBody = '' } = message;
  return {
    Records: [
      {
        messageId: MessageId,
        receiptHandle: ReceiptHandle,
        body: Body,
        attributes: {
          ApproximateReceiveCount: Attributes.ApproximateReceiveCount ?? '1',
          SentTimestamp: Attributes.SentTimestamp ?? '0',
          SenderId: Attributes.SenderId ?? '',
          ApproximateFirstReceiveTimestamp: Attributes.ApproximateFirstReceiveTimestamp ?? '0',
        },
        messageAttributes: {},
        md5OfBody: MD5OfBody,
        eventSource: 'aws:sqs',
        eventSourceARN: '',
        awsRegion: '',
      },
    ],
  };
}

/** Returns the context that Lambda passes to an invocation that starts now. */
export function createContext({
  functionName,
  timeoutSeconds,
}: Pick<EventSourceOptions, 'functionName' | 'timeoutSeconds'>): Context {
  const end = Date.now() + timeoutSeconds * 1000;
  return {
    callbackWaitsForEmptyEventLoop: false,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:local:000000000000:function:${functionName}`,
    memoryLimitInMB: '2048',
    awsRequestId: randomUUID(),
    logGroupName: '',
    logStreamName: '',
    getRemainingTimeInMillis: () => Math.max(0, end - Date.now()),
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
  };
}
