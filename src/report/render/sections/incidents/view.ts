import type { Finding } from '../../../model/report.ts';
import type { Incident } from '../../../model/report-analysis.ts';
import { defectViews, upgradeFacts } from '../../kit/antrea-version.ts';
import { timeAxis } from '../../kit/charts/time-axis.ts';
import { type ShownStep, shownCommands } from '../../kit/command.ts';
import { anchorOf, type Context, incidentAnchor, titleOf } from '../../kit/context.ts';
import type { Group } from '../../kit/group.ts';
import { incidentLinks } from '../../kit/links.ts';
import { markup } from '../../kit/markup.ts';
import { wordsAbout } from '../../kit/meaning.ts';
import { nodeSet } from '../../kit/node-set.ts';
import { periodTicks } from '../../kit/period-ticks.ts';
import { type Phrase, phrase, plain, withCode } from '../../kit/phrase.ts';
import { placeOf, shortPlace } from '../../kit/place.ts';
import { statusView } from '../../kit/status.ts';
import { alertsOfIncident } from '../alerts/of-incident.ts';
import { KNOWN_DEFECTS_ID } from '../coverage/versions.ts';
import { INCIDENTS_IN_FULL, MORE_INCIDENTS } from './anchors.ts';
import { breakdownOf } from './breakdown.ts';
import { comparedOf, isFresh } from './comparison.ts';
import { episodeBarOf } from './episode-bars.ts';
import { type FindingGroup, groupByPlace, groupFindings } from './finding-groups.ts';
import { amountOf, headlineOf } from './headline.ts';
import type { IncidentView } from './incident-view.ts';
import { headlineOfSeveral } from './summary.ts';
import { whenOf } from './when.ts';
import { INCIDENT_WORDS } from './words.ts';

/** Incidents in full, worst first, with the headings that they share and the number of the others. */
export type IncidentList = {
  incidents: IncidentView[];
  more: { anchor: string; text: string } | null;
  meaning: string;
  firstStep: string;
  details: string;
};

export type IncidentsView = { heading: string; list: IncidentList };

/**
 * Returns the incidents as a section below the calendar; null without incidents. Without a calendar the incidents are
 * part of the section `attention`.
 */
export function incidentsView(context: Context): IncidentsView | null {
  const { report, language } = context;
  if (report.calendar === null || report.incidents.length === 0) return null;
  return { heading: INCIDENT_WORDS[language].heading, list: incidentList(context) };
}

export function incidentList(context: Context): IncidentList {
  const { words, language, report } = context;
  const further = report.incidents.length - INCIDENTS_IN_FULL;
  return {
    incidents: incidentViews(context).slice(0, INCIDENTS_IN_FULL),
    more: further > 0 ? { anchor: MORE_INCIDENTS, text: INCIDENT_WORDS[language].more(further) } : null,
    meaning: words.meaning,
    firstStep: words.firstStep,
    details: INCIDENT_WORDS[language].details,
  };
}

/** Returns all incidents, worst first. */
export function incidentViews(context: Context): IncidentView[] {
  const { report } = context;
  const shown = new Set<string>();
  return report.incidents.map((incident, index) => {
    const groups = groupFindings(report, incident);
    const first = groups[0]?.indicator ?? '';
    const isRepeated = shown.has(first);
    shown.add(first);
    return { id: incidentAnchor(context, index), ...incidentView(context, incident, groups, isRepeated) };
  });
}

/** Subjects with a bar; further ones are counted. */
const BARS = 5;

/**
 * Returns one incident.
 * @param groups empty for an incident whose findings the document lacks; it is shown, since silence would read as health
 * @param isRepeated whether an earlier incident began with the same indicator
 */
function incidentView(
  context: Context,
  incident: Incident,
  groups: readonly FindingGroup[],
  isRepeated: boolean,
): Omit<IncidentView, 'id'> {
  const { words, language } = context;
  const [first, ...others] = groups;
  const findings = groups.flatMap((group) => group.findings);
  const places = first === undefined || others.length > 0 ? [] : groupByPlace(first.findings);
  const hasSeveralPlaces = places.length > 1;
  const shown = places.slice(0, BARS);
  const impact = (first && wordsAbout(context, first.indicator, first.findings)?.impact[language]) ?? '';
  return {
    nodes: nodeSet(context, findings),
    status: statusView(context, incident.severity),
    headline: headlineOfGroups(context, groups),
    isOngoing: incident.ongoing,
    ongoing: ongoingText(context, incident, places),
    isNew: isFresh(findings),
    compared: comparedOf(context, findings),
    when: whenOf(context, incident, groups),
    bars: shown.map((ofPlace) => ({
      place: hasSeveralPlaces ? shortPlace(context, ofPlace[0]) : null,
      bar: episodeBarOf(context, ofPlace, plain(words.place(placeOf(context, ofPlace[0])))),
      value: hasSeveralPlaces ? amountOf(context, ofPlace[0]) : '',
    })),
    hasSeveralPlaces,
    more: places.length > shown.length ? words.more(places.length - shown.length) : '',
    breakdown: first && others.length > 0 ? breakdownOf(context, incident, [first, ...others]) : null,
    axis: markup(timeAxis(periodTicks(context))),
    hasImpact: !isRepeated && impact !== '',
    impact: withCode(impact),
    firstStep: first ? firstStepOf(context, first) : null,
    furtherSteps: others
      .filter(({ severity, explainedBy }) => severity === 'critical' && explainedBy === null)
      .flatMap((group) => {
        const step = firstStepOf(context, group);
        return step === null ? [] : [{ ...step, title: titleOf(context, group.indicator) }];
      }),
    alerts: alertsOfIncident(context, incident),
    ...versionParts(context, incident),
    anchor: first ? anchorOf(context, first.indicator) : 'coverage',
    links: incidentLinks(context, incident, first?.findings ?? []),
  };
}

/** Known defects that an incident names; the coverage has all of the version at the end. */
const DEFECTS = 2;

/** Returns what the version of Antrea has to do with an incident. */
function versionParts(
  context: Context,
  { upgrade, defects }: Incident,
): Pick<IncidentView, 'upgrade' | 'defects' | 'moreDefects'> {
  const { report, words, format, language } = context;
  const found = upgrade === undefined ? undefined : report.antrea.images?.upgrades[upgrade];
  const known = defectViews(context, defects);
  const hasList = (report.antrea.defects ?? []).length > 0;
  return {
    upgrade:
      found === undefined
        ? []
        : INCIDENT_WORDS[language].upgrade(
            upgradeFacts(context, found),
            format.range(found.start, found.end ?? report.period.end),
          ),
    defects: known.slice(0, DEFECTS),
    moreDefects:
      known.length > DEFECTS && hasList
        ? { anchor: KNOWN_DEFECTS_ID, text: words.more(known.length - DEFECTS) }
        : null,
  };
}

function headlineOfGroups(context: Context, [first, ...others]: readonly FindingGroup[]): Phrase {
  if (first === undefined) return phrase`${INCIDENT_WORDS[context.language].unknown}`;
  return others.length > 0
    ? headlineOfSeveral(context, [first, ...others])
    : headlineOf(context, first.worst);
}

/** Returns the first step for findings of one indicator; null where the catalog has none. */
export function firstStepOf(context: Context, { indicator, findings }: FindingGroup): ShownStep | null {
  const { language } = context;
  const step = wordsAbout(context, indicator, findings)?.nextSteps[0];
  if (step === undefined) return null;
  return { text: withCode(step.text[language]), commands: shownCommands(context, step.command, findings) };
}

function ongoingText({ language }: Context, incident: Incident, places: readonly Group<Finding>[]): string {
  if (!incident.ongoing) return '';
  const words = INCIDENT_WORDS[language];
  const ongoing = places.filter((findings) => findings.some((finding) => finding.ongoing)).length;
  return ongoing > 0 && ongoing < places.length
    ? words.someStillOngoing(ongoing, places.length)
    : words.stillOngoing;
}
