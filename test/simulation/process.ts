/** What every process exposes under `process_`, and what the two processes that are none of Antrea's do. */
import { type AntreaVersion, activeFault, type Cluster, faultsOf, type Target } from './cluster.ts';
import type { Family } from './family.ts';
import { overlap, SMALL_DESCRIPTOR_LIMIT } from './faults.ts';
import { daytime, drift, pick } from './random.ts';
import { constant, counter, gauge } from './values.ts';

const EVERYWHERE = ['agent', 'controller', 'kube-apiserver'] as const;
const MEBIBYTE = 1024 ** 2;

/** 0.04 to 0.11 cores, a little more by day; always between 0.03 and 0.15. */
function usualCores(target: Target, seconds: number): number {
  if (target.kind === 'kube-apiserver') return 3.2;
  const usual = pick(0.04, 0.11, target.key, 'cores');
  return Math.min(
    0.15,
    Math.max(0.03, usual + 0.015 * daytime(seconds) + 0.02 * drift(target.key ^ 4, seconds, 600)),
  );
}

function cpuSeconds(cluster: Cluster, target: Target): Float64Array {
  const busy = faultsOf(target, 'high-cpu');
  const growth = (from: number, to: number) => {
    const faulty = busy.reduce((sum, fault) => sum + overlap(fault, from, to), 0);
    const extra = busy.reduce((sum, fault) => sum + overlap(fault, from, to) * fault.cores, 0);
    return usualCores(target, (from + to) / 2) * (to - from - faulty) + extra;
  };
  const cpu = counter(cluster, target, growth, (age) => age * usualCores(target, cluster.start));
  return cpu.map((value) => Math.round(value * 100) / 100);
}

/** 130 to 195 MiB for an agent, with the saw-tooth of a garbage collector. */
function usualMemory(target: Target, seconds: number): number {
  if (target.kind === 'kube-apiserver') return 3000 * MEBIBYTE;
  const usual = pick(138, 198, target.key, 'memory');
  const garbage = ((seconds / 120 + (target.key % 97)) % 1) * 9;
  return Math.round((usual + 7 * drift(target.key ^ 5, seconds, 5400) + garbage) * 256) * 4096;
}

function memory(target: Target, seconds: number): number {
  const fault = activeFault(target, 'memory-rise', seconds);
  const usual = usualMemory(target, seconds);
  if (!fault) return usual;
  const climbed = Math.min(1, (4 * (seconds - fault.start)) / (fault.end - fault.start));
  return climbed === 1 ? fault.bytes : Math.round(usual + (fault.bytes - usual) * climbed);
}

function descriptorLimit(target: Target): number {
  if (target.kind === 'kube-apiserver') return 100;
  return faultsOf(target, 'file-descriptors').length > 0 ? SMALL_DESCRIPTOR_LIMIT : 1_048_576;
}

function openDescriptors(target: Target, seconds: number): number {
  if (target.kind === 'kube-apiserver') return 95;
  const fault = activeFault(target, 'file-descriptors', seconds);
  if (fault) return Math.round(fault.ratio * SMALL_DESCRIPTOR_LIMIT);
  return Math.round(pick(38, 70, target.key, 'descriptors') + 8 * drift(target.key ^ 6, seconds, 900));
}

/** With one process in four the start jitters by a second, as with client_golang where the node's clock is corrected. */
function startTime(target: Target, seconds: number, startedAt: number): number {
  const jitters = target.key % 4 === 0 && drift(target.key ^ 7, seconds, 1200) > 0.4;
  return startedAt + (jitters ? 0.99 : 0.25);
}

/** Of the whole node, since these Pods use the host's network. */
function networkBytes(name: string, mebibytesPerSecond: number): Family {
  return {
    name,
    type: 'counter',
    exposedBy: EVERYWHERE,
    columns: (cluster, target) => [
      {
        values: counter(
          cluster,
          target,
          (from, to) => Math.round((to - from) * MEBIBYTE * mebibytesPerSecond * (1 + 0.4 * daytime(to))),
          () => pick(1, 9, target.key, name) * 1000 * MEBIBYTE,
        ),
      },
    ],
  };
}

function processGauge(name: string, values: (target: Target) => Float64Array): Family {
  return {
    name,
    type: 'gauge',
    exposedBy: EVERYWHERE,
    columns: (_cluster, target) => [{ values: values(target) }],
  };
}

const PROCESS_FAMILIES: readonly Family[] = [
  {
    name: 'process_cpu_seconds_total',
    type: 'counter',
    exposedBy: EVERYWHERE,
    columns: (cluster, target) => [{ values: cpuSeconds(cluster, target) }],
  },
  processGauge('process_resident_memory_bytes', (target) =>
    gauge(target, (seconds) => memory(target, seconds)),
  ),
  processGauge('process_virtual_memory_bytes', (target) =>
    constant(target, Math.round(pick(1.5, 2.3, target.key, 'virtual') * 1024) * MEBIBYTE),
  ),
  // What the kernel's "unlimited" reads as.
  processGauge('process_virtual_memory_max_bytes', (target) => constant(target, 2 ** 64)),
  processGauge('process_open_fds', (target) => gauge(target, (seconds) => openDescriptors(target, seconds))),
  processGauge('process_max_fds', (target) => constant(target, descriptorLimit(target))),
  processGauge('process_start_time_seconds', (target) =>
    gauge(target, (seconds, life) => startTime(target, seconds, life.startedAt)),
  ),
];

const NETWORK_FAMILIES: readonly Family[] = [
  networkBytes('process_network_receive_bytes_total', 2),
  networkBytes('process_network_transmit_bytes_total', 1.5),
];

export function processFamilies(antrea: AntreaVersion): Family[] {
  return antrea === '2.7' ? [...PROCESS_FAMILIES, ...NETWORK_FAMILIES] : [...PROCESS_FAMILIES];
}

/** How many agents kube-state-metrics says there should be. */
export const DESIRED_AGENTS: Family = {
  name: 'kube_daemonset_status_desired_number_scheduled',
  type: 'gauge',
  exposedBy: ['kube-state-metrics'],
  columns: (cluster, target) => [
    {
      labels: { namespace: 'kube-system', daemonset: 'antrea-agent' },
      values: constant(target, cluster.nodes.length),
    },
  ],
};
