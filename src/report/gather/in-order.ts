/** A question, and about how many values its answer has. */
export type Question<Answer> = { values: number; ask: () => Promise<Answer> };

/**
 * How much is under way at most. Besides the answer that is awaited, the next one is asked for in any case, unless it
 * alone is more than that.
 */
export type Ahead = {
  /** The number of questions. */
  questions: number;
  /** The number of values that their answers have together. */
  values: number;
};

/**
 * Asks questions and yields the answers in their order, while the next questions are already under way. Their answers
 * wait in memory until the reader takes them.
 */
export async function* inOrder<Answer>(
  questions: Iterable<Question<Answer>>,
  most: Ahead,
): AsyncGenerator<Answer> {
  const waiting: { answer: Promise<Answer>; values: number }[] = [];
  let values = 0;
  const take = () => {
    const first = waiting.shift();
    values -= first?.values ?? 0;
    return first?.answer as Promise<Answer>;
  };
  for (const question of questions) {
    const isTooMuch = () => waiting.length >= most.questions || values + question.values > most.values;
    const kept = question.values > most.values ? 0 : 1;
    while (waiting.length > kept && isTooMuch()) yield await take();
    const answer = question.ask();
    // If an earlier answer fails, nobody awaits this one, and its own failure must not end the process.
    answer.catch(() => undefined);
    waiting.push({ answer, values: question.values });
    values += question.values;
  }
  while (waiting.length > 0) yield await take();
}
