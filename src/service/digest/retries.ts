import { setTimeout as sleep } from 'node:timers/promises';
import { endWith, refuseAll, SendError, type SendOutcome } from './outcome.ts';

export type SendOptions = {
  /** Time limit for all attempts together. */
  patienceMilliseconds: number;
  /** Pause before the second attempt, 1 s by default; each further pause is twice as long. */
  firstPauseMilliseconds?: number;
  /** Called before each pause, for logs; the reason is one line. */
  onPause?: (pause: { reason: string; milliseconds: number; waiting: number }) => void;
};

/** SES throttles per second: https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-errors.html */
const FIRST_PAUSE_MILLISECONDS = 1_000;
const LONGEST_PAUSE_MILLISECONDS = 30_000;

/** Lost answers after which sending stops, because each may mean another copy, and the next run tries again anyway. */
const MOST_LOST_ANSWERS = 2;

/** Sends to each recipient once. @throws SendError if the result is known for no recipient */
export type Attempt = (recipients: readonly string[], signal: AbortSignal) => Promise<SendOutcome>;

/**
 * Sends to each recipient, and again to those that may accept the message later, until the time limit.
 *
 * An answer can get lost after the server has accepted the message. It is then sent once more: two copies are better than
 * none.
 *
 * @returns the outcome; those refused with `retry` may be tried later
 * @throws SendError if nobody got the message for a reason that concerns all of them
 */
export async function sendWithRetries(
  send: Attempt,
  recipients: readonly string[],
  { patienceMilliseconds, firstPauseMilliseconds = FIRST_PAUSE_MILLISECONDS, onPause }: SendOptions,
): Promise<SendOutcome> {
  const end = Date.now() + patienceMilliseconds;
  const signal = AbortSignal.timeout(patienceMilliseconds);
  const done: SendOutcome = { accepted: [], refused: [] };
  let waiting = recipients;
  let pause = firstPauseMilliseconds;
  let lostAnswers = 0;
  while (waiting.length > 0) {
    const { accepted, refused, error } = await attempt(send, waiting, signal);
    if (accepted.length > 0) pause = firstPauseMilliseconds;
    done.accepted.push(...accepted);
    const again = refused.filter(({ retry }) => retry);
    if (again.some(({ mayHaveArrived }) => mayHaveArrived)) lostAnswers += 1;
    const milliseconds = Math.max(pause, ...again.map(({ waitMilliseconds = 0 }) => waitMilliseconds));
    const [first] = again;
    const isOver = !first || lostAnswers === MOST_LOST_ANSWERS || Date.now() + milliseconds >= end;
    if (isOver && error) return endWith(error, done, waiting);
    done.refused.push(...refused.filter(({ retry }) => isOver || !retry));
    if (isOver) break;
    waiting = again.map(({ recipient }) => recipient);
    onPause?.({ reason: first.reason, milliseconds, waiting: waiting.length });
    await sleep(milliseconds);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MILLISECONDS);
  }
  return done;
}

async function attempt(
  send: Attempt,
  recipients: readonly string[],
  signal: AbortSignal,
): Promise<SendOutcome & { error?: SendError }> {
  try {
    return await send(recipients, signal);
  } catch (error) {
    if (!(error instanceof SendError)) throw error;
    return { accepted: [], refused: refuseAll(recipients, error), error };
  }
}
