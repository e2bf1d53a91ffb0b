import type { SQSClient } from '@aws-sdk/client-sqs';

/** Jobs on their way: an SQS queue. The SDK is loaded with the first message; keep the queue for the next ones. */

export type Queue = {
  /** @throws Error when one of them could not be sent */
  send(bodies: readonly string[]): Promise<void>;
  /** One message with what should stand beside it. */
  sendWith(body: string, attributes: Readonly<Record<string, string>>): Promise<void>;
};

/** SQS takes so many messages at once (SendMessageBatch). */
const LARGEST_BATCH = 10;

/** SQS may refuse single messages of a batch, which the SDK does not try again. */
const TRIES = 3;

/** How long a call may take with all its tries. SQS answers in milliseconds; on-demand has 29 s for everything. */
const PATIENCE_MILLISECONDS = 8_000;

export function openQueue(url: string, openClient: () => Promise<SQSClient> = defaultClient): Queue {
  let opening: Promise<SQSClient> | undefined;
  const client = () => {
    opening ??= openClient();
    return opening;
  };

  async function sendBatch(bodies: readonly string[]): Promise<void> {
    const { SendMessageBatchCommand } = await import('@aws-sdk/client-sqs');
    let entries = bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody }));
    for (let attempt = 1; ; attempt += 1) {
      const { Failed = [] } = await (await client()).send(
        new SendMessageBatchCommand({ QueueUrl: url, Entries: entries }),
        patience(),
      );
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
          { DataType: 'String', StringValue: withoutControls(value) },
        ]),
      );
      await (await client()).send(
        new SendMessageCommand({ QueueUrl: url, MessageBody: body, MessageAttributes }),
        patience(),
      );
    },
  };
}

const patience = () => ({ abortSignal: AbortSignal.timeout(PATIENCE_MILLISECONDS) });

async function defaultClient(): Promise<SQSClient> {
  const { SQSClient } = await import('@aws-sdk/client-sqs');
  return new SQSClient({});
}

/** SQS takes what XML 1.0 can hold, and no empty values. A thousand characters say why. */
function withoutControls(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is meant
  const clean = text.toWellFormed().replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, ' ');
  return clean.slice(0, 1000).toWellFormed() || '-';
}
