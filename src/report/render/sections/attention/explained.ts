import type { Finding, Report, ReportIndicator } from '../../../model/report.ts';
import type { Context } from '../../kit/context.ts';
import type { Phrase } from '../../kit/phrase.ts';
import { shownStatus } from '../../kit/status.ts';
import type { ShownStatus } from '../../kit/words/words.ts';
import { causeOf } from './cause.ts';
import { kindsOf } from './finding-groups.ts';
import { summaryOf } from './summary.ts';
import { INCIDENT_WORDS } from './words.ts';

/** Why something needs no steps of its own, and where what brought it is told. */
export type Explained = { by: string; stories: { anchor: string; headline: Phrase }[]; more: string };

/** So many places where something is told are named. */
const STORIES = 3;

/** Where the entry of an incident stands. No id of an indicator has a capital or a low line. */
export const entryAnchor = (index: number): string => `incident_${index + 1}`;

/** The findings that others explain. */
function explainedFindings({ findings, incidents }: Report): Set<Finding> {
  const links = incidents.flatMap((incident) => incident.links);
  return new Set(links.flatMap(({ effect, explained }) => (explained ? (findings[effect] ?? []) : [])));
}

/** Whether these are findings that others explain, all of them. */
export function areExplained({ report }: Context, findings: readonly Finding[]): boolean {
  if (findings.length === 0) return false;
  const explained = explainedFindings(report);
  return findings.every((finding) => explained.has(finding));
}

/** Null where an indicator or check has no finding, or one that nothing explains. */
export function explainedOf(context: Context, id: string): Explained | null {
  const { report, words, language } = context;
  const said = INCIDENT_WORDS[language];
  if (
    !areExplained(
      context,
      report.findings.filter(({ indicator }) => indicator === id),
    )
  )
    return null;
  const told = report.incidents.flatMap((incident, index) => {
    const own = kindsOf(report, incident).filter(({ indicator }) => indicator === id);
    return own.length === 0 ? [] : [{ incident, index, own }];
  });
  const causes = told.flatMap(({ own }) => own.flatMap(({ explainedBy }) => explainedBy ?? []));
  const shown = told.slice(0, STORIES);
  return {
    by: said.seeAlso(
      words.list([...new Set(causes)].map((cause) => said.explainedBy(causeOf(context, cause)))),
    ),
    stories: shown.map(({ incident, index }) => ({
      anchor: entryAnchor(index),
      headline: summaryOf(context, incident),
    })),
    more: told.length > shown.length ? said.more(told.length - shown.length) : '',
  };
}

/** What all findings of an indicator come to: a critical one that is explained is no contradiction of a warning. */
export function statusOf(context: Context, indicator: ReportIndicator): ShownStatus {
  const findings = context.report.findings.filter((one) => one.indicator === indicator.id);
  return areExplained(context, findings) ? 'explained' : shownStatus(indicator);
}
