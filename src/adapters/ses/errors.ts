import { oneLine } from '../../service/digest/mail/text.ts';
import { MailError } from '../../service/digest/mail/transport.ts';

/** What the messages name. */
export type SesPlace = {
  region: string;
  endpoint: string | undefined;
  configurationSetName: string | undefined;
};

export type SesFailure =
  /** Nothing of this envelope, nor of another one, goes through. */
  | { of: 'everything'; error: MailError }
  /** An address among the envelope's: those that SES names, or any when it names none. */
  | { of: 'an address'; named: string[]; reason: string };

type SesAnswer = {
  /** The HTTP status, 0 when there was no answer. */
  status: number;
  /** SES's name of the error, else Node's code, else the error's name. */
  code: string;
  message: string;
};

const CREDENTIALS_REFUSED =
  /^(UnrecognizedClientException|InvalidClientTokenId|InvalidSignatureException|SignatureDoesNotMatch|IncompleteSignature|MissingAuthenticationToken(Exception)?)$/;
const SESSION_ENDED = /^(ExpiredToken(Exception)?|RequestExpired)$/;
/** "ThrottlingException" of SES's own documentation, and the other names that AWS's services have for it. */
const BUSY = /Throttl|^(TooManyRequestsException|RequestTimeout|ServiceUnavailable)/;
/** Node's codes of connections, names and certificates, and the SDK's name for its own time limits. */
const NETWORK = /^(E[A-Z_]+|CERT_\w+|DEPTH_\w+|UNABLE_\w+|ERR_(TLS|SSL|SOCKET)_\w+|TimeoutError)$/;
/** Those of them that come before anything was said. */
const UNREACHED = /^(E(CONNREFUSED|HOSTUNREACH|NETUNREACH|NOTFOUND|AI_AGAIN)|CERT_|DEPTH_|UNABLE_|ERR_TLS)/;

/**
 * What SES says of an address that it cannot read: "Missing final '@domain'", "Domain contains illegal character",
 * "Local address contains control or whitespace", "Illegal address", "Invalid email address". The whole message is
 * rejected for it: https://docs.aws.amazon.com/ses/latest/APIReference/API_SendRawEmail.html
 */
const ABOUT_ADDRESSES = /address|domain|recipient|mailbox/i;

/** "Email address is not verified. The following identities failed the check in region EU-WEST-1: a@b.c, d@e.f" */
const UNVERIFIED = /not verified.*?:\s*(.+)$/is;

const LONGEST_QUOTE = 200;

/**
 * What a failed SendEmail means. SES's errors:
 * https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html#API_SendEmail_Errors
 */
export function readFailure(
  error: unknown,
  place: SesPlace,
  mail: { from: string; recipients: readonly string[] },
): SesFailure {
  const answer = answerOf(error);
  const { code, message } = answer;
  if (/^(BadRequestException|MessageRejected|InvalidParameterValue)/.test(code)) {
    const unverified = namedIn(UNVERIFIED.exec(message)?.[1] ?? '');
    const named = mail.recipients.filter((recipient) => unverified.includes(recipient.toLowerCase()));
    if (named.length > 0) {
      const reason =
        'SES’s sandbox sends to verified addresses only; verify it, or ask AWS for production access';
      return { of: 'an address', named, reason };
    }
    if (unverified.length > 0) return everything(unverifiedSender(mail.from, place), false);
    if (ABOUT_ADDRESSES.test(message))
      return { of: 'an address', named: [], reason: `SES does not take the address (${quote(message)})` };
  }
  const mayHaveArrived = answer.status === 0 && NETWORK.test(code) && !UNREACHED.test(code);
  return everything(explain(answer, place, mail.from), isPassing(answer), mayHaveArrived);
}

const everything = (advice: string, retry: boolean, mayHaveArrived = false): SesFailure => ({
  of: 'everything',
  error: new MailError(`Amazon SES ${advice}`, { retry, mayHaveArrived }),
});

function answerOf(error: unknown): SesAnswer {
  const { code, name, message, $metadata } = (error ?? {}) as {
    code?: string;
    name?: string;
    message?: string;
    $metadata?: { httpStatusCode?: number };
  };
  const status = $metadata?.httpStatusCode ?? 0;
  // A network error is named "Error" or "TimeoutError" and has a code; what SES answers has a name.
  const own = name !== undefined && name !== 'Error' ? name : (code ?? 'error');
  return { status, code: own === 'AbortError' ? 'TimeoutError' : own, message: message ?? '' };
}

const namedIn = (list: string): string[] =>
  list
    .toLowerCase()
    .split(/[\s,;]+/)
    .filter((name) => name !== '');

/** What goes by itself: no answer, too many messages in a second or a day, a failure of the server. */
function isPassing({ status, code }: SesAnswer): boolean {
  if (status === 0) return NETWORK.test(code);
  return status === 429 || status >= 500 || BUSY.test(code) || code === 'LimitExceededException';
}

function explain(answer: SesAnswer, place: SesPlace, from: string): string {
  const { status, code, message } = answer;
  if (status === 0) return explainSilence(answer, place);
  if (CREDENTIALS_REFUSED.test(code)) return `did not accept the AWS credentials (${code}); check the keys`;
  if (SESSION_ENDED.test(code)) return `did not accept the AWS session (${code}); sign in again`;
  if (/quota/i.test(message) || code === 'LimitExceededException')
    return `sends no more today (${quote(message) || code}); ask AWS for a higher sending quota`;
  if (isPassing(answer)) return `is busy (${status} ${code}); try again later`;
  switch (code) {
    case 'AccountSuspendedException':
      return `sends nothing for this account any more (${code}); see the account dashboard of SES in ${place.region}`;
    case 'SendingPausedException':
      return `has paused sending (${code}); resume it for the account${ofSet(place, ' and for')} in ${place.region}`;
    case 'MailFromDomainNotVerifiedException':
      return `finds no MX record for the MAIL FROM domain of ${from} (${code}); complete its DNS records`;
    case 'NotFoundException':
      return `does not know${ofSet(place, '') || ' what was named'} in ${place.region} (${code}); create it, or leave it out`;
    case 'MessageRejected':
      return `rejected the message (${quote(message)})`;
  }
  // Content.Raw needs the second one: "is not authorized to perform ses:SendRawEmail".
  if (status === 401 || status === 403)
    return `denied access (${code}); allow ses:SendEmail and ses:SendRawEmail on the identity of ${from}${ofSet(place, ' and on')}`;
  return `refused the message (${status} ${code}: ${quote(message)})`;
}

function unverifiedSender(from: string, { region }: SesPlace): string {
  return `has not verified ${from} in ${region}; verify the address or its domain there, or name another sender`;
}

function ofSet({ configurationSetName }: SesPlace, joint: string): string {
  return configurationSetName ? `${joint} the configuration set ${configurationSetName}` : '';
}

function explainSilence({ code, message }: SesAnswer, { endpoint, region }: SesPlace): string {
  if (message === 'Region is missing') return 'cannot be reached without a region; set AWS_REGION';
  if (/^(CredentialsProviderError|ProviderError|TokenProviderError|CredentialsError)$/.test(code))
    return 'needs AWS credentials, and none were found; give the function a role, or set AWS_PROFILE';
  const where = endpoint && URL.canParse(endpoint) ? new URL(endpoint).origin : region;
  if (UNREACHED.test(code)) return `cannot be reached at ${where} (${code}); check the network`;
  if (NETWORK.test(code)) return `gave no answer at ${where} (${code}); the message may have been taken`;
  return `cannot be asked (${code})`;
}

const quote = (message: string) => oneLine(message, LONGEST_QUOTE);
