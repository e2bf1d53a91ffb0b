import type { Severity } from '../../model/indicator.ts';
import { PROMETHEUS_SUBJECT } from '../../model/report.ts';
import { worstSeverity } from '../severity.ts';
import type { Link } from './links.ts';
import {
  compareBadness,
  compareStarts,
  isMoment,
  isOfCluster,
  type Occurrence,
  type OccurrenceEpisode,
  placeOf,
} from './occurrence.ts';

/** Occurrences that belong together. */
export type Group = {
  /** First the leading ones, then the others by start. */
  occurrences: Occurrence[];
  /** How many are leading: what the group began with or is about. */
  leading: number;
  links: Link[];
  /** The worst of the occurrences that no other one explains. */
  severity: Severity;
};

/** Without a rule, two occurrences in one place belong together if they begin within two steps … */
const NEAR_STEPS = 2;

/** … and within a quarter of an hour, however long a step is. Both are our choice. */
const NEAR_SECONDS = 900;

/**
 * Restarts with side effects belong together if the pause between them is at most this long. A rollout waits for each
 * node to be ready, which pulling an image can delay. Our choice.
 */
const ROLLOUT_PAUSE_SECONDS = 1800;

type Pair = readonly [Occurrence, Occurrence];

export type GroupOptions = { stepSeconds: number; periodStart: number };

/** Puts every occurrence into exactly one group. */
export function groupOccurrences(
  all: readonly Occurrence[],
  links: readonly Link[],
  explained: ReadonlySet<Occurrence>,
  options: GroupOptions,
): Group[] {
  const sets = connectedSets(all, [
    ...links.map(({ cause, effect }): Pair => [cause, effect]),
    ...findNeighbours(all, options),
  ]);
  const linksByEffect = Map.groupBy(links, ({ effect }) => effect);
  const groups = sets.map((members) => {
    const own = members.flatMap((member) => linksByEffect.get(member) ?? []);
    return makeGroup(members, own, explained);
  });
  return [...Map.groupBy(groups, topicOf).values()].flatMap((alike) => mergeAlike(alike, options, explained));
}

/** Returns the pairs of occurrences in one place that begin together or follow on each other. */
function findNeighbours(all: readonly Occurrence[], options: GroupOptions): Pair[] {
  return [...Map.groupBy(all, placeOf).values()].flatMap((own) => {
    const pairs = own.flatMap((a, index) => own.slice(index + 1).map((b): Pair => [a, b]));
    return pairs.filter(([a, b]) => areNeighbours(a, b, options));
  });
}

function areNeighbours(a: Occurrence, b: Occurrence, { stepSeconds, periodStart }: GroupOptions): boolean {
  const touch = (one: OccurrenceEpisode, other: OccurrenceEpisode) =>
    one.start <= other.end + stepSeconds && other.start <= one.end + stepSeconds;
  // A critical finding that became a warning, or the reverse.
  if (a.finding.indicator === b.finding.indicator)
    return a.episodes.some((one) => b.episodes.some((other) => touch(one, other)));
  // Findings about the whole cluster, such as a certificate and an IP pool, have no place in common.
  if (isOfCluster(a)) return false;
  const [first, second] = [a.episodes[0], b.episodes[0]];
  if (first === undefined || second === undefined || !touch(first, second)) return false;
  // It is unknown when something began that was present at the start of the period.
  if (Math.min(a.start, b.start) <= periodStart) return false;
  return Math.abs(a.start - b.start) <= Math.min(NEAR_STEPS * stepSeconds, NEAR_SECONDS);
}

/** Returns the sets of occurrences that pairs connect, directly or through others. */
function connectedSets(all: readonly Occurrence[], pairs: readonly Pair[]): Occurrence[][] {
  const neighbours = Map.groupBy(
    pairs.flatMap(([a, b]): Pair[] => [
      [a, b],
      [b, a],
    ]),
    ([a]) => a,
  );
  const seen = new Set<Occurrence>();
  return all.flatMap((start) => {
    if (seen.has(start)) return [];
    seen.add(start);
    const members = [start];
    for (const member of members)
      for (const [, next] of neighbours.get(member) ?? []) {
        if (seen.has(next)) continue;
        seen.add(next);
        members.push(next);
      }
    return [members];
  });
}

/** @param leaders members that lead in any case */
function makeGroup(
  members: readonly Occurrence[],
  links: readonly Link[],
  explained: ReadonlySet<Occurrence>,
  leaders: ReadonlySet<Occurrence> = new Set(),
): Group {
  const causes = new Set(links.map(({ cause }) => cause));
  const effects = new Set(links.map(({ effect }) => effect));
  const roots = members
    .filter((member) => leaders.has(member) || (causes.has(member) && !effects.has(member)))
    .sort((a, b) => Number(causes.has(b)) - Number(causes.has(a)) || compareBadness(a, b));
  // Without roots there are no links, or the causes form a circle.
  const compare = links.length > 0 ? compareStarts : compareBadness;
  const [lead] = members.toSorted(
    (a, b) => Number(explained.has(a)) - Number(explained.has(b)) || compare(a, b),
  );
  const leading = roots.length > 0 || lead === undefined ? roots : [lead];
  const isLeading = new Set(leading);
  const others = members.filter((member) => !isLeading.has(member)).sort(compareStarts);
  const alarms = members.filter((member) => !explained.has(member)).map(({ finding }) => finding);
  const severity = worstSeverity(alarms) ?? 'warning';
  return { occurrences: [...leading, ...others], leading: leading.length, links: [...links], severity };
}

/** Returns a key for what a group is about: its first indicator and the severities. */
function topicOf({ occurrences: [first], severity }: Group): string {
  const finding = first?.finding;
  // A gap of all targets concerns Prometheus itself, so it is another topic than the gap of one target.
  const isOfAll = finding?.component === null && finding.subject === PROMETHEUS_SUBJECT;
  return JSON.stringify([finding?.indicator, finding?.severity, isOfAll, severity]);
}

/**
 * Merges groups about the same topic, wherever in the period they are. Only restarts with side effects are merged just
 * with those that follow soon: each such rollout has a before and an after.
 */
function mergeAlike(
  alike: readonly Group[],
  { stepSeconds }: GroupOptions,
  explained: ReadonlySet<Occurrence>,
): Group[] {
  const startOf = ({ occurrences: [first] }: Group) => first?.start ?? 0;
  const rollouts: Group[][] = [];
  for (const group of alike.toSorted((a, b) => startOf(a) - startOf(b))) {
    const rollout = rollouts.at(-1);
    const last = rollout?.at(-1);
    if (last && startOf(group) - startOf(last) <= Math.max(ROLLOUT_PAUSE_SECONDS, stepSeconds))
      rollout?.push(group);
    else rollouts.push([group]);
  }
  const hasSideEffects = ({ occurrences }: Group) =>
    occurrences.slice(0, 1).every(isMoment) &&
    new Set(occurrences.map(({ finding }) => finding.indicator)).size > 1;
  const isSeparate = (rollout: readonly Group[]) => rollout.some(hasSideEffects);
  const others = rollouts.filter((rollout) => !isSeparate(rollout)).flat();
  return [...rollouts.filter(isSeparate), others].flatMap((groups) => {
    if (groups.length <= 1) return groups;
    const members = groups.flatMap(({ occurrences }) => occurrences);
    const links = groups.flatMap((group) => group.links);
    const leaders = new Set(groups.flatMap(({ occurrences, leading }) => occurrences.slice(0, leading)));
    return [makeGroup(members, links, explained, leaders)];
  });
}
