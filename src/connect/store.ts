import type { SecretSources } from '../adapters/secrets/secrets.ts';
import { type ArchiveConfig, type StoreKey, storeKeys } from '../config/schema/archive.ts';
import type { Store } from '../service/archive/store.ts';

export type StoreOptions = {
  secrets: SecretSources;
  /** How long one call may take with all its tries, in milliseconds; the store's own limit when absent. */
  patienceMilliseconds?: number | undefined;
};

/** The kinds of store, by the key of the configuration that chooses them. */
const STORES: Readonly<Record<StoreKey, (archive: ArchiveConfig, options: StoreOptions) => Promise<Store>>> =
  {
    folder: async ({ folder = '' }) => (await import('../adapters/folder/store.ts')).openFolderStore(folder),
    s3: async ({ s3 = { bucket: '' } }, { secrets, patienceMilliseconds }) => {
      const [{ openS3Store }, { readS3Access }] = await Promise.all([
        import('../adapters/s3/store.ts'),
        import('../adapters/s3/access.ts'),
      ]);
      return openS3Store({ ...(await readS3Access(s3, secrets)), patienceMilliseconds });
    },
  };

/**
 * Opens the store that keeps the reports; the caller closes it.
 * @throws UserError that names the key of the configuration
 */
export async function openStore(archive: ArchiveConfig, options: StoreOptions): Promise<Store> {
  const [key = 'folder'] = storeKeys(archive);
  return STORES[key](archive, options);
}
