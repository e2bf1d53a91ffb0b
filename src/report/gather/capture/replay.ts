import type { AnswerLimits } from '../bounds.ts';
import { QueryError } from '../errors.ts';
import type { InstantAnswer, RangeAnswer, Source } from '../source.ts';
import { instantKey, rangeKey } from './format.ts';

/**
 * What reads the recorded answers, by their keys. It rejects with a QueryError if the query failed when it was recorded,
 * and with a GatherError if the answer is damaged. A range query is read with its number of points.
 */
export type RecordedAnswers = {
  range: ReadonlyMap<string, (count: number, limits?: AnswerLimits) => Promise<RangeAnswer>>;
  instant: ReadonlyMap<string, (limits?: AnswerLimits) => Promise<InstantAnswer>>;
};

/**
 * Returns a source that answers from a capture.
 * @param generatorVersion the version that recorded it, for messages
 */
export function replay({ range, instant }: RecordedAnswers, generatorVersion: string): Source {
  const similarKeys = new Map([...range.keys()].filter(hasNames).map((key) => [withoutNames(key), key]));
  const missing = () =>
    new QueryError(
      'not-captured',
      `the capture, recorded by version ${generatorVersion}, has no answer to this query; record it again`,
    );
  return {
    kind: 'capture',
    async range(query, grid, limits) {
      const wanted = rangeKey(query, grid);
      // A list of metric names grows with the catalog; the recorded answer holds for the names that it has.
      const key = range.has(wanted) ? wanted : similarKeys.get(withoutNames(wanted));
      const read = key === undefined ? undefined : range.get(key);
      if (key === undefined || read === undefined) throw missing();
      const answer = await read(grid.count, limits);
      const recordedNames = new Set(namesIn(key));
      const missingNames = namesIn(wanted).filter((metric) => !recordedNames.has(metric));
      if (missingNames.length === 0) return answer;
      const warning = `the capture, recorded by version ${generatorVersion}, lacks ${[...new Set(missingNames)].join(', ')}`;
      return { ...answer, warnings: [...answer.warnings, warning] };
    },
    async instant(query, time, limits) {
      const read = instant.get(instantKey(query, time));
      if (read === undefined) throw missing();
      return read(limits);
    },
  };
}

/** A matcher that lists metric names, as in the queries of the metric reference. */
const NAME_LIST = /__name__=~"([\w:|]+)"/g;

const hasNames = (key: string): boolean => key.search(NAME_LIST) >= 0;

const withoutNames = (key: string): string => key.replace(NAME_LIST, '__name__=~""');

const namesIn = (key: string): string[] =>
  [...key.matchAll(NAME_LIST)].flatMap(([, names = '']) => names.split('|'));
