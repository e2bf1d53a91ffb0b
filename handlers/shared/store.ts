import type { Store } from '../../src/deliver/store.ts';
import { fromEnvironment } from './environment.ts';

let opening: Promise<Store> | undefined;

/** The bucket of the deployment, kept between invocations. The SDK is loaded with the first use. */
export function openStore(): Promise<Store> {
  opening ??= open();
  return opening;
}

async function open(): Promise<Store> {
  const { openS3Store } = await import('../../src/deliver/s3-store.ts');
  // The SDK would read it too, but not know that such servers have no host name for every bucket.
  const endpoint = process.env['AWS_ENDPOINT_URL_S3'];
  return openS3Store({ bucket: fromEnvironment('BUCKET'), ...(endpoint ? { endpoint } : {}) });
}
