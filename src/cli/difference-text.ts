import type { Line } from '../report/compare/text/facts.ts';
import type { DifferenceView } from '../report/compare/text/view.ts';
import { oneLine } from '../report/model/visible-text.ts';
import type { Phrase } from '../report/render/kit/phrase.ts';
import { MARKS, SEPARATOR } from './brief.ts';
import { COLOUR, paint } from './terminal.ts';

/** Returns the difference of two reports for a terminal or a pipe. */
export function printDifference(view: DifferenceView, hasColours: boolean): string {
  const { title, verdict, findings, notes, sections, unchanged } = view;
  const bold = (text: string) => paint(text, COLOUR.bold, hasColours);
  return [
    bold(textOf(title)),
    printLine(verdict, hasColours),
    oneLine(findings),
    ...notes.map(oneLine),
    ...sections.flatMap(({ heading, lines, more }) => [
      '',
      bold(textOf(heading)),
      ...lines.map((line) => `  ${printLine(line, hasColours)}`),
      ...(more === '' ? [] : [`  ${oneLine(more)}`]),
    ]),
    '',
    oneLine(unchanged),
  ]
    .map((text) => `${text}\n`)
    .join('');
}

function printLine({ mark, text, facts }: Line, hasColours: boolean): string {
  const words = [textOf(text), ...facts.map(oneLine)].join(SEPARATOR);
  if (mark === null) return words;
  const { symbol, colour } = MARKS[mark];
  return `${paint(symbol, colour, hasColours)} ${words}`;
}

/** Unlike a page, a terminal needs no isolates around names: it shows each line from left to right. */
function textOf(phrase: Phrase): string {
  return oneLine(phrase.map(({ text }) => text).join(''));
}
