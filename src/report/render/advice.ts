import type { Language } from '../model/indicator.ts';
import type { Report } from '../model/report.ts';
import { createContext } from './kit/context.ts';
import { allVisible, plain } from './kit/phrase.ts';
import { nothingSeenView } from './sections/nothing-seen/view.ts';
import { NOTHING_SEEN_WORDS } from './sections/nothing-seen/words.ts';

/**
 * What to do where no target was found, as the report says it, in lines of plain text.
 * @returns no lines where a target was found
 */
export function adviceText(report: Report, language: Language): string[] {
  const view = nothingSeenView(createContext(allVisible(report), language));
  if (view === null) return [];
  const { colon } = NOTHING_SEEN_WORDS[language];
  const { heading, sentence, elsewhere, configuration, reasons } = view;
  const headed = (title: string) => `${title}${colon.trimEnd()}`;
  return [
    `${heading}${colon}${plain(sentence)}`,
    ...(elsewhere === null
      ? []
      : [
          headed(elsewhere.heading),
          ...elsewhere.rows.map(({ job, component, labels, lastSample }) =>
            ['  -', plain(job), `(${component})`, plain(labels), lastSample]
              .filter((part) => part !== '')
              .join(' '),
          ),
          ...(elsewhere.more === '' ? [] : [`  ${elsewhere.more}`]),
        ]),
    ...(configuration === null
      ? []
      : [plain(configuration.sentence), ...configuration.lines.map((line) => `  ${line}`)]),
    ...(reasons === null
      ? []
      : [
          headed(reasons.heading),
          ...reasons.items.map(
            ({ text, link }) => `  - ${plain(text)}${link === null ? '' : ` ${link.href}`}`,
          ),
        ]),
  ];
}
