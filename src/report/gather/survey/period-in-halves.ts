import type { Period } from '../../model/period.ts';
import { isRefusedForSize } from '../errors.ts';
import { mergeSamples } from '../querier.ts';
import type { InstantAnswer, Source } from '../source.ts';

/** The shortest part of a period that is asked by itself, in seconds. */
const SHORTEST_PART_SECONDS = 3600;

/**
 * Returns a source for the survey, whose instant queries look back over the whole period: Prometheus reads every sample
 * of it, and some servers limit their number or the range. If such a query is refused for its size, it is asked for each
 * half of the period, and each series has the higher of the two values. That is the same for max_over_time(), and for
 * count_over_time() if only the presence of the series matters.
 */
export function periodInHalves(source: Source, { start, end }: Period): Source {
  const period = end - start;
  /** The look-back of a selector or of a subquery. */
  const lookBack = new RegExp(`\\[${period}s(?=[\\]:])`, 'g');

  async function askBefore(query: string, time: number, seconds: number): Promise<InstantAnswer> {
    try {
      return await source.instant(query.replace(lookBack, `[${seconds}s`), time);
    } catch (error) {
      const later = Math.floor(seconds / 2);
      if (!isRefusedForSize(error) || later < SHORTEST_PART_SECONDS) throw error;
      const answers = [
        await askBefore(query, time, later),
        await askBefore(query, time - later, seconds - later),
      ];
      return {
        samples: mergeSamples(answers.map(({ samples }) => samples)),
        warnings: answers.flatMap(({ warnings }) => warnings),
      };
    }
  }

  return {
    ...source,
    instant: (query, time) =>
      time === end && query.search(lookBack) >= 0
        ? askBefore(query, time, period)
        : source.instant(query, time),
  };
}
