/** Whole days of a cluster with twelve nodes: one without faults and one with seven of them. */
import type { Simulation } from './cluster.ts';
import type { Fault } from './faults.ts';
import { type Truth, truthsOf } from './truth.ts';

export type Scenario = {
  /** The period of the report, in Unix seconds. */
  period: { start: number; end: number };
  /** Begins half an hour before the period, so that look-backs are full at its start. */
  simulation: Simulation;
  truths: readonly Truth[];
};

export type ScenarioName = 'healthy' | 'faulty';

const DAY_START = Date.UTC(2026, 10, 20) / 1000;
const DAY_END = DAY_START + 86_400;
const HISTORY_SECONDS = 1800;

/** Returns a time of the simulated day, for instance "13:20" (UTC). */
export function timeOfDay(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return DAY_START + hours * 3600 + minutes * 60;
}

/** Every fault is on a different node, to distinguish the findings. */
const FAULTS: readonly Fault[] = [
  { kind: 'pods', node: 'worker-02', start: timeOfDay('09:00'), end: DAY_END, level: 246 },
  ...burst('02:10', '02:18', 9),
  { kind: 'container-restart', node: 'worker-03', start: timeOfDay('11:00'), end: timeOfDay('11:00') + 40 },
  ...burst('15:40', '15:44', 4),
  {
    kind: 'slow-policy-sync',
    sync: 'network_policy',
    start: timeOfDay('13:20'),
    end: timeOfDay('14:00'),
    milliseconds: 2400,
  },
  {
    kind: 'slow-proxy-sync',
    node: 'worker-05',
    start: timeOfDay('17:05'),
    end: timeOfDay('17:55'),
    seconds: 1.8,
  },
  {
    kind: 'file-descriptors',
    node: 'worker-07',
    start: timeOfDay('19:30'),
    end: timeOfDay('21:30'),
    ratio: 0.92,
  },
  { kind: 'scrape-gap', node: 'worker-08', start: timeOfDay('04:00'), end: timeOfDay('06:00'), as: 'absent' },
  { kind: 'recreated-pod', node: 'worker-10', start: timeOfDay('08:15'), end: timeOfDay('08:15') + 75 },
];

/** The node of the controller and those with a fault, which the faulty day needs at least. */
export const FAULTY_NODES: readonly string[] = [
  'control-plane-1',
  'worker-02',
  'worker-03',
  'worker-05',
  'worker-07',
  'worker-08',
  'worker-10',
];

function burst(from: string, to: string, errors: number): Fault[] {
  const [start, end] = [timeOfDay(from), timeOfDay(to)];
  return [{ kind: 'flow-operation-errors', node: 'worker-03', operation: 'add', start, end, errors }];
}

/** 2026-11-20 in UTC. `changes` may set anything but the times: fewer nodes, another labelling, more faults. */
export function simulatedDay(
  name: ScenarioName,
  changes: Partial<Omit<Simulation, 'start' | 'end'>> = {},
): Scenario {
  const faults = name === 'faulty' ? FAULTS : [];
  const simulation: Simulation = { start: DAY_START - HISTORY_SECONDS, end: DAY_END, faults, ...changes };
  return { period: { start: DAY_START, end: DAY_END }, simulation, truths: truthsOf(simulation) };
}

/**
 * A restart with effects: the agent takes long to replay its flows, and bundles and rules fail until then. It is over
 * a quarter of an hour after `at`.
 * @returns `truths`: what a report finds
 */
export function restartStory(node: string, at: number): { faults: Fault[]; truths: Truth[] } {
  const up = at + 80;
  const faults: Fault[] = [
    { kind: 'container-restart', node, start: at, end: up },
    { kind: 'empty-pipeline', node, start: up, end: up + 600 },
    { kind: 'flow-operation-errors', node, operation: 'add', start: up + 90, end: up + 330, errors: 8 },
    { kind: 'sync-retries', node, queue: 'networkpolicyrule', start: up + 100, end: up + 580, retries: 12 },
  ];
  const hour = 3600;
  return { faults, truths: truthsOf({ start: at - hour, end: at + hour, nodes: [node], faults }) };
}

const EXAMPLE_DAYS = 24;

/**
 * The faulty day with changes in the weeks before: levels that grow towards a limit, changed for good, or returned. It
 * is the bundled example.
 */
export function exampleDay(): Scenario {
  const start = DAY_START - EXAMPLE_DAYS * 86_400;
  const story = restartStory('worker-04', timeOfDay('03:12'));
  const earlier: Fault[] = [
    {
      kind: 'high-cpu',
      node: 'worker-09',
      start: DAY_START - 11 * 3600,
      end: DAY_START - 9 * 3600,
      cores: 1.2,
    },
    {
      kind: 'memory-leak',
      node: 'worker-06',
      start: start + 2 * 86_400,
      end: DAY_END,
      bytesPerDay: 13 * 1024 ** 2,
    },
    { kind: 'pods-growth', node: 'worker-11', start: start + 86_400, end: DAY_END, perDay: 4 },
    { kind: 'flows-step', node: 'worker-01', start: timeOfDay('10:20'), end: DAY_END, ratio: 1.4 },
  ];
  const simulation: Simulation = {
    start,
    end: DAY_END,
    flowExporter: true,
    kubeStateMetrics: true,
    allocatablePods: 250,
    memoryLimitBytes: 700 * 1024 ** 2,
    weekly: 0.25,
    faults: [...FAULTS, ...story.faults, ...earlier],
  };
  const ofDay = [...FAULTS, ...story.faults];
  return {
    period: { start: DAY_START, end: DAY_END },
    simulation,
    truths: truthsOf({ ...simulation, start: DAY_START - HISTORY_SECONDS, faults: ofDay }),
  };
}
