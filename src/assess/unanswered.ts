import type { Report } from '../model/report.ts';
import type { Answer, Gathered } from '../model/series.ts';

/**
 * What could not be learnt of the weeks before: then changes and capacity say nothing, which must not be taken for
 * there being none. Each reason once, with the first question that it is about.
 */
export function unansweredHistory({ history, limits, indicators }: Gathered): Report['warnings'] {
  const asked: (readonly [string, Answer<unknown>])[] = [
    ...Object.entries(history.indicators),
    // A level that has its own history is not asked for twice.
    ...Object.entries(history.capacity).filter(([id, answer]) => answer !== history.indicators[id]),
    ...Object.entries(limits).flatMap(([id, own]) =>
      Object.values(own).map((answer) => [id, answer] as const),
    ),
  ];
  const failed = asked.flatMap(([id, answer]) => (answer.ok ? [] : [{ id, reason: answer.reason }]));
  return [...Map.groupBy(failed, ({ reason }) => reason)].map(([reason, [first, ...others]]) => ({
    text: `of the weeks before, for changes and capacity, ${1 + others.length} of ${asked.length} questions have no answer: ${reason}`,
    query: indicators[first?.id ?? '']?.query ?? first?.id ?? '',
  }));
}
