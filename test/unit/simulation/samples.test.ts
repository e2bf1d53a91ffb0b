import { describe, expect, it } from 'vitest';
import { nodeNames, type Simulation } from '../../simulation/cluster.ts';
import type { Fault } from '../../simulation/faults.ts';
import type { Labelling } from '../../simulation/labellings.ts';
import { type SimulatedSeries, simulate } from '../../simulation/samples.ts';
import { simulatedDay } from '../../simulation/scenarios.ts';
import { truthsOf } from '../../simulation/truth.ts';
import { seriesOf } from './series.ts';

const START = Date.UTC(2026, 10, 20) / 1000;
const HOUR: Simulation = { start: START, end: START + 3600, nodes: 3 };
const RESTART: Fault = {
  kind: 'container-restart',
  node: 'worker-01',
  start: START + 1800,
  end: START + 1840,
};
const RECREATION: Fault = {
  kind: 'recreated-pod',
  node: 'worker-01',
  start: START + 1800,
  end: START + 1875,
};

function names(simulation: Simulation): Set<string> {
  return new Set([...simulate(simulation)].map((each) => each.name));
}

/** Where the values fall, as positions. */
function falls({ values }: SimulatedSeries): number[] {
  return [...values.keys()].filter((index) => (values[index] ?? 0) < (values[index - 1] ?? 0));
}

function isCumulative({ family }: SimulatedSeries): boolean {
  return family.type !== 'gauge';
}

describe('simulate', () => {
  it('gives a node the same data whatever else is in the cluster', () => {
    const [small] = seriesOf(HOUR, 'process_resident_memory_bytes', { job: 'antrea-agents' });
    const [large] = seriesOf({ ...HOUR, nodes: 40 }, 'process_resident_memory_bytes', {
      job: 'antrea-agents',
    });
    expect(small).toEqual(large);
  });

  it('scrapes every target at its own moment of the interval', () => {
    const offsets = seriesOf(HOUR, 'up').map(({ timestamps }) => {
      const [first = 0] = timestamps;
      expect(timestamps).toEqual(timestamps.map((_, index) => first + index * 60_000));
      return first % 60_000;
    });
    expect(new Set(offsets).size).toBe(offsets.length);
  });

  it('has counters that never fall while a process lives', () => {
    const falling = [...simulate(HOUR)].filter((each) => isCumulative(each) && falls(each).length > 0);
    expect(falling).toEqual([]);
  });

  it('has the counters of a restarted container fall once, together', () => {
    const ofNode = [...simulate({ ...HOUR, faults: [RESTART] })].filter(
      (each) => isCumulative(each) && each.labels['instance']?.startsWith('worker-01;'),
    );
    const resets = new Set(ofNode.flatMap(falls));
    expect(resets.size).toBe(1);
  });

  it('starts new series for a recreated Pod when instances name the Pod, and resets the old ones when not', () => {
    const byPod = seriesOf({ ...HOUR, faults: [RECREATION] }, 'process_cpu_seconds_total', {
      job: 'antrea-agents',
    });
    expect(byPod.length).toBe(4);
    expect(byPod.flatMap(falls)).toEqual([]);
    const byAddress: Simulation = { ...HOUR, faults: [RECREATION], labelling: 'address' };
    const agents = seriesOf(byAddress, 'process_cpu_seconds_total', { job: 'antrea-agents' });
    expect(agents.length).toBe(3);
    expect(agents.flatMap(falls).length).toBe(1);
  });

  it('labels targets in each of the three ways', () => {
    const instances = (labelling: Labelling) =>
      seriesOf({ ...HOUR, labelling }, 'up', { job: 'antrea-agents' }).map(({ labels }) => labels);
    expect(instances('node;pod')[1]?.['instance']).toMatch(/^worker-01;antrea-agent-[a-z0-9]{5}$/);
    expect(instances('address')[1]).toEqual({ job: 'antrea-agents', instance: '10.10.0.5:10350' });
    expect(instances('address-and-node')[1]).toMatchObject({
      instance: '10.10.0.5:10350',
      node: 'worker-01',
    });
  });

  it('exposes what the Antrea version has', () => {
    expect(names({ ...HOUR, antrea: '1.2' })).toContain('antrea_controller_anp_status_updates');
    expect(names({ ...HOUR, antrea: '1.13' })).toContain('antrea_controller_annp_status_updates');
    expect(names({ ...HOUR, antrea: '1.13' })).not.toContain('antrea_agent_fqdn_cache_size');
    expect(names(HOUR)).toContain('antrea_agent_fqdn_cache_size');
    expect(names({ ...HOUR, proxy: false })).not.toContain('antrea_proxy_total_services_installed');
  });

  it('counts connections only where the Flow Exporter runs', () => {
    const highest = (flowExporter: boolean) =>
      seriesOf({ ...HOUR, flowExporter }, 'antrea_agent_conntrack_max_connection_count').map(({ values }) =>
        Math.max(...values),
      );
    expect(highest(false)).toEqual([0, 0, 0]);
    expect(highest(true)).toEqual([262_144, 262_144, 262_144]);
  });

  it('refuses errors that no two scrapes could see', () => {
    const burst: Fault = {
      kind: 'flow-operation-errors',
      node: 'worker-01',
      operation: 'add',
      start: START + 1790,
      end: START + 1799,
      errors: 3,
    };
    expect(() => [...simulate({ ...HOUR, faults: [RESTART, burst] })]).toThrow('would be lost');
  });

  it('refuses a fault on a node that does not exist', () => {
    expect(() => [...simulate({ ...HOUR, faults: [{ ...RESTART, node: 'worker-77' }] })]).toThrow(
      'no node worker-77',
    );
  });
});

describe('the faulty day', () => {
  it('is seven kinds of trouble on twelve nodes, with what follows from them, its error bursts one total', () => {
    const { truths, simulation } = simulatedDay('faulty');
    expect(nodeNames(12)).toContain('worker-10');
    expect(truthsOf(simulation)).toEqual(truths);
    expect(truths.map(({ check, value }) => [check, value])).toEqual([
      ['local-pod-count', 246],
      ['network-policy-sync-duration', 2400],
      ['policy-sync-tail', 1],
      ['policy-queue-wait', 99.1],
      ['policy-queue-backlog', 60],
      ['proxy-sync-duration', 1.8],
      ['open-file-descriptors', 942 / 1024],
      ['scrape-coverage', 7200],
      ['process-restarts', 1],
      ['process-restarts', 1],
      ['ovs-flow-operation-errors', 13],
    ]);
  });
});
