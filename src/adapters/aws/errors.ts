import { UserError } from '../../report/model/user-error.ts';

/** AWS returned no credentials. */
export class CredentialsError extends UserError {
  override readonly name = 'CredentialsError';
}

/**
 * The parts of an SDK error that are safe to print. Messages and other fields are left out on purpose: some quote a
 * response that could not be parsed, which is the secret, or the command line of a `credential_process`.
 */
export type Failure = {
  /** AWS's name of the error, "AccessDeniedException", or the network's code, "ECONNREFUSED". */
  name: string;
  /** The HTTP status of AWS's response; `undefined` when there was none. */
  status: number | undefined;
};

export function describeFailure(error: unknown): Failure {
  const { name, code, $metadata } = (error ?? {}) as {
    name?: unknown;
    code?: unknown;
    $metadata?: { httpStatusCode?: number };
  };
  const status = $metadata?.httpStatusCode;
  // A network error is named "Error" and has a code. For any other error, such as "TimeoutError", the name says more.
  if (typeof name === 'string' && name !== 'Error') return { name, status };
  return { name: typeof code === 'string' ? code : 'unknown error', status };
}

/**
 * Returns an error for logs, which print causes: a summary, and where the SDK failed. The text and the fields of the SDK's
 * error are left out, because AWS and proxies repeat in them the request that they refused, with its session token.
 */
export function causeWithoutText(error: unknown, summary: string): Error {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  return Object.assign(new Error(summary), { stack: [`Error: ${summary}`, ...frames].join('\n') });
}

/** Returns what to do when the SDK found no credentials or AWS refused them; `undefined` for other errors. */
export function credentialsAdvice(error: unknown): string | undefined {
  const { name } = describeFailure(error);
  const message = error instanceof Error ? error.message : '';
  if (['CredentialsProviderError', 'ProviderError', 'TokenProviderError'].includes(name))
    return /\bsso\b/i.test(message)
      ? 'there is no valid AWS single sign-on session; run "aws sso login"'
      : 'no AWS credentials were found; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run where a role is attached';
  if (REFUSED.includes(name))
    return `AWS refused the credentials (${name}); renew them, and check this machine’s clock`;
  return undefined;
}

/** Error names of SSM, Secrets Manager and STS for credentials that are wrong or expired, or for a wrong clock. */
const REFUSED = [
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'IncompleteSignature',
  'ExpiredToken',
  'ExpiredTokenException',
  'RequestExpired',
  'InvalidAccessKeyId',
  'MissingAuthenticationTokenException',
];
