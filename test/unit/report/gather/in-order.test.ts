import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inOrder } from '../../../../src/report/gather/in-order.ts';

/** Reads all answers, or up to the first that fails. */
async function read(answers: AsyncIterable<number>, onAnswer: (answer: number) => void): Promise<unknown> {
  try {
    for await (const answer of answers) onAnswer(answer);
    return null;
  } catch (error) {
    return error;
  }
}

describe('answers in order', () => {
  it('come in the order of the items up to the first failure, with a limited number under way', async () => {
    const unhandled: unknown[] = [];
    const onUnhandled = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', onUnhandled);
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.nat(12),
        fc.nat(4),
        fc.uniqueArray(fc.nat(11)),
        async (scheduler, count, ahead, failing) => {
          const items = Array.from({ length: count }, (_, index) => index);
          const failures = new Set(failing.filter((item) => item < count));
          const [asked, taken]: [number[], number[]] = [[], []];
          const ask = async (item: number) => {
            asked.push(item);
            expect(asked.length - taken.length).toBeLessThanOrEqual(ahead + 1);
            await scheduler.schedule(Promise.resolve());
            if (failures.has(item)) throw new Error(`no answer about ${item}`);
            return item;
          };
          const error = await scheduler.waitFor(read(inOrder(items, ahead, ask), (item) => taken.push(item)));
          await scheduler.waitIdle();

          const first = Math.min(...failures, count);
          expect(taken).toEqual(items.slice(0, first));
          expect(error).toEqual(first < count ? new Error(`no answer about ${first}`) : null);
          expect(asked).toEqual(items.slice(0, first + ahead + 1));
        },
      ),
    );
    // Node reports a rejection without a handler after all promises that could have handled it.
    await new Promise(setImmediate);
    process.off('unhandledRejection', onUnhandled);
    expect(unhandled).toEqual([]);
  });
});
