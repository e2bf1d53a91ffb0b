import { inspect } from 'node:util';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { openQueue } from '../../../../src/adapters/sqs/queue.ts';

const URL = 'https://sqs.invalid/jobs';

type Entry = { Id: string; MessageBody: string };
type Input = {
  QueueUrl: string;
  Entries?: Entry[];
  MessageBody?: string;
  MessageAttributes?: Record<string, { DataType: string; StringValue: string }>;
};

/**
 * A queue whose SQS refuses single messages of a batch.
 * @param refusals how often each message is refused, by its body
 */
function fakeQueue(refusals: Record<string, number> = {}) {
  const left = { ...refusals };
  const batches: string[][] = [];
  const single: Input[] = [];
  const client = {
    async send({ input }: { input: Input }, options: { abortSignal?: AbortSignal }) {
      // A function called by API Gateway must not wait without limit.
      expect(options.abortSignal).toBeInstanceOf(AbortSignal);
      expect(input.QueueUrl).toBe(URL);
      if (!input.Entries) {
        single.push(input);
        return {};
      }
      const { Entries } = input;
      batches.push(Entries.map(({ MessageBody }) => MessageBody));
      expect(new Set(Entries.map(({ Id }) => Id)).size).toBe(Entries.length);
      const Failed = Entries.filter(({ MessageBody }) => {
        left[MessageBody] = (left[MessageBody] ?? 0) - 1;
        return (left[MessageBody] ?? 0) >= 0;
      }).map(({ Id }) => ({ Id, Code: 'InternalError', SenderFault: false }));
      return Failed.length > 0 ? { Failed } : {};
    },
  };
  let opened = 0;
  const queue = openQueue(URL, async () => {
    opened += 1;
    return client as unknown as SQSClient;
  });
  return { queue, batches, single, opened: () => opened };
}

const letters = (count: number) => [...'abcdefghijklmnopqrstuvwxyz'.slice(0, count)];

describe('jobs', () => {
  it('are sent ten at a time, the most that SQS accepts, by one client', async () => {
    const { queue, batches, opened } = fakeQueue();
    await queue.send(letters(23));
    await queue.send(['z']);
    await queue.send([]);
    expect(batches).toEqual([letters(10), letters(20).slice(10), letters(23).slice(20), ['z']]);
    expect(opened()).toBe(1);
  });

  it('that SQS refuses are sent again, without the others', async () => {
    const { queue, batches } = fakeQueue({ b: 1, d: 2 });
    await queue.send(['a', 'b', 'c', 'd']);
    expect(batches).toEqual([['a', 'b', 'c', 'd'], ['b', 'd'], ['d']]);
  });

  it('that SQS refuses three times fail with its reason', async () => {
    const { queue, batches } = fakeQueue({ b: 9, c: 2 });
    await expect(queue.send(['a', 'b', 'c'])).rejects.toThrow(
      'the queue refused 1 of 3 messages: InternalError',
    );
    expect(batches).toHaveLength(3);
  });
});

it('an error of SQS is one line and has no text of SQS, which repeats the request', async () => {
  const refused = Object.assign(
    new Error('the canonical string should have been: x-amz-security-token:SECRET'),
    {
      name: 'SignatureDoesNotMatch',
      canonical: 'SECRET',
      $metadata: { httpStatusCode: 403 },
    },
  );
  const client = { send: () => Promise.reject(refused) };
  const queue = openQueue(URL, async () => client as unknown as SQSClient);
  for (const sending of [queue.send(['a']), queue.sendWith('a', { Reason: 'b' })]) {
    const error: Error = await sending.then(
      () => Promise.reject(),
      (failure) => failure,
    );
    expect(error.message).toMatch(/^the queue refused a message \(403 SignatureDoesNotMatch\); AWS refused/);
    expect(inspect(error, { depth: 9 })).not.toContain('SECRET');
  }
});

describe('a message with a reason', () => {
  it.each([
    ['unchanged', 'no answer:\n\t“生产” 😀', 'no answer:\n\t“生产” 😀'],
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
    [
      'without characters that SQS refuses',
      'a\u0000b\u0008c\u000bd\u001be\ufffef\uffffg\rh',
      'a b c d e f g\rh',
    ],
    ['without unpaired surrogates', `x${'😀'[0]}y`, 'x\ufffdy'],
    ['as a hyphen when it is empty, which SQS refuses', '', '-'],
    ['cut at 1000 characters', 'x'.repeat(5000), 'x'.repeat(1000)],
    ['cut without leaving half a character', `${'x'.repeat(999)}😀`, `${'x'.repeat(999)}\ufffd`],
  ])('is sent %s', async (_, reason, arrived) => {
    const { queue, single } = fakeQueue();
    await queue.sendWith('{ "as": "it came" }', { Reason: reason });
    expect(single).toEqual([
      {
        QueueUrl: URL,
        MessageBody: '{ "as": "it came" }',
        MessageAttributes: { Reason: { DataType: 'String', StringValue: arrived } },
      },
    ]);
  });
});
