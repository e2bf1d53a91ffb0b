import type { Language, Severity } from '../model/indicator.ts';
import type { Report, Verdict } from '../model/report.ts';
import type { Incident } from '../model/report-analysis.ts';
import { createContext } from './create-context.ts';
import type { Context } from './kit/context.ts';
import { allVisible, plain } from './kit/phrase.ts';
import { incidentRow } from './sections/attention/view.ts';
import { mastheadView } from './sections/masthead/view.ts';

/** A report in a few lines of plain text, with the words of the page. */
export type Brief = {
  verdict: Verdict;
  /** The verdict in words. */
  word: string;
  /** What it is about: the cluster, the score, the period. */
  facts: string[];
  /** What follows the verdict on the page: how many incidents there are, what is new, and whether data is missing. */
  sentences: string;
  /** `facts`: when it was, and whether it is ongoing or new. */
  incidents: { severity: Severity; title: string; facts: string[] }[];
  /** How many incidents there are in addition; empty where all are listed. */
  more: string;
};

/** Returns the verdict and the worst incidents. The report must have seen a target. */
export function briefOf(document: Report, language: Language, mostIncidents: number): Brief {
  const context = createContext(allVisible(document), language);
  const { words, format, report } = context;
  const { start, end } = report.period;
  const { cluster, verdict, missing } = mastheadView(context);
  const shown = report.incidents.slice(0, mostIncidents);
  const further = report.incidents.length - shown.length;
  return {
    verdict: report.verdict,
    word: verdict.word,
    facts: [
      plain(cluster),
      `${words.score} ${report.score}${words.outOfHundred}`,
      `${format.dateRange(start, end)}${words.comma}${format.zoneName(end)}`,
    ],
    sentences: [verdict.detail, ...(missing ? [missing.heading] : [])].join(words.sentenceSpace),
    incidents: shown.map((incident, index) => briefIncident(context, incident, index)),
    more: further > 0 ? words.more(further) : '',
  };
}

function briefIncident(context: Context, incident: Incident, index: number): Brief['incidents'][number] {
  const { headline, when, ongoing, fresh } = incidentRow(context, incident, index);
  const facts = [when, ongoing, fresh].filter((fact) => fact !== '');
  return { severity: incident.severity, title: plain(headline), facts };
}
