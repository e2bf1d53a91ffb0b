/** Stores in a Ceph cluster that is started for one test file, with and without a proxy that loses answers. */
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll } from 'vitest';
import { openS3Store, type S3StoreOptions } from '../../src/adapters/s3/store.ts';
import type { Store } from '../../src/service/archive/store.ts';
import { type Ceph, startCeph } from './ceph.ts';
import { type FaultyProxy, startFaultyProxy } from './faulty-proxy.ts';

export type Buckets = {
  ceph: Ceph;
  proxy: FaultyProxy;
  /** A client with the owner's credentials that does not use a store. */
  client: S3Client;
  /** Creates a bucket and returns its name. */
  create(): Promise<string>;
  open(bucket: string, options?: Partial<S3StoreOptions>): Store;
  /** Resets the proxy and returns two stores for one new bucket: one through the proxy and a direct one. */
  openFaulty(options?: Partial<S3StoreOptions>): Promise<{ faulty: Store; store: Store }>;
};

/** Starts everything before the tests of a file and stops it after them. Call the returned function only in tests. */
export function useBuckets(): () => Buckets {
  const opened: Store[] = [];
  let buckets: Buckets | undefined;

  beforeAll(async () => {
    const ceph = await startCeph();
    const proxy = await startFaultyProxy(ceph.endpoint);
    const { endpoint, region, credentials } = ceph;
    const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
    let count = 0;
    const create = async () => {
      const name = `bucket-${++count}`;
      await ceph.createBucket(name);
      return name;
    };
    const open = (bucket: string, options: Partial<S3StoreOptions> = {}) => {
      const store = openS3Store({ bucket, endpoint, region, credentials, ...options });
      opened.push(store);
      return store;
    };
    const openFaulty = async (options: Partial<S3StoreOptions> = {}) => {
      const bucket = await create();
      proxy.faults.length = 0;
      proxy.requests.length = 0;
      return { faulty: open(bucket, { endpoint: proxy.endpoint, ...options }), store: open(bucket) };
    };
    buckets = { ceph, proxy, client, create, open, openFaulty };
  });

  afterAll(async () => {
    for (const store of opened) await store.close();
    buckets?.client.destroy();
    await buckets?.proxy.stop();
    await buckets?.ceph.stop();
  });

  return () => {
    if (!buckets) throw new Error('There are no buckets outside of tests.');
    return buckets;
  };
}
