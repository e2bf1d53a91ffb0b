/** Metrics of kubelet, and of cAdvisor in it, about the containers of Antrea's Pods. */
import type { Cluster, Target } from './cluster.ts';
import { CONTAINERS, faultsOn } from './containers.ts';
import type { Family } from './family.ts';
import { contains, overlap } from './faults.ts';
import { MEBIBYTE } from './levels.ts';
import { type AntreaPod, antreaPods } from './pods.ts';
import { daytime, drift, pick } from './random.ts';
import { type Column, constant, counter, gauge } from './values.ts';

type Container = AntreaPod & { container: string };

function exposed(name: string, type: Family['type'], columns: Family['columns']): Family {
  return { name, type, exposedBy: ['kubelet'], columns };
}

/** Series of each container on the kubelet's node, while its Pod exists. */
function ofContainers(
  name: string,
  type: Family['type'],
  values: (cluster: Cluster, target: Target, container: Container) => Float64Array,
): Family {
  const columns = (cluster: Cluster, target: Target): Column[] =>
    antreaPods(cluster)
      .filter(({ node }) => node === target.node)
      .flatMap((pod) => CONTAINERS[pod.kind].map((container) => ({ ...pod, container })))
      .map((container) => ({
        labels: { namespace: 'kube-system', pod: container.pod, container: container.container },
        values: whileThere(target, container, values(cluster, target, container)),
      }));
  return exposed(name, type, columns);
}

function whileThere(
  { scrapes }: Target,
  { startedAt, endedAt }: Container,
  values: Float64Array,
): Float64Array {
  const isThere = (at = 0) => at / 1000 >= startedAt && at / 1000 < endedAt;
  return values.map((value, index) => (isThere(scrapes[index]) ? value : Number.NaN));
}

/** 90 to 150 MiB. */
function memory(cluster: Cluster, target: Target, { container, node }: Container): Float64Array {
  const faults = container === 'antrea-ovs' ? faultsOn(cluster, node, 'ovs-memory') : [];
  const usual = pick(100, 140, target.key, container, 'memory');
  return gauge(target, (seconds) => {
    const fault = faults.find((one) => contains(one, seconds));
    return fault?.bytes ?? Math.round((usual + 8 * drift(target.key ^ 11, seconds, 3600)) * MEBIBYTE);
  });
}

/** Scheduling periods of 100 ms, as many as there are in the time: the container always works. */
const PERIODS_PER_SECOND = 10;

/** A healthy container with a limit waits in up to 4 % of the periods. */
const USUALLY_THROTTLED = 0.02;

function throttled(cluster: Cluster, target: Target, { container, node }: Container): Float64Array {
  const faults = container === 'antrea-ovs' ? faultsOn(cluster, node, 'ovs-throttled') : [];
  return counter(cluster, target, (from, to) => {
    const share =
      faults.reduce((sum, fault) => sum + overlap(fault, from, to) * fault.ratio, 0) / (to - from);
    const usual = USUALLY_THROTTLED * (1 + daytime(to));
    return Math.round(PERIODS_PER_SECOND * (to - from) * Math.max(share, usual));
  });
}

const sandboxes = exposed('kubelet_runtime_operations_total', 'counter', (cluster, target) =>
  ['run_podsandbox', 'stop_podsandbox'].map((operation_type) => ({
    labels: { operation_type },
    values: counter(
      cluster,
      target,
      (from, to) => Math.round((to - from) / 60),
      () => 400,
    ),
  })),
);

/** The series exists from the first failure on. */
const failures = exposed('kubelet_runtime_operations_errors_total', 'counter', (cluster, target) => {
  const faults = faultsOn(cluster, target.node, 'sandbox-failures');
  const counted = counter(cluster, target, (from, to) =>
    faults.reduce(
      (sum, fault) => sum + (overlap(fault, from, to) / (fault.end - fault.start)) * fault.failures,
      0,
    ),
  );
  const values = counted.map((value) => (value < 1 ? Number.NaN : Math.floor(value)));
  return [{ labels: { operation_type: 'run_podsandbox' }, values }];
});

/** Containers without a CPU limit are not throttled, and have no such metric. */
function withLimit(family: Family): Family {
  return {
    ...family,
    columns: (cluster, target) => (cluster.cpuLimit ? family.columns(cluster, target) : []),
  };
}

export const KUBELET_FAMILIES: readonly Family[] = [
  sandboxes,
  failures,
  ofContainers('container_memory_working_set_bytes', 'gauge', memory),
  // 0 means that there is no limit.
  ofContainers('container_spec_memory_limit_bytes', 'gauge', (cluster, target) =>
    constant(target, cluster.memoryLimitBytes ?? 0),
  ),
  withLimit(
    ofContainers('container_cpu_cfs_periods_total', 'counter', (cluster, target) =>
      counter(cluster, target, (from, to) => PERIODS_PER_SECOND * (to - from)),
    ),
  ),
  withLimit(ofContainers('container_cpu_cfs_throttled_periods_total', 'counter', throttled)),
];
