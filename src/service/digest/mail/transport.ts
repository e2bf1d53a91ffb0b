import { SendError, type SendOutcome } from '../outcome.ts';

/** The port for sending mail. `src/adapters/{ses,smtp}` implement it, `send.ts` adds retries. */

export type OutgoingMail = {
  /** Sender of the envelope, as `toEnvelopeAddress` returns it; must be the address in the message's From. */
  from: string;
  /** Recipients of the envelope, as `toEnvelopeAddress` returns them, without repetitions. */
  recipients: readonly string[];
  /** The whole message: MIME with CRLF line ends. */
  raw: Uint8Array;
};

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

/** No mail could be sent. The message is one line that names what to change. */
export class MailError extends SendError {
  override readonly name = 'MailError';
}

/** Splits recipients into envelopes of at most `largest`. */
export function splitIntoEnvelopes(recipients: readonly string[], largest: number): string[][] {
  const count = Math.ceil(recipients.length / largest);
  return Array.from({ length: count }, (_, index) =>
    recipients.slice(index * largest, (index + 1) * largest),
  );
}
