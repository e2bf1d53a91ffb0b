import type { HistoryAsked } from '../model/report-analysis.ts';
import type { Answer, Gathered } from '../model/series.ts';

/**
 * What could not be learnt of the weeks before: then changes and capacity say nothing, which must not be taken for
 * there being none. Each reason once.
 */
export function historyAsked({ history, limits }: Gathered): HistoryAsked {
  const asked: (readonly [string, Answer<unknown>])[] = [
    ...Object.entries(history.indicators),
    // A level that has its own history is not asked for twice.
    ...Object.entries(history.capacity).filter(([id, answer]) => answer !== history.indicators[id]),
    ...Object.entries(limits).flatMap(([id, own]) =>
      Object.values(own).map((answer) => [id, answer] as const),
    ),
  ];
  const failed = asked.flatMap(([id, answer]) => (answer.ok ? [] : [{ id, reason: answer.reason }]));
  return {
    questions: asked.length,
    unanswered: [...Map.groupBy(failed, ({ reason }) => reason)].map(([reason, own]) => ({
      questions: own.length,
      indicators: [...new Set(own.map(({ id }) => id))],
      reason,
    })),
  };
}
