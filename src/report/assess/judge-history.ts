import type { Facts, IndicatorHistory } from '../model/gathered.ts';
import type { Indicator } from '../model/indicator.ts';
import type { CapacityReading, Change } from '../model/report-analysis.ts';
import type { Answer } from '../model/series.ts';
import { assessCapacity } from './capacity.ts';
import { findChanges } from './changes.ts';
import { mergeAnswer } from './indicator.ts';

/** What a report keeps of the history of an indicator, without its series. */
export type JudgedHistory = {
  changes: Change[];
  capacity: CapacityReading[];
  /** The requests that were made. */
  requests: HistoryRequest[];
};

/** One request about the weeks before; `reason` says why it failed. */
export type HistoryRequest = {
  about: 'levels' | 'capacity' | 'limit';
  indicator: string;
  reason: string | null;
};

/**
 * Judges the history of one indicator.
 * @param restarts process starts in Unix seconds, by `subjectKey`
 */
export async function judgeHistory(
  indicator: Indicator,
  { levels, capacity, limits }: IndicatorHistory,
  facts: Pick<Facts, 'period' | 'history'>,
  restarts: ReadonlyMap<string, readonly number[]>,
): Promise<JudgedHistory> {
  const merged = levels && mergeAnswer(indicator, levels);
  const mergedCapacity = capacity === levels ? merged : capacity && mergeAnswer(indicator, capacity);
  const request = (about: HistoryRequest['about'], answer: Answer<unknown>): HistoryRequest => ({
    about,
    indicator: indicator.id,
    reason: answer.ok ? null : answer.reason,
  });
  return {
    changes: merged?.ok ? await findChanges(indicator, merged.value, facts, restarts) : [],
    capacity: mergedCapacity?.ok
      ? assessCapacity(indicator, mergedCapacity.value, limits, facts.history.grid)
      : [],
    requests: [
      ...(levels ? [request('levels', levels)] : []),
      // If the level of a capacity is the indicator's own, one request provided both.
      ...(capacity && capacity !== levels ? [request('capacity', capacity)] : []),
      ...Object.values(limits).map((answer) => request('limit', answer)),
    ],
  };
}
