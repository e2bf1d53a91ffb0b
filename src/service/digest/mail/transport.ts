import { UserError } from '../../../report/model/user-error.ts';

/** Ways for a message to leave the house: Amazon SES (`ses.ts`) and SMTP (`smtp.ts`). `send.ts` has the patience. */

export type OutgoingMail = {
  /** The envelope's sender: an address alone, as `toEnvelopeAddress` writes it, and that of the message's From. */
  from: string;
  /** The same of the recipients, each once. Whether the message names them is its own affair. */
  recipients: readonly string[];
  /** The message, whole: MIME with CRLF at the ends of its lines. */
  raw: Uint8Array;
};

export type Refusal = {
  recipient: string;
  /** One line. */
  reason: string;
  /** Whether the same message may be taken later with nothing changed. */
  retry: boolean;
  /** No answer came, and the server may have taken the message all the same. */
  mayHaveArrived?: true;
};

/** What has become of each recipient. Accepted is not delivered: bounces come to the sender's mailbox. */
export type SendOutcome = { accepted: string[]; refused: Refusal[] };

export type MailTransport = {
  /**
   * Tries once for every recipient, without pauses. When the server fails halfway, those who were not reached are
   * refused with that reason, since the others have the message already.
   * @param limits.signal ends it, whatever it is waiting for
   * @throws MailError when nothing is known of anybody
   */
  send(mail: OutgoingMail, limits?: { signal?: AbortSignal }): Promise<SendOutcome>;

  /** Lets go of connections. */
  close(): void | Promise<void>;
};

/**
 * Nothing could be sent at all. The message is one line that names what to change. There is no cause on purpose: what
 * the libraries throw can hold the login or a signed request, and loggers print causes.
 */
export class MailError extends UserError {
  override readonly name = 'MailError';
  /** No answer came, and the server may have taken the message all the same. */
  readonly mayHaveArrived: boolean;

  constructor(message: string, options: { retry: boolean; mayHaveArrived?: boolean }) {
    super(message, { retry: options.retry });
    this.mayHaveArrived = options.mayHaveArrived ?? false;
  }
}

/** Cuts a list of recipients into envelopes. */
export function envelopesOf(recipients: readonly string[], largest: number): string[][] {
  const count = Math.ceil(recipients.length / largest);
  return Array.from({ length: count }, (_, index) =>
    recipients.slice(index * largest, (index + 1) * largest),
  );
}

/**
 * The rule for failures of the whole: thrown while nobody's fate is known, else the reason of those who are left.
 * @throws MailError
 */
export function endWith(error: MailError, outcome: SendOutcome, left: readonly string[]): SendOutcome {
  if (outcome.accepted.length === 0 && outcome.refused.length === 0) throw error;
  return { ...outcome, refused: [...outcome.refused, ...refusedAlike(left, error)] };
}

/** Nobody of them got it, for one reason. */
export function refusedAlike(recipients: readonly string[], error: MailError): Refusal[] {
  const { message: reason, retry, mayHaveArrived } = error;
  return recipients.map((recipient) => ({
    recipient,
    reason,
    retry,
    ...(mayHaveArrived && { mayHaveArrived }),
  }));
}
