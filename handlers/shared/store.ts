import type { Store } from '../../src/service/archive/store.ts';
import { fromEnvironment } from './environment.ts';

let opening: Promise<Store> | undefined;

/**
 * The bucket of the deployment, kept between invocations. The SDK is loaded with the first use.
 * @param patienceMilliseconds how long a call may take, with all its tries
 */
export function openStore(patienceMilliseconds: number): Promise<Store> {
  opening ??= open(patienceMilliseconds).catch((error) => {
    opening = undefined;
    throw error;
  });
  return opening;
}

async function open(patienceMilliseconds: number): Promise<Store> {
  const { openS3Store } = await import('../../src/adapters/s3/store.ts');
  // The SDK would read it too, but not know that such servers have no host name for every bucket.
  const endpoint = process.env['AWS_ENDPOINT_URL_S3'];
  return openS3Store({
    bucket: fromEnvironment('BUCKET'),
    patienceMilliseconds,
    ...(endpoint ? { endpoint } : {}),
  });
}
