/** A question, and about how many values its answer has. */
export type Question<Answer> = { values: number; ask: () => Promise<Answer> };

/**
 * How much is under way at most. Besides the answer that is awaited, the next one is asked for in any case, unless it
 * alone has more than `nextValues`.
 */
export type Ahead = {
  /** The number of questions, answered or not. */
  questions: number;
  /** The number of questions that are not answered yet. */
  unanswered: number;
  /** The number of values that their answers have together. */
  values: number;
  nextValues: number;
};

type Asked<Answer> = { answer: Promise<Answer>; values: number; isAnswered: boolean };

/**
 * Asks questions and yields the answers in their order, while the next questions are already under way. Their answers
 * wait in memory until the reader takes them.
 * @param countValues the values that an answer really has, which count from then on
 */
export async function* inOrder<Answer>(
  questions: Iterable<Question<Answer>>,
  most: Ahead,
  countValues: (answer: Answer) => number,
): AsyncGenerator<Answer> {
  const left = [...questions];
  const waiting: Asked<Answer>[] = [];
  let isOver = false;

  const isAllowed = ({ values }: Question<Answer>): boolean => {
    const all = waiting.reduce((sum, one) => sum + one.values, values);
    const unanswered = waiting.filter((one) => !one.isAnswered).length;
    if (waiting.length <= (values > most.nextValues ? 0 : 1)) return true;
    return waiting.length < most.questions && unanswered < most.unanswered && all <= most.values;
  };
  const askNext = () => {
    for (let next = left[0]; next !== undefined && !isOver && isAllowed(next); next = left[0]) {
      left.shift();
      waiting.push(start(next));
    }
  };
  const start = ({ values, ask }: Question<Answer>): Asked<Answer> => {
    const asked: Asked<Answer> = { answer: ask(), values, isAnswered: false };
    const onEnd = (answered: number) => {
      asked.isAnswered = true;
      asked.values = answered;
      askNext();
    };
    // If an earlier answer fails, nobody awaits this one, and its own failure must not end the process.
    asked.answer.then(
      (answer) => onEnd(countValues(answer)),
      () => onEnd(0),
    );
    return asked;
  };

  try {
    for (askNext(); waiting.length > 0; askNext()) {
      yield await (waiting[0] as Asked<Answer>).answer;
      // It counts until the reader has dealt with it.
      waiting.shift();
    }
  } finally {
    isOver = true;
  }
}
