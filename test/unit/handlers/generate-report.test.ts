import type { SQSBatchResponse } from 'aws-lambda';
import { describe, expect, it, vi } from 'vitest';
import { clusterKey } from '../../../src/report/model/cluster-key.ts';
import { claimReport, readState } from '../../../src/service/archive/claims.ts';
import { MOST_DELIVERIES } from '../../../src/service/archive/state.ts';
import { LEAST_MILLISECONDS } from '../../../src/service/jobs/deadline.ts';
import type { Job } from '../../../src/service/jobs/job.ts';
import { invocation, jobFor, linesOf, service } from './surroundings.ts';

vi.mock('../../../src/report/render/print/pdf.ts', () => ({
  openPrinter: async () => ({ print: async () => Buffer.from('%PDF-'), close: async () => undefined }),
}));
const { handler } = await import('../../../handlers/generate-report.ts');

type Delivery = { messageId?: string; body: string; deliveries?: number };

async function deliver(records: Delivery[], milliseconds?: number): Promise<string[]> {
  const Records = records.map(({ messageId = 'm-1', body, deliveries = 1 }) => ({
    messageId,
    body,
    receiptHandle: '',
    attributes: {
      ApproximateReceiveCount: String(deliveries),
      SentTimestamp: '0',
      SenderId: '',
      ApproximateFirstReceiveTimestamp: '0',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: '',
    awsRegion: '',
  }));
  const answer: SQSBatchResponse | undefined =
    (await handler({ Records }, invocation(milliseconds), () => undefined)) ?? undefined;
  return answer?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) ?? [];
}

/** Not formatted as JSON.stringify() does, to show that the dead letter is the original message. */
const bodyOf = (job: Job) => JSON.stringify(job, null, 2);

/** From now on the store accepts states but no files. */
async function refuseFiles(): Promise<void> {
  const store = await service.deployedStore();
  service.deployedStore = async () => ({
    ...store,
    put: (key, ...others) =>
      key.endsWith('/state.json') ? store.put(key, ...others) : Promise.reject(new Error('the disk is full')),
  });
}

const stateOf = async (job: Job) => (await readState(await service.deployedStore(), job.id))?.state;

/** Returns the CloudWatch metrics that were printed, with dimensions and units. */
function measured() {
  return service.printed.flatMap((line) => {
    const aws = line['_aws'] as
      | { CloudWatchMetrics: { Dimensions: string[][]; Metrics: { Name: string; Unit: string }[] }[] }
      | undefined;
    return (aws?.CloudWatchMetrics ?? []).map(({ Dimensions, Metrics }) => ({
      dimensions: Object.fromEntries(Dimensions.flat().map((name) => [name, line[name]])),
      units: Object.fromEntries(Metrics.map(({ Name, Unit }) => [Name, Unit])),
      values: Object.fromEntries(Metrics.map(({ Name }) => [Name, line[Name]])),
    }));
  });
}

describe('the worker', () => {
  it('makes a report and publishes its times and the score of its cluster as metrics', async () => {
    const job = jobFor('生产', ['html', 'pdf', 'json']);
    expect(await deliver([{ body: bodyOf(job) }])).toEqual([]);
    const state = await stateOf(job);
    expect(state).toMatchObject({ state: 'ready', missing: [], attempt: 1 });
    expect(state?.files.map(({ name }) => name).sort()).toEqual(['report.html', 'report.json', 'report.pdf']);
    expect(service.messages.DEAD_LETTER_QUEUE_URL).toEqual([]);

    const lines = measured();
    expect(lines.map(({ units }) => units)).toContainEqual({
      ReportsMade: 'Count',
      GatherSeconds: 'Seconds',
      RenderSeconds: 'Seconds',
      PrintSeconds: 'Seconds',
      DeliverSeconds: 'Seconds',
    });
    expect(lines).toHaveLength(2);
    const [made, score] = lines.toSorted((a, b) => Number('Score' in a.units) - Number('Score' in b.units));
    expect(made?.values).toMatchObject({ ReportsMade: 1, GatherSeconds: expect.any(Number) });
    expect(made?.dimensions).not.toHaveProperty('Cluster');
    expect(score?.values).toEqual({ Score: state?.result?.score });
    // CloudWatch drops dimensions that are not ASCII.
    expect(score?.dimensions['Cluster']).toMatch(/^[a-z0-9-]+$/);
    expect(score?.dimensions['Cluster']).toBe(clusterKey('生产'));
  });

  it('publishes no times of stages that did not run, and none for a report that was made before', async () => {
    const body = bodyOf(jobFor('生产'));
    await deliver([{ body }]);
    expect(Object.assign({}, ...measured().map(({ units }) => units))).toEqual({
      ReportsMade: 'Count',
      GatherSeconds: 'Seconds',
      DeliverSeconds: 'Seconds',
      Score: 'None',
    });
    service.printed = [];
    expect(await deliver([{ body }])).toEqual([]);
    expect(linesOf('report was made before')).toHaveLength(1);
    expect(measured()).toEqual([]);
    // It also prints no warning about missing metrics.
    expect(service.printed).toHaveLength(1);
  });

  it('begins no report that it may not be able to store', async () => {
    const job = jobFor('生产');
    expect(await deliver([{ body: bodyOf(job) }], LEAST_MILLISECONDS - 1)).toEqual(['m-1']);
    expect(await stateOf(job)).toBeUndefined();
    expect(await deliver([{ body: bodyOf(job) }], LEAST_MILLISECONDS)).toEqual([]);
  });

  it('leaves a report to the worker that is making it', async () => {
    const job = jobFor('生产');
    const other = { token: 'another', seconds: 60, now: new Date(), isRetried: true };
    await claimReport(await service.deployedStore(), job, other);
    expect(await deliver([{ body: bodyOf(job), deliveries: MOST_DELIVERIES }])).toEqual(['m-1']);
    expect((await stateOf(job))?.claim?.token).toBe('another');
    expect(service.messages.DEAD_LETTER_QUEUE_URL).toEqual([]);
    expect(measured()).toEqual([]);
  });
});

describe('a message without a report', () => {
  it.each([
    ['no JSON', 'hello'],
    ['no job', '{}'],
    ['a job of another version', JSON.stringify({ ...jobFor('生产'), version: 2 })],
  ])('goes to the dead-letter queue unchanged and at once when it is %s', async (_, body) => {
    expect(await deliver([{ body }])).toEqual([]);
    expect(service.messages.DEAD_LETTER_QUEUE_URL).toEqual([
      { body, attributes: { Reason: 'it is not a job of this version' } },
    ]);
    expect(measured()).toEqual([]);
  });

  it('goes to the dead-letter queue at once when its id belongs to another cluster', async () => {
    const job = { ...jobFor('生产'), cluster: 'prod-berlin' };
    expect(await deliver([{ body: bodyOf(job) }])).toEqual([]);
    expect(service.messages.DEAD_LETTER_QUEUE_URL).toEqual([
      {
        body: bodyOf(job),
        attributes: {
          Reason: 'the id of the job is that of another cluster, period or format; request the report again',
        },
      },
    ]);
    expect(await stateOf(job)).toBeUndefined();
    expect(measured().map(({ values }) => values)).toEqual([{ ReportsFailed: 1 }]);
  });

  it('goes to the dead-letter queue at once, with the reason, when its cluster’s configuration is wrong', async () => {
    const body = bodyOf(jobFor('without-capture'));
    expect(await deliver([{ body }])).toEqual([]);
    expect(service.messages.DEAD_LETTER_QUEUE_URL).toEqual([
      { body, attributes: { Reason: expect.stringContaining('nowhere.capture.gz') } },
    ]);
    expect(measured().map(({ values }) => values)).toEqual([{ ReportsFailed: 1 }]);
  });

  it('is tried three times before it is counted and goes to the dead-letter queue', async () => {
    await refuseFiles();
    const body = bodyOf(jobFor('生产'));
    for (const _ of [1, 2]) expect(await deliver([{ body }])).toEqual(['m-1']);
    expect(service.messages.DEAD_LETTER_QUEUE_URL).toEqual([]);
    expect(measured()).toEqual([]);
    expect(await deliver([{ body }])).toEqual([]);
    expect(service.messages.DEAD_LETTER_QUEUE_URL).toEqual([
      { body, attributes: { Reason: 'the disk is full' } },
    ]);
    expect(measured().map(({ values }) => values)).toEqual([{ ReportsFailed: 1 }]);
  });

  it('is delivered again while the store is unreachable, and goes to the dead-letter queue after the last delivery', async () => {
    const body = bodyOf(jobFor('生产'));
    service.deployedStore = () => Promise.reject(new Error('S3 is away'));
    expect(await deliver([{ body, deliveries: MOST_DELIVERIES - 1 }])).toEqual(['m-1']);
    expect(service.messages.DEAD_LETTER_QUEUE_URL).toEqual([]);
    const last = { body, deliveries: MOST_DELIVERIES };
    expect(await deliver([last])).toEqual([]);
    expect(service.messages.DEAD_LETTER_QUEUE_URL).toEqual([{ body, attributes: { Reason: 'S3 is away' } }]);
    // A message that cannot be sent to the dead-letter queue must not be lost.
    service.refusal = new Error('SQS is away, too');
    expect(await deliver([last])).toEqual(['m-1']);
  });
});

describe('several messages', () => {
  it('are reported one by one, and each has its own log keys', async () => {
    const [first, third] = [jobFor('生产'), jobFor('without-capture')];
    await refuseFiles();
    const unfinished = await deliver([
      { messageId: 'm-1', body: bodyOf(first) },
      { messageId: 'm-2', body: 'hello' },
      { messageId: 'm-3', body: bodyOf(third) },
    ]);
    expect(unfinished).toEqual(['m-1']);
    await deliver([{ messageId: 'm-4', body: 'hello again' }]);
    const said = service.printed
      .filter((line) => 'message' in line)
      .map(({ message, messageId, reportId, cluster }) => [message, messageId, reportId, cluster]);
    expect(said).toEqual([
      ['report failed', 'm-1', first.id, first.cluster],
      ['message without a job', 'm-2', undefined, undefined],
      ['report failed', 'm-3', third.id, third.cluster],
      ['message without a job', 'm-4', undefined, undefined],
    ]);
  });
});
