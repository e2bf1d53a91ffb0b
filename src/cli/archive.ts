import { ConfigError } from '../config/errors.ts';
import { parseConfig } from '../config/file.ts';
import { readInput } from '../config/input.ts';
import { parseTime } from '../config/period.ts';
import { suggestion } from '../config/suggest.ts';
import type { Store } from '../service/archive/store.ts';
import type { ServiceConfig } from '../service/clusters.ts';

/** Where the service's reports are stored, and when something is due, as options of the command say it. */
export type ArchiveFlags = { config: string; archive?: string; bucket?: string; at?: string };

export async function readServiceConfig({ config }: ArchiveFlags): Promise<ServiceConfig> {
  const text = (await readInput(config, '--config')).toString('utf8');
  return { file: parseConfig(text, config), name: config };
}

/** A folder or a bucket; the caller closes it. */
export async function openArchive({ archive, bucket }: ArchiveFlags, endpoint?: string): Promise<Store> {
  if ((archive === undefined) === (bucket === undefined))
    throw new ConfigError('--archive: say where reports are stored: a folder, or a bucket with --bucket');
  if (archive !== undefined) {
    const { openFolderStore } = await import('../adapters/folder/store.ts');
    return openFolderStore(archive);
  }
  const { openS3Store } = await import('../adapters/s3/store.ts');
  return openS3Store({ bucket: bucket ?? '', ...(endpoint ? { endpoint } : {}) });
}

export function dueTimeOf({ at }: ArchiveFlags, timeZone: string, now: Date): Date {
  return at === undefined ? now : new Date(parseTime(at, timeZone, '--at') * 1000);
}

/** The error when a schedule or digest of this name is not among those of the file, or none was named of several. */
export function notAmong(
  what: 'schedule' | 'digest',
  wanted: string | undefined,
  all: readonly { name: string }[],
  file: string,
): ConfigError {
  const names = all.map(({ name }) => name);
  return new ConfigError(
    wanted === undefined
      ? `${what}: say which of ${file}'s: ${names.join(', ')}`
      : `${what}: "${wanted}" is not among ${file}'s ${what}s${suggestion(wanted, names)}`,
  );
}
