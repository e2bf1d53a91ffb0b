import { basename } from 'node:path';
import { readInput } from '../../config/input.ts';
import type { Settings } from '../../config/settings.ts';
import type { Capture } from '../../report/gather/capture.ts';
import type { Period } from '../../report/model/period.ts';

/** Captures as the source of a service, to try it out on one machine. */

const opened = new Map<string, Promise<Capture>>();

/** Returns the capture that the settings name instead of an address, read once; null when they name none. */
export function captureOf({
  prometheus: { capture },
}: Pick<Settings, 'prometheus'>): Promise<Capture> | null {
  if (capture === undefined) return null;
  const known = opened.get(capture);
  if (known !== undefined) return known;
  const opening = open(capture);
  opened.set(capture, opening);
  opening.catch(() => opened.delete(capture));
  return opening;
}

async function open(file: string): Promise<Capture> {
  const { openCapture } = await import('../../report/gather/capture.ts');
  return openCapture(await readInput(file, 'prometheus.capture'), basename(file));
}

/** Returns the only period that a capture can answer for; null when the source is not a capture. */
export async function recordedPeriod(settings: Pick<Settings, 'prometheus'>): Promise<Period | null> {
  return (await captureOf(settings))?.settings.period ?? null;
}
