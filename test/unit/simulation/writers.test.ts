import { describe, expect, it } from 'vitest';
import type { Simulation } from '../../simulation/cluster.ts';
import { type SimulatedSeries, simulate } from '../../simulation/samples.ts';
import { importLines, writeRequests } from '../../simulation/writers.ts';

const START = Date.UTC(2026, 10, 20) / 1000;
const SIMULATION: Simulation = { start: START, end: START + 600, nodes: 2 };

const ERRORS: SimulatedSeries = {
  family: { name: 'antrea_agent_ovs_flow_ops_error_count', type: 'counter' },
  name: 'antrea_agent_ovs_flow_ops_error_count',
  labels: { instance: 'a "b"\\\n<c>;pod', operation: 'add' },
  timestamps: Float64Array.of(1_795_132_800_007, 1_795_132_860_007),
  values: Float64Array.of(0, 2),
};

function text(pieces: Iterable<string>): string {
  return [...pieces].join('');
}

describe('writeRequests', () => {
  const bytes = (simulation: Simulation) => Buffer.concat([...writeRequests(simulate(simulation))]);

  // That Prometheus reads them, whole and in pieces, is what every test of a service shows.
  it('writes the same every time, and another with another seed', () => {
    const once = bytes(SIMULATION);
    expect(bytes(SIMULATION)).toEqual(once);
    expect(bytes({ ...SIMULATION, seed: 2 })).not.toEqual(once);
  });

  it('sorts labels by name, its own among them', () => {
    const [request] = writeRequests([{ ...ERRORS, labels: { operation: 'add', Zone: 'a', instance: 'b' } }]);
    const text = request?.toString('latin1') ?? '';
    const places = ['Zone', '__name__', 'instance', 'operation'].map((name) => text.indexOf(name));
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect(places).not.toContain(-1);
  });
});

describe('importLines', () => {
  it('writes a series as one line of JSON', () => {
    expect(JSON.parse(text(importLines([ERRORS])))).toEqual({
      metric: { __name__: ERRORS.name, ...ERRORS.labels },
      values: [0, 2],
      timestamps: [1_795_132_800_007, 1_795_132_860_007],
    });
  });
});
