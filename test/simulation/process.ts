/** The metrics `process_` and `go_` of every process, also of those that do not belong to Antrea. */
import {
  type AntreaVersion,
  activeFault,
  busyness,
  type Cluster,
  faultsOf,
  type Life,
  type Target,
} from './cluster.ts';
import type { Family } from './family.ts';
import { isOf, overlap, SMALL_DESCRIPTOR_LIMIT } from './faults.ts';
import { grown, MEBIBYTE, usualDescriptors, usualMemoryBytes } from './levels.ts';
import { runsWindows } from './pods.ts';
import { daytime, drift, pick } from './random.ts';
import { constant, counter, gauge } from './values.ts';

const EVERYWHERE = ['agent', 'controller', 'kube-apiserver', 'other-pod'] as const;
const PAGE = 4096;

/** The constant that client_golang reports on Windows, where a process has no limit (process_collector_windows.go). */
const WINDOWS_HANDLES = 16_777_216;

/** Whether the values of the process would raise findings if it were taken for one of Antrea's. */
function isBystander({ kind }: Target): boolean {
  return kind === 'kube-apiserver' || kind === 'other-pod';
}

/** 0.04 to 0.11 cores, slightly more by day, always between 0.03 and 0.15. */
function usualCores(cluster: Cluster, target: Target, seconds: number): number {
  if (isBystander(target)) return 3.2;
  const usual = pick(0.04, 0.11, target.key, 'cores') * busyness(cluster, seconds);
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
    return usualCores(cluster, target, (from + to) / 2) * (to - from - faulty) + extra;
  };
  const cpu = counter(cluster, target, growth, (age) => age * usualCores(cluster, target, cluster.start));
  return cpu.map((value) => Math.round(value * 100) / 100);
}

/** 130 to 195 MiB for an agent, with the sawtooth of a garbage collector, slightly less at weekends. */
function usualMemory(cluster: Cluster, target: Target, seconds: number): number {
  if (isBystander(target)) return 3000 * MEBIBYTE;
  const garbage = ((seconds / 120 + (target.key % 97)) % 1) * 9 - 4.5;
  const noise = (7 * drift(target.key ^ 5, seconds, 5400) + garbage) * MEBIBYTE;
  const rhythm = 1 - 0.2 * (1 - busyness(cluster, seconds));
  return usualMemoryBytes(target.key) * rhythm + noise;
}

function memory(cluster: Cluster, target: Target, seconds: number, life: Life): number {
  const rise = activeFault(target, 'memory-rise', seconds);
  const leak = activeFault(target, 'memory-leak', seconds);
  const usual = usualMemory(cluster, target, seconds);
  const leaked = leak ? grown(leak.bytesPerDay, Math.max(leak.start, life.startedAt), seconds) : 0;
  return Math.round(climbing(rise, usual + leaked, rise?.bytes, seconds) / PAGE) * PAGE;
}

/** Returns a level that moves in a straight line to that of a fault over the first quarter of its span. */
function climbing(
  fault: { start: number; end: number } | undefined,
  usual: number,
  level: number | undefined,
  seconds: number,
): number {
  if (!fault || level === undefined) return usual;
  const climbed = Math.min(1, (4 * (seconds - fault.start)) / (fault.end - fault.start));
  return usual + (level - usual) * climbed;
}

function descriptorLimit(cluster: Cluster, target: Target): number {
  if (runsWindows(cluster, target.node)) return WINDOWS_HANDLES;
  if (isBystander(target)) return 100;
  const matters = target.faults.some((fault) => isOf(fault, 'file-descriptors', 'descriptor-leak'));
  return matters ? SMALL_DESCRIPTOR_LIMIT : 1_048_576;
}

function openDescriptors(target: Target, seconds: number, life: Life): number {
  if (isBystander(target)) return 95;
  const fault = activeFault(target, 'file-descriptors', seconds);
  if (fault) return Math.round(fault.ratio * SMALL_DESCRIPTOR_LIMIT);
  const leak = activeFault(target, 'descriptor-leak', seconds);
  const leaked = leak ? grown(leak.perDay, Math.max(leak.start, life.startedAt), seconds) : 0;
  return Math.round(usualDescriptors(target.key) + 8 * drift(target.key ^ 6, seconds, 900) + leaked);
}

/** 210 to 340; most wait for a connection or a queue. */
function goroutines(cluster: Cluster, target: Target, seconds: number): number {
  const leak = activeFault(target, 'goroutine-leak', seconds);
  const usual = pick(220, 320, target.key, 'goroutines') + 20 * drift(target.key ^ 8, seconds, 1200);
  return Math.round(climbing(leak, usual * (0.5 + 0.5 * busyness(cluster, seconds)), leak?.count, seconds));
}

/** For one process in four the start jitters by a second, as with client_golang if the node's clock is corrected. */
function startTime(target: Target, seconds: number, startedAt: number): number {
  const jitters = target.key % 4 === 0 && drift(target.key ^ 7, seconds, 1200) > 0.4;
  return startedAt + (jitters ? 0.99 : 0.25);
}

/** Traffic of the whole node, because these Pods use the host network. */
function networkBytes(name: string, mebibytesPerSecond: number): Family {
  return notOnWindows({
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
  });
}

/** client_golang has this metric only on Linux (process_collector_windows.go). */
function notOnWindows(family: Family): Family {
  return {
    ...family,
    columns: (cluster, target) => (runsWindows(cluster, target.node) ? [] : family.columns(cluster, target)),
  };
}

function processGauge(name: string, values: (target: Target, cluster: Cluster) => Float64Array): Family {
  return {
    name,
    type: 'gauge',
    exposedBy: EVERYWHERE,
    columns: (cluster, target) => [{ values: values(target, cluster) }],
  };
}

const PROCESS_FAMILIES: readonly Family[] = [
  {
    name: 'process_cpu_seconds_total',
    type: 'counter',
    exposedBy: EVERYWHERE,
    columns: (cluster, target) => [{ values: cpuSeconds(cluster, target) }],
  },
  processGauge('process_resident_memory_bytes', (target, cluster) =>
    gauge(target, (seconds, life) => memory(cluster, target, seconds, life)),
  ),
  processGauge('process_virtual_memory_bytes', (target) =>
    constant(target, Math.round(pick(1.5, 2.3, target.key, 'virtual') * 1024) * MEBIBYTE),
  ),
  // The value for the kernel's "unlimited".
  notOnWindows(processGauge('process_virtual_memory_max_bytes', (target) => constant(target, 2 ** 64))),
  processGauge('process_open_fds', (target) =>
    gauge(target, (seconds, life) => openDescriptors(target, seconds, life)),
  ),
  processGauge('process_max_fds', (target, cluster) => constant(target, descriptorLimit(cluster, target))),
  processGauge('process_start_time_seconds', (target) =>
    gauge(target, (seconds, life) => startTime(target, seconds, life.startedAt)),
  ),
  processGauge('go_goroutines', (target, cluster) =>
    gauge(target, (seconds) => goroutines(cluster, target, seconds)),
  ),
];

const NETWORK_FAMILIES: readonly Family[] = [
  networkBytes('process_network_receive_bytes_total', 2),
  networkBytes('process_network_transmit_bytes_total', 1.5),
];

export function processFamilies(antrea: AntreaVersion): Family[] {
  return antrea === '2.7' ? [...PROCESS_FAMILIES, ...NETWORK_FAMILIES] : [...PROCESS_FAMILIES];
}
