import { Readable } from 'node:stream';
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { createTransport } from 'nodemailer';
import {
  endWith,
  envelopesOf,
  MailError,
  type MailTransport,
  type OutgoingMail,
  type SendOutcome,
} from '../../service/digest/mail/transport.ts';
import { refusalsOf, type SmtpPlace, toMailError } from './errors.ts';

export type SmtpOptions = {
  host: string;
  /** 465 with implicit TLS, else 587. */
  port?: number | undefined;
  /**
   * `required`: the connection turns to TLS before anything else is said (STARTTLS), or ends; `implicit`: TLS from the
   * first byte; `none`: nothing is encrypted, whatever the server offers. Required unless told, implicit at port 465.
   */
  tls?: 'required' | 'implicit' | 'none' | undefined;
  /** A login, without which nothing is sent. */
  user?: string | undefined;
  password?: string | undefined;
  /** Certificates in PEM form to trust beside the usual ones. */
  certificateAuthority?: string | undefined;
  /** How long the server may take to greet, and to answer anything, in milliseconds. */
  greetingLimitMilliseconds?: number | undefined;
  silenceLimitMilliseconds?: number | undefined;
};

/** RFC 5321, 4.5.3.1.8: every server takes so many recipients at once. */
const LARGEST_ENVELOPE = 100;

/**
 * Nodemailer waits two minutes for a connection and ten for an answer, as RFC 5321 (4.5.3.2) asks of servers that have
 * all day. A function has a quarter of an hour, and the next run sends what this one could not.
 */
const GREETING_LIMIT_MILLISECONDS = 10_000;
const SILENCE_LIMIT_MILLISECONDS = 60_000;

/** Sends by SMTP; a connection for each envelope. Nothing is asked of the server before the first message. */
export function openSmtpTransport(options: SmtpOptions): MailTransport {
  const { host, user, password } = options;
  const tls = options.tls ?? (options.port === 465 ? 'implicit' : 'required');
  const port = options.port ?? (tls === 'implicit' ? 465 : 587);
  const greetingTimeout = options.greetingLimitMilliseconds ?? GREETING_LIMIT_MILLISECONDS;
  const transporter = createTransport({
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'required',
    ignoreTLS: tls === 'none',
    // Without forceAuth a server that offers no login would get the mail without one.
    ...(user !== undefined && { auth: { user, pass: password ?? '' }, forceAuth: true }),
    tls: trustOf(options.certificateAuthority),
    connectionTimeout: greetingTimeout * 2,
    greetingTimeout,
    socketTimeout: options.silenceLimitMilliseconds ?? SILENCE_LIMIT_MILLISECONDS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const place: SmtpPlace = { server: `${host}:${port}`, secrets: password ? [password] : [] };

  /** One envelope. @throws MailError, but not for recipients that were all refused */
  async function submit(
    mail: OutgoingMail,
    recipients: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<SendOutcome> {
    // Read once the server has let us in: what fails before has sent nothing for certain.
    let isBegun = false;
    const raw = new Readable({
      read() {
        isBegun = true;
        this.push(mail.raw);
        this.push(null);
      },
    });
    try {
      const { accepted = [], rejectedErrors = [] } = await transporter.sendMail({
        // A size that the server has said it does not take is not even sent.
        envelope: { from: mail.from, to: [...recipients], size: mail.raw.byteLength },
        raw,
        ...(signal && { signal }),
      });
      return { accepted: accepted.map(String), refused: refusalsOf(rejectedErrors, place) };
    } catch (error) {
      const { rejectedErrors = [] } = error as { rejectedErrors?: unknown[] };
      if (rejectedErrors.length < recipients.length) throw toMailError(error, place, mail.from, isBegun);
      return { accepted: [], refused: refusalsOf(rejectedErrors, place) };
    }
  }

  async function send(mail: OutgoingMail, { signal }: { signal?: AbortSignal } = {}): Promise<SendOutcome> {
    let outcome: SendOutcome = { accepted: [], refused: [] };
    const envelopes = envelopesOf(mail.recipients, LARGEST_ENVELOPE);
    for (const [index, recipients] of envelopes.entries()) {
      try {
        const { accepted, refused } = await submit(mail, recipients, signal);
        outcome = {
          accepted: [...outcome.accepted, ...accepted],
          refused: [...outcome.refused, ...refused],
        };
      } catch (error) {
        if (!(error instanceof MailError)) throw error;
        return endWith(error, outcome, envelopes.slice(index).flat());
      }
    }
    return outcome;
  }

  return { send, close: () => transporter.close() };
}

/** Read once: the usual authorities are many, and each connection would read them again. */
function trustOf(certificateAuthority: string | undefined): { secureContext?: SecureContext } {
  if (certificateAuthority === undefined) return {};
  return { secureContext: createSecureContext({ ca: [...getCACertificates(), certificateAuthority] }) };
}
