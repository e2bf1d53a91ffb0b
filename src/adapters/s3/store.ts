import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { getCACertificates } from 'node:tls';
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import {
  type Condition,
  checkKey,
  checkLink,
  checkList,
  isKey,
  type ListOptions,
  type ObjectKind,
  type Store,
  type StoredObject,
} from '../../service/archive/store.ts';
import { retryOnNewConnections } from './connections.ts';
import { type BucketOptions, describeFailure, toStoreError } from './errors.ts';

export type S3StoreOptions = BucketOptions & {
  /** A client that the caller made and closes; `region` and `credentials` are then ignored. */
  client?: S3Client | undefined;
  /** Time limit for a call with all its tries, in milliseconds; a minute when absent. */
  patienceMilliseconds?: number | undefined;
  /** When absent, the SDK finds region and credentials in its environment or profile. */
  region?: string | undefined;
  credentials?: NonNullable<S3ClientConfig['credentials']> | undefined;
  /** PEM text with certificates to trust in addition to the system's. */
  certificateAuthority?: string | undefined;
};

/** By default the SDK waits without limit; a function without a route to S3 would spend all its time waiting. */
const CONNECTION_LIMIT_MILLISECONDS = 5_000;
const SILENCE_LIMIT_MILLISECONDS = 30_000;

const DEFAULT_PATIENCE_MILLISECONDS = 60_000;

/** S3 asks to try again when two conditional writes meet. Upper bound of the first pause; each next one doubles it. */
const CONFLICT_TRIES = 6;
const CONFLICT_PAUSE_MILLISECONDS = 50;

/** Name of the metadata that identifies a conditional put. */
const MARK = 'put';

/** An open bucket: what every request needs. */
type Bucket = {
  client: S3Client;
  options: BucketOptions;
  target: { Bucket: string; ExpectedBucketOwner: string | undefined };
  /** Starts the time limit of one call. */
  limitTime: () => { abortSignal: AbortSignal };
};

/**
 * Stores objects in a bucket of S3 or of a server that speaks its API. Requires s3:PutObject, s3:GetObject and, to
 * distinguish a missing object from a forbidden one, s3:ListBucket. Sends nothing before the first call.
 */
export function openS3Store(options: S3StoreOptions): Store {
  const { client = createClient(options), patienceMilliseconds = DEFAULT_PATIENCE_MILLISECONDS } = options;
  const bucket: Bucket = {
    client,
    options,
    target: { Bucket: options.bucket, ExpectedBucketOwner: options.expectedBucketOwner },
    limitTime: () => ({ abortSignal: AbortSignal.timeout(patienceMilliseconds) }),
  };
  return {
    put: (key, bytes, kind, condition) => putObject(bucket, { key, bytes, kind, condition }),
    get: (key) => getObject(bucket, key),
    list: (prefix, listing) => listKeys(bucket, prefix, listing),
    link: (key, seconds) => signLink(bucket, key, seconds),
    close() {
      if (!options.client) client.destroy();
    },
  };
}

function createClient({ endpoint, region, credentials, certificateAuthority }: S3StoreOptions): S3Client {
  const client = new S3Client({
    ...(endpoint && { endpoint, forcePathStyle: true }),
    ...(region && { region }),
    ...(credentials && { credentials }),
    requestHandler: {
      connectionTimeout: CONNECTION_LIMIT_MILLISECONDS,
      socketTimeout: SILENCE_LIMIT_MILLISECONDS,
      ...(certificateAuthority && {
        httpsAgent: { keepAlive: true, ca: [...getCACertificates(), certificateAuthority] },
      }),
    },
  });
  retryOnNewConnections(client);
  return client;
}

type NewObject = { key: string; bytes: Uint8Array; kind: ObjectKind; condition: Condition | undefined };

async function putObject(bucket: Bucket, object: NewObject): Promise<string | null> {
  const { client, options, target } = bucket;
  const { key, bytes, kind, condition } = object;
  checkKey(key);
  const mark = randomUUID();
  const command = new PutObjectCommand({
    ...target,
    Key: key,
    Body: bytes,
    ContentType: kind.contentType,
    ContentDisposition: kind.contentDisposition,
    CacheControl: kind.cacheControl,
    ...(options.kmsKeyArn && { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: options.kmsKeyArn }),
    ...(condition && { ...conditionHeaders(condition), Metadata: { [MARK]: mark } }),
  });
  const limits = bucket.limitTime();
  let wasRepeated = false;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return tagOf(await client.send(command, limits));
    } catch (error) {
      const { status, code, attempts } = describeFailure(error);
      // The SDK repeats a request that gets no response, and S3 may already have done what the first one asked for.
      wasRepeated ||= attempts > 1;
      const isUnmet = status === 412 || (status === 404 && code !== 'NoSuchBucket');
      if (condition && isUnmet) return wasRepeated ? await tagIfMarked(bucket, key, mark) : null;
      if (status !== 409 || attempt === CONFLICT_TRIES) throw toStoreError(error, options, 'put');
      await sleep(Math.random() * CONFLICT_PAUSE_MILLISECONDS * 2 ** (attempt - 1));
    }
  }
}

/** Returns the tag of the object under the key if the put with this mark stored it, otherwise null. */
async function tagIfMarked(bucket: Bucket, key: string, mark: string): Promise<string | null> {
  try {
    const command = new HeadObjectCommand({ ...bucket.target, Key: key });
    const found = await bucket.client.send(command, bucket.limitTime());
    return found.Metadata?.[MARK] === mark ? tagOf(found) : null;
  } catch (error) {
    if (describeFailure(error).status === 404) return null;
    throw toStoreError(error, bucket.options, 'get');
  }
}

async function getObject(bucket: Bucket, key: string): Promise<StoredObject | null> {
  checkKey(key);
  try {
    const command = new GetObjectCommand({ ...bucket.target, Key: key });
    const found = await bucket.client.send(command, bucket.limitTime());
    const bytes = (await found.Body?.transformToByteArray()) ?? new Uint8Array();
    return { bytes, tag: tagOf(found), contentType: found.ContentType ?? 'application/octet-stream' };
  } catch (error) {
    const { status, code } = describeFailure(error);
    if (status === 404 && code !== 'NoSuchBucket') return null;
    throw toStoreError(error, bucket.options, 'get');
  }
}

async function listKeys(
  bucket: Bucket,
  prefix: string,
  options: ListOptions = {},
): Promise<{ keys: string[]; more: boolean }> {
  const limit = checkList(prefix, options);
  const keys: string[] = [];
  const limits = bucket.limitTime();
  let { startAfter } = options;
  try {
    // Nearly always one page. S3 may return fewer keys than requested, and other programs may have stored objects under
    // names that are not keys.
    for (;;) {
      const command = new ListObjectsV2Command({
        ...bucket.target,
        Prefix: prefix,
        MaxKeys: limit - keys.length,
        StartAfter: startAfter || undefined,
      });
      const page = await bucket.client.send(command, limits);
      const found = (page.Contents ?? []).map((entry) => entry.Key ?? '');
      keys.push(...found.filter(isKey));
      const more = page.IsTruncated === true && found.length > 0;
      if (!more || keys.length === limit) return { keys, more };
      startAfter = found.at(-1);
    }
  } catch (error) {
    throw toStoreError(error, bucket.options, 'list');
  }
}

async function signLink({ client, options }: Bucket, key: string, seconds: number): Promise<string> {
  checkLink(key, seconds);
  try {
    // Loaded here because few functions make links, and the others start faster without it.
    const { getSignedUrl } = await import('@aws-sdk/s3-request-presigner');
    const command = new GetObjectCommand({ Bucket: options.bucket, Key: key });
    return await getSignedUrl(client, command, { expiresIn: seconds });
  } catch (error) {
    throw toStoreError(error, options, 'get');
  }
}

function conditionHeaders(condition: Condition): { IfNoneMatch: string } | { IfMatch: string } {
  if ('absent' in condition) return { IfNoneMatch: '*' };
  // The tag is sent without the quotes that S3 returned it in. S3 accepts both, as the example in its guide shows; Ceph's
  // gateway, and services built on it such as DigitalOcean Spaces, find no object when the tag is quoted.
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
  return { IfMatch: condition.tag.replaceAll('"', '') };
}

function tagOf(response: { ETag?: string | undefined }): string {
  if (!response.ETag) throw new Error('the response has no ETag');
  return response.ETag;
}
