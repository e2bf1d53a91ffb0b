import type { Environment } from '../config/environment.ts';
import { ConfigError } from '../config/errors.ts';
import type { Config } from '../config/file.ts';
import type { ArchiveConfig } from '../config/schema/archive.ts';
import type { ConfigFile } from '../config/schema/config.ts';
import { suggestion } from '../config/suggest.ts';
import { openSecretSources } from '../connect/secrets.ts';
import { openStore } from '../connect/store.ts';
import type { Store } from '../service/archive/store.ts';
import type { StoreFlags } from './options.ts';

/** Opens the store that the options name, else that of the configuration; the caller closes it. */
export function openArchive(
  flags: StoreFlags,
  { file }: Pick<Config, 'file'>,
  environment: Environment,
): Promise<Store> {
  const archive = archiveOf(flags, file);
  if (archive === undefined)
    throw new ConfigError(
      '--archive: give the folder that stores the reports, a bucket with --bucket, or the key archive in the configuration',
    );
  return openStore(archive, { secrets: openSecretSources(environment) });
}

/** The bucket of an option is on the server that the configuration names. */
function archiveOf(
  { archive: folder, bucket }: StoreFlags,
  { archive }: ConfigFile,
): ArchiveConfig | undefined {
  if (folder !== undefined && /^[a-z0-9]+:\/\//i.test(folder))
    throw new ConfigError('--archive: is not a folder; give a bucket with --bucket, without "s3://"');
  if (folder !== undefined) return { folder };
  return bucket === undefined ? archive : { s3: { ...archive?.s3, bucket } };
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
