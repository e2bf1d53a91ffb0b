import { min, sum } from 'd3-array';
import { alertName, type FiredAlert, LONGEST_ALERT_NAME, LONGEST_ALERT_SEVERITY } from '../../model/alert.ts';
import type { Facts, FiringAlert, GatheredAlerts } from '../../model/gathered.ts';
import type { Indicator } from '../../model/indicator.ts';
import { compareNames } from '../../model/names.ts';
import { CLUSTER_SUBJECT, CONTROLLER_SUBJECT } from '../../model/report.ts';
import { type Answer, type Grid, isKnown, unknownValues } from '../../model/series.ts';
import { pointAt, stepStart, toInstant } from '../../model/time.ts';
import { findEpisodes, type GridEpisode } from '../episodes.ts';

/** A time in which an alert fired, in Unix seconds. */
export type AlertEpisode = { start: number; end: number };

/** An alert about one subject. */
export type SubjectAlert = Pick<FiringAlert, 'name' | 'severity' | 'component' | 'node'> & {
  episodes: readonly AlertEpisode[];
  ongoing: boolean;
};

/**
 * The longest time between two evaluations of a rule, in seconds: our own groups are evaluated every one or five minutes
 * (monitoring/rules), and Prometheus's default is one. An alert that lacks samples for less is still the same.
 */
const LONGEST_EVALUATION_SECONDS = 300;

/** Upper bounds on what a report lists, since rules of others may fire for each of thousands of Pods. */
const MOST_EPISODES = 50;

/** Labels `severity` of common rules, by rank: kubernetes-mixin has critical, warning and info, others page. */
const RANKS: Readonly<Record<string, number>> = {
  critical: 3,
  page: 3,
  error: 3,
  high: 3,
  emergency: 3,
  warning: 2,
  warn: 2,
  medium: 2,
};

function rankOf(severity: string | null): number {
  const known = severity?.toLowerCase() ?? '';
  return Object.hasOwn(RANKS, known) ? (RANKS[known] ?? 1) : 1;
}

/** The alerts of a cluster without their series. */
export type JudgedAlerts = Pick<GatheredAlerts, 'query'> & {
  stepSeconds: number;
  /** `evaluatedFrom`: the first point with an alert of any rule in Unix seconds; `null` if there is none. */
  found: Answer<{ alerts: readonly SubjectAlert[]; evaluatedFrom: number | null }>;
};

/** @param indicators those that have alerts of our own rules */
export function judgeAlerts(
  { grid, query, alerts }: GatheredAlerts,
  facts: Pick<Facts, 'period'>,
  indicators: readonly Pick<Indicator, 'id' | 'scope'>[],
): JudgedAlerts {
  const { stepSeconds } = grid;
  if (!alerts.ok) return { query, stepSeconds, found: alerts };
  const { firing, anyAlert } = alerts.value;
  const evaluated = [...firing.map(({ values }) => values), ...(anyAlert === null ? [] : [anyAlert])];
  const first = min(evaluated.map((values) => values.findIndex(isKnown)).filter((index) => index >= 0));
  const evaluatedFrom = first === undefined ? null : Math.max(facts.period.start, pointAt(grid, first));
  const found = findAlerts(firing.map(withSubjectOf(indicators)), grid, facts);
  return { query, stepSeconds, found: { ok: true, value: { alerts: found, evaluatedFrom } } };
}

/**
 * Returns what gives an alert the subject of its indicator: our rules about the whole cluster have the label of the
 * component whose metrics they read.
 */
function withSubjectOf(
  indicators: readonly Pick<Indicator, 'id' | 'scope'>[],
): (alert: FiringAlert) => FiringAlert {
  const ofCluster = new Set(
    indicators.filter(({ scope }) => scope === 'cluster').map(({ id }) => alertName(id)),
  );
  return (alert) => (ofCluster.has(alert.name) ? { ...alert, component: null, node: null } : alert);
}

/** Returns each alert with the times in which it fired, worst first. Series with one name, severity and subject are one. */
function findAlerts(
  firing: readonly FiringAlert[],
  grid: Grid,
  { period }: Pick<Facts, 'period'>,
): SubjectAlert[] {
  const groups = Map.groupBy(firing, ({ name, severity, component, node }) =>
    JSON.stringify([name, severity, component, node]),
  );
  const alerts = [...groups.values()].flatMap(([first, ...others]): SubjectAlert[] => {
    if (first === undefined) return [];
    const { values: _, ...alert } = first;
    const all = [first, ...others].map(({ values }) => values);
    const found = findFiring(all, grid);
    const last = found.at(-1);
    if (last === undefined) return [];
    return [
      {
        ...alert,
        episodes: found.map((points) => ({
          start: stepStart({ grid, period }, points.first),
          end: pointAt(grid, points.last),
        })),
        ongoing: last.last >= grid.count - 1 - bridgedPoints(grid),
      },
    ];
  });
  return alerts.sort(compareAlerts);
}

/** How many points without a sample do not end an alert. */
function bridgedPoints({ stepSeconds }: Grid): number {
  return Math.floor(LONGEST_EVALUATION_SECONDS / stepSeconds);
}

/** Returns the episodes in which any of the series has a value. */
function findFiring(all: readonly Float64Array[], grid: Grid): GridEpisode[] {
  const firing = unknownValues(grid.count).map((unknown, index) =>
    all.some((values) => isKnown(values[index])) ? 1 : unknown,
  );
  const sampling = { stepSeconds: grid.stepSeconds, bridgedPoints: bridgedPoints(grid), sharingPoints: 1 };
  return findEpisodes(firing, { above: 0, forSeconds: 0 }, sampling);
}

function secondsOf({ episodes }: Pick<SubjectAlert, 'episodes'>): number {
  return sum(episodes, ({ start, end }) => end - start);
}

/** Orders alerts worst first: by severity, then those that still fire, then the longest. */
function compareAlerts(a: SubjectAlert, b: SubjectAlert): number {
  return (
    rankOf(b.severity) - rankOf(a.severity) ||
    Number(b.ongoing) - Number(a.ongoing) ||
    secondsOf(b) - secondsOf(a) ||
    compareNames(a.name, b.name) ||
    compareNames(a.node ?? '', b.node ?? '')
  );
}

/** Returns an alert as the report has it. */
export function toFired(alert: SubjectAlert): FiredAlert {
  const { name, severity, component, node, episodes, ongoing } = alert;
  const longest = episodes.toSorted((a, b) => b.end - b.start - (a.end - a.start)).slice(0, MOST_EPISODES);
  const kept = longest.sort((a, b) => a.start - b.start);
  return {
    name: clip(name, LONGEST_ALERT_NAME),
    severity: severity === null ? null : clip(severity, LONGEST_ALERT_SEVERITY),
    ...(component === 'controller'
      ? { subject: CONTROLLER_SUBJECT, component }
      : node === null
        ? { subject: CLUSTER_SUBJECT, component: null }
        : { subject: node, component: 'agent' }),
    start: toInstant(episodes[0]?.start ?? 0),
    end: toInstant(episodes.at(-1)?.end ?? 0),
    ongoing,
    episodes: kept.map(({ start, end }) => ({ start: toInstant(start), end: toInstant(end) })),
    moreEpisodes: episodes.length - kept.length,
  };
}

function clip(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).toWellFormed()}…`;
}
