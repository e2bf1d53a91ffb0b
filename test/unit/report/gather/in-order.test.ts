import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Ahead, inOrder } from '../../../../src/report/gather/in-order.ts';

/** Reads all answers, or up to the first that fails. */
async function read(answers: AsyncIterable<number>, onAnswer: (answer: number) => void): Promise<unknown> {
  try {
    for await (const answer of answers) onAnswer(answer);
    return null;
  } catch (error) {
    return error;
  }
}

/** Whether questions may be under way together, from the numbers of their values. */
function isAllowed(values: readonly number[], most: Ahead): boolean {
  const sum = values.reduce((total, one) => total + one, 0);
  // The next question is asked while an answer is awaited, unless it alone is too much.
  const inAnyCase = (values.at(-1) ?? 0) > most.values ? 1 : 2;
  return values.length <= inAnyCase || (values.length <= most.questions && sum <= most.values);
}

/** Up to twelve questions. One in eight fails. */
const anyQuestions = fc.array(
  fc.record({ values: fc.nat(5), fails: fc.nat(7).map((number) => number === 7) }),
  { maxLength: 12 },
);
const anyAhead = fc.record({ questions: fc.nat(5), values: fc.nat(12) });

describe('answers in order', () => {
  it('come in the order of the questions up to the first failure, with as many under way as allowed', async () => {
    const unhandled: unknown[] = [];
    const onUnhandled = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', onUnhandled);
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), anyQuestions, anyAhead, async (scheduler, given, most) => {
        const [asked, taken, tooEarly]: [number[], number[], number[]] = [[], [], []];
        const isAllowedUpTo = (end: number) =>
          isAllowed(
            given.slice(taken.length, end).map(({ values }) => values),
            most,
          );
        const questions = given.map(({ values, fails }, index) => ({
          values,
          ask: async () => {
            asked.push(index);
            if (!isAllowedUpTo(asked.length)) tooEarly.push(index);
            await scheduler.schedule(Promise.resolve());
            if (fails) throw new Error(`no answer to ${index}`);
            return index;
          },
        }));
        /** Checks that an answer was awaited only after everything that was allowed had been asked. */
        const expectBusy = () => {
          if (asked.length < given.length) expect(isAllowedUpTo(asked.length + 1)).toBe(false);
        };
        const onAnswer = (answer: number) => {
          expectBusy();
          taken.push(answer);
        };
        const error = await scheduler.waitFor(read(inOrder(questions, most), onAnswer));
        expectBusy();
        await scheduler.waitIdle();

        const first = given.findIndex(({ fails }) => fails);
        const answered = first < 0 ? given.length : first;
        expect(error).toEqual(first < 0 ? null : new Error(`no answer to ${first}`));
        expect(taken).toEqual(given.slice(0, answered).map((_, index) => index));
        expect(tooEarly).toEqual([]);
        expect(asked).toEqual(given.slice(0, asked.length).map((_, index) => index));
      }),
    );
    // Node reports a rejection without a handler after all promises that could have handled it.
    await new Promise(setImmediate);
    process.off('unhandledRejection', onUnhandled);
    expect(unhandled).toEqual([]);
  });
});
