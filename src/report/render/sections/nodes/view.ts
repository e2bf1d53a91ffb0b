import type { Severity } from '../../../model/indicator.ts';
import type { Finding } from '../../../model/report.ts';
import { episodeBar, episodeSwatch, presenceSwatch } from '../../kit/charts/bars.ts';
import { titledMark } from '../../kit/charts/mark.ts';
import { timeAxis } from '../../kit/charts/time-axis.ts';
import { type Context, incidentAnchor, titleOf } from '../../kit/context.ts';
import { breachesOf } from '../../kit/episodes.ts';
import { type Group, groupBy } from '../../kit/group.ts';
import { type Markup, markup } from '../../kit/markup.ts';
import { nodeSet } from '../../kit/node-set.ts';
import { periodTicks } from '../../kit/period-ticks.ts';
import { type Phrase, phrase, plain } from '../../kit/phrase.ts';
import { type Located, placesOf, shortPlace } from '../../kit/place.ts';
import { type AffectedPlace, type Alarm, affectedPlaces } from './alarms.ts';
import { NODES_WORDS } from './words.ts';

/** Which nodes were bad, and when: a row for each, worst first. */
export type NodesView = {
  heading: string;
  rows: { place: Phrase; nodes: string; bar: Markup; items: AlarmItem[]; more: string }[];
  more: string;
  axis: Markup;
  legend: { swatch: Markup; word: string }[];
};

type AlarmItem = { anchor: string; mark: Markup; title: string };

/** More rows would push the incidents too far down. */
const ROWS = 20;

/** The places of one indicator in one incident have bars there, up to five; see `incidents/view.ts`. */
const SHOWN_BY_INCIDENT = 5;

/** Indicators that a row names. */
const NAMED = 3;

/** Episodes of each indicator that the description of a bar names. */
const DESCRIBED = 3;

/** Returns the nodes as a section below the calendar; null without one, where they are part of `attention`. */
export function nodesView(context: Context): NodesView | null {
  return context.report.calendar === null ? null : affectedNodes(context);
}

/** Returns the nodes with alarms; null if there is only one, or if one incident says all of it. */
export function affectedNodes(context: Context): NodesView | null {
  const { common, single, agents } = affectedPlaces(context.report);
  const all = [...common, ...single];
  const topics = groupBy(
    all.flatMap(({ alarms }) => alarms),
    ({ incident, finding }) => [incident, finding.indicator],
  );
  if (all.length < 2 || (topics.length === 1 && all.length <= SHOWN_BY_INCIDENT)) return null;
  const words = NODES_WORDS[context.language];
  const shown = all.slice(0, ROWS);
  const placeText = (place: AffectedPlace) =>
    common.includes(place) ? commonPlace(context, place, agents) : shortPlace(context, withoutLabels(place));
  const findings = shown.flatMap(({ alarms }) => alarms.map(({ finding }) => finding));
  return {
    heading: words.heading,
    rows: shown.map((place) => rowOf(context, place, placeText(place))),
    more: all.length > shown.length ? words.more(all.length - shown.length) : '',
    axis: markup(timeAxis(periodTicks(context))),
    legend: legendOf(context, findings),
  };
}

function legendOf({ words, language }: Context, findings: readonly Finding[]): NodesView['legend'] {
  const severities = (['critical', 'warning'] as const).filter((severity) =>
    findings.some((finding) => finding.severity === severity),
  );
  return [
    ...severities.map((severity) => ({
      swatch: markup(episodeSwatch(severity)),
      word: words.statuses[severity],
    })),
    ...(findings.some(({ indicator }) => indicator === 'process-restarts')
      ? [{ swatch: markup(presenceSwatch('restart')), word: NODES_WORDS[language].restart }]
      : []),
  ];
}

function rowOf(context: Context, { alarms }: AffectedPlace, place: Phrase): NodesView['rows'][number] {
  const findings = alarms.map(({ finding }) => finding);
  const byIndicator = groupBy(alarms, ({ finding }) => finding.indicator);
  return {
    place,
    nodes: nodeSet(context, findings),
    bar: markup(
      episodeBar({
        title: NODES_WORDS[context.language].barTitle(plain(place)),
        description: byIndicator
          .map((group) => describe(context, group))
          .join(NODES_WORDS[context.language].separator),
        severity: worstOf(alarms),
        episodes: breachesOf(context, findings),
        ongoing: findings.some(({ ongoing }) => ongoing),
      }),
    ),
    items: byIndicator.slice(0, NAMED).map((group) => itemOf(context, group)),
    more: byIndicator.length > NAMED ? context.words.more(byIndicator.length - NAMED) : '',
  };
}

function withoutLabels({ alarms: [{ finding }] }: AffectedPlace): Located {
  return { subject: finding.subject, component: finding.component };
}

function commonPlace(context: Context, { nodes }: AffectedPlace, agents: number): Phrase {
  const places = placesOf(
    context,
    [...nodes].map((subject) => ({ subject, component: 'agent' as const })),
  );
  return phrase`${NODES_WORDS[context.language].mostNodes(places, agents)}`;
}

function worstOf(alarms: Group<Alarm>): Severity {
  return alarms.some(({ finding }) => finding.severity === 'critical') ? 'critical' : 'warning';
}

function itemOf(context: Context, alarms: Group<Alarm>): AlarmItem {
  const severity = worstOf(alarms);
  return {
    anchor: incidentAnchor(context, Math.min(...alarms.map(({ incident }) => incident))),
    mark: titledMark(severity, context.words.statuses[severity]),
    title: titleOf(context, alarms[0].finding.indicator),
  };
}

/** Describes the episodes of one indicator in words. */
function describe(context: Context, alarms: Group<Alarm>): string {
  const { format, language, words } = context;
  const episodes = alarms
    .flatMap(({ finding }) => finding.episodes)
    .sort((a, b) => Date.parse(a.start) - Date.parse(b.start));
  const ranges = [...new Set(episodes.slice(0, DESCRIBED).map(({ start, end }) => format.range(start, end)))];
  return NODES_WORDS[language].barItem(
    titleOf(context, alarms[0].finding.indicator),
    words.statuses[worstOf(alarms)],
    ranges,
    episodes.length - Math.min(DESCRIBED, episodes.length),
  );
}
