import type { HistoryCompleteness } from '../model/report-analysis.ts';
import type { Answer, Gathered } from '../model/series.ts';

type RequestInfo = { indicator: string; answer: Answer<unknown> };

/**
 * Returns how many requests about the weeks before were made and which failed, by reason. Where one failed, the absence
 * of changes and forecasts does not mean that there are none.
 */
export function historyCompletenessOf({ history, limits }: Gathered): HistoryCompleteness {
  const requests: RequestInfo[] = [
    ...Object.entries(history.indicators),
    // If the level of a capacity is the indicator's own, one request provided both.
    ...Object.entries(history.capacity).filter(([id, answer]) => answer !== history.indicators[id]),
    ...Object.entries(limits).flatMap(([id, answers]) =>
      Object.values(answers).map((answer) => [id, answer] as const),
    ),
  ].map(([indicator, answer]) => ({ indicator, answer }));
  const failed = requests.flatMap(({ indicator, answer }) =>
    answer.ok ? [] : [{ indicator, reason: answer.reason }],
  );
  return {
    questions: requests.length,
    unanswered: [...Map.groupBy(failed, ({ reason }) => reason)].map(([reason, own]) => ({
      questions: own.length,
      indicators: [...new Set(own.map(({ indicator }) => indicator))],
      reason,
    })),
  };
}
