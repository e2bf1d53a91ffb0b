/**
 * A worker that can be killed: takes one job from the queue, makes its report, deletes the message and ends. It ends
 * too when the queue is empty: the worker before it may have been killed after it had deleted the message. Its
 * clock is ahead by SHIFT_SECONDS, so that nobody has to wait until the claim of a worker that was killed runs out.
 */
import { randomUUID } from 'node:crypto';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { configuration } from '../../handlers/shared/configuration.ts';
import { fromEnvironment } from '../../handlers/shared/environment.ts';
import { deployedStore } from '../../handlers/shared/store.ts';
import { openPrinter } from '../../src/report/render/print/pdf.ts';
import { deadlineOf } from '../../src/service/jobs/deadline.ts';
import { jobSchema } from '../../src/service/jobs/job.ts';
import { work } from '../../src/service/jobs/work.ts';
import { isQueueEmpty } from './queue-empty.ts';

const client = new SQSClient({});
const QueueUrl = fromEnvironment('QUEUE_URL');
const shift = Number(process.env['SHIFT_SECONDS']) * 1000;

for (let isDone = false; !isDone && !(await isQueueEmpty(client, QueueUrl)); ) {
  const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 1, WaitTimeSeconds: 1 });
  for (const { Body = '', ReceiptHandle } of (await client.send(command)).Messages ?? []) {
    const { outcome } = await work(jobSchema.parse(JSON.parse(Body)), {
      config: await configuration(),
      store: await deployedStore(60_000),
      openSource: () => Promise.reject(new Error('the source is a capture')),
      openPrinter: () => openPrinter(),
      deadline: deadlineOf(() => 300_000),
      isRetried: true,
      token: randomUUID(),
      now: () => new Date(Date.now() + shift),
    });
    if (outcome !== 'made' && outcome !== 'ready') throw new Error(outcome);
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    isDone = true;
  }
}
