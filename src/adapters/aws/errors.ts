import { UserError } from '../../report/model/user-error.ts';

/** AWS gave no credentials. */
export class CredentialsError extends UserError {
  override readonly name = 'CredentialsError';
}

/**
 * What errors of the SDK say of themselves. Their messages and other fields are left alone on purpose: some quote the
 * answer that could not be understood, which is the secret, or the command line of a `credential_process`.
 */
export type Fault = {
  /** AWS's name of the error, "AccessDeniedException", or the network's code, "ECONNREFUSED". */
  name: string;
  /** Of AWS's answer; `undefined` when there was none. */
  status: number | undefined;
};

export function faultOf(error: unknown): Fault {
  const { name, code, $metadata } = (error ?? {}) as {
    name?: unknown;
    code?: unknown;
    $metadata?: { httpStatusCode?: number };
  };
  const status = $metadata?.httpStatusCode;
  // A network error is named "Error" and has a code; "TimeoutError" says more than its code.
  if (typeof name === 'string' && name !== 'Error') return { name, status };
  return { name: typeof code === 'string' ? code : 'unknown error', status };
}

/** What to do when the SDK found nobody to ask as, or AWS does not know those it found; nothing for other errors. */
export function credentialsAdvice(error: unknown): string | undefined {
  const { name } = faultOf(error);
  const message = error instanceof Error ? error.message : '';
  if (['CredentialsProviderError', 'ProviderError', 'TokenProviderError'].includes(name))
    return /\bsso\b/i.test(message)
      ? 'the AWS single sign-on session is over or was not begun; run "aws sso login"'
      : 'no AWS credentials were found; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run where a role is attached';
  if (REFUSED.includes(name))
    return `AWS refused the credentials (${name}); renew them, and check this machine’s clock`;
  return undefined;
}

/** What SSM, Secrets Manager and STS call credentials that are wrong, over, or of another time. */
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
