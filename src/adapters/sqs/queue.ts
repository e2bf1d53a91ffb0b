import type { SQSClient } from '@aws-sdk/client-sqs';
import { UserError } from '../../report/model/user-error.ts';
import { causeWithoutText, credentialsAdvice, describeFailure } from '../aws/errors.ts';

export type Queue = {
  /** @throws Error when a message could not be sent */
  send(bodies: readonly string[]): Promise<void>;
  /** Sends one message with attributes. */
  sendWith(body: string, attributes: Readonly<Record<string, string>>): Promise<void>;
};

/** SQS accepts at most 10 messages per request (SendMessageBatch). */
const LARGEST_BATCH = 10;

/** SQS may refuse single messages of a batch, which the SDK does not send again. */
const TRIES = 3;

/** Time limit for a call with all its tries. SQS answers in milliseconds; the function on-demand has 29 s in total. */
const PATIENCE_MILLISECONDS = 8_000;

/** Longest attribute that is sent, in characters: enough for a reason. */
const LONGEST_ATTRIBUTE = 1000;

/** Opens an SQS queue. The SDK is loaded with the first message, so keep the queue for further messages. */

export function openQueue(url: string, openClient: () => Promise<SQSClient> = openDefaultClient): Queue {
  let opening: Promise<SQSClient> | undefined;
  const client = () => {
    opening ??= openClient();
    return opening;
  };

  async function sendBatch(bodies: readonly string[]): Promise<void> {
    const { SendMessageBatchCommand } = await import('@aws-sdk/client-sqs');
    let entries = bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody }));
    for (let attempt = 1; ; attempt += 1) {
      const { Failed = [] } = await (await client())
        .send(new SendMessageBatchCommand({ QueueUrl: url, Entries: entries }), limitTime())
        .catch(throwQueueError);
      if (Failed.length === 0) return;
      if (attempt === TRIES) {
        const reason = Failed[0]?.Message ?? Failed[0]?.Code;
        throw new Error(`the queue refused ${Failed.length} of ${bodies.length} messages: ${reason}`);
      }
      entries = entries.filter(({ Id }) => Failed.some((failed) => failed.Id === Id));
    }
  }

  return {
    async send(bodies) {
      for (let start = 0; start < bodies.length; start += LARGEST_BATCH)
        await sendBatch(bodies.slice(start, start + LARGEST_BATCH));
    },
    async sendWith(body, attributes) {
      const { SendMessageCommand } = await import('@aws-sdk/client-sqs');
      const MessageAttributes = Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [
          name,
          { DataType: 'String', StringValue: cleanAttribute(value) },
        ]),
      );
      await (await client())
        .send(new SendMessageCommand({ QueueUrl: url, MessageBody: body, MessageAttributes }), limitTime())
        .catch(throwQueueError);
    },
  };
}

/** Throws an error of the SDK as one line, without the text of SQS, which can repeat the request with its session token. */
function throwQueueError(error: unknown): never {
  const { name, status } = describeFailure(error);
  const advice = credentialsAdvice(error);
  const what = status === undefined ? `cannot be used (${name})` : `refused a message (${status} ${name})`;
  throw new UserError(`the queue ${what}${advice ? `; ${advice}` : ''}`, {
    retry: advice === undefined,
    cause: causeWithoutText(error, `SQS: ${status ?? 'no answer'} ${name}`),
  });
}

const limitTime = () => ({ abortSignal: AbortSignal.timeout(PATIENCE_MILLISECONDS) });

async function openDefaultClient(): Promise<SQSClient> {
  const { SQSClient } = await import('@aws-sdk/client-sqs');
  return new SQSClient({});
}

/** Returns the text as SQS accepts it: only characters that XML 1.0 allows, and not empty. */
function cleanAttribute(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 does not allow these characters
  const clean = text.toWellFormed().replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, ' ');
  return clean.slice(0, LONGEST_ATTRIBUTE).toWellFormed() || '-';
}
