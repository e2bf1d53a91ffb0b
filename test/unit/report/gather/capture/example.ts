import type { CaptureSettings } from '../../../../../src/report/gather/capture/format.ts';
import type { Source } from '../../../../../src/report/gather/source.ts';
import type { Grid } from '../../../../../src/report/model/series.ts';
import { recordInMemory } from '../../../../fixtures/captures.ts';

export const SETTINGS: CaptureSettings = {
  cluster: 'prod 集群',
  period: { start: 1_700_000_000, end: 1_700_086_400 },
  timeZone: 'Asia/Shanghai',
  stepSeconds: null,
  scrapeIntervalSeconds: 30,
  targetSettings: {
    jobs: { agent: ['antrea-agents', 'a"b'] },
    matchers: { agent: { cluster: 'prod', 'k8s.team': 'net' }, controller: { cluster: 'prod' }, others: {} },
    nodeLabels: { controller: 'node' },
  },
};

export const HEAD = {
  settings: SETTINGS,
  recordedAt: '2026-11-21T06:00:00.123Z',
  generatorVersion: '1.2.3',
};

export const GRID: Grid = { start: 1_700_000_000, stepSeconds: 300, count: 3 };

/** A source with the given methods. */
export const sourceOf = (answers: Partial<Source>): Source => ({
  kind: 'prometheus',
  range: () => Promise.reject(new Error('unexpected query')),
  instant: () => Promise.reject(new Error('unexpected query')),
  ...answers,
});

/** A source that answers every query with one series. */
export const oneAnswer = sourceOf({
  range: async () => ({
    series: [{ labels: { node: 'n1' }, values: Float64Array.of(1, Number.NaN, 2.5) }],
    warnings: [],
  }),
  instant: async () => ({ samples: [{ labels: { node: 'n1' }, value: 5 }], warnings: [] }),
});

/** A capture with one answer to a range query and one to an instant query. */
export async function smallCapture(): Promise<Buffer> {
  const recorder = recordInMemory(oneAnswer, HEAD);
  await recorder.source.range('up', GRID);
  await recorder.source.instant('up', 1);
  return recorder.save();
}
