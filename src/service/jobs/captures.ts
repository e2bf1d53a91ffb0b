import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { openInput } from '../../config/input.ts';
import type { Settings } from '../../config/settings.ts';
import type { Capture } from '../../report/gather/capture/format.ts';
import type { Period } from '../../report/model/period.ts';

/** Captures as the source of a service, to try it out on one machine. */

/** By file. `version` changes when the file is replaced, after which the opened capture can answer nothing more. */
const opened = new Map<string, { version: string; capture: Promise<Capture> }>();

/** Returns the capture that the settings name instead of an address, opened once; null when they name none. */
export async function captureOf({
  prometheus: { capture: file },
}: Pick<Settings, 'prometheus'>): Promise<Capture | null> {
  if (file === undefined) return null;
  const version = await versionOf(file);
  const known = opened.get(file);
  if (known?.version === version) return known.capture;
  const capture = open(file);
  opened.set(file, { version, capture });
  capture.catch(() => opened.delete(file));
  return capture;
}

/** A file that does not exist has a version too; opening it reports the reason. */
async function versionOf(file: string): Promise<string> {
  return stat(file).then(
    ({ ino, size, mtimeMs }) => `${ino} ${size} ${mtimeMs}`,
    () => '',
  );
}

async function open(file: string): Promise<Capture> {
  const { openCapture } = await import('../../report/gather/capture/open.ts');
  return openCapture(await openInput(file, 'prometheus.capture'), basename(file));
}

/** Returns the only period that a capture can answer for; null when the source is not a capture. */
export async function recordedPeriod(settings: Pick<Settings, 'prometheus'>): Promise<Period | null> {
  return (await captureOf(settings))?.settings.period ?? null;
}
