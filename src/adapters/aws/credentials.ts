import { setTimeout as sleep } from 'node:timers/promises';
import { cached } from './cached.ts';
import { CredentialsError, credentialsAdvice, faultOf } from './errors.ts';

/** Who asks AWS. All but `accessKeyId` and `expiration` is secret. */
export type Credentials = {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  /** When they end; those without never do. */
  expiration?: Date;
};

export type CredentialsOptions = {
  /** The ARN of a role to ask as; without it, whoever the SDK's usual places name. */
  roleArn?: string;
  /** Takes the place of the SDK's providers, in tests. */
  lookUp?: () => Promise<Credentials>;
  /** Milliseconds since 1970. */
  now?: () => number;
  /** Until AWS is given up on, in milliseconds. */
  patienceMilliseconds?: number;
};

/** As the SDK has it: a request under way must not outlive them. */
const RENEWED_BEFORE_END_MILLISECONDS = 5 * 60_000;

/** Long enough for a keychain that asks its owner, short enough to say something before a function's time is over. */
const PATIENCE_MILLISECONDS = 30_000;

/**
 * Looks up credentials where the SDK does (environment, profile, role of the function, container or machine) and asks
 * again shortly before they end.
 * @returns a function that throws CredentialsError
 */
export function openCredentials(options: CredentialsOptions = {}): () => Promise<Credentials> {
  const { roleArn, now = Date.now, patienceMilliseconds = PATIENCE_MILLISECONDS } = options;
  // Opened once: the SDK's own chain remembers which of the places had something.
  let provider = options.lookUp;
  const ask = async () => {
    provider ??= await openProvider(roleArn);
    return provider();
  };
  return cached(
    () =>
      within(patienceMilliseconds, ask()).catch((error: unknown) => {
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

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const timer = new AbortController();
  try {
    return await Promise.race([work, expire(milliseconds, timer.signal)]);
  } finally {
    timer.abort();
  }
}

async function expire(milliseconds: number, signal: AbortSignal): Promise<never> {
  // Called off once there is an answer; nobody is waiting for this any more then.
  await sleep(milliseconds, undefined, { signal }).catch(() => {});
  throw new CredentialsError(
    `AWS gave no credentials within ${milliseconds / 1000} s; check the way to its metadata and STS endpoints`,
  );
}

function adviceOn(error: unknown, roleArn: string | undefined): string {
  const { name, status } = faultOf(error);
  if (roleArn !== undefined && (name === 'AccessDenied' || name === 'AccessDeniedException'))
    return `AWS refuses to give the role ${roleArn} (${name}); allow sts:AssumeRole on it, and trust the caller in the role’s trust policy`;
  const advice = credentialsAdvice(error);
  if (advice !== undefined) return advice;
  const asked = roleArn === undefined ? 'for credentials' : `for the role ${roleArn}`;
  return status === undefined
    ? `cannot ask AWS ${asked} (${name}); check the way to its STS endpoint`
    : `AWS does not answer when asked ${asked} (${name}); check its ARN`;
}
