import type { HistoryCompleteness } from '../model/report-analysis.ts';
import type { HistoryRequest } from './judge-history.ts';

/**
 * Returns how many requests about the weeks before were made and which failed, by reason. Where one failed, the absence
 * of changes and forecasts does not mean that there are none.
 */
export function historyCompletenessOf(requests: readonly HistoryRequest[]): HistoryCompleteness {
  const failed = (['levels', 'capacity', 'limit'] as const).flatMap((about) =>
    requests.flatMap((request) =>
      request.about === about && request.reason !== null
        ? [{ indicator: request.indicator, reason: request.reason }]
        : [],
    ),
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
