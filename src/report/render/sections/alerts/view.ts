import { max, min, sum } from 'd3-array';
import type { FiredAlert } from '../../../model/alert.ts';
import { type Context, incidentAnchor } from '../../kit/context.ts';
import { type Group, groupBy } from '../../kit/group.ts';
import { nodeSet } from '../../kit/node-set.ts';
import { name, type Phrase, phrase } from '../../kit/phrase.ts';
import { placesOf, shortPlace } from '../../kit/place.ts';
import { summaryOf } from '../incidents/summary.ts';
import { severityText } from './of-incident.ts';
import { ALERT_WORDS, type AlertWords } from './words.ts';

export type AlertsView = {
  heading: string;
  introduction: string;
  columns: AlertWords['columns'];
  rows: AlertRow[];
  more: string;
  /** The line of a list that is closed at first, because it is long; empty for a short one. */
  summary: string;
};

/** The alerts of one name and severity. */
export type AlertRow = {
  name: Phrase;
  severity: Phrase;
  place: Phrase;
  nodes: string;
  when: string;
  incidents: { anchor: string; text: Phrase }[];
  /** How many more incidents there are, or that there is none. */
  otherIncidents: string;
};

/** Rows that are shown; further alerts are counted. */
const ROWS = 12;

/** More rows are closed at first. */
const OPEN_ROWS = 5;

/** Incidents that a row links to. */
const INCIDENTS = 2;

/** An alert with the places of the incidents that it fired for. */
type Placed = FiredAlert & { incidents: readonly number[] };

/** Returns the alerts about Antrea that fired, worst first; null where there were none, or nothing is known. */
export function alertsView(context: Context): AlertsView | null {
  const { report, language } = context;
  const { alerts } = report;
  if (alerts === undefined || alerts.fired.length === 0) return null;
  const words = ALERT_WORDS[language];
  const groups = groupBy(placeAlerts(context), ({ name, severity }) => [name, severity]);
  const shown = groups.slice(0, ROWS);
  const further = sum(groups.slice(ROWS), ({ length }) => length) + alerts.more;
  return {
    heading: words.heading,
    introduction: words.introduction,
    columns: words.columns,
    rows: shown.map((group) => rowOf(context, group)),
    more: further > 0 ? words.more(further) : '',
    summary: shown.length > OPEN_ROWS ? words.summary(alerts.fired.length + alerts.more) : '',
  };
}

function placeAlerts({ report }: Context): Placed[] {
  const links = report.incidents.flatMap(({ alerts = [] }, incident) =>
    alerts.map(({ alert }) => ({ alert, incident })),
  );
  const byAlert = Map.groupBy(links, ({ alert }) => alert);
  return (report.alerts?.fired ?? []).map((alert, place) => ({
    ...alert,
    incidents: (byAlert.get(place) ?? []).map(({ incident }) => incident),
  }));
}

function rowOf(context: Context, group: Group<Placed>): AlertRow {
  const { report, words: shared, language } = context;
  const words = ALERT_WORDS[language];
  const [first] = group;
  const incidents = [...new Set(group.flatMap((alert) => alert.incidents))].sort((a, b) => a - b);
  const severity = severityText(context, first);
  return {
    name: name(first.name),
    severity: severity === '' ? [] : name(severity),
    place:
      group.length === 1 ? shortPlace(context, first) : phrase`${shared.places(placesOf(context, group))}`,
    nodes: nodeSet(context, group),
    when: whenOf(context, group),
    incidents: incidents.slice(0, INCIDENTS).flatMap((index) => {
      const incident = report.incidents[index];
      return incident === undefined
        ? []
        : [{ anchor: incidentAnchor(context, index), text: summaryOf(context, incident) }];
    }),
    otherIncidents:
      incidents.length === 0
        ? words.noIncident
        : incidents.length > INCIDENTS
          ? words.moreIncidents(incidents.length - INCIDENTS)
          : '',
  };
}

/** Returns the time from the first to the last moment, and for one alert how often it fired. */
function whenOf({ format, words: shared, language }: Context, group: Group<Placed>): string {
  const [first, ...others] = group;
  const start = min(group, (alert) => alert.start) ?? first.start;
  const end = max(group, (alert) => alert.end) ?? first.end;
  const range = group.some(({ ongoing }) => ongoing)
    ? shared.since(format.time(start))
    : format.range(start, end);
  const times = first.episodes.length + first.moreEpisodes;
  return others.length > 0 || times < 2
    ? range
    : `${range}${shared.comma}${ALERT_WORDS[language].times(times)}`;
}
