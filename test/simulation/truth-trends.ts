/** What growth over days leads to: findings if a threshold is reached, and changes that a report shows before. */
import { indicator as descriptors } from '../../src/report/catalog/indicators/open-file-descriptors.ts';
import { indicator as memory } from '../../src/report/catalog/indicators/resident-memory.ts';
import type { Indicator } from '../../src/report/model/indicator.ts';
import { type Cluster, clusterOf, controllerNode, processKey, type Simulation } from './cluster.ts';
import { type FaultOf, isOf, SMALL_DESCRIPTOR_LIMIT } from './faults.ts';
import { DAY_SECONDS, grown, usualDescriptors, usualMemoryBytes } from './levels.ts';
import { livesOf } from './pods.ts';
import type { Truth } from './truth.ts';

/** A level that changes and does not return, whether or not it reaches a threshold. */
export type ChangeTruth = {
  indicator: string;
  component: 'agent' | 'controller';
  node: string;
  start: number;
  end: number;
} & ({ kind: 'trend'; perDay: number } | { kind: 'step'; ratio: number });

const TREND_KINDS = ['memory-leak', 'descriptor-leak', 'pods-growth', 'flows-step'] as const;
type Trend = FaultOf<(typeof TREND_KINDS)[number]>;

function trendsOf(cluster: Cluster): Trend[] {
  return cluster.faults.filter((fault) => isOf(fault, ...TREND_KINDS));
}

function placeOf(cluster: Cluster, fault: Trend): { component: 'agent' | 'controller'; node: string } {
  return 'node' in fault
    ? { component: 'agent', node: fault.node }
    : { component: 'controller', node: controllerNode(cluster) };
}

/** Returns the slope of each trend and the size of each step, in the unit of the indicator. */
export function changeTruthsOf(simulation: Simulation): ChangeTruth[] {
  const cluster = clusterOf(simulation);
  return trendsOf(cluster).map((fault) => ({
    ...placeOf(cluster, fault),
    start: fault.start,
    end: fault.end,
    ...movementOf(fault),
  }));
}

function movementOf(fault: Trend) {
  switch (fault.kind) {
    case 'memory-leak':
      return { indicator: 'resident-memory', kind: 'trend', perDay: fault.bytesPerDay } as const;
    case 'descriptor-leak': {
      const perDay = fault.perDay / SMALL_DESCRIPTOR_LIMIT;
      return { indicator: 'open-file-descriptors', kind: 'trend', perDay } as const;
    }
    case 'pods-growth':
      return { indicator: 'local-pod-count', kind: 'trend', perDay: fault.perDay } as const;
    case 'flows-step':
      return { indicator: 'ovs-flow-count', kind: 'step', ratio: fault.ratio } as const;
  }
}

/** Returns growth beyond a threshold. That of Pods and flows never gets there, which validation.ts ensures. */
export function trendTruths(cluster: Cluster): Truth[] {
  return trendsOf(cluster).flatMap((fault) => {
    const { component, node } = placeOf(cluster, fault);
    const key = processKey(cluster, component, node);
    if (isOf(fault, 'memory-leak')) {
      const usual = usualMemoryBytes(key);
      return crossing(cluster, memory, fault, usual, fault.bytesPerDay);
    }
    if (isOf(fault, 'descriptor-leak')) {
      const usual = usualDescriptors(key) / SMALL_DESCRIPTOR_LIMIT;
      return crossing(cluster, descriptors, fault, usual, fault.perDay / SMALL_DESCRIPTOR_LIMIT);
    }
    return [];
  });
}

/** Returns when the worst threshold was exceeded, from and until; a restart ends a leak. */
function crossing(
  cluster: Cluster,
  { id, thresholds }: Indicator,
  fault: Trend,
  usual: number,
  perDay: number,
): Truth[] {
  const runs = runsOf(cluster, fault).map(({ start, end }) => ({
    start,
    end,
    value: usual + grown(perDay, start, end),
  }));
  const bounds = [thresholds.critical?.above, thresholds.warning?.above];
  const bound = bounds.find((one) => one !== undefined && runs.some(({ value }) => value > one));
  if (bound === undefined) return [];
  const beyond = runs.filter(({ value }) => value > bound);
  const starts = beyond.map(({ start }) => start + ((bound - usual) / perDay) * DAY_SECONDS);
  return [
    {
      check: id,
      ...placeOf(cluster, fault),
      value: Math.max(...beyond.map(({ value }) => value)),
      start: Math.min(...starts),
      end: Math.max(...beyond.map(({ end }) => end)),
    },
  ];
}

/** Returns the parts of a leak between starts of its process. */
function runsOf(cluster: Cluster, fault: Trend): { start: number; end: number }[] {
  const { component, node } = placeOf(cluster, fault);
  return livesOf(cluster, component, node)
    .map(({ startedAt, endedAt }) => ({
      start: Math.max(fault.start, startedAt),
      end: Math.min(fault.end, endedAt),
    }))
    .filter(({ start, end }) => start < end);
}
