/**
 * Unusual set-ups: Windows nodes, a server that has just started, an update of Prometheus, wrong job names, labels that
 * change during the day or come from another server.
 */
import { describe, expect, it } from 'vitest';
import { adviceText } from '../../src/report/render/advice.ts';
import { withBoundsOfPrometheus3 } from '../simulation/bounds.ts';
import type { Labels } from '../simulation/cluster.ts';
import { type SimulatedSeries, withLabels } from '../simulation/samples.ts';
import { FAULTY_NODES, type Scenario, simulatedDay, timeOfDay } from '../simulation/scenarios.ts';
import { dealToServers, type ServerKind, withServer } from './every-server.ts';
import { expectFindings } from './expect-findings.ts';
import { reportOn } from './report.ts';
import { later, only, relabelled, simulateOnce } from './series.ts';

function reportOnDay(kind: ServerKind, { simulation, period }: Scenario) {
  return withServer(kind, async (database) => {
    await database.load(simulateOnce(simulation));
    return reportOn(database.url, period);
  });
}

const ODD_DAY = { nodes: FAULTY_NODES, kubeStateMetrics: true, allocatablePods: 250 } as const;

type Labelling = NonNullable<Scenario['simulation']['labelling']>;

function seriesOfDay(labelling: Labelling = 'node;pod'): Iterable<SimulatedSeries> {
  return simulateOnce(simulatedDay('faulty', { ...ODD_DAY, labelling }).simulation);
}

const isAntrea = ({ job = '' }: Labels) => /antrea|kubernetes-pods/.test(job);
const isBefore = (time: string) => (seconds: number) => seconds < timeOfDay(time);
const isAfter = (time: string) => (seconds: number) => seconds >= timeOfDay(time);

/** Two shards, each with two replicas, as Prometheus Operator names them. */
function* inShards(): Generator<SimulatedSeries> {
  for (const [replica, seconds] of [0, 7].entries())
    yield* relabelled(later(seriesOfDay(), seconds), (labels) => {
      const isSecond = (labels['instance']?.length ?? 0) % 2 === 1;
      const name = `prometheus-k8s-${isSecond ? 'shard-1-' : ''}${replica}`;
      return { ...labels, prometheus: 'monitoring/k8s', prometheus_replica: name };
    });
}

/** Two replicas that are named after their Pods, which are replaced at noon. */
function* withReplacedReplicas(): Generator<SimulatedSeries> {
  for (const [replica, seconds] of [0, 7].entries()) {
    yield* withLabels(only(later(seriesOfDay(), seconds), isBefore('12:03')), { replica: `old-${replica}` });
    yield* withLabels(only(later(seriesOfDay(), seconds), isAfter('12:03')), { replica: `new-${replica}` });
  }
}

/** Pods with labels that contain their release. */
function* upgraded(): Generator<SimulatedSeries> {
  const ofRelease = (version: string, hash: string) => (labels: Labels) => {
    if (!isAntrea(labels) || labels['component'] === undefined) return labels;
    const pod = `${labels['pod']?.slice(0, -5)}${hash}`;
    return { ...labels, pod, app_kubernetes_io_version: version, pod_template_hash: hash };
  };
  yield* relabelled(only(seriesOfDay('kubernetes-pods'), isBefore('12:03')), ofRelease('2.6', 'bbbbb'));
  yield* relabelled(only(seriesOfDay('kubernetes-pods'), isAfter('12:03')), ofRelease('2.7', 'ccccc'));
}

/** A server that scrapes the federation endpoint of another, and keeps its own labels. */
function federated(): Iterable<SimulatedSeries> {
  const exported = (labels: Labels) =>
    Object.fromEntries(
      Object.entries(labels).map(([name, value]) => [
        ['job', 'instance', 'namespace', 'pod', 'container', 'endpoint', 'service'].includes(name)
          ? `exported_${name}`
          : name,
        value,
      ]),
    );
  return relabelled(seriesOfDay('kube-prometheus'), (labels) =>
    isAntrea(labels) ? { ...exported(labels), job: 'federate', instance: 'prometheus:9090' } : labels,
  );
}

/** The relabelling that adds the cluster is in the job of the agents only. */
function withClusterOnAgents(): Iterable<SimulatedSeries> {
  return relabelled(seriesOfDay(), (labels) =>
    labels['job'] === 'antrea-agents' ? { ...labels, cluster: 'prod' } : labels,
  );
}

/** A collector on each node scrapes its own agent. */
function scrapedLocally(): Iterable<SimulatedSeries> {
  return relabelled(seriesOfDay('kube-prometheus-and-node'), (labels) => {
    if (!isAntrea(labels)) return labels;
    const { node = '', ...others } = labels;
    return { ...others, machine: node, instance: '127.0.0.1:10350' };
  });
}

const ODD_LABELS = [
  { name: 'shards of Prometheus with two replicas each', series: inShards },
  { name: 'replicas that get other names at noon', series: withReplacedReplicas },
  { name: 'labels of the release, and an upgrade at noon', series: upgraded },
  { name: 'federation without honor_labels', series: federated },
  { name: 'a cluster in the labels of the agents only', series: withClusterOnAgents },
  { name: 'a collector on each node', series: scrapedLocally },
];

async function findsEveryFault(kind: ServerKind, series: () => Iterable<SimulatedSeries>): Promise<void> {
  const { period, truths } = simulatedDay('faulty', ODD_DAY);
  const report = await withServer(kind, async (database) => {
    await database.load(series());
    return reportOn(database.url, period);
  });
  expectFindings(report, truths);
  expect(report).toMatchObject({ verdict: 'critical', complete: true });
  expect(report.coverage).toMatchObject({
    agentsSeen: FAULTY_NODES.length,
    agentsAtEnd: FAULTY_NODES.length,
    agentsDesired: FAULTY_NODES.length,
    controllersAtEnd: 1,
    scrapeIntervalSeconds: 60,
  });
}

async function countsProcessesOfReplicasOnce(kind: ServerKind): Promise<void> {
  const { period } = simulatedDay('faulty', ODD_DAY);
  const withoutUp = (labels: Labels, name: string) => (name === 'up' ? null : labels);
  const [alone, both] = await Promise.all(
    [['a'], ['a', 'b']].map((names) =>
      withServer(kind, async (database) => {
        for (const [index, replica] of names.entries())
          await database.load(
            withLabels(later(relabelled(seriesOfDay(), withoutUp), index * 7), { replica }),
          );
        return reportOn(database.url, period);
      }),
    ),
  );
  const cpuOf = (report: typeof alone) =>
    report?.indicators
      .find(({ id }) => id === 'cpu-usage')
      ?.readings.map(({ subject, value }) => `${subject} ${value?.toFixed(3)}`)
      .sort();
  expect(cpuOf(alone)).toHaveLength(FAULTY_NODES.length + 1);
  expect(cpuOf(both)).toEqual(cpuOf(alone));
  expect(both?.survey?.duplications.map(({ values }) => values)).toEqual([
    ['a', 'b'],
    ['a', 'b'],
  ]);
}

const WITH_WINDOWS = { nodes: 4, windowsNodes: ['worker-03'], kubeStateMetrics: true } as const;

async function findsNothingWithWindows(kind: ServerKind): Promise<void> {
  const report = await reportOnDay(kind, simulatedDay('healthy', WITH_WINDOWS));
  expectFindings(report, []);
  expect(report.coverage).toMatchObject({ agentsSeen: 4, agentsDesired: 4 });
}

async function findsMissingLinuxAgent(kind: ServerKind, labelling: Labelling): Promise<void> {
  const gone = { kind: 'agent-gone', node: 'worker-01' } as const;
  const scenario = simulatedDay('healthy', {
    ...WITH_WINDOWS,
    labelling,
    faults: [{ ...gone, start: timeOfDay('09:00'), end: timeOfDay('13:00') }],
  });
  expect(scenario.truths.map(({ check }) => check)).toContain('missing-agents');
  expectFindings(await reportOnDay(kind, scenario), scenario.truths);
}

async function findsNoGapOfNewServer(kind: ServerKind, scrapeIntervalSeconds: number): Promise<void> {
  const { period } = simulatedDay('healthy');
  const simulation = { start: period.end - 120, end: period.end, nodes: 3, scrapeIntervalSeconds };
  const report = await reportOnDay(kind, { simulation, period, truths: [] });
  expect(report.findings.filter(({ severity }) => severity === 'critical')).toEqual([]);
  expect(report.coverage).toMatchObject({ scrapeIntervalSeconds, scrapeIntervalKnown: true, agentsSeen: 3 });
}

async function findsTheSameDuringUpdate(kind: ServerKind): Promise<void> {
  const { simulation, period, truths } = simulatedDay('faulty');
  // From then on bounds are written in another way. Only the bucket +Inf is one series for the whole day.
  const update = timeOfDay('10:00');
  const report = await withServer(kind, async (database) => {
    await database.load(only(simulateOnce(simulation), (seconds) => seconds < update));
    await database.load(
      withBoundsOfPrometheus3(only(simulateOnce(simulation), (seconds) => seconds >= update)),
    );
    return reportOn(database.url, period);
  });
  expectFindings(report, truths);
}

async function namesExistingJobs(kind: ServerKind): Promise<void> {
  const { simulation, period } = simulatedDay('healthy', { nodes: 2 });
  const report = await withServer(kind, async (database) => {
    await database.load(simulateOnce(simulation));
    const config = { prometheus: { jobs: { agent: 'nobody', controller: 'noone' } } };
    return reportOn(database.url, period, config);
  });
  expect(report).toMatchObject({
    verdict: 'unknown',
    survey: {
      agent: { targets: 0, selector: 'job="nobody"' },
      controller: { targets: 0, selector: 'job="noone"' },
    },
  });
  expect(adviceText(report, 'en').join('\n')).toContain(
    'jobs: { agent: antrea-agents, controller: antrea-controllers }',
  );
}

const SET_UPS: readonly { name: string; check: (kind: ServerKind) => Promise<void> }[] = [
  ...ODD_LABELS.map(({ name, series }) => ({
    name: `finds every fault and nothing else with ${name}`,
    check: (kind: ServerKind) => findsEveryFault(kind, series),
  })),
  {
    name: 'counts each process once where two replicas push metrics without `up`',
    check: countsProcessesOfReplicasOnce,
  },
  { name: 'finds nothing where all agents run, one of them on Windows', check: findsNothingWithWindows },
  // With the labelling `address`, only kube-state-metrics shows which agent runs on Windows.
  ...(['node;pod', 'kube-prometheus', 'address'] as const).map((labelling) => ({
    name: `reports a missing Linux agent under ${labelling} although a Windows agent makes up the number`,
    check: (kind: ServerKind) => findsMissingLinuxAgent(kind, labelling),
  })),
  ...[15, 30].map((seconds) => ({
    name: `reports no critical gap of a server that started two minutes ago and scrapes every ${seconds} s`,
    check: (kind: ServerKind) => findsNoGapOfNewServer(kind, seconds),
  })),
  {
    name: 'finds the same on a day on which Prometheus is updated from 2 to 3',
    check: findsTheSameDuringUpdate,
  },
  {
    name: 'names the jobs that exist if the jobs of the configuration have no targets',
    check: namesExistingJobs,
  },
];

describe.each(dealToServers(SET_UPS))('$name', ({ kind, cases }) => {
  it.each(cases)('$name', ({ check }) => check(kind));
});
