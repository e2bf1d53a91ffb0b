import { compareNames } from '../../../model/names.ts';
import type { Incident } from '../../../model/report-analysis.ts';
import { type Context, incidentAnchor } from '../../kit/context.ts';
import type { Phrase } from '../../kit/phrase.ts';
import { kindOf } from '../../kit/place.ts';
import type { CommandLines } from '../../kit/shell.ts';
import { type StatusView, statusView } from '../../kit/status.ts';
import { NAMED_IN_SENTENCES } from '../../kit/words/facts.ts';
import { isFresh } from '../incidents/comparison.ts';
import { type FindingGroup, findingsOf, groupFindings } from '../incidents/finding-groups.ts';
import { summaryOf } from '../incidents/summary.ts';
import { firstStepOf, type IncidentList, incidentList } from '../incidents/view.ts';
import { whenInShort } from '../incidents/when.ts';
import { INCIDENT_WORDS } from '../incidents/words.ts';
import { affectedNodes, type NodesView } from '../nodes/view.ts';
import { ATTENTION_WORDS } from './words.ts';

export type AttentionView = {
  heading: string;
  /** All incidents, one line each; null where there are few and they follow at once. */
  summary: AttentionSummary | null;
  /** Which nodes are affected; null where few are, and in a report with a calendar. */
  nodes: NodesView | null;
  /** Replaces the incidents where there are none. */
  nothing: string;
  /** The incidents in full; null in a report with a calendar, where the section `incidents` has them. */
  list: IncidentList | null;
};

export type AttentionSummary = {
  /** Those that are ongoing first. */
  groups: { heading: string; isOngoing: boolean; rows: SummaryRow[] }[];
  firstStep: string;
  /** Whether some of the incidents are new and some are not. */
  hasStates: boolean;
  more: string;
};

/** With where, if the headline only counts the nodes, and what to do now. */
type SummaryRow = Omit<IncidentRow, 'ongoing'> & {
  /** Names of nodes of an incident that is ongoing; empty where the headline has them. */
  nodes: string;
  /** The first step for the worst incidents that are ongoing. */
  step: { text: Phrase; command: CommandLines | null } | null;
};

export type IncidentRow = {
  anchor: string;
  status: StatusView;
  headline: Phrase;
  when: string;
  /** Empty for an incident that is over, or not new. */
  ongoing: string;
  fresh: string;
};

/** More rows would push the incidents off the first page. */
const ROWS = 12;

/** Rows with their first step. More would push the other incidents down. */
const STEPS = 2;

/** Up to this many incidents need no list above them. */
const FEW = 2;

/** Returns what needs attention: all incidents in a list, then in full. */
export function attentionView(context: Context): AttentionView {
  const { report, language } = context;
  const words = ATTENTION_WORDS[language];
  const hasCalendar = report.calendar !== null;
  const hasIncidents = report.incidents.length > 0;
  return {
    heading: words.heading,
    summary: report.incidents.length > (hasCalendar ? 0 : FEW) ? summaryView(context) : null,
    nodes: hasCalendar ? null : affectedNodes(context),
    nothing: hasIncidents ? '' : words.nothing(report.complete, report.silenced.length > 0),
    list: hasIncidents && !hasCalendar ? incidentList(context) : null,
  };
}

function summaryView(context: Context): AttentionSummary {
  const { words, report, format, language } = context;
  const { ongoing, over } = ATTENTION_WORDS[language];
  const all = report.incidents.map((incident, index) => ({
    incident,
    row: incidentRow(context, incident, index),
  }));
  // Where all are new, the sentence below the title says so.
  const hasStates = new Set(all.map(({ row }) => row.fresh)).size > 1;
  const end = format.time(report.period.end);
  // A line about a single further one would be no shorter.
  let room = all.length === ROWS + 1 ? all.length : ROWS;
  const groupOf = (isOngoing: boolean) => {
    const members = all.filter(({ incident }) => incident.ongoing === isOngoing);
    const rows = members.slice(0, room).map(({ incident, row: { ongoing: _, ...row } }, index) => ({
      ...row,
      ...(isOngoing ? ongoingParts(context, incident, index < STEPS) : { nodes: '', step: null }),
    }));
    room -= rows.length;
    return { heading: isOngoing ? ongoing(members.length, end) : over(members.length), isOngoing, rows };
  };
  return {
    firstStep: words.firstStep,
    hasStates,
    groups: [groupOf(true), groupOf(false)].filter(({ rows }) => rows.length > 0),
    more: all.length > ROWS + 1 ? words.more(all.length - ROWS) : '',
  };
}

function ongoingParts(
  context: Context,
  incident: Incident,
  hasStep: boolean,
): Pick<SummaryRow, 'nodes' | 'step'> {
  const [group] = groupFindings(context.report, incident);
  if (group === undefined) return { nodes: '', step: null };
  return { nodes: nodesOf(context, group), step: hasStep ? stepOf(context, group) : null };
}

/** Nodes that a row names; the strip below the list has more. */
const NAMED = 6;

/** Returns some of the nodes that an incident began with, where the headline only counts them. */
function nodesOf(context: Context, { findings }: FindingGroup): string {
  const nodes = [...new Set(findings.filter((one) => kindOf(one) === 'node').map(({ subject }) => subject))];
  if (nodes.length <= NAMED_IN_SENTENCES) return '';
  const names = nodes.sort(compareNames).slice(0, NAMED).map(context.hostName);
  return ATTENTION_WORDS[context.language].nodes({ names, more: nodes.length - names.length });
}

/** Returns the first step for findings, with the command for the first of their subjects. */
function stepOf(context: Context, group: FindingGroup): SummaryRow['step'] {
  const step = firstStepOf(context, group);
  if (step === null) return null;
  return { text: step.text, command: step.commands.find(({ lines }) => lines.length > 0)?.lines ?? null };
}

/** Returns an incident as one line. `index` is its place among all incidents. */
export function incidentRow(context: Context, incident: Incident, index: number): IncidentRow {
  const { report, language } = context;
  return {
    anchor: incidentAnchor(context, index),
    status: statusView(context, incident.severity),
    headline: summaryOf(context, incident),
    when: whenInShort(context, incident, groupFindings(report, incident)),
    ongoing: incident.ongoing ? INCIDENT_WORDS[language].ongoing : '',
    fresh: isFresh(findingsOf(report, incident)) === true ? INCIDENT_WORDS[language].isNew : '',
  };
}
