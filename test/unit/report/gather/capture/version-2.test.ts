import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openCapture } from '../../../../../src/report/gather/capture/open.ts';
import { GatherError } from '../../../../../src/report/gather/errors.ts';
import { GRID, HEAD } from './example.ts';

const QUERY = 'count({__name__=~"up"})';
const WARNINGS: string[] = [];

/** The JSON document that earlier versions wrote. */
const CONTENT = {
  format: 'antrea-health-report/capture',
  version: 2,
  recordedAt: HEAD.recordedAt,
  generatorVersion: HEAD.generatorVersion,
  ...HEAD.settings,
  range: {
    [`1700000000+3x300 ${QUERY}`]: {
      series: [{ labels: { node: 'n1' }, values: [1, null, 2.5] }],
      warnings: WARNINGS,
    },
    '1700000000+3x300 refused': { error: { kind: 'rejected', message: 'too expensive' } },
    '1700000000+3x300 long': { series: [{ labels: {}, values: [1] }], warnings: WARNINGS },
  },
  instant: { '7 up': { samples: [{ labels: {}, value: 5 }], warnings: ['slow'] } },
};

const open = (content: unknown) =>
  openCapture(new Blob([gzipSync(JSON.stringify(content))]), 'my.capture.gz');

describe('a capture of version 2', () => {
  it('is still read', async () => {
    const { source, settings, recordedAt } = await open(CONTENT);
    expect({ settings, recordedAt }).toEqual({ settings: HEAD.settings, recordedAt: HEAD.recordedAt });
    const series = [{ labels: { node: 'n1' }, values: Float64Array.of(1, Number.NaN, 2.5) }];
    expect(await source.range(QUERY, GRID)).toEqual({ series, warnings: [] });
    expect(await source.range('count({__name__=~"up|node_load1"})', GRID)).toEqual({
      series,
      warnings: ['the capture, recorded by version 1.2.3, lacks node_load1'],
    });
    expect(await source.instant('up', 7)).toEqual({
      samples: [{ labels: {}, value: 5 }],
      warnings: ['slow'],
    });
    await expect(source.range('refused', GRID)).rejects.toMatchObject({
      kind: 'rejected',
      message: 'too expensive',
    });
    await expect(source.range('other', GRID)).rejects.toMatchObject({ kind: 'not-captured' });
    await expect(source.range('long', GRID)).rejects.toThrow(/my\.capture\.gz is damaged/);
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['version 1', { version: 1 }, /of version 1; this program reads versions 2 and 3, so record it again$/],
    ['a version that is text', { version: '1\n2' }, /wrong content: version/],
    ['a step of 0', { stepSeconds: 0 }, /wrong content: stepSeconds/],
    [
      'a value that is text',
      { instant: { 'a\nb': { samples: [{ labels: {}, value: '5' }], warnings: WARNINGS } } },
      /wrong content: instant/,
    ],
  ])('is rejected if it has %s', async (_, change, message) => {
    const opening = open({ ...CONTENT, ...change });
    await expect(opening).rejects.toThrow(GatherError);
    await expect(opening).rejects.toThrow(message);
  });

  it('is rejected if it unpacks to more than 256 MiB', async () => {
    const mebibyte = gzipSync(Buffer.alloc(1024 ** 2, ' '));
    await expect(openCapture(new Blob(new Array(257).fill(mebibyte)), 'my.capture.gz')).rejects.toThrow(
      'my.capture.gz exceeds the limit of 256 MiB for captures of version 2',
    );
  });
});
