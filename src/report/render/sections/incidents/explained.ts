import { allFindings } from '../../../model/all-rows.ts';
import type { Finding, ReportIndicator } from '../../../model/report.ts';
import { explainedFindings } from '../../../model/report-analysis.ts';
import { type Context, incidentAnchor } from '../../kit/context.ts';
import type { Phrase } from '../../kit/phrase.ts';
import { shownStatus } from '../../kit/status.ts';
import type { ShownStatus } from '../../kit/words/facts.ts';
import { findingsAbout, groupFindings } from './finding-groups.ts';
import { causeOf } from './headline.ts';
import { summaryOf } from './summary.ts';
import { INCIDENT_WORDS } from './words.ts';

/** Why an indicator needs no steps itself, with links to the incidents that explain it. */
export type Explained = {
  by: string;
  incidents: { anchor: string; headline: Phrase }[];
  separator: string;
  more: string;
};

/** Incidents that are linked. */
const LINKED = 3;

/** Returns whether other findings explain all of these. */
export function areExplained({ report }: Context, findings: readonly Finding[]): boolean {
  if (findings.length === 0) return false;
  const all = allFindings(report);
  const explained = new Set([...explainedFindings(report.incidents)].map((index) => all[index]));
  return findings.every((finding) => explained.has(finding));
}

/** Returns what explains an indicator or check; null where it has no finding, or one that nothing explains. */
export function explainedOf(context: Context, id: string): Explained | null {
  const { report, words: shared, language } = context;
  const words = INCIDENT_WORDS[language];
  if (!areExplained(context, findingsAbout(report, id))) return null;
  const related = report.incidents.flatMap((incident, index) => {
    const groups = groupFindings(report, incident).filter(({ indicator }) => indicator === id);
    return groups.length === 0 ? [] : [{ incident, index, groups }];
  });
  const causes = new Set(
    related.flatMap(({ groups }) => groups.flatMap(({ explainedBy }) => explainedBy ?? [])),
  );
  const linked = related.slice(0, LINKED);
  return {
    by: words.seeAlso(shared.list([...causes].map((cause) => words.causedBy(causeOf(context, cause))))),
    incidents: linked.map(({ incident, index }) => ({
      anchor: incidentAnchor(context, index),
      headline: summaryOf(context, incident),
    })),
    separator: words.separator,
    more: related.length > linked.length ? shared.more(related.length - linked.length) : '',
  };
}

/** Returns the status to show for an indicator: a critical finding that is explained does not make it critical. */
export function statusOf(context: Context, indicator: ReportIndicator): ShownStatus {
  const isExplained = areExplained(context, findingsAbout(context.report, indicator.id));
  if (isExplained) return 'explained';
  const shown = shownStatus(indicator);
  const isSilenced = context.report.silenced.some(({ finding }) => finding.indicator === indicator.id);
  return shown === 'healthy' && isSilenced ? 'silenced' : shown;
}
