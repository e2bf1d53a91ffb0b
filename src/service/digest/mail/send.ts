import { setTimeout as sleep } from 'node:timers/promises';
import { quoted, toEnvelopeAddress } from './text.ts';
import {
  endWith,
  MailError,
  type MailTransport,
  type OutgoingMail,
  type Refusal,
  refuseAll,
  type SendOutcome,
} from './transport.ts';

export type SendOptions = {
  /** Time limit for all attempts together. */
  patienceMilliseconds: number;
  /** Pause before the second attempt, 1 s by default; each further pause is twice as long. */
  firstPauseMilliseconds?: number;
  /** Called before each pause, for logs; the reason is one line. */
  onPause?: (pause: { reason: string; milliseconds: number; waiting: number }) => void;
};

export type Delivery = SendOutcome & { acceptedBy: 'all' | 'some' | 'nobody' };

/** SES throttles per second: https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-errors.html */
const FIRST_PAUSE_MILLISECONDS = 1_000;
const LONGEST_PAUSE_MILLISECONDS = 30_000;

/** Lost answers after which sending stops, because each may mean another copy, and the next run tries again anyway. */
const MOST_LOST_ANSWERS = 2;

/**
 * Sends a message to each recipient, and again to those that may accept it later, until the time limit.
 *
 * An answer can get lost after the server has accepted the message. It is then sent again with the same Message-ID: two
 * copies are better than none.
 *
 * @returns the outcome by the addresses as given; those refused with `retry` may be tried later
 * @throws MailError if nobody got the message for a reason that concerns all of them
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
  const { spellings, invalid } = groupByAddress(recipients);
  const mail = { from, recipients: [...spellings.keys()], raw: message.raw };
  const outcome = await sendWithRetries(transport, mail, options);
  const accepted = outcome.accepted.flatMap((address) => spellings.get(address) ?? address);
  const refused = outcome.refused.flatMap((refusal) =>
    (spellings.get(refusal.recipient) ?? [refusal.recipient]).map((recipient) => ({ ...refusal, recipient })),
  );
  return {
    accepted,
    refused: [...invalid, ...refused],
    acceptedBy: accepted.length === 0 ? 'nobody' : accepted.length === recipients.length ? 'all' : 'some',
  };
}

async function sendWithRetries(
  transport: MailTransport,
  mail: OutgoingMail,
  { patienceMilliseconds, firstPauseMilliseconds = FIRST_PAUSE_MILLISECONDS, onPause }: SendOptions,
): Promise<SendOutcome> {
  const end = Date.now() + patienceMilliseconds;
  const signal = AbortSignal.timeout(patienceMilliseconds);
  const done: SendOutcome = { accepted: [], refused: [] };
  let waiting = mail.recipients;
  let pause = firstPauseMilliseconds;
  let lostAnswers = 0;
  while (waiting.length > 0) {
    const { accepted, refused, error } = await attempt(transport, { ...mail, recipients: waiting }, signal);
    if (accepted.length > 0) pause = firstPauseMilliseconds;
    done.accepted.push(...accepted);
    const again = refused.filter(({ retry }) => retry);
    if (again.some(({ mayHaveArrived }) => mayHaveArrived)) lostAnswers += 1;
    const [first] = again;
    const isOver = !first || lostAnswers === MOST_LOST_ANSWERS || Date.now() + pause >= end;
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
    return { accepted: [], refused: refuseAll(mail.recipients, error), error };
  }
}

/** Returns the spellings of each address by its form for the envelope, and a refusal for each invalid address. */
function groupByAddress(recipients: readonly string[]): {
  spellings: Map<string, string[]>;
  invalid: Refusal[];
} {
  const spellings = new Map<string, string[]>();
  const invalid: Refusal[] = [];
  for (const recipient of recipients) {
    const address = toEnvelopeAddress(recipient);
    if (address === null) invalid.push({ recipient, reason: 'is not an e-mail address', retry: false });
    else spellings.set(address, [...(spellings.get(address) ?? []), recipient]);
  }
  return { spellings, invalid };
}
