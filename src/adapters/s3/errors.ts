import { StoreError } from '../../service/archive/store.ts';

/** What the messages name. */
export type S3Place = {
  bucket: string;
  endpoint: string | undefined;
  kmsKeyArn: string | undefined;
  expectedBucketOwner: string | undefined;
};

export type S3Action = 'put' | 'get' | 'list';

export type S3Answer = {
  /** The HTTP status, 0 when there was no answer. */
  status: number;
  /** S3's code, else Node's, else the error's name. */
  code: string;
  message: string;
  /** How often the SDK sent the request. */
  attempts: number;
};

const CREDENTIALS_REFUSED = /^(InvalidAccessKeyId|SignatureDoesNotMatch|InvalidToken|AuthFailure)$/;
const SESSION_ENDED = /^(ExpiredToken(Exception)?|TokenRefreshRequired)$/;
const OTHER_REGION =
  /^(PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraintException|301)$/;
const BUSY = /Throttl|^(SlowDown|RequestTimeout|OperationAborted|InternalError)$/;
/** Node's codes of connections, names and certificates, and the SDK's name for its own time limits. */
const NETWORK = /^(E[A-Z_]+|CERT_\w+|DEPTH_\w+|UNABLE_\w+|ERR_(TLS|SSL|SOCKET)_\w+|TimeoutError)$/;

/** S3's error codes: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const PERMISSIONS: Readonly<Record<S3Action, string>> = {
  // If-Match on a put reads the object's tag.
  put: 's3:PutObject and s3:GetObject',
  // Without the second one S3 says "denied" of an object that is not there.
  get: 's3:GetObject, and s3:ListBucket on the bucket itself',
  list: 's3:ListBucket on the bucket itself',
};

/** What is known of a failed request, whether S3, the SDK or the network failed it. */
export function answerOf(error: unknown): S3Answer {
  const { Code, code, name, message, $metadata } = error as {
    Code?: string;
    code?: string;
    name?: string;
    message?: string;
    $metadata?: { httpStatusCode?: number; attempts?: number };
  };
  return {
    status: $metadata?.httpStatusCode ?? 0,
    // The store's own patience ends a call as if somebody had called it off.
    code: Code ?? code ?? (name === 'AbortError' ? 'TimeoutError' : name) ?? 'error',
    message: message ?? '',
    attempts: $metadata?.attempts ?? 1,
  };
}

/**
 * An error of the SDK as one line for people. S3's own message stays in the cause: it can quote the request, its
 * signature included.
 */
export function toStoreError(error: unknown, place: S3Place, action: S3Action): StoreError {
  const answer = answerOf(error);
  return new StoreError(`the bucket ${place.bucket} ${explain(answer, place, action)}`, {
    retry: isPassing(answer),
    cause: error,
  });
}

/** What goes by itself: no answer, too many requests, a failure of the server. */
function isPassing({ status, code }: S3Answer): boolean {
  if (status === 0) return NETWORK.test(code);
  return status === 409 || status === 429 || status >= 500 || BUSY.test(code);
}

function explain(answer: S3Answer, place: S3Place, action: S3Action): string {
  const { status, code, message } = answer;
  if (status === 0) return explainSilence(code, message, place);
  if (code === 'NoSuchBucket') return 'does not exist; create it, or name another';
  if (code === 'InvalidBucketName') return 'cannot exist under this name; name another';
  if (CREDENTIALS_REFUSED.test(code)) return `did not accept the AWS credentials (${code}); check the keys`;
  if (SESSION_ENDED.test(code)) return `did not accept the AWS session (${code}); sign in again`;
  if (code === 'RequestTimeTooSkewed') return "did not accept the time; set this machine's clock";
  if (OTHER_REGION.test(code) || status === 301)
    return `is in another region (${code}); set AWS_REGION to the bucket's`;
  if (isPassing(answer)) return `is out of order (${status} ${code}); try again later`;
  if (code.startsWith('KMS.') || /\bkms:/i.test(message)) return keyRefused(code, place);
  if (status === 401 || status === 403) return accessDenied(code, place, action);
  return `refused to ${action} an object (${status} ${code})`;
}

function explainSilence(code: string, message: string, place: S3Place): string {
  if (message === 'Region is missing') return 'cannot be reached without a region; set AWS_REGION';
  if (code === 'CredentialsProviderError')
    return 'needs AWS credentials, and none were found; give the function a role, or set AWS_PROFILE';
  if (NETWORK.test(code)) return `cannot be reached at ${whereabouts(place)} (${code}); check the network`;
  return `cannot be asked (${code})`;
}

function keyRefused(code: string, place: S3Place): string {
  const key = place.kmsKeyArn ? `with the KMS key ${place.kmsKeyArn}` : 'with its KMS key';
  return `cannot encrypt ${key} (${code}); check that the key exists in the bucket's region and is enabled, and allow kms:GenerateDataKey and kms:Decrypt`;
}

function accessDenied(code: string, place: S3Place, action: S3Action): string {
  const owner = place.expectedBucketOwner
    ? `, and check that account ${place.expectedBucketOwner} owns it`
    : '';
  return `denied access (${code}); allow ${PERMISSIONS[action]}${owner}`;
}

/** Without what an address may carry before its host. */
function whereabouts({ endpoint }: S3Place): string {
  return endpoint && URL.canParse(endpoint) ? new URL(endpoint).origin : 'AWS';
}
