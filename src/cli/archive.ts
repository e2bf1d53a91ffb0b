import type { Environment } from '../config/environment.ts';
import { ConfigError } from '../config/errors.ts';
import type { Config } from '../config/file.ts';
import { suggestion } from '../config/suggest.ts';
import { openStore } from '../connect/store.ts';
import type { Store } from '../service/archive/store.ts';
import type { ArchiveFlags } from './options.ts';

/** Opens the store that the options name; the caller closes it. */
export function openArchive({ archive, bucket }: ArchiveFlags, environment: Environment): Promise<Store> {
  const location = archive ?? (bucket === undefined ? undefined : `s3://${bucket}`);
  if (location === undefined)
    throw new ConfigError('--archive: give the folder that stores the reports, or a bucket with --bucket');
  return openStore(location, { environment });
}

/**
 * Finds the schedule or digest to run; without a name, the only one.
 * @throws ConfigError when there is none of that name, or no name and several to choose from
 */
export function choose<T extends { name: string }>(
  kind: 'schedule' | 'digest',
  wanted: string | undefined,
  { all, config }: { all: readonly T[]; config: Pick<Config, 'name'> },
): T {
  const names = all.map(({ name }) => name);
  const [only, ...others] = all;
  if (only === undefined) throw new ConfigError(`${config.name}: ${kind}s: there are none`);
  const found =
    wanted === undefined ? (others.length === 0 ? only : undefined) : all.find(({ name }) => name === wanted);
  if (found !== undefined) return found;
  throw new ConfigError(
    wanted === undefined
      ? `${kind}: choose one of the ${kind}s of ${config.name}: ${names.join(', ')}`
      : `${kind}: "${wanted}" is not one of the ${kind}s of ${config.name}${suggestion(wanted, names)}`,
  );
}
