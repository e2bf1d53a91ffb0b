import fc from 'fast-check';

/** One kind of input of the program, with what it promises for each. */
export type Target = {
  /** Checks random inputs until one breaks a promise. */
  run(options: RunOptions): Promise<Failure | null>;
  /** How often each outcome occurred, which shows that the inputs are not all refused at once. */
  outcomes: ReadonlyMap<string, number>;
  stop(): Promise<void>;
};

export type RunOptions = { seed: number; inputs: number };

const STACK_LINES = 6;

/** `message` has the error and the smallest input that was found for it. */
export type Failure = { message: string };

/** An input that takes longer hangs. A busy machine needs several times as long as an idle one. */
const LONGEST_MILLISECONDS = 120_000;

type TargetParts<T> = {
  inputs: fc.Arbitrary<T>;
  /**
   * Returns the outcome.
   * @throws any error if a promise is broken
   */
  check: (input: T) => Promise<string>;
  stop?: () => Promise<void>;
};

export function openTarget<T>({ inputs, check, stop }: TargetParts<T>): Target {
  const outcomes = new Map<string, number>();
  return {
    outcomes,
    async run({ seed, inputs: numRuns }) {
      const property = fc.asyncProperty(inputs, async (input) => {
        const outcome = await check(input);
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      });
      const details = await fc.check(property, { seed, numRuns, timeout: LONGEST_MILLISECONDS });
      if (!details.failed) return null;
      const { errorInstance: error, counterexample } = details;
      const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
      return {
        message: `${cause.split('\n').slice(0, STACK_LINES).join('\n')}\n  ${fc.stringify(counterexample)}`,
      };
    },
    stop: stop ?? (async () => undefined),
  };
}
