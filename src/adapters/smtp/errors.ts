import { oneLine } from '../../service/digest/mail/text.ts';
import { MailError } from '../../service/digest/mail/transport.ts';
import type { Refusal } from '../../service/digest/outcome.ts';
import { hideSecrets } from '../secrets/hide.ts';

/** What errors name, and the secrets that they must not contain. */
export type SmtpServer = {
  /** host:port */
  address: string;
  secrets: readonly string[];
};

/** The known facts of a failure; nodemailer's codes: https://nodemailer.com/errors */
type SmtpFault = {
  /** Nodemailer's code, which names the step that failed. */
  code: string;
  /** The code of Node or OpenSSL that caused it. */
  origin: string;
  /** The command that the server refused. */
  command: string;
  /** Status of the server's reply; 0 without a reply. */
  status: number;
  reply: string;
  /** The timer of nodemailer that expired. */
  timer: string;
};

type Advice = { advice: string; retry: boolean };

/** Node's names for untrusted certificates, which are OpenSSL's X509 errors. */
const CERTIFICATE = /CERT|SELF_SIGNED|^UNABLE_TO_|ALTNAME|^HOSTNAME_MISMATCH$|^INVALID_CA$/;
/** OpenSSL received bytes that are not TLS. */
const NOT_TLS = /^(ERR_SSL_|EPROTO$)/;

const LONGEST_REPLY = 200;

function readFault(error: unknown): SmtpFault {
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

/** Returns the refusals of single recipients. @param errors nodemailer's `rejectedErrors` */
export function readRefusals(errors: readonly unknown[], { secrets }: SmtpServer): Refusal[] {
  return errors.map((error) => {
    const { status, reply } = readFault(error);
    const { recipient = '' } = error as { recipient?: string };
    return {
      recipient,
      reason: quoteReply(reply, secrets) || 'refused without a reason',
      retry: mayPass(status),
    };
  });
}

/**
 * Returns an error of nodemailer as one line for users.
 * @param hasBegun whether sending the message had begun
 */
export function toMailError(
  error: unknown,
  server: SmtpServer,
  sender: string,
  hasBegun: boolean,
): MailError {
  const fault = readFault(error);
  const { advice, retry } = explain(fault, quoteReply(fault.reply, server.secrets), sender);
  const mayHaveArrived = hasBegun && retry && fault.status === 0;
  const doubt = mayHaveArrived ? '; the message may have arrived' : '';
  return new MailError(`the mail server ${server.address} ${advice}${doubt}`, { retry, mayHaveArrived });
}

/** RFC 5321, 4.2.1: failures with status 4yz are transient. A missing reply (0) may be, too. */
const mayPass = (status: number) => status < 500;

function explain(fault: SmtpFault, reply: string, sender: string): Advice {
  const { code, origin, command, status } = fault;
  const retry = mayPass(status);
  if (CERTIFICATE.test(origin)) return explainCertificate(origin);
  if (NOT_TLS.test(origin))
    return final(
      `does not start with TLS (${origin}); set tls to required, or use its port for implicit TLS`,
    );
  if (code === 'ETLS' && status > 0)
    return final(
      `offers no encryption (${reply}); set tls to implicit and use that port, or set tls to none`,
    );
  if (code === 'EAUTH') return explainLogin(status);
  if (status === 530) return final(`requires a login (${reply}); set user and password`);
  if (command === 'MAIL FROM' && status > 0)
    return { advice: `does not accept mail from ${sender} (${reply}); use a sender that it allows`, retry };
  if (code === 'EMESSAGE' && status === 0)
    return final('does not accept messages of this size; attach fewer PDFs');
  if (status > 0 && (command === 'DATA' || command === 'RCPT TO'))
    return { advice: `refused the message (${reply})`, retry };
  if (status > 0)
    return { advice: `accepts no mail ${retry ? 'now' : 'from this machine'} (${reply})`, retry };
  return { advice: explainSilence(fault), retry: true };
}

function explainCertificate(origin: string): Advice {
  if (/EXPIRED|NOT_YET_VALID/.test(origin))
    return final(
      `has a certificate that is expired or not yet valid (${origin}); renew it, and check the clocks`,
    );
  return /ALTNAME|MISMATCH/.test(origin)
    ? final(`has a certificate for another name (${origin}); set host to the name in the certificate`)
    : final(`has a certificate of an unknown authority (${origin}); set caFile to its certificate`);
}

function explainLogin(status: number): Advice {
  // RFC 4954: 454 is a temporary failure of the server; servers without a login answer AUTH with 500 to 504.
  if (status > 0 && status < 500)
    return { advice: `cannot check the login now (${status}); try again later`, retry: true };
  return status >= 500 && status <= 504
    ? final(`offers no login (${status}); remove user and password, or use its port for submission`)
    : final(`does not accept the user or the password (${status || 'no reply'}); check both`);
}

function explainSilence({ code, origin, timer }: SmtpFault): string {
  const name = origin || code;
  if (code === 'EDNS') return `cannot be found by its name (${name}); check the host name and the network`;
  if (code === 'EABORT' || code === 'AbortError') return 'did not accept the message within the time limit';
  if (timer === 'GREETING_TIMEOUT')
    return 'sends no greeting; set tls to implicit if this is a port for implicit TLS, else try again later';
  if (/^E(CONNREFUSED|HOSTUNREACH|NETUNREACH)$/.test(name) || timer === 'CONNECT_TIMEOUT')
    return `cannot be reached (${timer || name}); check host, port and network`;
  return `gave no answer (${timer || name})`;
}

const final = (advice: string): Advice => ({ advice, retry: false });

/** Returns a server's reply on one line without secrets, because some servers repeat what they received. */
function quoteReply(reply: string, secrets: readonly string[]): string {
  return oneLine(hideSecrets(reply, secrets), LONGEST_REPLY);
}
