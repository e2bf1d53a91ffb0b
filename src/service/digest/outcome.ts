import { UserError } from '../../report/model/user-error.ts';

/** What became of a message: a mail server or a chat channel has accepted it, or refused it with a reason. */

export type Refusal = {
  /** An address, or a channel such as slack:ops. */
  recipient: string;
  /** One line. */
  reason: string;
  /** Whether the same message may be accepted later. */
  retry: boolean;
  /** No answer came, so the server may have accepted the message. */
  mayHaveArrived?: boolean;
  /** The server asked for at least this pause before the next attempt. */
  waitMilliseconds?: number | undefined;
};

/** The result for each recipient. Accepted is not delivered: bounces of mail go to the sender's mailbox. */
export type SendOutcome = { accepted: string[]; refused: Refusal[] };

export type SendErrorOptions = {
  retry: boolean;
  mayHaveArrived?: boolean | undefined;
  waitMilliseconds?: number | undefined;
};

/**
 * Nothing could be sent. The message is one line that names what to change. It has no cause on purpose: errors of the
 * libraries can contain a login, a signed request or the address of a channel, and loggers print causes.
 */
export class SendError extends UserError {
  override readonly name: string = 'SendError';
  /** No answer came, so the server may have accepted the message. */
  readonly mayHaveArrived: boolean;
  readonly waitMilliseconds: number | undefined;

  constructor(message: string, { retry, mayHaveArrived, waitMilliseconds }: SendErrorOptions) {
    super(message, { retry });
    this.mayHaveArrived = mayHaveArrived ?? false;
    this.waitMilliseconds = waitMilliseconds;
  }
}

/**
 * Ends a sending that failed as a whole: returns the outcome so far, in which the remaining recipients are refused.
 * @throws the error if the outcome so far is empty
 */
export function endWith(error: SendError, outcome: SendOutcome, left: readonly string[]): SendOutcome {
  if (outcome.accepted.length === 0 && outcome.refused.length === 0) throw error;
  return { ...outcome, refused: [...outcome.refused, ...refuseAll(left, error)] };
}

export function refuseAll(
  recipients: readonly string[],
  { message: reason, retry, mayHaveArrived, waitMilliseconds }: SendError,
): Refusal[] {
  return recipients.map((recipient) => ({ recipient, reason, retry, mayHaveArrived, waitMilliseconds }));
}
