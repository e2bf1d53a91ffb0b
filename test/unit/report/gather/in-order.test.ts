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

type Asked = { values: number; isAnswered: boolean };

/** Whether questions may be under way together. The last one is not asked yet. */
function isAllowed(asked: readonly Asked[], most: Ahead): boolean {
  const values = asked.reduce((total, one) => total + one.values, 0);
  const unanswered = asked.filter(({ isAnswered }) => !isAnswered).length;
  // The next question is asked while an answer is awaited, unless it alone is too much.
  const inAnyCase = (asked.at(-1)?.values ?? 0) > most.nextValues ? 1 : 2;
  if (asked.length <= inAnyCase) return true;
  return asked.length <= most.questions && unanswered <= most.unanswered && values <= most.values;
}

/** Up to twelve questions with the values that are expected and those that come. One in eight fails. */
const anyQuestions = fc.array(
  fc.record({ expected: fc.nat(5), real: fc.nat(9), fails: fc.nat(7).map((number) => number === 7) }),
  { maxLength: 12 },
);
const anyAhead = fc.record({
  questions: fc.nat(6),
  unanswered: fc.nat(5),
  values: fc.nat(15),
  nextValues: fc.nat(5),
});

describe('answers in order', () => {
  it('come in the order of the questions up to the first failure, with as many under way as allowed', async () => {
    const unhandled: unknown[] = [];
    const onUnhandled = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', onUnhandled);
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), anyQuestions, anyAhead, async (scheduler, given, most) => {
        const [asked, taken, tooEarly]: [number[], number[], number[]] = [[], [], []];
        const answered = new Set<number>();
        /** Answers that the reader has dealt with. */
        let done = 0;
        /** Whether the question with this index may be asked while all before it are under way. */
        const mayAsk = (index: number) =>
          isAllowed(
            given.slice(done, index + 1).map(({ expected, real, fails }, place) => {
              const isAnswered = answered.has(done + place);
              return { values: isAnswered ? (fails ? 0 : real) : expected, isAnswered };
            }),
            most,
          );
        const questions = given.map(({ expected, fails }, index) => ({
          values: expected,
          ask: async () => {
            if (!mayAsk(index)) tooEarly.push(index);
            asked.push(index);
            await scheduler.schedule(Promise.resolve());
            answered.add(index);
            if (fails) throw new Error(`no answer to ${index}`);
            return index;
          },
        }));
        /** Checks that an answer is awaited only after everything that was allowed had been asked. */
        const onAnswer = (answer: number) => {
          taken.push(answer);
          if (asked.length < given.length) expect(mayAsk(asked.length)).toBe(false);
          done += 1;
        };
        const error = await scheduler.waitFor(
          read(
            inOrder(questions, most, (index) => given[index]?.real ?? 0),
            onAnswer,
          ),
        );
        await scheduler.waitIdle();

        const first = given.findIndex(({ fails }) => fails);
        const answers = first < 0 ? given.length : first;
        expect(error).toEqual(first < 0 ? null : new Error(`no answer to ${first}`));
        expect(taken).toEqual(given.slice(0, answers).map((_, index) => index));
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
