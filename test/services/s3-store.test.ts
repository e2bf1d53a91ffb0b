import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { openS3Store } from '../../src/adapters/s3/store.ts';
import { bytesOf, describeStore, failureOf, textOf } from '../contract/store.ts';
import { useBuckets } from './buckets.ts';
import { errorBody } from './faulty-proxy.ts';
import { waitUntil } from './wait-until.ts';

const TEXT = { contentType: 'text/plain' };
const buckets = useBuckets();
const puts = () => buckets().proxy.requests.filter((request) => request.method === 'PUT');

describeStore('S3', async () => buckets().open(await buckets().create()), { runs: 20 });

describe('S3 lists', () => {
  it('skip objects with names that are not keys', async () => {
    const bucket = await buckets().create();
    const store = buckets().open(bucket);
    const strange = ['a folder/', 'notes from Bob.txt', 'a/', 'b/../c'];
    for (const Key of [...strange, 'a/b', 'z'])
      await buckets().client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'x' }));
    expect(await store.list('')).toEqual({ keys: ['a/b', 'z'], more: false });
    expect(await store.list('', { limit: 2 })).toEqual({ keys: ['a/b', 'z'], more: false });
    expect(await store.list('', { limit: 1 })).toEqual({ keys: ['a/b'], more: true });
  });
});

describe('S3 links', () => {
  it('return the object with its headers to everybody', async () => {
    const store = buckets().open(await buckets().create());
    await store.put('a/report.pdf', bytesOf('%PDF'), {
      contentType: 'application/pdf',
      contentDisposition: 'attachment; filename="report.pdf"',
      cacheControl: 'private, max-age=60',
    });
    const answer = await fetch(await store.link('a/report.pdf', 60));
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe('%PDF');
    expect(answer.headers.get('content-type')).toBe('application/pdf');
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="report.pdf"');
    expect(answer.headers.get('cache-control')).toBe('private, max-age=60');
  });

  it('are signed and valid for one object only', async () => {
    const store = buckets().open(await buckets().create());
    await store.put('mine', bytesOf('mine'), TEXT);
    await store.put('other', bytesOf('other'), TEXT);
    const link = new URL(await store.link('mine', 60));
    const signature = link.searchParams.get('X-Amz-Signature') ?? '';
    const statusOf = async (change: (url: URL) => void) => {
      const url = new URL(link);
      change(url);
      return (await fetch(url)).status;
    };
    expect(signature).toMatch(/^[0-9a-f]{64}$/);
    expect(await statusOf(() => undefined)).toBe(200);
    const forged = signature.replace(/^./, (first) => (first === '0' ? '1' : '0'));
    expect(await statusOf((url) => url.searchParams.set('X-Amz-Signature', forged))).toBe(403);
    expect(await statusOf((url) => url.searchParams.set('X-Amz-Expires', '6000'))).toBe(403);
    expect(await statusOf((url) => url.searchParams.delete('X-Amz-Signature'))).toBe(403);
    expect(
      await statusOf((url) => {
        url.pathname = url.pathname.replace('mine', 'other');
      }),
    ).toBe(403);
    for (const seconds of [0, -1, 1.5, 604_801]) await failureOf(store.link('mine', seconds));
  });

  it('expire', async () => {
    const store = buckets().open(await buckets().create());
    await store.put('a', bytesOf('x'), TEXT);
    const link = await store.link('a', 2);
    const long = await store.link('a', 600);
    await waitUntil(
      async () => (await fetch(link)).status === 403,
      () => 'the link does not expire',
    );
    expect((await fetch(long)).status).toBe(200);
  });
});

describe('S3 encryption', () => {
  it('uses the configured key', async () => {
    const bucket = await buckets().create();
    const store = buckets().open(bucket, { kmsKeyArn: buckets().ceph.kmsKey });
    const tag = await store.put('a', bytesOf('secret'), TEXT, { absent: true });
    const head = await buckets().client.send(new HeadObjectCommand({ Bucket: bucket, Key: 'a' }));
    expect(head).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: buckets().ceph.kmsKey });
    expect(textOf((await store.get('a'))?.bytes)).toBe('secret');
    expect(await store.put('a', bytesOf('next'), TEXT, { tag: tag ?? '' })).not.toBeNull();
    expect(await (await fetch(await store.link('a', 60))).text()).toBe('next');
  });

  // The answers of AWS. For an unknown key, Ceph blames the access key.
  it.each([
    [400, 'KMS.NotFoundException', 'Invalid keyId'],
    [400, 'KMS.DisabledException', 'arn:aws:kms:x is disabled.'],
    [403, 'AccessDenied', 'User: y is not authorized to perform: kms:GenerateDataKey on resource: z'],
  ])('names a refused key: %i %s', async (answer, code, message) => {
    const { faulty } = await buckets().openFaulty({ kmsKeyArn: 'arn:aws:kms:x' });
    buckets().proxy.faults.push({ answer, body: errorBody(code, message) });
    const error = await failureOf(faulty.put('a', bytesOf('x'), TEXT));
    expect(error.message).toContain(`KMS key arn:aws:kms:x (${code})`);
    expect(error.retry).toBe(false);
  });

  it('and owner are those of the bucket without settings', async () => {
    const { faulty } = await buckets().openFaulty();
    await faulty.put('a', bytesOf('x'), TEXT);
    const names = Object.keys(puts()[0]?.headers ?? {});
    expect(names).toContain('content-type');
    expect(names.filter((name) => /encryption|owner|meta/.test(name))).toEqual([]);
  });

  it('and owner are part of every request that supports them', async () => {
    const owner = '123456789012';
    const { faulty } = await buckets().openFaulty({ expectedBucketOwner: owner });
    await faulty.put('a', bytesOf('x'), TEXT);
    await faulty.get('a');
    await faulty.list('');
    expect(buckets().proxy.requests.map(({ headers }) => headers['x-amz-expected-bucket-owner'])).toEqual([
      owner,
      owner,
      owner,
    ]);
  });
});

describe('S3 clients', () => {
  it('of the caller stay open', async () => {
    const bucket = await buckets().create();
    const store = openS3Store({ bucket, client: buckets().client });
    await store.put('a', bytesOf('x'), TEXT);
    await store.close();
    expect(await buckets().client.send(new HeadObjectCommand({ Bucket: bucket, Key: 'a' }))).toBeDefined();
  });
});
