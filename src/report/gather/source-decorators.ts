import { isServerLost, isSingleQueryFailure, QueryError } from './errors.ts';
import type { InstantAnswer, RangeAnswer, Source } from './source.ts';

/** One query on its way to a source. */
type Question<T> = {
  query: string;
  /** Sends the query. */
  ask: () => Promise<T>;
  /** The answer without any series. */
  empty: T;
};

/** Returns a source that passes every query, range or instant, through `answer`. */
function decorateSource(
  source: Source,
  answer: <T extends RangeAnswer | InstantAnswer>(question: Question<T>) => Promise<T>,
): Source {
  const { kind } = source;
  return {
    kind,
    range: (query, grid, limits) =>
      answer({ query, ask: () => source.range(query, grid, limits), empty: { series: [], warnings: [] } }),
    instant: (query, time, limits) =>
      answer({ query, ask: () => source.instant(query, time, limits), empty: { samples: [], warnings: [] } }),
  };
}

/** After so many answers in a row that are none of Prometheus, something else answers at its address. */
const MOST_STRANGE_ANSWERS = 5;

/**
 * Returns a source that sends no more queries once the server is lost: they fail at once with the same error instead of
 * each waiting through its own retries.
 */
export function failFast(source: Source): Source {
  let lost: QueryError | undefined;
  let strangeAnswers = 0;
  return decorateSource(source, async ({ ask }) => {
    if (lost) throw lost;
    try {
      const answer = await ask();
      strangeAnswers = 0;
      return answer;
    } catch (error) {
      if (error instanceof QueryError) {
        if (error.kind === 'not-prometheus') strangeAnswers += 1;
        if (isServerLost(error) || strangeAnswers >= MOST_STRANGE_ANSWERS) lost = error;
      }
      throw error;
    }
  });
}

/**
 * Returns a source that turns aborted queries into failed ones. A client that a deadline aborts needs it: a report is
 * then made from the answers so far, while an abort by the user makes none.
 */
export function withDeadline(source: Source): Source {
  return decorateSource(source, async ({ ask }) => {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof QueryError) || error.kind !== 'aborted') throw error;
      throw new QueryError('deadline', 'the time for this report ran out before Prometheus answered', {
        cause: error,
      });
    }
  });
}

/**
 * Returns a source that answers without any series if a single query fails.
 * @param failures receives the messages of these failures
 */
export function emptyOnFailure(source: Source, failures: string[]): Source {
  return decorateSource(source, async ({ ask, empty }) => {
    try {
      return await ask();
    } catch (error) {
      if (!isSingleQueryFailure(error)) throw error;
      failures.push(error.message);
      return empty;
    }
  });
}

/**
 * Returns a source that collects the reasons why queries failed, and fails like before.
 * @param failures receives each reason once
 */
export function collectFailures(source: Source, failures: Set<string>): Source {
  return decorateSource(source, async ({ ask }) => {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof QueryError) failures.add(error.message);
      throw error;
    }
  });
}

/**
 * Returns a source that collects the server's warnings.
 * @param warnings receives each text once, with the first query that it came with
 */
export function collectWarnings(source: Source, warnings: Map<string, string>): Source {
  return decorateSource(source, async ({ query, ask }) => {
    const answer = await ask();
    for (const text of answer.warnings) if (!warnings.has(text)) warnings.set(text, query);
    return answer;
  });
}
