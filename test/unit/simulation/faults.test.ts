import { describe, expect, it } from 'vitest';
import type { Simulation } from '../../simulation/cluster.ts';
import type { Fault } from '../../simulation/faults.ts';
import { simulate } from '../../simulation/samples.ts';
import { restartStory } from '../../simulation/scenarios.ts';
import { truthsOf } from '../../simulation/truth.ts';
import { bucketQuantile } from '../../simulation/values.ts';
import { seriesOf, valueAt } from './series.ts';

const START = Date.UTC(2026, 10, 20, 8) / 1000;
const HOURS: Simulation = { start: START, end: START + 2 * 3600, nodes: 4, flowExporter: true };

const CONTROLLER = { component: 'controller' } as const;

/** From and to in minutes after the start. */
function minutes(from: number, to: number) {
  return { start: START + from * 60, end: START + to * 60 };
}

/** The value of the only series that there is, at some minute. */
function at(simulation: Simulation, name: string, labels: Record<string, string>, minute: number) {
  const found = seriesOf(simulation, name, labels);
  expect(found.map(({ labels }) => labels)).toHaveLength(1);
  return found[0] && valueAt(found[0], START + minute * 60);
}

describe('watches', () => {
  const WATCHES = { job: 'antrea-controllers', resource: 'networkpolicies', verb: 'WATCH' };
  const faults: Fault[] = [
    { kind: 'agent-gone', node: 'worker-01', ...minutes(20, 40) },
    { kind: 'lost-watches', ...CONTROLLER, ...minutes(60, 80), count: 2 },
  ];

  it('are one for each live agent, but for those that are lost', () => {
    const count = (minute: number) =>
      at({ ...HOURS, faults }, 'apiserver_longrunning_requests', WATCHES, minute);
    expect([10, 30, 50, 70, 90].map(count)).toEqual([4, 3, 4, 2, 4]);
  });

  it('had another name in old releases', () => {
    const old: Simulation = { ...HOURS, antrea: '1.2' };
    expect(at(old, 'apiserver_longrunning_gauge', WATCHES, 10)).toBe(4);
    expect(seriesOf(old, 'apiserver_longrunning_requests')).toEqual([]);
  });
});

describe('an agent that is gone', () => {
  const simulation: Simulation = {
    ...HOURS,
    kubeStateMetrics: true,
    memoryLimitBytes: 2 ** 30,
    faults: [{ kind: 'agent-gone', node: 'worker-01', ...minutes(20, 60) }],
  };

  it('is no target meanwhile, is wanted all the time, and comes back as another Pod', () => {
    const pods = seriesOf(simulation, 'up').filter(({ labels }) =>
      labels['instance']?.startsWith('worker-01;'),
    );
    expect(pods).toHaveLength(2);
    const scraped = pods.flatMap(({ timestamps }) => [...timestamps]).map((time) => time / 1000);
    const gone = scraped.filter((time) => time >= START + 1200 && time < START + 3600);
    expect(gone).toEqual([]);
    const wanted = seriesOf(simulation, 'kube_daemonset_status_desired_number_scheduled', {
      daemonset: 'antrea-agent',
    });
    expect(new Set(wanted[0]?.values)).toEqual(new Set([4]));
  });

  it('has its limits for as long as each of its Pods is there', () => {
    const limits = seriesOf(simulation, 'kube_pod_container_resource_limits', {
      node: 'worker-01',
      container: 'antrea-agent',
    });
    expect(limits.map(({ values }) => new Set(values))).toEqual([new Set([2 ** 30]), new Set([2 ** 30])]);
    const [first, second] = limits;
    expect(first?.timestamps.at(-1)).toBeLessThan(1000 * (START + 1200));
    expect(second?.timestamps[0]).toBeGreaterThanOrEqual(1000 * (START + 3600));
    expect(limits.map(({ labels }) => labels['pod'])).toEqual([
      ...new Set(limits.map(({ labels }) => labels['pod'])),
    ]);
  });

  it('is missing, unseen and then started', () => {
    expect(truthsOf(simulation).map(({ check, value }) => [check, value])).toEqual([
      ['scrape-coverage', 2400],
      ['process-restarts', 1],
      ['missing-agents', 1],
    ]);
  });
});

describe('a second controller', () => {
  it('is a target of its own on another node, and a process that was started', () => {
    const simulation: Simulation = {
      ...HOURS,
      faults: [{ kind: 'second-controller', ...CONTROLLER, ...minutes(30, 60) }],
    };
    const up = seriesOf(simulation, 'up', { job: 'antrea-controllers' });
    expect(up.map(({ labels }) => labels['instance']?.split(';')[0])).toEqual([
      'control-plane-1',
      'worker-03',
    ]);
    expect(up[1]?.timestamps).toHaveLength(30);
    expect(truthsOf(simulation).map(({ check, value }) => [check, value])).toEqual([
      ['process-restarts', 1],
      ['controller-instances', 2],
    ]);
  });
});

describe('queues', () => {
  it('pile up behind syncs of a second, not behind those of 150 ms', () => {
    const slow = (milliseconds: number): Simulation => ({
      ...HOURS,
      faults: [{ kind: 'slow-policy-sync', sync: 'address_group', ...minutes(20, 50), milliseconds }],
    });
    const queue = { name: 'addressGroup' };
    expect(at(slow(150), 'workqueue_depth', queue, 40)).toBe(0);
    expect(at(slow(1500), 'workqueue_depth', queue, 40)).toBe(60);
    expect(truthsOf(slow(150)).map(({ check }) => check)).toEqual(['address-group-sync-duration']);
    expect(truthsOf(slow(1500)).map(({ check, value }) => [check, value])).toEqual([
      ['address-group-sync-duration', 1500],
      ['policy-sync-tail', 1],
      ['policy-queue-wait', 9.91],
      ['policy-queue-backlog', 60],
    ]);
  });

  it('have an oldest item that ages a second per second while a worker is stuck', () => {
    const simulation: Simulation = {
      ...HOURS,
      faults: [{ kind: 'stuck-worker', node: 'worker-01', queue: 'noderoute', ...minutes(20, 50) }],
    };
    const [stuck] = seriesOf(simulation, 'workqueue_longest_running_processor_seconds', {
      name: 'noderoute',
      job: 'antrea-agents',
    }).filter(({ labels }) => labels['instance']?.startsWith('worker-01;'));
    const highest = Math.max(...(stuck?.values ?? []));
    expect(highest).toBeGreaterThan(1740);
    expect(highest).toBeLessThanOrEqual(1800);
    const ages = stuck?.values.filter((value) => value > 0) ?? [];
    expect(new Set(ages.slice(1).map((value, index) => Math.round(value - (ages[index] ?? 0))))).toEqual(
      new Set([60]),
    );
  });
});

describe('the Flow Exporter', () => {
  it('has connected once, more often where the collector flaps, and never where it cannot', () => {
    const faults: Fault[] = [
      { kind: 'collector-flapping', node: 'worker-01', ...minutes(20, 50), reconnections: 9 },
      { kind: 'collector-unreachable', node: 'worker-02', start: START, end: START + 3000 },
    ];
    const counts = seriesOf({ ...HOURS, faults }, 'antrea_agent_flow_collector_reconnection_count');
    const seen = counts.map(({ values }) => [values[0], values.at(-1)]);
    expect(seen).toEqual([
      [1, 1],
      [1, 10],
      [0, 1],
      [1, 1],
    ]);
  });

  it('polls less often when every poll takes longer than the interval', () => {
    const faults: Fault[] = [
      { kind: 'slow-conntrack-poll', node: 'worker-01', ...minutes(20, 80), seconds: 10 },
    ];
    const [, polls] = seriesOf(
      { ...HOURS, faults },
      'antrea_agent_conntrack_poll_cycle_duration_seconds_count',
    );
    const grown = polls && (valueAt(polls, START + 4500) ?? 0) - (valueAt(polls, START + 1500) ?? 0);
    expect(grown).toBeCloseTo(3000 / 10, -1);
  });
});

describe('what is refused', () => {
  const refused: readonly [string, Partial<Simulation>, Fault][] = [
    [
      'without the Flow Exporter',
      { flowExporter: false },
      { kind: 'conntrack-full', node: 'worker-01', ...minutes(20, 30), ratio: 0.9 },
    ],
    ['without node IPAM', {}, { kind: 'node-cidrs', ...CONTROLLER, ...minutes(20, 30), ratio: 0.95 }],
    [
      'without Antrea 2.7',
      { antrea: '1.13' },
      { kind: 'fqdn-cache', node: 'worker-01', ...minutes(20, 30), size: 9000 },
    ],
    [
      'allows no more than 110',
      { kubeStateMetrics: true },
      { kind: 'pods', node: 'worker-01', ...minutes(20, 30), level: 246 },
    ],
    [
      'with the simulation or with a process',
      {},
      { kind: 'collector-unreachable', node: 'worker-01', ...minutes(20, 30) },
    ],
  ];

  it.each(refused)('is what nobody could see: %s', (reason, changes, fault) => {
    expect(() => [...simulate({ ...HOURS, ...changes, faults: [fault] })]).toThrow(reason);
  });
});

describe('restartStory', () => {
  it('is a restart with a late replay, and with what fails until then, all over in a quarter of an hour', () => {
    const moment = START + 3600;
    const { faults, truths } = restartStory('worker-01', moment);
    expect(truths.map(({ check, value }) => [check, value])).toEqual([
      ['ovs-flow-count', 0],
      ['process-restarts', 1],
      ['ovs-flow-operation-errors', 8],
      ['rule-sync-retries', 12],
    ]);
    expect(Math.max(...faults.map(({ end }) => end))).toBeLessThanOrEqual(moment + 900);
    expect(new Set(truths.map(({ node }) => node))).toEqual(new Set(['worker-01']));
    const [flows] = seriesOf({ ...HOURS, nodes: ['worker-01'], faults }, 'antrea_agent_ovs_total_flow_count');
    const counts = [-5, 5, 15].map((minute) => flows && valueAt(flows, moment + minute * 60));
    expect(counts).toEqual([
      expect.toSatisfy((count) => count > 2000),
      0,
      expect.toSatisfy((count) => count > 2000),
    ]);
  });
});

describe('bucketQuantile', () => {
  it('is what histogram_quantile makes of a single bucket, and the highest bound at most', () => {
    expect(bucketQuantile(0.95, 4, ['1', '2.5', '5', '+Inf'])).toBeCloseTo(4.875);
    expect(bucketQuantile(0.5, 0.4, ['1', '2.5', '+Inf'])).toBe(0.5);
    expect(bucketQuantile(0.99, 40, ['1', '10', '+Inf'])).toBe(10);
  });
});
