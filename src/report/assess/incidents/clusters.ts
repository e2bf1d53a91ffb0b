import type { Severity } from '../../model/indicator.ts';
import { PROMETHEUS_SUBJECT } from '../../model/report.ts';
import type { Link } from './links.ts';
import { compareStarts, compareWorst, type Found, isMoment, placeOf } from './occurrence.ts';

/** Findings that tell one story, and what of it is cause and what effect. */
export type Cluster = {
  /** What it is about first, then by time. */
  found: Found[];
  /** How many of the first are what it began with or is about. */
  leading: number;
  links: Link[];
  severity: Severity;
};

/** Without a rule, two findings of one place belong together when they begin within two steps … */
const NEAR_STEPS = 2;

/** … and within a quarter of an hour, however long a step is. */
const NEAR_SECONDS = 900;

/**
 * Restarts with side effects are one story when the next follows so soon: a rollout goes from node to node and waits
 * for each to be ready, which an image pull can delay.
 */
const ROLLOUT_PAUSE_SECONDS = 1800;

export type ClusterOptions = { stepSeconds: number; periodStart: number };

/** Every finding in exactly one cluster. */
export function clustersOf(
  found: readonly Found[],
  links: readonly Link[],
  explained: ReadonlySet<Found>,
  options: ClusterOptions,
): Cluster[] {
  const joined = components(found, [
    ...links.map(({ cause, effect }): [Found, Found] => [cause, effect]),
    ...neighbours(found, options),
  ]);
  const linksAt = new Map<Found, Link[]>();
  for (const link of links) linksAt.set(link.effect, [...(linksAt.get(link.effect) ?? []), link]);
  const clusters = joined.map((members) =>
    clusterOf(
      members,
      members.flatMap((one) => linksAt.get(one) ?? []),
      explained,
    ),
  );
  return [...Map.groupBy(clusters, kindOf).values()].flatMap((alike) => together(alike, options, explained));
}

/** Findings of one place that no rule links, but that begin together or go on from each other. */
function neighbours(found: readonly Found[], options: ClusterOptions): [Found, Found][] {
  return [...Map.groupBy(found, placeOf).values()].flatMap((own) =>
    own.flatMap((a, index) =>
      own
        .slice(index + 1)
        .filter((b) => isNeighbour(a, b, options))
        .map((b): [Found, Found] => [a, b]),
    ),
  );
}

function isNeighbour(a: Found, b: Found, { stepSeconds, periodStart }: ClusterOptions): boolean {
  const touches = (one: Found['stretches'][number], other: Found['stretches'][number]) =>
    one.start <= other.end + stepSeconds && other.start <= one.end + stepSeconds;
  // What was critical and is still a warning, or the other way round.
  if (a.finding.indicator === b.finding.indicator)
    return a.stretches.some((one) => b.stretches.some((other) => touches(one, other)));
  const [first, second] = [a.stretches[0], b.stretches[0]];
  if (first === undefined || second === undefined || !touches(first, second)) return false;
  // What was there when the period began has begun at a time that nobody knows.
  if (Math.min(a.start, b.start) <= periodStart) return false;
  return Math.abs(a.start - b.start) <= Math.min(NEAR_STEPS * stepSeconds, NEAR_SECONDS);
}

/** The findings in sets that the pairs connect. */
function components(found: readonly Found[], pairs: readonly [Found, Found][]): Found[][] {
  const adjacent = new Map<Found, Found[]>(found.map((one) => [one, []]));
  for (const [a, b] of pairs) {
    adjacent.get(a)?.push(b);
    adjacent.get(b)?.push(a);
  }
  const seen = new Set<Found>();
  return found.flatMap((start) => {
    if (seen.has(start)) return [];
    seen.add(start);
    const members = [start];
    for (const member of members)
      for (const next of adjacent.get(member) ?? []) {
        if (seen.has(next)) continue;
        seen.add(next);
        members.push(next);
      }
    return [members];
  });
}

function clusterOf(
  members: readonly Found[],
  links: readonly Link[],
  explained: ReadonlySet<Found>,
  heads: ReadonlySet<Found> = new Set(),
): Cluster {
  const effects = new Set(links.map(({ effect }) => effect));
  const reach = Map.groupBy(links, ({ cause }) => cause);
  const reachOf = (one: Found) => reach.get(one)?.length ?? 0;
  const byReach = (a: Found, b: Found) => Number(reachOf(b) > 0) - Number(reachOf(a) > 0);
  const roots = members.filter((one) => heads.has(one) || (reachOf(one) > 0 && !effects.has(one)));
  roots.sort((a, b) => byReach(a, b) || compareWorst(a, b));
  // Nothing is linked, or causes go round in a circle.
  const compare = links.length > 0 ? compareStarts : compareWorst;
  const [lead] = members.toSorted(
    (a, b) => Number(explained.has(a)) - Number(explained.has(b)) || compare(a, b),
  );
  const leading = roots.length > 0 || lead === undefined ? roots : [lead];
  const rest = members.filter((one) => !leading.includes(one)).sort(compareStarts);
  const alarms = members.filter((one) => !explained.has(one));
  const severity = alarms.some(({ finding }) => finding.severity === 'critical') ? 'critical' : 'warning';
  return { found: [...leading, ...rest], leading: leading.length, links: [...links], severity };
}

/** What a cluster is about: findings of the same indicator and severity are one thing to read. */
function kindOf({ found: [head], severity }: Cluster): string {
  const finding = head?.finding;
  // A gap of all targets is Prometheus's own, and no more of the same.
  const isOfAll = finding?.component === null && finding.subject === PROMETHEUS_SUBJECT;
  return JSON.stringify([finding?.indicator, finding?.severity, isOfAll, severity]);
}

/**
 * Clusters about the same: one, wherever in the period they are, since levels and errors of one kind are one trouble.
 * Not so restarts that had side effects: each is an occurrence with a before and an after, told with those near it.
 */
function together(
  alike: readonly Cluster[],
  { stepSeconds }: ClusterOptions,
  explained: ReadonlySet<Found>,
): Cluster[] {
  const startOf = ({ found: [head] }: Cluster) => head?.start ?? 0;
  const rollouts: Cluster[][] = [];
  for (const cluster of alike.toSorted((a, b) => startOf(a) - startOf(b))) {
    const last = rollouts.at(-1)?.at(-1);
    if (last && startOf(cluster) - startOf(last) <= Math.max(ROLLOUT_PAUSE_SECONDS, stepSeconds))
      rollouts.at(-1)?.push(cluster);
    else rollouts.push([cluster]);
  }
  const isOccurrence = (one: Cluster) =>
    one.found.slice(0, 1).every(isMoment) && new Set(one.found.map(indicatorOf)).size > 1;
  const parts = [
    ...rollouts.filter((rollout) => rollout.some(isOccurrence)),
    rollouts.filter((rollout) => !rollout.some(isOccurrence)).flat(),
  ];
  return parts.flatMap((part) => {
    const [first] = part;
    if (first === undefined) return [];
    if (part.length === 1) return [first];
    const heads = new Set(part.flatMap(({ found, leading }) => found.slice(0, leading)));
    return [
      clusterOf(
        part.flatMap((one) => one.found),
        part.flatMap((one) => one.links),
        explained,
        heads,
      ),
    ];
  });
}

function indicatorOf({ finding }: Found): string {
  return finding.indicator;
}
