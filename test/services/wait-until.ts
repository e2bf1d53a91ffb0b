import { setTimeout as sleep } from 'node:timers/promises';

/** Ends a wait that would never end. A busy machine takes many times as long as an idle one. */
const LIMIT_MILLISECONDS = 300_000;
const PAUSE_MILLISECONDS = 100;

/**
 * Waits until a condition holds.
 * @param describe the message of the error, made when it is thrown
 * @throws Error when the condition does not hold within five minutes
 */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  describe: () => string,
): Promise<void> {
  const end = Date.now() + LIMIT_MILLISECONDS;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(describe());
    await sleep(PAUSE_MILLISECONDS);
  }
}
