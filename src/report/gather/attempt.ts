import type { Answer } from '../model/series.ts';
import { GatherError, QueryError } from './errors.ts';

/**
 * Returns the answer of `ask`, or the reason why there is none.
 * @throws GatherError when the query was aborted, since no report is wanted any more
 */
export async function attempt<T>(ask: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { ok: true, value: await ask() };
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    if (error.kind === 'aborted') throw new GatherError(error.message, { cause: error });
    return { ok: false, reason: error.message, notCaptured: error.kind === 'not-captured' || undefined };
  }
}
