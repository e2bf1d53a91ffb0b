import { openSecretSources } from '../../src/connect/secrets.ts';
import { openStore } from '../../src/connect/store.ts';
import type { Store } from '../../src/service/archive/store.ts';
import { fromEnvironment } from './environment.ts';

let opening: Promise<Store> | undefined;

/**
 * The bucket of the deployment, kept between invocations.
 * @param patienceMilliseconds how long a call may take, with all its tries
 */
export function deployedStore(patienceMilliseconds: number): Promise<Store> {
  opening ??= open(patienceMilliseconds).catch((error) => {
    opening = undefined;
    throw error;
  });
  return opening;
}

async function open(patienceMilliseconds: number): Promise<Store> {
  const archive = { s3: { bucket: fromEnvironment('BUCKET') } };
  return openStore(archive, { secrets: openSecretSources(process.env), patienceMilliseconds });
}
