import { oneLine } from '../../service/digest/mail/text.ts';
import { MailError, type Refusal } from '../../service/digest/mail/transport.ts';

/** What the messages name, and what they must never hold. */
export type SmtpPlace = {
  /** host:port */
  server: string;
  secrets: readonly string[];
};

/** What is known of a failure; nodemailer's codes: https://nodemailer.com/errors */
type SmtpFault = {
  /** Nodemailer's code: which step failed. */
  code: string;
  /** Node's or OpenSSL's code behind it. */
  origin: string;
  /** The command that was refused. */
  command: string;
  /** Of the server's reply; 0 when there was none. */
  status: number;
  reply: string;
  /** Which of nodemailer's timers rang. */
  timer: string;
};

/** Node's names for certificates that are not to be trusted, X509 errors of OpenSSL. */
const CERTIFICATE = /CERT|SELF_SIGNED|^UNABLE_TO_|ALTNAME|^HOSTNAME_MISMATCH$|^INVALID_CA$/;
/** OpenSSL met bytes that are no TLS. */
const NOT_TLS = /^(ERR_SSL_|EPROTO$)/;

const LONGEST_REPLY = 200;

function faultOf(error: unknown): SmtpFault {
  const { name, code, originalCode, command, responseCode, response, timeoutType } = error as {
    name?: string;
    code?: string;
    originalCode?: string;
    command?: string;
    responseCode?: number;
    response?: string;
    timeoutType?: string;
  };
  return {
    code: code ?? name ?? 'error',
    origin: originalCode ?? '',
    command: command ?? '',
    status: responseCode ?? 0,
    reply: response ?? '',
    timer: timeoutType ?? '',
  };
}

/** The recipients that were refused one by one: those of a message that others got, or all of them. */
export function refusalsOf(errors: readonly unknown[], { secrets }: SmtpPlace): Refusal[] {
  return errors.map((error) => {
    const { status, reply } = faultOf(error);
    const { recipient = '' } = error as { recipient?: string };
    return {
      recipient,
      reason: saying(reply, secrets) || 'refused without a word',
      retry: isPassing(status),
    };
  });
}

/**
 * An error of nodemailer as one line for people.
 * @param isBegun whether the message was on its way to the server
 */
export function toMailError(error: unknown, place: SmtpPlace, sender: string, isBegun: boolean): MailError {
  const fault = faultOf(error);
  const said = saying(fault.reply, place.secrets);
  const { advice, retry } = explain(fault, said, sender);
  const mayHaveArrived = isBegun && retry && fault.status === 0;
  const doubt = mayHaveArrived ? '; the message may have arrived' : '';
  return new MailError(`the mail server ${place.server} ${advice}${doubt}`, { retry, mayHaveArrived });
}

/** RFC 5321, 4.2.1: 4yz may pass. So may silence. */
const isPassing = (status: number) => status < 500;

function explain(fault: SmtpFault, said: string, sender: string): { advice: string; retry: boolean } {
  const { code, origin, command, status } = fault;
  const retry = isPassing(status);
  if (CERTIFICATE.test(origin)) return explainCertificate(origin);
  if (NOT_TLS.test(origin))
    return final(
      `does not begin with TLS (${origin}); set tls to required, or name its port for implicit TLS`,
    );
  if (code === 'ETLS' && status > 0)
    return final(`offers no encryption (${said}); set tls to implicit and name its port, or set tls to none`);
  if (code === 'EAUTH') return explainLogin(status);
  if (status === 530) return final(`wants a login (${said}); give a user and a password`);
  if (command === 'MAIL FROM' && status > 0)
    return { advice: `does not take mail from ${sender} (${said}); name a sender that it allows`, retry };
  if (code === 'EMESSAGE' && status === 0) return final('takes no message of this size; attach fewer PDFs');
  if (status > 0 && (command === 'DATA' || command === 'RCPT TO'))
    return { advice: `refused the message (${said})`, retry };
  if (status > 0) return { advice: `takes no mail ${retry ? 'now' : 'from this machine'} (${said})`, retry };
  return { advice: explainSilence(fault), retry: true };
}

function explainCertificate(origin: string): { advice: string; retry: boolean } {
  if (/EXPIRED|NOT_YET_VALID/.test(origin))
    return final(`shows a certificate that is not valid today (${origin}); renew it, and check the clocks`);
  return /ALTNAME|MISMATCH/.test(origin)
    ? final(`shows a certificate of another name (${origin}); name the host as in its certificate`)
    : final(`shows a certificate that nobody here trusts (${origin}); name its authority in caFile`);
}

function explainLogin(status: number): { advice: string; retry: boolean } {
  // RFC 4954: 454 is a failure of the server’s own; 500 to 504 are what servers without a login say to AUTH.
  if (status > 0 && status < 500)
    return { advice: `cannot check the login now (${status}); try again later`, retry: true };
  return status >= 500 && status <= 504
    ? final(`has no login (${status}); leave out user and password, or name its port for submission`)
    : final(`does not accept the user or the password (${status || 'no reply'}); check both`);
}

function explainSilence({ code, origin, timer }: SmtpFault): string {
  const name = origin || code;
  if (code === 'EDNS') return `has no address (${name}); check the host’s name and the network`;
  if (code === 'EABORT' || code === 'AbortError') return 'did not take the message in the time there was';
  if (timer === 'GREETING_TIMEOUT')
    return 'says nothing; a port for implicit TLS wants tls to be implicit, else try again later';
  if (/^E(CONNREFUSED|HOSTUNREACH|NETUNREACH)$/.test(name) || timer === 'CONNECT_TIMEOUT')
    return `cannot be reached (${timer || name}); check host, port and network`;
  return `went away without an answer (${timer || name})`;
}

const final = (advice: string) => ({ advice, retry: false });

/** A server's own words in one line. Some repeat what they were sent. */
function saying(reply: string, secrets: readonly string[]): string {
  const known = secrets.flatMap((secret) => [secret, Buffer.from(secret).toString('base64')]);
  return oneLine(
    known.reduce((text, secret) => text.replaceAll(secret, '…'), reply),
    LONGEST_REPLY,
  );
}
