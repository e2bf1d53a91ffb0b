import { Readable } from 'node:stream';
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { createTransport, type Transporter } from 'nodemailer';
import {
  MailError,
  type MailTransport,
  type OutgoingMail,
  splitIntoEnvelopes,
} from '../../service/digest/mail/transport.ts';
import { endWith, type SendOutcome } from '../../service/digest/outcome.ts';
import { readRefusals, type SmtpServer, toMailError } from './errors.ts';

export type SmtpOptions = {
  host: string;
  /** 465 with implicit TLS, else 587. */
  port?: number | undefined;
  /**
   * `required`: the connection switches to TLS before anything else (STARTTLS), or ends. `implicit`: TLS from the first
   * byte. `none`: no encryption, even if the server offers it. By default implicit at port 465, else required.
   */
  tls?: 'required' | 'implicit' | 'none' | undefined;
  /** A login, without which nothing is sent. */
  user?: string | undefined;
  password?: string | undefined;
  /** PEM certificates to trust in addition to the system's. */
  certificateAuthority?: string | undefined;
  /** Time limits for the server's greeting and for every other answer. */
  greetingLimitMilliseconds?: number | undefined;
  silenceLimitMilliseconds?: number | undefined;
};

/** RFC 5321, 4.5.3.1.8: every server must accept this many recipients at once. */
const LARGEST_ENVELOPE = 100;

/**
 * Nodemailer waits two minutes for a connection and ten for an answer, which RFC 5321 (4.5.3.2) recommends for servers.
 * A Lambda function ends after 15 minutes, and the next run sends what this one could not.
 */
const GREETING_LIMIT_MILLISECONDS = 10_000;
const SILENCE_LIMIT_MILLISECONDS = 60_000;

/** Sends by SMTP, with one connection per envelope. It connects with the first message. */
export function openSmtpTransport(options: SmtpOptions): MailTransport {
  const { host, user, password } = options;
  const tls = options.tls ?? (options.port === 465 ? 'implicit' : 'required');
  const port = options.port ?? (tls === 'implicit' ? 465 : 587);
  const transporter = createTransporter({ ...options, tls, port });
  // AUTH PLAIN sends both in one text (RFC 4616).
  const secrets = password ? [password, `\0${user}\0${password}`] : [];
  const server: SmtpServer = { address: `${host}:${port}`, secrets };

  async function send(
    mail: OutgoingMail,
    { signal }: { signal?: AbortSignal | undefined } = {},
  ): Promise<SendOutcome> {
    const outcome: SendOutcome = { accepted: [], refused: [] };
    const envelopes = splitIntoEnvelopes(mail.recipients, LARGEST_ENVELOPE);
    for (const [index, recipients] of envelopes.entries()) {
      try {
        const { accepted, refused } = await submit(transporter, { ...mail, recipients }, server, signal);
        outcome.accepted.push(...accepted);
        outcome.refused.push(...refused);
      } catch (error) {
        if (!(error instanceof MailError)) throw error;
        return endWith(error, outcome, envelopes.slice(index).flat());
      }
    }
    return outcome;
  }

  return { send, close: () => transporter.close() };
}

function createTransporter(options: SmtpOptions & { port: number }): Transporter {
  const { host, port, tls, user, password } = options;
  const greetingTimeout = options.greetingLimitMilliseconds ?? GREETING_LIMIT_MILLISECONDS;
  return createTransport({
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'required',
    ignoreTLS: tls === 'none',
    // forceAuth: otherwise a server that offers no login would get the mail without one.
    ...(user !== undefined && { auth: { user, pass: password ?? '' }, forceAuth: true }),
    tls: { secureContext: trust(options.certificateAuthority) },
    connectionTimeout: greetingTimeout * 2,
    greetingTimeout,
    socketTimeout: options.silenceLimitMilliseconds ?? SILENCE_LIMIT_MILLISECONDS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

/** Sends one envelope. @throws MailError unless the server refused each recipient by itself */
async function submit(
  transporter: Transporter,
  mail: OutgoingMail,
  server: SmtpServer,
  signal: AbortSignal | undefined,
): Promise<SendOutcome> {
  // Set when the server asks for the message: before that, it certainly has not arrived.
  let hasBegun = false;
  const raw = new Readable({
    read() {
      hasBegun = true;
      this.push(mail.raw);
      this.push(null);
    },
  });
  try {
    const { accepted = [], rejectedErrors = [] } = await transporter.sendMail({
      // With the size, Nodemailer does not even start to send what the server has announced as too large.
      envelope: { from: mail.from, to: [...mail.recipients], size: mail.raw.byteLength },
      raw,
      ...(signal && { signal }),
    });
    return { accepted: accepted.map(String), refused: readRefusals(rejectedErrors, server) };
  } catch (error) {
    const { rejectedErrors = [] } = error as { rejectedErrors?: unknown[] };
    if (rejectedErrors.length < mail.recipients.length) throw toMailError(error, server, mail.from, hasBegun);
    return { accepted: [], refused: readRefusals(rejectedErrors, server) };
  }
}

/** Reads the certificates once, because the system's are many and each connection would read them again. */
function trust(certificateAuthority: string | undefined): SecureContext | undefined {
  if (certificateAuthority === undefined) return undefined;
  return createSecureContext({ ca: [...getCACertificates(), certificateAuthority] });
}
