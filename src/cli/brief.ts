import type { Language } from '../report/model/indicator.ts';
import type { Report, Verdict } from '../report/model/report.ts';
import { visible } from '../report/model/visible-text.ts';
import { briefOf } from '../report/render/brief.ts';
import { COLOUR, paint } from './terminal.ts';

/** With the two lines above them, and one for further incidents, ten lines. */
const MOST_INCIDENTS = 7;

/** The symbol and the colour of each verdict and severity. */
export const MARKS: Readonly<Record<Verdict, { symbol: string; colour: number }>> = {
  healthy: { symbol: '✓', colour: COLOUR.green },
  warning: { symbol: '!', colour: COLOUR.yellow },
  critical: { symbol: '✗', colour: COLOUR.red },
  unknown: { symbol: '?', colour: COLOUR.yellow },
};

export const SEPARATOR = ' · ';

/** Returns the verdict and the worst incidents of a report for a terminal, in up to ten lines. */
export function printBrief(report: Report, language: Language, hasColours: boolean): string {
  const { verdict, word, facts, sentences, incidents, more } = briefOf(report, language, MOST_INCIDENTS);
  const mark = (kind: Verdict, text = '') =>
    paint(`${MARKS[kind].symbol}${text}`, MARKS[kind].colour, hasColours);
  const line = (...parts: string[]) => parts.map(visible).join(SEPARATOR);
  return [
    `${mark(verdict, ` ${word}`)}${SEPARATOR}${line(...facts)}`,
    visible(sentences),
    ...incidents.map((incident) => `${mark(incident.severity)} ${line(incident.title, ...incident.facts)}`),
    ...(more === '' ? [] : [visible(more)]),
  ]
    .map((text) => `${text}\n`)
    .join('');
}
