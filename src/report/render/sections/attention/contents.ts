import type { Context } from '../../kit/context.ts';
import type { Phrase } from '../../kit/phrase.ts';
import type { StatusView } from '../../kit/status.ts';
import type { AttentionEntry } from './entry.ts';
import { summaryOf } from './summary.ts';
import { INCIDENT_WORDS } from './words.ts';

/** All that needs attention on the first page, a line each. */
export type AttentionIndex = {
  label: string;
  rows: {
    anchor: string;
    status: StatusView;
    headline: Phrase;
    when: string;
    /** Empty where it is over, or not new. */
    ongoing: string;
    fresh: string;
  }[];
  more: string;
};

/** More would leave no room for what the worst of them ask for. */
const ROWS = 12;

/** So few are seen at a glance without a list. */
const FEW = 2;

export function attentionIndex(context: Context, entries: readonly AttentionEntry[]): AttentionIndex | null {
  const { words, report, language } = context;
  const said = INCIDENT_WORDS[language];
  // With a calendar between this and the entries, the list is all that the first page says of them.
  if (entries.length <= (report.calendar === null ? FEW : 0)) return null;
  const rows = entries.slice(0, ROWS).flatMap((entry, index) => {
    const incident = report.incidents[index];
    if (incident === undefined) return [];
    return [
      {
        anchor: entry.id,
        status: entry.status,
        headline: summaryOf(context, incident),
        when: entry.when[0] ?? '',
        ongoing: incident.ongoing ? said.ongoing : '',
        fresh: entry.isNew === true ? said.isNew : '',
      },
    ];
  });
  return {
    label: words.attention.heading,
    rows,
    more: entries.length > rows.length ? said.more(entries.length - rows.length) : '',
  };
}
