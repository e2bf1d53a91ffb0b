import type { Environment } from '../config/environment.ts';
import { ConfigError } from '../config/errors.ts';
import type { Store } from '../service/archive/store.ts';

export type StoreOptions = {
  environment: Environment;
  /** How long one call may take with all its tries, in milliseconds; the store's own limit when absent. */
  patienceMilliseconds?: number | undefined;
};

/** The kinds of store, by the scheme of their location: `s3://bucket`. A location without a scheme is a folder. */
const STORES: Readonly<Record<string, (place: string, options: StoreOptions) => Promise<Store>>> = {
  folder: async (path) => (await import('../adapters/folder/store.ts')).openFolderStore(path),
  s3: async (bucket, { environment, patienceMilliseconds }) => {
    const { openS3Store } = await import('../adapters/s3/store.ts');
    // The SDK would read the endpoint, too, but would give it a host name for every bucket.
    return openS3Store({
      bucket,
      endpoint: environment['AWS_ENDPOINT_URL_S3'] || undefined,
      patienceMilliseconds,
    });
  },
};

/**
 * Opens the store that keeps the reports.
 * @param location the path of a folder, or `scheme://place` where `scheme` is a key of STORES
 * @throws ConfigError when the scheme is not a key of STORES
 */
export function openStore(location: string, options: StoreOptions): Promise<Store> {
  const [, scheme = 'folder', place = location] = /^([a-z0-9]+):\/\/(.+)$/.exec(location) ?? [];
  const open = Object.hasOwn(STORES, scheme) ? STORES[scheme] : undefined;
  if (open === undefined)
    throw new ConfigError(
      `--archive: "${scheme}" is not a kind of store; give a folder, or one of ${Object.keys(STORES).join('://, ')}://`,
    );
  return open(place, options);
}
