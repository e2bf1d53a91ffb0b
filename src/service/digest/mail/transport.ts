import { UserError } from '../../../report/model/user-error.ts';

/** The port for sending mail. `src/adapters/{ses,smtp}` implement it, `send.ts` adds retries. */

export type OutgoingMail = {
  /** Sender of the envelope, as `toEnvelopeAddress` returns it; must be the address in the message's From. */
  from: string;
  /** Recipients of the envelope, as `toEnvelopeAddress` returns them, without repetitions. */
  recipients: readonly string[];
  /** The whole message: MIME with CRLF line ends. */
  raw: Uint8Array;
};

export type Refusal = {
  recipient: string;
  /** One line. */
  reason: string;
  /** Whether the same message may be accepted later. */
  retry: boolean;
  /** No answer came, so the server may have accepted the message. */
  mayHaveArrived?: boolean;
};

/** The result for each recipient. Accepted is not delivered: bounces go to the sender's mailbox. */
export type SendOutcome = { accepted: string[]; refused: Refusal[] };

export type MailTransport = {
  /**
   * Tries each recipient once. If the server fails halfway, the recipients that were not reached are refused with that
   * reason, because the others already have the message.
   * @param limits.signal aborts whatever the call is waiting for
   * @throws MailError if the result is known for no recipient
   */
  send(mail: OutgoingMail, limits?: { signal?: AbortSignal | undefined }): Promise<SendOutcome>;

  /** Closes the connections. */
  close(): void | Promise<void>;
};

/**
 * Nothing could be sent. The message is one line that names what to change. It has no cause on purpose: errors of the
 * libraries can contain the login or a signed request, and loggers print causes.
 */
export class MailError extends UserError {
  override readonly name = 'MailError';
  /** No answer came, so the server may have accepted the message. */
  readonly mayHaveArrived: boolean;

  constructor(message: string, options: { retry: boolean; mayHaveArrived?: boolean }) {
    super(message, { retry: options.retry });
    this.mayHaveArrived = options.mayHaveArrived ?? false;
  }
}

/** Splits recipients into envelopes of at most `largest`. */
export function splitIntoEnvelopes(recipients: readonly string[], largest: number): string[][] {
  const count = Math.ceil(recipients.length / largest);
  return Array.from({ length: count }, (_, index) =>
    recipients.slice(index * largest, (index + 1) * largest),
  );
}

/**
 * Ends a sending that failed as a whole: returns the outcome so far, in which the remaining recipients are refused.
 * @throws the error if the outcome so far is empty
 */
export function endWith(error: MailError, outcome: SendOutcome, left: readonly string[]): SendOutcome {
  if (outcome.accepted.length === 0 && outcome.refused.length === 0) throw error;
  return { ...outcome, refused: [...outcome.refused, ...refuseAll(left, error)] };
}

export function refuseAll(
  recipients: readonly string[],
  { message: reason, retry, mayHaveArrived }: MailError,
): Refusal[] {
  return recipients.map((recipient) => ({ recipient, reason, retry, mayHaveArrived }));
}
