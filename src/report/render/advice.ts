import type { Language } from '../model/indicator.ts';
import type { Report } from '../model/report.ts';
import { createContext } from './create-context.ts';
import { allVisible, plain } from './kit/phrase.ts';
import { WORDS } from './kit/words/words.ts';
import { nothingSeenView } from './sections/nothing-seen/view.ts';

/**
 * Returns what to do where no target was found, as lines of plain text with the words of the report; no lines where a
 * target was found.
 */
export function adviceText(report: Report, language: Language): string[] {
  const view = nothingSeenView(createContext(allVisible(report), language));
  if (view === null) return [];
  const { colon } = WORDS[language];
  const { heading, sentence, elsewhere, configuration, reasons } = view;
  const headingLine = (title: string) => `${title}${colon.trimEnd()}`;
  const lines = [`${heading}${colon}${plain(sentence)}`];
  if (elsewhere !== null) {
    lines.push(headingLine(elsewhere.heading));
    for (const { job, component, labels, lastSample } of elsewhere.rows) {
      const parts = ['  -', plain(job), `(${component})`, plain(labels), lastSample];
      lines.push(parts.filter((part) => part !== '').join(' '));
    }
    if (elsewhere.more !== '') lines.push(`  ${elsewhere.more}`);
  }
  if (configuration !== null)
    lines.push(plain(configuration.sentence), ...configuration.lines.map((line) => `  ${line}`));
  if (reasons !== null) {
    lines.push(headingLine(reasons.heading));
    for (const [index, { text, link }] of reasons.items.entries())
      lines.push(`  ${index + 1}. ${plain(text)}${link === null ? '' : ` ${link.href}`}`);
  }
  return lines;
}
