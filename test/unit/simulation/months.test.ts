import { describe, expect, it } from 'vitest';
import type { Simulation } from '../../simulation/cluster.ts';
import type { Fault } from '../../simulation/faults.ts';
import { weekend } from '../../simulation/random.ts';
import { type SimulatedSeries, simulate } from '../../simulation/samples.ts';
import { truthsOf } from '../../simulation/truth.ts';
import { changeTruthsOf } from '../../simulation/truth-trends.ts';
import { seriesOf } from './series.ts';

const DAY = 86_400;
/** A Monday. */
const START = Date.UTC(2026, 9, 5) / 1000;
const MEBIBYTE = 1024 ** 2;

const MONTH: Simulation = {
  start: START,
  end: START + 28 * DAY,
  nodes: 3,
  scrapeIntervalSeconds: 300,
  families: [
    'antrea_agent_local_pod_count',
    'antrea_agent_ovs_total_flow_count',
    'process_resident_memory_bytes',
    'process_open_fds',
    'go_goroutines',
    'workqueue_depth',
  ],
};

function meanOf(values: Float64Array | undefined): number {
  return (values ?? new Float64Array()).reduce((sum, value) => sum + value, 0) / (values?.length ?? 1);
}

/** The mean of the days of the simulation that are chosen, counted from 0. */
function meanOfDays({ timestamps, values }: SimulatedSeries, isChosen: (day: number) => boolean): number {
  return meanOf(
    values.filter((_, index) => isChosen(Math.floor(((timestamps[index] ?? 0) / 1000 - START) / DAY))),
  );
}

function onNode(simulation: Simulation, name: string, node = 'worker-01'): SimulatedSeries | undefined {
  return seriesOf(simulation, name, { job: 'antrea-agents' }).find(({ labels }) =>
    labels['instance']?.startsWith(`${node};`),
  );
}

describe('the week', () => {
  it('is calm on Saturday and Sunday, UTC, without a jump', () => {
    expect([0.5, 1, 2, 3, 4.5].map((day) => weekend(START + day * DAY))).toEqual([0, 0, 0, 0, 0]);
    expect([5.5, 6, 6.5].map((day) => weekend(START + day * DAY))).toEqual([1, 1, 1]);
    expect(weekend(START + 7 * DAY)).toBe(0.5);
    const steps = Array.from({ length: 7 * 288 }, (_, index) =>
      Math.abs(weekend(START + (index + 1) * 300) - weekend(START + index * 300)),
    );
    expect(Math.max(...steps)).toBeLessThan(0.02);
  });

  it('leaves fewer Pods, and much less changed flows and memory', () => {
    const isWeekend = (day: number) => day % 7 > 4;
    const ratio = (name: string) => {
      const series = onNode({ ...MONTH, weekly: 0.3 }, name);
      if (!series) throw new Error(name);
      return meanOfDays(series, isWeekend) / meanOfDays(series, (day) => !isWeekend(day));
    };
    expect(ratio('antrea_agent_local_pod_count')).toBeGreaterThan(0.68);
    expect(ratio('antrea_agent_local_pod_count')).toBeLessThan(0.78);
    expect(ratio('antrea_agent_ovs_total_flow_count')).toBeGreaterThan(0.9);
    expect(ratio('process_resident_memory_bytes')).toBeGreaterThan(0.92);
  });

  it('never makes a queue of the controller full at two scrapes in a row', () => {
    for (const { values, labels } of seriesOf(MONTH, 'workqueue_depth', { job: 'antrea-controllers' })) {
      const twice = values.filter((value, index) => value > 0 && (values[index - 1] ?? 0) > 0);
      expect(twice, labels['name']).toHaveLength(0);
    }
  });
});

describe('families', () => {
  it('are only those asked for, beside up', () => {
    const names = new Set([...simulate({ ...MONTH, end: START + DAY })].map(({ name }) => name));
    expect(names).toEqual(new Set(['up', ...(MONTH.families ?? [])]));
  });

  it('must exist', () => {
    expect(() => [...simulate({ ...MONTH, families: ['antrea_agent_pods'] })]).toThrow('antrea_agent_pods');
  });
});

describe('trends', () => {
  const node = 'worker-01';
  const span = { start: START + 7 * DAY, end: START + 28 * DAY };
  const faults: Fault[] = [
    { kind: 'memory-leak', node, ...span, bytesPerDay: 20 * MEBIBYTE },
    { kind: 'descriptor-leak', node, ...span, perDay: 30 },
    { kind: 'pods-growth', node, ...span, perDay: 1.5 },
    { kind: 'flows-step', node: 'worker-02', ...span, ratio: 1.3 },
  ];
  const leaking: Simulation = { ...MONTH, faults };

  it.each([
    ['process_resident_memory_bytes', 20 * MEBIBYTE],
    ['process_open_fds', 30],
    ['antrea_agent_local_pod_count', 1.5],
  ])('make %s rise by so much a day, from the start of the fault on', (name, perDay) => {
    const [healthy, faulty] = [onNode(MONTH, name), onNode(leaking, name)];
    if (!healthy || !faulty) throw new Error(name);
    const more = (day: number) =>
      meanOfDays(faulty, (each) => each === day) - meanOfDays(healthy, (each) => each === day);
    expect(more(6)).toBe(0);
    expect((more(27) - more(7)) / perDay).toBeCloseTo(20, 0);
  });

  it('make the flow count jump and stay', () => {
    const name = 'antrea_agent_ovs_total_flow_count';
    const [healthy, faulty] = [onNode(MONTH, name, 'worker-02'), onNode(leaking, name, 'worker-02')];
    if (!healthy || !faulty) throw new Error(name);
    const ratio = (day: number) =>
      meanOfDays(faulty, (each) => each === day) / meanOfDays(healthy, (each) => each === day);
    expect(ratio(6)).toBe(1);
    expect(ratio(7)).toBeCloseTo(1.3, 3);
    expect(ratio(27)).toBeCloseTo(1.3, 3);
  });

  it('are changes, and findings only where they pass a threshold', () => {
    expect(changeTruthsOf(leaking)).toEqual([
      {
        indicator: 'resident-memory',
        component: 'agent',
        node,
        ...span,
        kind: 'trend',
        perDay: 20 * MEBIBYTE,
      },
      {
        indicator: 'open-file-descriptors',
        component: 'agent',
        node,
        ...span,
        kind: 'trend',
        perDay: 30 / 1024,
      },
      { indicator: 'local-pod-count', component: 'agent', node, ...span, kind: 'trend', perDay: 1.5 },
      {
        indicator: 'ovs-flow-count',
        component: 'agent',
        node: 'worker-02',
        ...span,
        kind: 'step',
        ratio: 1.3,
      },
    ]);
    const truths = truthsOf(leaking);
    expect(truths.map(({ check }) => check)).toEqual(['resident-memory', 'open-file-descriptors']);
    // What the fault alone says must be what was simulated.
    const highest = (name: string) => Math.max(...(onNode(leaking, name)?.values ?? []));
    expect(highest('process_resident_memory_bytes') / (truths[0]?.value ?? 0)).toBeCloseTo(1, 1);
    expect(highest('process_open_fds') / 1024 / (truths[1]?.value ?? 0)).toBeCloseTo(1, 1);
    const [leak] = truths;
    const memory = onNode(leaking, 'process_resident_memory_bytes');
    const passed = memory?.timestamps.find((_, index) => (memory.values[index] ?? 0) > 512 * MEBIBYTE) ?? 0;
    expect(Math.abs(passed / 1000 - (leak?.start ?? 0))).toBeLessThan(DAY);
  });

  it('are set back by a restart', () => {
    const restarted: Simulation = {
      ...MONTH,
      faults: [
        ...faults,
        { kind: 'container-restart', node, start: START + 20 * DAY, end: START + 20 * DAY + 40 },
      ],
    };
    const memory = onNode(restarted, 'process_resident_memory_bytes');
    if (!memory) throw new Error('no memory');
    const mean = (day: number) => meanOfDays(memory, (each) => each === day);
    expect(mean(19) - mean(20)).toBeGreaterThan(12 * 20 * MEBIBYTE * 0.9);
    // 13 days of 20 MiB are not enough, 13 of 30 descriptors neither.
    expect(truthsOf(restarted).map(({ check }) => check)).toEqual(['process-restarts']);
  });
});
