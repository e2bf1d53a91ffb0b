import type { Language } from '../../model/indicator.ts';
import { createDateFormatter, type DateFormatter } from './dates.ts';
import { createNumberFormatter, type NumberFormatter } from './numbers.ts';

export type Formatter = NumberFormatter & DateFormatter;

/** Returns what writes numbers and times of a report in a language, in the time zone of its period. */
export function createFormatter(
  language: Language,
  period: { start: string; end: string; timeZone: string },
): Formatter {
  return { ...createNumberFormatter(language), ...createDateFormatter(language, period) };
}
