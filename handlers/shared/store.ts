import { openS3Store } from '../../src/deliver/s3-store.ts';
import type { Store } from '../../src/deliver/store.ts';
import { fromEnvironment } from './environment.ts';

let store: Store | undefined;

/** The bucket of the deployment, kept between invocations. */
export function openStore(): Store {
  if (store === undefined) {
    // The SDK would read it too, but not know that such servers have no host name for every bucket.
    const endpoint = process.env['AWS_ENDPOINT_URL_S3'];
    store = openS3Store({ bucket: fromEnvironment('BUCKET'), ...(endpoint ? { endpoint } : {}) });
  }
  return store;
}
