import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
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
import { answerOf, type S3Place, toStoreError } from './errors.ts';

export type S3StoreOptions = {
  bucket: string;
  /** Encrypts with this key; without it the bucket's own default does. */
  kmsKeyArn?: string | undefined;
  /** Twelve digits: the account that must own the bucket, should another have taken its name. */
  expectedBucketOwner?: string | undefined;
  /** A client that somebody else made and closes; the options below are then not looked at. */
  client?: S3Client | undefined;
  /** A server other than AWS's, for instance http://127.0.0.1:7480; buckets are paths below it. */
  endpoint?: string | undefined;
  /** How long a call may take, with all its tries, in milliseconds; a minute unless told. */
  patienceMilliseconds?: number | undefined;
  /** Region and credentials come from where the AWS SDK looks for them, unless told. */
  region?: string | undefined;
  credentials?: NonNullable<S3ClientConfig['credentials']> | undefined;
};

/** The SDK waits for ever unless told; a function without a route to S3 would spend its whole time on that. */
const CONNECTION_LIMIT_MILLISECONDS = 5_000;
const SILENCE_LIMIT_MILLISECONDS = 30_000;

const DEFAULT_PATIENCE_MILLISECONDS = 60_000;

/** S3 asks to try again when two conditional writes meet; the first pause is up to so long, the next ones double. */
const CONFLICT_TRIES = 6;
const CONFLICT_PAUSE_MILLISECONDS = 50;

/** Name of the metadata in which a conditional put leaves its mark. */
const MARK = 'put';

/**
 * Objects in a bucket of S3 or of a server that speaks its API. Needs s3:PutObject, s3:GetObject and, to tell what is
 * not there from what is not allowed, s3:ListBucket. Nothing is asked of the bucket before the first call.
 */
export function openS3Store(options: S3StoreOptions): Store {
  const { bucket, kmsKeyArn, expectedBucketOwner, endpoint } = options;
  const client = options.client ?? createClient(options);
  const patience = () => ({
    abortSignal: AbortSignal.timeout(options.patienceMilliseconds ?? DEFAULT_PATIENCE_MILLISECONDS),
  });
  const place: S3Place = { bucket, kmsKeyArn, expectedBucketOwner, endpoint };
  const inBucket = {
    Bucket: bucket,
    ...(expectedBucketOwner && { ExpectedBucketOwner: expectedBucketOwner }),
  };

  async function put(
    key: string,
    bytes: Uint8Array,
    kind: ObjectKind,
    condition?: Condition,
  ): Promise<string | null> {
    checkKey(key);
    const mark = randomUUID();
    const command = new PutObjectCommand({
      ...inBucket,
      Key: key,
      Body: bytes,
      ContentType: kind.contentType,
      ...(kind.contentDisposition && { ContentDisposition: kind.contentDisposition }),
      ...(kind.cacheControl && { CacheControl: kind.cacheControl }),
      ...(kmsKeyArn && { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKeyArn }),
      ...(condition && { ...conditionHeaders(condition), Metadata: { [MARK]: mark } }),
    });
    const limits = patience();
    let isSecondTry = false;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return tagOf(await client.send(command, limits));
      } catch (error) {
        const { status, code, attempts } = answerOf(error);
        // The SDK sends a request again when no answer comes, and S3 may have done what the first one asked for.
        isSecondTry ||= attempts > 1;
        const isUnmet = status === 412 || (status === 404 && code !== 'NoSuchBucket');
        if (condition && isUnmet) return isSecondTry ? await tagIfMarked(key, mark) : null;
        if (status !== 409 || attempt === CONFLICT_TRIES) throw toStoreError(error, place, 'put');
        await sleep(Math.random() * CONFLICT_PAUSE_MILLISECONDS * 2 ** (attempt - 1));
      }
    }
  }

  /** The tag of what is there if it is what this put stored, otherwise null. */
  async function tagIfMarked(key: string, mark: string): Promise<string | null> {
    try {
      const found = await client.send(new HeadObjectCommand({ ...inBucket, Key: key }), patience());
      return found.Metadata?.[MARK] === mark ? tagOf(found) : null;
    } catch (error) {
      if (answerOf(error).status === 404) return null;
      throw toStoreError(error, place, 'get');
    }
  }

  async function get(key: string): Promise<StoredObject | null> {
    checkKey(key);
    try {
      const found = await client.send(new GetObjectCommand({ ...inBucket, Key: key }), patience());
      const bytes = (await found.Body?.transformToByteArray()) ?? new Uint8Array();
      return { bytes, tag: tagOf(found), contentType: found.ContentType ?? 'application/octet-stream' };
    } catch (error) {
      const { status, code } = answerOf(error);
      if (status === 404 && code !== 'NoSuchBucket') return null;
      throw toStoreError(error, place, 'get');
    }
  }

  async function list(prefix: string, options: ListOptions = {}): Promise<{ keys: string[]; more: boolean }> {
    const limit = checkList(prefix, options);
    const keys: string[] = [];
    const limits = patience();
    let startAfter = options.startAfter;
    try {
      // One answer nearly always; S3 may hand out less than was asked for, and others may have put what is no key.
      for (;;) {
        const page = await client.send(
          new ListObjectsV2Command({
            ...inBucket,
            Prefix: prefix,
            MaxKeys: limit - keys.length,
            ...(startAfter && { StartAfter: startAfter }),
          }),
          limits,
        );
        const found = (page.Contents ?? []).map((entry) => entry.Key ?? '');
        keys.push(...found.filter(isKey));
        const more = page.IsTruncated === true && found.length > 0;
        if (!more || keys.length === limit) return { keys, more };
        startAfter = found.at(-1);
      }
    } catch (error) {
      throw toStoreError(error, place, 'list');
    }
  }

  async function link(key: string, seconds: number): Promise<string> {
    checkLink(key, seconds);
    try {
      // Few functions make links, and the others start faster without it.
      const { getSignedUrl } = await import('@aws-sdk/s3-request-presigner');
      return await getSignedUrl(client, new GetObjectCommand({ Bucket: bucket, Key: key }), {
        expiresIn: seconds,
      });
    } catch (error) {
      throw toStoreError(error, place, 'get');
    }
  }

  const close = () => {
    if (!options.client) client.destroy();
  };

  return { put, get, list, link, close };
}

function createClient({ endpoint, region, credentials }: S3StoreOptions): S3Client {
  return new S3Client({
    ...(endpoint && { endpoint, forcePathStyle: true }),
    ...(region && { region }),
    ...(credentials && { credentials }),
    requestHandler: {
      connectionTimeout: CONNECTION_LIMIT_MILLISECONDS,
      socketTimeout: SILENCE_LIMIT_MILLISECONDS,
    },
  });
}

function conditionHeaders(condition: Condition): { IfNoneMatch: string } | { IfMatch: string } {
  if ('absent' in condition) return { IfNoneMatch: '*' };
  // Without the quotes that the tag came in: S3 takes both, as its guide's own example shows, and Ceph's gateway (and
  // what is made of it, DigitalOcean's Spaces for one) finds no object with quotes in its tag.
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
  return { IfMatch: condition.tag.replaceAll('"', '') };
}

function tagOf(answer: { ETag?: string | undefined }): string {
  if (!answer.ETag) throw new Error('the answer has no ETag');
  return answer.ETag;
}
