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

describe('S3: lost answers', () => {
  it.each([1, 2])('a put without a condition is stored after %i of them', async (lost) => {
    const { faulty, store } = await buckets().openFaulty();
    buckets().proxy.faults.push(...Array(lost).fill(CONNECTION_FAILURES));
    const tag = await faulty.put('a', bytesOf('x'), TEXT);
    expect(await store.get('a')).toMatchObject({ tag });
    expect(puts()).toHaveLength(lost + 1);
  });

  it('absent: its own object is not in its way', async () => {
    const { faulty, store } = await buckets().openFaulty();
    buckets().proxy.faults.push(CONNECTION_FAILURES);
    const tag = await faulty.put('a', bytesOf('x'), TEXT, { absent: true });
    expect(tag).not.toBeNull();
    expect(await store.get('a')).toMatchObject({ tag });
    expect(puts()).toHaveLength(2);
  });

  it('tag: its own version is not in its way', async () => {
    const { faulty, store } = await buckets().openFaulty();
    const before = (await store.put('a', bytesOf('before'), TEXT)) ?? '';
    buckets().proxy.faults.push(CONNECTION_FAILURES);
    const tag = await faulty.put('a', bytesOf('after'), TEXT, { tag: before });
    expect(tag).not.toBeNull();
    expect(await store.get('a')).toMatchObject({ tag });
    expect(puts()).toHaveLength(2);
  });

  it('absent: the same bytes of another writer are not its own', async () => {
    const { faulty, store } = await buckets().openFaulty();
    const meanwhile = () => store.put('a', bytesOf('alike'), TEXT, { absent: true });
    buckets().proxy.faults.push({ answer: 503, body: errorBody('SlowDown'), meanwhile });
    expect(await faulty.put('a', bytesOf('alike'), TEXT, { absent: true })).toBeNull();
    expect(puts()).toHaveLength(2);
  });

  it('tag: not met when another writer came first, nor when one came after', async () => {
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

  it('too many of them are an error that may pass', async () => {
    const { faulty } = await buckets().openFaulty();
    buckets().proxy.faults.push(...Array(20).fill(CONNECTION_FAILURES));
    const error = await failureOf(faulty.put('a', bytesOf('x'), TEXT, { absent: true }));
    expect(error.retry).toBe(true);
    expect(error.message).toContain(`cannot be reached at ${buckets().proxy.endpoint}`);
    expect(puts().length).toBeLessThan(10);
  });
});

describe('S3: conflicts', () => {
  const CONFLICT = { answer: 409, body: errorBody('ConditionalRequestConflict') };

  it('are tried again', async () => {
    const { faulty, store } = await buckets().openFaulty();
    buckets().proxy.faults.push(CONFLICT, CONFLICT);
    const tag = await faulty.put('a', bytesOf('x'), TEXT, { absent: true });
    expect(await store.get('a')).toMatchObject({ tag });
  });

  it('that another writer won are a condition that is not met', async () => {
    const { faulty, store } = await buckets().openFaulty();
    const meanwhile = () => store.put('a', bytesOf('other'), TEXT);
    buckets().proxy.faults.push({ ...CONFLICT, meanwhile });
    expect(await faulty.put('a', bytesOf('mine'), TEXT, { absent: true })).toBeNull();
  });

  it('without end are an error that may pass', async () => {
    const { faulty } = await buckets().openFaulty();
    buckets().proxy.faults.push(...Array(50).fill(CONFLICT));
    const error = await failureOf(faulty.put('a', bytesOf('x'), TEXT, { absent: true }));
    expect(error.retry).toBe(true);
    expect(error.message).toContain('ConditionalRequestConflict');
    expect(puts().length).toBeLessThan(20);
  });

  // Ceph says 412 of it, AWS 404.
  it('absent or there, a tag of what is gone is a condition that is not met', async () => {
    const { faulty } = await buckets().openFaulty();
    buckets().proxy.faults.push({ answer: 404, body: errorBody('NoSuchKey') });
    expect(await faulty.put('a', bytesOf('x'), TEXT, { tag: '"0123"' })).toBeNull();
  });
});

describe('S3: errors', () => {
  const worksOf = (store: Store) => [
    () => store.put('a', bytesOf('x'), TEXT),
    () => store.put('a', bytesOf('x'), TEXT, { absent: true }),
    () => store.put('a', bytesOf('x'), TEXT, { tag: '"0123"' }),
    () => store.get('a'),
    () => store.list(''),
  ];

  it('a wrong secret key, which is not repeated', async () => {
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

  it('an unknown access key', async () => {
    const credentials = { accessKeyId: 'NOBODY', secretAccessKey: 'x' };
    const store = buckets().open(await buckets().create(), { credentials });
    const error = await failureOf(store.get('a'));
    expect(error.message).toContain('did not accept the AWS credentials (InvalidAccessKeyId)');
  });

  it('a bucket that is not there', async () => {
    for (const work of worksOf(buckets().open('no-such-bucket'))) {
      const error = await failureOf(work());
      expect(error.message).toBe('the bucket no-such-bucket does not exist; create it, or name another');
      expect(error.retry).toBe(false);
    }
  });

  it('somebody else’s bucket', async () => {
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

  it('no server', async () => {
    const store = buckets().open('a-bucket', { endpoint: `http://127.0.0.1:${await freePort()}` });
    for (const work of worksOf(store)) {
      const error = await failureOf(work());
      expect(error.message).toMatch(/cannot be reached at http:\/\/127\.0\.0\.1:\d+ \(ECONNREFUSED\)/);
      expect(error.retry).toBe(true);
    }
  });

  it('a server that is out of order', async () => {
    const { faulty } = await buckets().openFaulty();
    buckets().proxy.faults.push(...Array(10).fill({ answer: 503, body: errorBody('SlowDown') }));
    const error = await failureOf(faulty.put('a', bytesOf('x'), TEXT));
    expect(error.message).toContain('503 SlowDown');
    expect(error.retry).toBe(true);
  });

  it('neither credentials nor a region', async () => {
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
