import { setTimeout as sleep } from 'node:timers/promises';
import { cached } from './cached.ts';
import { CredentialsError, credentialsAdvice, describeFailure } from './errors.ts';

/** Credentials for AWS. All fields but `accessKeyId` and `expiration` are secret. */
export type Credentials = {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  /** Credentials without it never expire. */
  expiration?: Date;
};

export type CredentialsOptions = {
  /** The ARN of a role to assume; without it, the credentials that the SDK finds are used as they are. */
  roleArn?: string | undefined;
  /** Replaces the SDK's providers in tests. */
  lookUp?: (() => Promise<Credentials>) | undefined;
  /** Milliseconds since 1970. */
  now?: (() => number) | undefined;
  /** How long to wait for AWS, in milliseconds. */
  patienceMilliseconds?: number | undefined;
};

/** The same margin as the SDK's: credentials must not expire while a request is being sent. */
const RENEWED_BEFORE_END_MILLISECONDS = 5 * 60_000;

/** Long enough for a keychain that prompts its user, short enough to report the failure before a function times out. */
const PATIENCE_MILLISECONDS = 30_000;

/**
 * Returns a function that returns credentials. It looks them up where the SDK does (environment, profile, role of the
 * function, container or machine), caches them, and renews them shortly before they expire. It throws CredentialsError.
 */
export function openCredentials(options: CredentialsOptions = {}): () => Promise<Credentials> {
  const { roleArn, now = Date.now, patienceMilliseconds = PATIENCE_MILLISECONDS } = options;
  // One provider for all look-ups, because the SDK's chain remembers which of its sources has credentials.
  let provider = options.lookUp;
  const lookUp = async () => {
    provider ??= await openProvider(roleArn);
    return provider();
  };
  return cached(
    () =>
      withTimeLimit(patienceMilliseconds, lookUp()).catch((error: unknown) => {
        throw error instanceof CredentialsError ? error : new CredentialsError(adviceOn(error, roleArn));
      }),
    ({ expiration }) =>
      expiration === undefined
        ? Number.POSITIVE_INFINITY
        : expiration.getTime() - RENEWED_BEFORE_END_MILLISECONDS,
    now,
  );
}

async function openProvider(roleArn: string | undefined): Promise<() => Promise<Credentials>> {
  const { fromNodeProviderChain, fromTemporaryCredentials } = await import('@aws-sdk/credential-providers');
  if (roleArn === undefined) return fromNodeProviderChain();
  return fromTemporaryCredentials({
    params: { RoleArn: roleArn, RoleSessionName: 'antrea-health-report' },
    clientConfig: {
      requestHandler: { connectionTimeout: 3000, requestTimeout: 10_000, throwOnRequestTimeout: true },
    },
  });
}

async function withTimeLimit<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const timer = new AbortController();
  try {
    return await Promise.race([work, rejectAfter(milliseconds, timer.signal)]);
  } finally {
    timer.abort();
  }
}

async function rejectAfter(milliseconds: number, signal: AbortSignal): Promise<never> {
  // The timer is aborted when the work has ended; nothing waits for this promise any more.
  await sleep(milliseconds, undefined, { signal }).catch(() => {});
  throw new CredentialsError(
    `AWS returned no credentials within ${milliseconds / 1000} s; check the connection to its metadata and STS endpoints`,
  );
}

function adviceOn(error: unknown, roleArn: string | undefined): string {
  const { name, status } = describeFailure(error);
  if (roleArn !== undefined && (name === 'AccessDenied' || name === 'AccessDeniedException'))
    return `AWS does not allow to assume the role ${roleArn} (${name}); allow sts:AssumeRole on it, and trust the caller in the role’s trust policy`;
  const advice = credentialsAdvice(error);
  if (advice !== undefined) return advice;
  const subject = roleArn === undefined ? 'credentials' : `credentials for the role ${roleArn}`;
  return status === undefined
    ? `cannot get ${subject} from AWS (${name}); check the connection to its STS endpoint`
    : `AWS returned no ${subject} (${name}); check its ARN`;
}
