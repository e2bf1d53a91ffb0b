import { describe, expect, it, vi } from 'vitest';
import { freePort } from '../../scripts/offline/free-port.ts';
import { openS3Store } from '../../src/adapters/s3/store.ts';
import type { Store } from '../../src/service/archive/store.ts';
import { bytesOf, failureOf, textOf } from '../contract/store.ts';
import { useBuckets } from './buckets.ts';
import { errorBody, type Fault } from './faulty-proxy.ts';

const TEXT = { contentType: 'text/plain' };
const CONNECTION_FAILURES: Fault = { lose: 'the answer' };
const buckets = useBuckets();
const puts = () => buckets().proxy.requests.filter((request) => request.method === 'PUT');

describe('lost S3 answers', () => {
  it.each([1, 2])('do not keep a put without a condition from success: %i of them', async (lost) => {
    const { faulty, store } = await buckets().openFaulty();
    buckets().proxy.faults.push(...Array(lost).fill(CONNECTION_FAILURES));
    const tag = await faulty.put('a', bytesOf('x'), TEXT);
    expect(await store.get('a')).toMatchObject({ tag });
    expect(puts()).toHaveLength(lost + 1);
  });

  it('are not mistaken for a conflict with the condition absent', async () => {
    const { faulty, store } = await buckets().openFaulty();
    buckets().proxy.faults.push(CONNECTION_FAILURES);
    const tag = await faulty.put('a', bytesOf('x'), TEXT, { absent: true });
    expect(tag).not.toBeNull();
    expect(await store.get('a')).toMatchObject({ tag });
    expect(puts()).toHaveLength(2);
  });

  it('are not mistaken for a conflict with a condition on the tag', async () => {
    const { faulty, store } = await buckets().openFaulty();
    const before = (await store.put('a', bytesOf('before'), TEXT)) ?? '';
    buckets().proxy.faults.push(CONNECTION_FAILURES);
    const tag = await faulty.put('a', bytesOf('after'), TEXT, { tag: before });
    expect(tag).not.toBeNull();
    expect(await store.get('a')).toMatchObject({ tag });
    expect(puts()).toHaveLength(2);
  });

  it('do not hide the same bytes of another writer', async () => {
    const { faulty, store } = await buckets().openFaulty();
    const meanwhile = () => store.put('a', bytesOf('alike'), TEXT, { absent: true });
    buckets().proxy.faults.push({ answer: 503, body: errorBody('SlowDown'), meanwhile });
    expect(await faulty.put('a', bytesOf('alike'), TEXT, { absent: true })).toBeNull();
    expect(puts()).toHaveLength(2);
  });

  it('do not hide another writer before or after the put', async () => {
    const { faulty, store } = await buckets().openFaulty();
    const first = (await store.put('a', bytesOf('first'), TEXT)) ?? '';
    const meanwhile = () => store.put('a', bytesOf('other'), TEXT);
    buckets().proxy.faults.push({ answer: 500, body: errorBody('InternalError'), meanwhile });
    expect(await faulty.put('a', bytesOf('mine'), TEXT, { tag: first })).toBeNull();
    expect(textOf((await store.get('a'))?.bytes)).toBe('other');

    const { tag } = (await store.get('a')) ?? { tag: '' };
    const replace = () => store.put('a', bytesOf('last'), TEXT);
    buckets().proxy.faults.push({ lose: 'the answer', meanwhile: replace });
    expect(await faulty.put('a', bytesOf('mine'), TEXT, { tag })).toBeNull();
    expect(textOf((await store.get('a'))?.bytes)).toBe('last');
  });

  it('cause a temporary error if there are too many', async () => {
    const { faulty } = await buckets().openFaulty();
    buckets().proxy.faults.push(...Array(20).fill(CONNECTION_FAILURES));
    const error = await failureOf(faulty.put('a', bytesOf('x'), TEXT, { absent: true }));
    expect(error.retry).toBe(true);
    expect(error.message).toContain(`cannot be reached at ${buckets().proxy.endpoint}`);
    expect(puts().length).toBeLessThan(10);
  });
});

describe('S3 conflicts', () => {
  const CONFLICT = { answer: 409, body: errorBody('ConditionalRequestConflict') };

  it('are retried', async () => {
    const { faulty, store } = await buckets().openFaulty();
    buckets().proxy.faults.push(CONFLICT, CONFLICT);
    const tag = await faulty.put('a', bytesOf('x'), TEXT, { absent: true });
    expect(await store.get('a')).toMatchObject({ tag });
  });

  it('with another writer that won return null', async () => {
    const { faulty, store } = await buckets().openFaulty();
    const meanwhile = () => store.put('a', bytesOf('other'), TEXT);
    buckets().proxy.faults.push({ ...CONFLICT, meanwhile });
    expect(await faulty.put('a', bytesOf('mine'), TEXT, { absent: true })).toBeNull();
  });

  it('cause a temporary error if they do not end', async () => {
    const { faulty } = await buckets().openFaulty();
    buckets().proxy.faults.push(...Array(50).fill(CONFLICT));
    const error = await failureOf(faulty.put('a', bytesOf('x'), TEXT, { absent: true }));
    expect(error.retry).toBe(true);
    expect(error.message).toContain('ConditionalRequestConflict');
    expect(puts().length).toBeLessThan(20);
  });

  // Ceph answers 412, AWS 404.
  it('with a tag of a deleted object return null', async () => {
    const { faulty } = await buckets().openFaulty();
    buckets().proxy.faults.push({ answer: 404, body: errorBody('NoSuchKey') });
    expect(await faulty.put('a', bytesOf('x'), TEXT, { tag: '"0123"' })).toBeNull();
  });
});

describe('S3 errors', () => {
  const worksOf = (store: Store) => [
    () => store.put('a', bytesOf('x'), TEXT),
    () => store.put('a', bytesOf('x'), TEXT, { absent: true }),
    () => store.put('a', bytesOf('x'), TEXT, { tag: '"0123"' }),
    () => store.get('a'),
    () => store.list(''),
  ];

  it('name a wrong secret key without repeating it', async () => {
    const secretAccessKey = 'WrongSecretWrongSecretWrongSecret';
    const { accessKeyId } = buckets().ceph.credentials;
    const store = buckets().open(await buckets().create(), { credentials: { accessKeyId, secretAccessKey } });
    for (const work of worksOf(store)) {
      const error = await failureOf(work());
      expect(error.message).toContain('did not accept the AWS credentials (SignatureDoesNotMatch)');
      expect(error.message).not.toContain(secretAccessKey);
      expect(error.retry).toBe(false);
      expect(error.cause).toBeDefined();
    }
  });

  it('name an unknown access key', async () => {
    const credentials = { accessKeyId: 'NOBODY', secretAccessKey: 'x' };
    const store = buckets().open(await buckets().create(), { credentials });
    const error = await failureOf(store.get('a'));
    expect(error.message).toContain('did not accept the AWS credentials (InvalidAccessKeyId)');
  });

  it('name a missing bucket', async () => {
    for (const work of worksOf(buckets().open('no-such-bucket'))) {
      const error = await failureOf(work());
      expect(error.message).toBe('the bucket no-such-bucket does not exist; create it, or name another');
      expect(error.retry).toBe(false);
    }
  });

  it('name the missing permission for a bucket of another owner', async () => {
    const credentials = await buckets().ceph.createUser('stranger');
    const store = buckets().open(await buckets().create(), {
      credentials,
      expectedBucketOwner: '123456789012',
    });
    const messages: string[] = [];
    for (const work of worksOf(store)) {
      const error = await failureOf(work());
      expect(error.retry).toBe(false);
      messages.push(error.message);
    }
    const [put, , , get, list] = messages;
    expect(put).toMatch(/denied access \(AccessDenied\); allow s3:PutObject.* 123456789012/);
    expect(get).toContain('s3:GetObject');
    expect(list).toContain('s3:ListBucket');
  });

  it('name the address of a server that cannot be reached', async () => {
    const store = buckets().open('a-bucket', { endpoint: `http://127.0.0.1:${await freePort()}` });
    for (const work of worksOf(store)) {
      const error = await failureOf(work());
      expect(error.message).toMatch(/cannot be reached at http:\/\/127\.0\.0\.1:\d+ \(ECONNREFUSED\)/);
      expect(error.retry).toBe(true);
    }
  });

  it('are temporary when the server is overloaded', async () => {
    const { faulty } = await buckets().openFaulty();
    buckets().proxy.faults.push(...Array(10).fill({ answer: 503, body: errorBody('SlowDown') }));
    const error = await failureOf(faulty.put('a', bytesOf('x'), TEXT));
    expect(error.message).toContain('503 SlowDown');
    expect(error.retry).toBe(true);
  });

  it('name missing credentials and a missing region', async () => {
    try {
      for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE', 'AWS_REGION'])
        vi.stubEnv(name, undefined);
      vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent');
      vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nonexistent');
      vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
      const { endpoint, region, credentials } = buckets().ceph;
      const nobody = await failureOf(openS3Store({ bucket: 'a-bucket', endpoint, region }).get('a'));
      expect(nobody.message).toContain('needs AWS credentials');
      expect(nobody.retry).toBe(false);
      const nowhere = await failureOf(openS3Store({ bucket: 'a-bucket', credentials }).get('a'));
      expect(nowhere.message).toContain('set AWS_REGION');
      expect(nowhere.retry).toBe(false);
    } finally {
      vi.unstubAllEnvs();
    }
  });
});
