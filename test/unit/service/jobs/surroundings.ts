import { settingsOf } from '../../../../src/config/clusters.ts';
import { parseConfig } from '../../../../src/config/file.ts';
import type { Store } from '../../../../src/service/archive/store.ts';
import { recordedPeriod } from '../../../../src/service/jobs/captures.ts';
import { deadlineOf } from '../../../../src/service/jobs/deadline.ts';
import type { Job } from '../../../../src/service/jobs/job.ts';
import { jobOf } from '../../../../src/service/jobs/jobs.ts';
import type { WorkContext } from '../../../../src/service/jobs/work.ts';
import { writeSmallCapture } from '../../../fixtures/small-capture.ts';

const { file: capture } = await writeSmallCapture();

/** One cluster, whose source is a capture. */
export const config = parseConfig(
  `
prometheus: { capture: ${JSON.stringify(capture)} }
clusters:
  - name: example
`,
  'test.yaml',
);

export async function exampleJob(formats: Job['formats'] = ['html', 'json']): Promise<Job> {
  const settings = settingsOf(config, 'example');
  const period = await recordedPeriod(settings);
  if (period === null) throw new Error('the example is no capture');
  return jobOf({
    cluster: 'example',
    settings: settings.report,
    period,
    rendition: { language: 'en', formats, pageSize: 'A4' },
    trigger: 'daily',
    now: new Date('2026-11-22T05:00:00Z'),
  });
}

let workers = 0;

/** The context of a worker with five minutes, without Prometheus and Chromium. */
export function contextOf(store: Store, changes: Partial<WorkContext> = {}): WorkContext {
  workers += 1;
  return {
    config,
    store,
    openSource: () => Promise.reject(new Error('no Prometheus here')),
    openPrinter: () => Promise.reject(new Error('no Chromium here')),
    deadline: deadlineOf(() => 300_000),
    isRetried: true,
    token: `worker ${workers}`,
    now: () => new Date('2026-11-22T05:01:00Z'),
    ...changes,
  };
}
