import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { jobSchema } from '../../../src/service/jobs/job.ts';
import { invocation, linesOf, service } from './surroundings.ts';

const { handler } = await import('../../../handlers/daily-report.ts');

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-25T09:00:00Z') });
});
afterEach(() => {
  vi.useRealTimers();
});

const run = (schedule: string, scheduledAt: string) =>
  handler({ schedule, scheduledAt }, invocation(60_000), () => undefined);

const sent = () => service.messages.QUEUE_URL.map(({ body }) => jobSchema.parse(JSON.parse(body)));

describe('a schedule', () => {
  it.each([
    // Half past midnight on the 22nd in Berlin, though still the 21st in UTC.
    ['when it was due, however late it is', '2026-11-21T23:30:00Z', '2026-11-21T23:00:00Z'],
    ['now, where nobody said when it was due', '<aws.scheduler.scheduled-time>', '2026-11-24T23:00:00Z'],
  ])('requests the day before %s', async (_, scheduledAt, end) => {
    expect(await run('nightly', scheduledAt)).toEqual({ jobs: 1 });
    expect(sent()).toMatchObject([
      {
        cluster: 'prod-berlin',
        trigger: 'nightly',
        period: { end },
        requestedAt: '2026-11-25T09:00:00.000Z',
      },
    ]);
    expect(linesOf('jobs sent')).toMatchObject([{ schedule: 'nightly', reportIds: [sent()[0]?.id] }]);
  });

  it('sends the jobs of the other clusters before it fails for one with a wrong configuration', async () => {
    const failure = expect(run('everything', '2026-11-22T05:00:00Z')).rejects;
    await failure.toThrow(/^no job could be made for without-capture$/);
    expect(sent().map(({ cluster }) => cluster)).toEqual(['prod-berlin', '生产']);
    expect(linesOf('no job')).toMatchObject([
      { cluster: 'without-capture', error: { message: expect.stringContaining('nowhere.capture.gz') } },
    ]);
  });

  it('fails when its jobs cannot be sent', async () => {
    service.refusal = new Error('SQS is away');
    await expect(run('nightly', '2026-11-22T05:00:00Z')).rejects.toThrow('SQS is away');
    expect(linesOf('jobs sent')).toEqual([]);
  });

  it('fails when it is no longer configured', async () => {
    await expect(run('weekly', '2026-11-22T05:00:00Z')).rejects.toThrow(
      /"weekly" is not in the configuration/,
    );
    expect(sent()).toEqual([]);
  });
});
