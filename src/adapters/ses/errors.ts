import { oneLine } from '../../service/digest/mail/text.ts';
import { MailError } from '../../service/digest/mail/transport.ts';

/** The settings that errors name. */
export type SesServer = {
  region: string;
  endpoint?: string | undefined;
  configurationSetName?: string | undefined;
};

export type SesFailure =
  /** Concerns every envelope. */
  | { of: 'everything'; error: MailError }
  /** Concerns some addresses of the envelope; `named` is empty if SES does not say which. */
  | { of: 'an address'; named: string[]; reason: string };

type SesAnswer = {
  /** HTTP status; 0 without an answer. */
  status: number;
  /** SES's name of the error, or else Node's code, or else the error's name. */
  code: string;
  message: string;
};

const CREDENTIALS_REFUSED =
  /^(UnrecognizedClientException|InvalidClientTokenId|InvalidSignatureException|SignatureDoesNotMatch|IncompleteSignature|MissingAuthenticationToken(Exception)?)$/;
const SESSION_EXPIRED = /^(ExpiredToken(Exception)?|RequestExpired)$/;
const CREDENTIALS_MISSING = /^(CredentialsProviderError|ProviderError|TokenProviderError|CredentialsError)$/;
/** "ThrottlingException" in the documentation of SES, and the names that other AWS services use for it. */
const BUSY = /Throttl|^(TooManyRequestsException|RequestTimeout|ServiceUnavailable)/;
/** Node's codes for connections, names and certificates, and the SDK's name for its own time limits. */
const NETWORK = /^(E[A-Z_]+|CERT_\w+|DEPTH_\w+|UNABLE_\w+|ERR_(TLS|SSL|SOCKET)_\w+|TimeoutError)$/;
/** Those of them that occur before anything is sent. */
const UNREACHED = /^(E(CONNREFUSED|HOSTUNREACH|NETUNREACH|NOTFOUND|AI_AGAIN)|CERT_|DEPTH_|UNABLE_|ERR_TLS)/;

/**
 * Words in SES's messages about an invalid address, for which it rejects the whole message: "Missing final '@domain'",
 * "Domain contains illegal character", "Local address contains control or whitespace", "Illegal address", "Invalid
 * email address": https://docs.aws.amazon.com/ses/latest/APIReference/API_SendRawEmail.html
 */
const ABOUT_ADDRESSES = /address|domain|recipient|mailbox/i;

/** "Email address is not verified. The following identities failed the check in region EU-WEST-1: a@b.c, d@e.f" */
const UNVERIFIED = /not verified.*?:\s*(.+)$/is;

/**
 * The resource in "User `arn:…' is not authorized to perform `ses:SendRawEmail' on resource
 * `arn:aws:ses:eu-west-1:123456789012:identity/example.com'".
 */
const DENIED =
  /on resource:?\s+[`'"]?arn:[^\s:]+:ses:[^\s:]*:\d*:(?<kind>identity|configuration-set)\/(?<name>[^\s`'"]+)/i;

const LONGEST_QUOTE = 200;

/**
 * Returns what a failed SendEmail means. SES's errors:
 * https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html#API_SendEmail_Errors
 */
export function readFailure(
  error: unknown,
  server: SesServer,
  mail: { from: string; recipients: readonly string[] },
): SesFailure {
  const answer = readAnswer(error);
  const { code, message } = answer;
  if (/^(BadRequestException|MessageRejected|InvalidParameterValue)/.test(code)) {
    const unverified = splitAddresses(UNVERIFIED.exec(message)?.[1] ?? '');
    const named = mail.recipients.filter((recipient) => unverified.includes(recipient.toLowerCase()));
    if (named.length > 0) {
      const reason =
        'the SES sandbox sends only to verified addresses; verify this one, or ask AWS for production access';
      return { of: 'an address', named, reason };
    }
    if (unverified.length > 0) return everything(unverifiedSender(mail.from, server), false);
    if (ABOUT_ADDRESSES.test(message))
      return { of: 'an address', named: [], reason: `SES does not accept the address (${quote(message)})` };
  }
  const isUnreadable = isSuccess(answer.status);
  const isSilent = answer.status === 0 && NETWORK.test(code) && !UNREACHED.test(code);
  const mayHaveArrived = isUnreadable || isSilent;
  return everything(explain(answer, server, mail.from), mayPass(answer), mayHaveArrived);
}

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

/**
 * Whether a failed SendEmail has accepted the message nevertheless: SES answered with success, as its request id shows,
 * and the rest of the answer was cut off or damaged on the way. Without the id, another server may have answered.
 */
export function isAnsweredBySes(error: unknown): boolean {
  const { httpStatusCode = 0, requestId } =
    (error as { $metadata?: { httpStatusCode?: number; requestId?: string } } | null)?.$metadata ?? {};
  return isSuccess(httpStatusCode) && requestId !== undefined;
}

const everything = (advice: string, retry: boolean, mayHaveArrived = false): SesFailure => ({
  of: 'everything',
  error: new MailError(`Amazon SES ${advice}`, { retry, mayHaveArrived }),
});

function readAnswer(error: unknown): SesAnswer {
  const { code, name, message, $metadata } = (error ?? {}) as {
    code?: string;
    name?: string;
    message?: string;
    $metadata?: { httpStatusCode?: number };
  };
  const status = $metadata?.httpStatusCode ?? 0;
  // A network error has the name "Error" or "TimeoutError" and a code; an answer of SES has another name.
  const found = name !== undefined && name !== 'Error' ? name : (code ?? 'error');
  return { status, code: found === 'AbortError' ? 'TimeoutError' : found, message: message ?? '' };
}

const splitAddresses = (list: string): string[] =>
  list
    .toLowerCase()
    .split(/[\s,;]+/)
    .filter((name) => name !== '');

/** Whether the failure may pass by itself: no answer, too many messages per second or day, a failure of the server. */
function mayPass({ status, code }: SesAnswer): boolean {
  if (status === 0) return NETWORK.test(code);
  if (isSuccess(status)) return true;
  return status === 429 || status >= 500 || BUSY.test(code) || code === 'LimitExceededException';
}

function explain(answer: SesAnswer, server: SesServer, from: string): string {
  const { status, code, message } = answer;
  const { region } = server;
  if (status === 0) return explainSilence(answer, server);
  if (isSuccess(status))
    return `gave an answer that cannot be read (${status} ${code}); the message may have arrived`;
  if (CREDENTIALS_REFUSED.test(code)) return `did not accept the AWS credentials (${code}); check the keys`;
  if (SESSION_EXPIRED.test(code)) return `did not accept the AWS session (${code}); sign in again`;
  if (/quota/i.test(message) || code === 'LimitExceededException')
    return `has reached its sending quota (${quote(message) || code}); ask AWS for a higher one`;
  if (mayPass(answer)) return `is busy (${status} ${code}); try again later`;
  // The SDK could not parse the answer: proxies answer with HTML.
  if (code === 'SyntaxError')
    return `did not give this answer (${status}), which is not JSON; check the proxy, and the endpoint if you have set one`;
  switch (code) {
    case 'AccountSuspendedException':
      return `has suspended sending for this account (${code}); see the account dashboard of SES in ${region}`;
    case 'SendingPausedException':
      return `has paused sending (${code}); resume it for the account${ofSet(server, ' and for')} in ${region}`;
    case 'MailFromDomainNotVerifiedException':
      return `finds no MX record for the MAIL FROM domain of ${from} (${code}); complete its DNS records`;
    case 'NotFoundException':
      return `does not find${ofSet(server, '') || ' a resource of the request'} in ${region} (${code}); create it, or remove it from the configuration`;
    case 'MessageRejected':
      return `rejected the message (${quote(message)})`;
  }
  // Content.Raw needs the second one: "is not authorized to perform ses:SendRawEmail".
  if (status === 401 || status === 403)
    return `denied access (${code}); allow ses:SendEmail and ses:SendRawEmail on ${explainDenied(message, server, from)}`;
  return `refused the message (${status} ${code}: ${quote(message)})`;
}

/** Returns the resource that an error names: the identity of the sender or of a recipient, or the configuration set. */
function explainDenied(message: string, server: SesServer, from: string): string {
  const { kind, name = '' } = DENIED.exec(message)?.groups ?? {};
  if (kind === undefined) return `the identity of ${from}${ofSet(server, ' and on')}`;
  if (kind === 'configuration-set') return `the configuration set ${oneLine(name, LONGEST_QUOTE)}`;
  const identity = `the identity ${oneLine(name, LONGEST_QUOTE)}`;
  if (isIdentityOf(name, from)) return identity;
  return `${identity} too: while the account is in the SES sandbox, SES also checks the identities of recipients`;
}

/** Whether an identity, which is an address or a domain, covers an address. */
function isIdentityOf(identity: string, address: string): boolean {
  const [name, covered] = [identity.toLowerCase(), address.toLowerCase()];
  return covered === name || covered.endsWith(`@${name}`) || covered.endsWith(`.${name}`);
}

function unverifiedSender(from: string, { region }: SesServer): string {
  return `has not verified ${from} in ${region}; verify the address or its domain there, or use another sender`;
}

function ofSet({ configurationSetName }: SesServer, joint: string): string {
  return configurationSetName ? `${joint} the configuration set ${configurationSetName}` : '';
}

function explainSilence({ code, message }: SesAnswer, { endpoint, region }: SesServer): string {
  if (message === 'Region is missing') return 'cannot be reached without a region; set AWS_REGION';
  if (CREDENTIALS_MISSING.test(code))
    return 'needs AWS credentials, and none were found; give the function a role, or set AWS_PROFILE';
  const where = endpoint && URL.canParse(endpoint) ? new URL(endpoint).origin : region;
  if (UNREACHED.test(code)) return `cannot be reached at ${where} (${code}); check the network`;
  if (NETWORK.test(code)) return `gave no answer at ${where} (${code}); the message may have arrived`;
  return `cannot be called (${code})`;
}

const quote = (message: string) => oneLine(message, LONGEST_QUOTE);
