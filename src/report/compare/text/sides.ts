import type { Language } from '../../model/indicator.ts';
import type { Finding, Report } from '../../model/report.ts';
import { createContext } from '../../render/create-context.ts';
import type { Context } from '../../render/kit/context.ts';
import { createFormatter } from '../../render/kit/formatter.ts';
import type { ComparedFinding, Difference, FindingChange } from '../difference.ts';
import type { Which } from './facts.ts';
import { DIFFERENCE_WORDS } from './words.ts';

/** What the lines about a difference are made from. */
export type DifferenceContext = {
  difference: Difference;
  /** The context of each report; both format times in the same way. */
  contexts: Readonly<Record<Which, Context>>;
  words: (typeof DIFFERENCE_WORDS)[Language];
};

export function createDifferenceContext(
  difference: Difference,
  { first, second }: Record<Which, Report>,
  language: Language,
): DifferenceContext {
  // Times of both periods stand next to each other, so they need the day even if each period has only one.
  const format = createFormatter(language, {
    start: [first, second].map(({ period }) => period.start).sort()[0] ?? second.period.start,
    end:
      [first, second]
        .map(({ period }) => period.end)
        .sort()
        .at(-1) ?? second.period.end,
    timeZone: second.period.timeZone,
  });
  return {
    difference,
    contexts: {
      first: { ...createContext(first, language), format },
      second: { ...createContext(second, language), format },
    },
    words: DIFFERENCE_WORDS[language],
  };
}

/** Returns a finding as the sections of a report read it. */
export function findingOf(
  { indicator, subject, component }: Pick<FindingChange, 'indicator' | 'subject' | 'component'>,
  { explained: _, ...finding }: ComparedFinding,
): Finding {
  return { ...finding, indicator, subject, component, compared: null, weekBefore: null };
}

/** Returns "a → b", or the text once if both are the same. */
export function transition(first: string, second: string): string {
  return first === second ? second : `${first} → ${second}`;
}
