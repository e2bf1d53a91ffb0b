import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../../src/config/file.ts';
import { schedulesOf } from '../../../../src/config/schedules.ts';
import { jobsOfSchedule } from '../../../../src/service/jobs/jobs.ts';

const config = parseConfig(
  `
prometheus: { url: "http://127.0.0.1:9" }
clusters:
  - name: berlin
    timeZone: Europe/Berlin
    language: zh-CN
    formats: [pdf]
  - name: broken
    prometheus: { capture: nowhere.capture.gz }
  - name: shanghai
    timeZone: Asia/Shanghai
    pageSize: Letter
schedules:
  - { name: plain, period: day }
  - { name: english, period: week, clusters: [berlin], language: en, formats: [html] }
`,
  'test.yaml',
);
const NOW = new Date('2026-11-30T09:00:00Z');

async function jobsOf(name: string, at: string) {
  const schedule = schedulesOf(config.file).find((one) => one.name === name);
  if (!schedule) throw new Error(name);
  return jobsOfSchedule(config, schedule, new Date(at), NOW);
}

describe('the jobs of a schedule', () => {
  it('cover the day before the schedule was due, in each cluster’s time zone and with its settings', async () => {
    const { jobs } = await jobsOf('plain', '2026-11-21T20:00:00Z');
    expect(jobs).toMatchObject([
      {
        cluster: 'berlin',
        period: { start: '2026-11-19T23:00:00Z', end: '2026-11-20T23:00:00Z' },
        language: 'zh-CN',
        formats: ['pdf', 'json'],
        pageSize: 'A4',
      },
      {
        cluster: 'shanghai',
        period: { start: '2026-11-20T16:00:00Z', end: '2026-11-21T16:00:00Z' },
        language: 'en',
        formats: ['html', 'pdf', 'json'],
        pageSize: 'Letter',
      },
    ]);
    for (const { trigger, requestedAt } of jobs)
      expect([trigger, requestedAt]).toEqual(['plain', NOW.toISOString()]);
  });

  it('take language and formats from the schedule when it sets them', async () => {
    const { jobs, failures } = await jobsOf('english', '2026-11-21T20:00:00Z');
    expect(jobs).toMatchObject([
      {
        cluster: 'berlin',
        period: { start: '2026-11-08T23:00:00Z', end: '2026-11-15T23:00:00Z' },
        language: 'en',
        formats: ['html', 'json'],
      },
    ]);
    expect(failures).toEqual([]);
  });

  it('leave out a cluster whose configuration is wrong, with the reason', async () => {
    const { jobs, failures } = await jobsOf('plain', '2026-11-21T20:00:00Z');
    expect(jobs.map(({ cluster }) => cluster)).toEqual(['berlin', 'shanghai']);
    expect(failures).toMatchObject([
      { cluster: 'broken', error: { message: expect.stringContaining('nowhere') } },
    ]);
  });
});
