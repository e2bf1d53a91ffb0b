import type { Answer } from '../model/series.ts';
import { CONNECTION_FAILURES, GatherError, isHopeless, QueryError } from './errors.ts';
import type { Source } from './source.ts';

/** An answer, or why there is none; only being called off is not an answer. */
export async function attempt<T>(ask: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { ok: true, value: await ask() };
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    if (error.kind === 'aborted') throw new GatherError(error.message, { cause: error });
    return { ok: false, reason: error.message };
  }
}

/**
 * A source whose answers are empty where a single question fails, for what can do with less.
 * @param failures takes the reasons
 */
export function tolerating(source: Source, failures: string[]): Source {
  const ask = async <T>(nothing: T, question: () => Promise<T>): Promise<T> => {
    try {
      return await question();
    } catch (error) {
      if (isHopeless(error)) throw error;
      failures.push((error as QueryError).message);
      return nothing;
    }
  };
  return {
    kind: source.kind,
    range: (query, grid) => ask({ series: [], warnings: [] }, () => source.range(query, grid)),
    instant: (query, time) => ask({ samples: [], warnings: [] }, () => source.instant(query, time)),
  };
}

/** When the server is lost half-way, what is left to ask fails at once instead of waiting through retries each. */
export function failFast(source: Source): Source {
  let lost: QueryError | undefined;
  const ask = async <T>(question: () => Promise<T>): Promise<T> => {
    if (lost) throw lost;
    try {
      return await question();
    } catch (error) {
      if (error instanceof QueryError && CONNECTION_FAILURES.includes(error.kind)) lost = error;
      throw error;
    }
  };
  return {
    kind: source.kind,
    range: (query, grid) => ask(() => source.range(query, grid)),
    instant: (query, time) => ask(() => source.instant(query, time)),
  };
}

/** Keeps what Prometheus warns of, each text once, with the first query it came with. */
export function notingWarnings(source: Source, warnings: Map<string, string>): Source {
  const note = <T extends { warnings: string[] }>(query: string, answer: T): T => {
    for (const text of answer.warnings) if (!warnings.has(text)) warnings.set(text, query);
    return answer;
  };
  return {
    kind: source.kind,
    range: async (query, grid) => note(query, await source.range(query, grid)),
    instant: async (query, time) => note(query, await source.instant(query, time)),
  };
}
