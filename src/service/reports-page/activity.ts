import { name, type Phrase, visible } from '../../report/render/kit/phrase.ts';
import type { PageContext } from './context.ts';
import type { MissedReport, PageCluster, UnfinishedReport } from './page.ts';

/** What is under way, failed or missing. */

/** `kind`: what is wrong; '' for what only takes time. */
export type ActivityLine = {
  kind: 'failed' | 'missed' | '';
  /** The period of the report, with a link to its page. */
  report: { text: string; href: string } | null;
  text: string;
  reason: Phrase | null;
};

/** Reports that a row or a page shows; of hundreds that failed, the latest say enough. */
const MOST_LINES = 20;

/** @param unfinished those of the cluster's reports to show */
export function activityLines(
  context: PageContext,
  { missed }: Pick<PageCluster, 'missed'>,
  unfinished: readonly UnfinishedReport[],
): ActivityLine[] {
  return [
    ...missed.map((report) => missedLine(context, report)),
    ...unfinished.map((report) => unfinishedLine(context, report)),
  ].slice(0, MOST_LINES);
}

function missedLine({ words, periods }: PageContext, report: MissedReport): ActivityLine {
  const due = periods.inZone(report.timeZone).dateTime(new Date(report.at * 1000).toISOString());
  return { kind: 'missed', report: null, text: words.missed(periods.text(report), due), reason: null };
}

function unfinishedLine(
  { words, reportWords, periods }: PageContext,
  report: UnfinishedReport,
): ActivityLine {
  const { state, timeZone, since, link, reason } = report;
  const time = periods.inZone(timeZone).dateTime(new Date(since * 1000).toISOString());
  const why = reason === null ? null : name(visible(reportWords.reason(reason)));
  return {
    kind: state === 'failed' ? 'failed' : '',
    report: { text: periods.text(report), href: link },
    text: words.states[state](time),
    reason: why === null || state === 'failed' ? why : words.lastAttempt(why),
  };
}
