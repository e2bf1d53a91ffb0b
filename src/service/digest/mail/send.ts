import { setTimeout as sleep } from 'node:timers/promises';
import { oneLine, toEnvelopeAddress } from './text.ts';
import {
  endWith,
  MailError,
  type MailTransport,
  type OutgoingMail,
  type Refusal,
  refusedAlike,
  type SendOutcome,
} from './transport.ts';

/** Nobody waits for mail by the second, so what may pass is waited for; what will not is said at once. */

export type SendOptions = {
  /** How long it may all take, in milliseconds. */
  patienceMilliseconds: number;
  /** Before the second try; each pause is twice the one before. A second unless told. */
  firstPauseMilliseconds?: number;
  /** Told of each pause, for logs; the reason is one line. */
  onPause?: (pause: { reason: string; milliseconds: number; waiting: number }) => void;
};

export type Delivery = SendOutcome & { acceptedBy: 'all' | 'some' | 'nobody' };

/** SES throttles by the second: https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-errors.html */
const FIRST_PAUSE_MILLISECONDS = 1_000;
const LONGEST_PAUSE_MILLISECONDS = 30_000;

/** So often an answer may get lost. Each time may have been another copy, and the next run tries again anyway. */
const MOST_DOUBTS = 2;

/**
 * Sends a message to each of its recipients, and again to those for whom that may help, until patience ends.
 *
 * An answer can get lost after the server has taken the message. Those recipients are sent it once more, under the same
 * Message-ID: twice is better than never.
 *
 * @returns what has become of each, by the addresses as they were given; those refused with `retry` may be tried later
 * @throws MailError when nobody got it for a reason that has nothing to do with them
 */
export async function sendMail(
  transport: MailTransport,
  message: { from: string; raw: Uint8Array },
  recipients: readonly string[],
  options: SendOptions,
): Promise<Delivery> {
  const from = toEnvelopeAddress(message.from);
  if (from === null)
    throw new MailError(`the sender ${quoted(message.from)} is not an e-mail address`, { retry: false });
  const { written, unfit } = sortOut(recipients);
  const outcome = await sendPatiently(
    transport,
    { from, recipients: [...written.keys()], raw: message.raw },
    options,
  );
  const accepted = outcome.accepted.flatMap((address) => written.get(address) ?? address);
  const refused = outcome.refused.flatMap((refusal) =>
    (written.get(refusal.recipient) ?? [refusal.recipient]).map((recipient) => ({ ...refusal, recipient })),
  );
  return {
    accepted,
    refused: [...unfit, ...refused],
    acceptedBy: extentOf(accepted.length, recipients.length),
  };
}

function extentOf(accepted: number, all: number): Delivery['acceptedBy'] {
  if (accepted === 0) return 'nobody';
  return accepted === all ? 'all' : 'some';
}

async function sendPatiently(
  transport: MailTransport,
  mail: OutgoingMail,
  { patienceMilliseconds, firstPauseMilliseconds = FIRST_PAUSE_MILLISECONDS, onPause }: SendOptions,
): Promise<SendOutcome> {
  const end = Date.now() + patienceMilliseconds;
  const signal = AbortSignal.timeout(patienceMilliseconds);
  const done: SendOutcome = { accepted: [], refused: [] };
  let waiting = mail.recipients;
  let pause = firstPauseMilliseconds;
  let doubts = 0;
  while (waiting.length > 0) {
    const { accepted, refused, error } = await attempt(transport, { ...mail, recipients: waiting }, signal);
    if (accepted.length > 0) pause = firstPauseMilliseconds;
    done.accepted.push(...accepted);
    const again = refused.filter(({ retry }) => retry);
    doubts += again.some(({ mayHaveArrived }) => mayHaveArrived) ? 1 : 0;
    const [first] = again;
    const isOver = !first || doubts === MOST_DOUBTS || Date.now() + pause >= end;
    if (isOver && error) return endWith(error, done, waiting);
    done.refused.push(...refused.filter(({ retry }) => isOver || !retry));
    if (isOver) break;
    waiting = again.map(({ recipient }) => recipient);
    onPause?.({ reason: first.reason, milliseconds: pause, waiting: waiting.length });
    await sleep(pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MILLISECONDS);
  }
  return done;
}

async function attempt(
  transport: MailTransport,
  mail: OutgoingMail,
  signal: AbortSignal,
): Promise<SendOutcome & { error?: MailError }> {
  try {
    return await transport.send(mail, { signal });
  } catch (error) {
    if (!(error instanceof MailError)) throw error;
    return { accepted: [], refused: refusedAlike(mail.recipients, error), error };
  }
}

/** Addresses as they go over the wire, each with the ways in which it was written, and what is no address. */
function sortOut(recipients: readonly string[]): { written: Map<string, string[]>; unfit: Refusal[] } {
  const written = new Map<string, string[]>();
  const unfit: Refusal[] = [];
  for (const recipient of recipients) {
    const address = toEnvelopeAddress(recipient);
    if (address === null) unfit.push({ recipient, reason: 'is not an e-mail address', retry: false });
    else written.set(address, [...(written.get(address) ?? []), recipient]);
  }
  return { written, unfit };
}

const quoted = (text: string) => JSON.stringify(oneLine(text, 80));
