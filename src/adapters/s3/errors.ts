import { StoreError } from '../../service/archive/store.ts';
import { causeWithoutText } from '../aws/errors.ts';

/** The bucket, with what messages name. */
export type BucketOptions = {
  bucket: string;
  /** A server other than AWS's, for instance http://127.0.0.1:7480; buckets are paths below it. */
  endpoint?: string | undefined;
  /** The KMS key that encrypts objects; without it, the bucket's default applies. */
  kmsKeyArn?: string | undefined;
  /** The 12-digit account that must own the bucket, so that a bucket of the same name elsewhere is refused. */
  expectedBucketOwner?: string | undefined;
};

export type S3Action = 'put' | 'get' | 'list';

export type S3Failure = {
  /** The HTTP status, 0 when there was no response. */
  status: number;
  /** S3's code, else Node's, else the error's name. */
  code: string;
  message: string;
  /** How often the SDK sent the request. */
  attempts: number;
};

/** S3's error codes: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const CREDENTIALS_REFUSED = /^(InvalidAccessKeyId|SignatureDoesNotMatch|InvalidToken|AuthFailure)$/;
const SESSION_EXPIRED = /^(ExpiredToken(Exception)?|TokenRefreshRequired)$/;
const OTHER_REGION =
  /^(PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraintException|301)$/;
const BUSY = /Throttl|^(SlowDown|RequestTimeout|OperationAborted|InternalError)$/;
/** Node's codes for connections, names and certificates, and the SDK's name for its own time limits. */
const NETWORK = /^(E[A-Z_]+|CERT_\w+|DEPTH_\w+|UNABLE_\w+|ERR_(TLS|SSL|SOCKET)_\w+|TimeoutError)$/;

const PERMISSIONS: Readonly<Record<S3Action, string>> = {
  // A put with If-Match reads the object's tag.
  put: 's3:PutObject and s3:GetObject',
  // Without s3:ListBucket, S3 denies access to an object that does not exist.
  get: 's3:GetObject, and s3:ListBucket on the bucket itself',
  list: 's3:ListBucket on the bucket itself',
};

/** Describes a failed request, whether S3, the SDK or the network failed it. */
export function describeFailure(error: unknown): S3Failure {
  const { Code, code, name, message, $metadata } = error as {
    Code?: string;
    code?: string;
    name?: string;
    message?: string;
    $metadata?: { httpStatusCode?: number; attempts?: number };
  };
  return {
    status: $metadata?.httpStatusCode ?? 0,
    // The store's own time limit aborts a call, which the SDK reports as an AbortError.
    code: toCode(Code) ?? code ?? (name === 'AbortError' ? 'TimeoutError' : name) ?? 'error',
    message: message ?? '',
    attempts: $metadata?.attempts ?? 1,
  };
}

/** Keeps the code of a server if it has the form of one: a server could repeat a key or a session token there. */
function toCode(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  return /^(?:[A-Za-z_.]{1,60}|\d{3})$/.test(text) ? text : 'an unknown code';
}

/**
 * Converts an error of the SDK to one line for people. Neither the line nor the cause has the text of S3, which can repeat
 * the request with its session token.
 */
export function toStoreError(error: unknown, bucket: BucketOptions, action: S3Action): StoreError {
  const failure = describeFailure(error);
  const { status, code, attempts } = failure;
  const { $metadata } = error as { $metadata?: { requestId?: string } };
  const summary = `S3: ${status} ${code}, attempts: ${attempts}, request: ${$metadata?.requestId ?? 'unknown'}`;
  return new StoreError(`the bucket ${bucket.bucket} ${explain(failure, bucket, action)}`, {
    retry: isTemporary(failure),
    cause: causeWithoutText(error, summary),
  });
}

/** Whether the request may succeed later: there was no response, too many requests, or a failure of the server. */
function isTemporary({ status, code }: S3Failure): boolean {
  if (status === 0) return NETWORK.test(code);
  return status === 409 || status === 429 || status >= 500 || BUSY.test(code);
}

function explain(failure: S3Failure, bucket: BucketOptions, action: S3Action): string {
  const { status, code, message } = failure;
  if (status === 0) return explainNoResponse(code, message, bucket);
  if (code === 'NoSuchBucket') return 'does not exist; create it, or name another';
  if (code === 'InvalidBucketName') return 'has a name that S3 does not allow; name another';
  if (CREDENTIALS_REFUSED.test(code)) return `did not accept the AWS credentials (${code}); check the keys`;
  if (SESSION_EXPIRED.test(code)) return `did not accept the AWS session (${code}); sign in again`;
  if (code === 'RequestTimeTooSkewed') return "did not accept the time; set this machine's clock";
  if (OTHER_REGION.test(code) || status === 301)
    return `is in another region (${code}); set AWS_REGION to the bucket's region`;
  if (isTemporary(failure)) return `is not available (${status} ${code}); try again later`;
  if (code.startsWith('KMS.') || /\bkms:/i.test(message)) return explainKeyRefused(code, bucket);
  if (status === 401 || status === 403) return explainAccessDenied(code, bucket, action);
  return `refused to ${action} an object (${status} ${code})`;
}

function explainNoResponse(code: string, message: string, { endpoint }: BucketOptions): string {
  if (message === 'Region is missing') return 'cannot be reached without a region; set AWS_REGION';
  if (code === 'CredentialsProviderError')
    return 'needs AWS credentials, and none were found; give the function a role, or set AWS_PROFILE';
  if (!NETWORK.test(code)) return `cannot be used (${code})`;
  // Only the origin, because an address can contain credentials.
  const server = endpoint && URL.canParse(endpoint) ? new URL(endpoint).origin : 'AWS';
  return `cannot be reached at ${server} (${code}); check the network`;
}

function explainKeyRefused(code: string, { kmsKeyArn }: BucketOptions): string {
  const key = kmsKeyArn ? `with the KMS key ${kmsKeyArn}` : 'with its KMS key';
  return `cannot encrypt ${key} (${code}); check that the key exists in the bucket's region and is enabled, and allow kms:GenerateDataKey and kms:Decrypt`;
}

function explainAccessDenied(code: string, { expectedBucketOwner }: BucketOptions, action: S3Action): string {
  const owner = expectedBucketOwner ? `, and check that account ${expectedBucketOwner} owns it` : '';
  return `denied access (${code}); allow ${PERMISSIONS[action]}${owner}`;
}
