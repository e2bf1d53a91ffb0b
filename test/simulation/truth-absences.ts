/** What a report finds if processes ended, targets were not scraped, or there is a second controller. */
import { type Cluster, controllerNode } from './cluster.ts';
import { END_KINDS, type Fault, type FaultOf, isOf } from './faults.ts';
import type { Truth } from './truth.ts';

/** Seconds without a scrape from which on the coverage check finds a gap by default. */
const GAP_SECONDS = 600;

/** An agent that is away for longer is missing: for ten minutes after a look-back of five minutes and a step. */
const MISSING_SECONDS = 1200;

/** A controller that is away, or two that overlap, for longer are found: five minutes after a look-back and a step. */
const INSTANCE_SECONDS = 900;

type Absence = FaultOf<(typeof END_KINDS)[number] | 'scrape-gap'>;

export function absenceTruths(cluster: Cluster): Truth[] {
  const absences = cluster.faults.filter((fault) => isOf(fault, ...END_KINDS, 'scrape-gap'));
  const bySubject = Map.groupBy(absences, (fault) => JSON.stringify(placeOf(cluster, fault)));
  return [
    ...[...bySubject.values()].flatMap((own) => gapTruths(cluster, own)),
    ...restartTruths(cluster),
    ...missingAgents(cluster, absences),
    ...instanceTruths(cluster, absences),
  ];
}

function placeOf(cluster: Cluster, fault: Absence): Pick<Truth, 'component' | 'node'> {
  if ('everywhere' in fault) return { component: 'prometheus' };
  return 'node' in fault
    ? { component: 'agent', node: fault.node }
    : { component: 'controller', node: controllerNode(cluster) };
}

function lengthOf({ start, end }: Fault): number {
  return end - start;
}

/** Merges what happened several times into one truth from the first beginning to the last end. */
function together(
  check: string,
  place: Pick<Truth, 'component' | 'node'>,
  faults: readonly Fault[],
  value: number,
): Truth[] {
  if (faults.length === 0) return [];
  const start = Math.min(...faults.map((fault) => fault.start));
  const end = Math.max(...faults.map((fault) => fault.end));
  return [{ check, ...place, value, start, end }];
}

/** Returns the longest gap of a subject. */
function gapTruths(cluster: Cluster, own: readonly Absence[]): Truth[] {
  const [first] = own;
  const gaps = own.filter((fault) => lengthOf(fault) >= GAP_SECONDS);
  if (!first) return [];
  const longest = Math.max(...gaps.map(lengthOf));
  return together('scrape-coverage', placeOf(cluster, first), gaps, longest);
}

/** Returns the process starts, including that of a second controller. */
function restartTruths(cluster: Cluster): Truth[] {
  const restarts = cluster.faults.filter((fault) => isOf(fault, ...END_KINDS) && fault.end < cluster.end);
  const second = cluster.faults.filter((fault) => isOf(fault, 'second-controller'));
  // A start is a moment: the end of a fault that ended a process, or the start of a second process.
  const starts = [
    ...restarts.map((fault) => ({ ...fault, start: fault.end })),
    ...second.map((fault) => ({ ...fault, end: fault.start })),
  ];
  const bySubject = Map.groupBy(starts, (fault) => ('node' in fault ? fault.node : null));
  return [...bySubject].flatMap(([node, own]) => {
    const place =
      node === null
        ? ({ component: 'controller', node: controllerNode(cluster) } as const)
        : ({ component: 'agent', node } as const);
    return together('process-restarts', place, own, own.length);
  });
}

/** Returns how many agents were missing at once for long enough, if kube-state-metrics exposes the desired number. */
function missingAgents(cluster: Cluster, absences: readonly Absence[]): Truth[] {
  const missing = absences.filter((fault) => 'node' in fault && lengthOf(fault) >= MISSING_SECONDS);
  if (!cluster.kubeStateMetrics) return [];
  const most = missing.map(
    ({ start }) =>
      missing.filter((other) => other.start <= start && other.end - start >= MISSING_SECONDS).length,
  );
  return together('missing-agents', { component: 'cluster' }, missing, Math.max(...most));
}

/** No controller and two controllers are two findings with different severities. */
function instanceTruths(cluster: Cluster, absences: readonly Absence[]): Truth[] {
  const isLong = (fault: Fault) => lengthOf(fault) >= INSTANCE_SECONDS;
  const gone = absences.filter((fault) => 'component' in fault && isLong(fault));
  const second = cluster.faults.filter((fault) => isOf(fault, 'second-controller') && isLong(fault));
  const place = { component: 'controller', node: controllerNode(cluster) } as const;
  return [
    ...together('controller-instances', place, gone, 0),
    ...together('controller-instances', place, second, 2),
  ];
}
