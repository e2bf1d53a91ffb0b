import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { settingsOf } from '../../../../src/config/clusters.ts';
import { ConfigError } from '../../../../src/config/errors.ts';
import { parseConfig } from '../../../../src/config/file.ts';
import { captureOf } from '../../../../src/service/jobs/captures.ts';
import { recordInMemory } from '../../../fixtures/captures.ts';
import { HEAD, oneAnswer } from '../../report/gather/capture/example.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'antrea-health-report-captures-'));
  file = join(folder, 'day.capture.gz');
});
afterEach(() => rm(folder, { recursive: true }));

/** Puts a capture with the answer to one query in the place of the file, as a recording does. */
async function replaceCapture(query: string): Promise<void> {
  const recorder = recordInMemory(oneAnswer, HEAD);
  await recorder.source.instant(query, 1);
  await writeFile(`${file}.part`, await recorder.save());
  await rename(`${file}.part`, file);
}

const open = () =>
  captureOf(settingsOf(parseConfig(`prometheus: { capture: ${JSON.stringify(file)} }`, 'test.yaml'), 'x'));

describe('the capture of a service', () => {
  it('is opened once, and again when its file was replaced', async () => {
    await replaceCapture('first');
    const first = await open();
    expect(await open()).toBe(first);
    await replaceCapture('second');
    const second = await open();
    expect((await second?.source.instant('second', 1))?.samples).toHaveLength(1);
  });

  it('can be opened after it was missing', async () => {
    await expect(open()).rejects.toThrow(ConfigError);
    await expect(open()).rejects.toThrow(`prometheus.capture: cannot read ${file} (ENOENT)`);
    await replaceCapture('up');
    expect(await open()).not.toBeNull();
  });
});
