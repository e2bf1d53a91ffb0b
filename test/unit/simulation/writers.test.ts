import { describe, expect, it } from 'vitest';
import type { Simulation } from '../../simulation/cluster.ts';
import { type SimulatedSeries, simulate } from '../../simulation/samples.ts';
import { escapeLabelValue, importLines, openMetrics } from '../../simulation/writers.ts';

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

describe('openMetrics', () => {
  it('escapes names and says that a counter without _total is of unknown type', () => {
    expect(text(openMetrics([ERRORS]))).toBe(
      [
        '# TYPE antrea_agent_ovs_flow_ops_error_count unknown',
        String.raw`antrea_agent_ovs_flow_ops_error_count{instance="a \"b\"\\\n<c>;pod",operation="add"} 0 1795132800.007`,
        String.raw`antrea_agent_ovs_flow_ops_error_count{instance="a \"b\"\\\n<c>;pod",operation="add"} 2 1795132860.007`,
        '# EOF\n',
      ].join('\n'),
    );
  });

  it('writes the same text every time, and another with another seed', () => {
    const once = text(openMetrics(simulate(SIMULATION)));
    expect(text(openMetrics(simulate(SIMULATION)))).toBe(once);
    expect(text(openMetrics(simulate({ ...SIMULATION, seed: 2 })))).not.toBe(once);
  });

  it('keeps the samples of a family together', () => {
    const families = text(openMetrics(simulate(SIMULATION))).match(/^# TYPE .*$/gm) ?? [];
    expect(families).toContain('# TYPE process_cpu_seconds counter');
    expect(new Set(families).size).toBe(families.length);
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

describe('escapeLabelValue', () => {
  it('leaves markup alone, which is for readers to defuse', () => {
    expect(escapeLabelValue('<img src=x onerror=alert(1)>')).toBe('<img src=x onerror=alert(1)>');
  });
});
