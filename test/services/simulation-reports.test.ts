/** Checks reports on longer simulations: a month, a restart with its consequences, absences. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/report/model/report.ts';
import { nodeNames, type Simulation } from '../simulation/cluster.ts';
import type { Fault } from '../simulation/faults.ts';
import { HOST_NETWORK_PODS } from '../simulation/kubernetes.ts';
import { restartStory, simulatedDay, timeOfDay } from '../simulation/scenarios.ts';
import { subjectOf, type Truth, truthsOf } from '../simulation/truth.ts';
import { changeTruthsOf } from '../simulation/truth-trends.ts';
import { prometheusOver } from './prometheus.ts';
import { reportOn } from './report.ts';
import { someOf } from './thorough.ts';
import { victoriaMetricsOver } from './victoria-metrics.ts';

/** Returns the findings of a report in the terms of the truth. */
function found({ findings }: Report) {
  return findings.map(({ indicator, subject }) => `${indicator} of ${subject}`).sort();
}

function expected(truths: readonly Truth[]) {
  return truths.map((truth) => `${truth.check} of ${subjectOf(truth)}`).sort();
}

describe('a month with calm weekends', () => {
  const DAY = 86_400;
  const end = Date.UTC(2026, 10, 21) / 1000;
  const month: Simulation = {
    start: end - 30 * DAY - 3600,
    end,
    nodes: 5,
    scrapeIntervalSeconds: 300,
    weekly: 0.3,
    flowExporter: true,
    kubeStateMetrics: true,
    faults: [
      { kind: 'memory-leak', node: 'worker-01', start: end - 21 * DAY, end, bytesPerDay: 24 * 1024 ** 2 },
      { kind: 'descriptor-leak', component: 'controller', start: end - 25 * DAY, end, perDay: 20 },
      { kind: 'pods-growth', node: 'worker-02', start: end - 30 * DAY, end, perDay: 1.2 },
      { kind: 'flows-step', node: 'worker-03', start: end - 12 * DAY, end, ratio: 1.25 },
    ],
  };
  let report: Report;

  beforeAll(async () => {
    const server = await victoriaMetricsOver(month);
    try {
      report = await reportOn(server.url, { start: end - 30 * DAY, end });
    } finally {
      await server.stop();
    }
  });

  it('has a finding where growth crosses a threshold, with its start, and none because of the rhythm', () => {
    const truths = truthsOf(month);
    expect(truths).toHaveLength(2);
    expect(found(report)).toEqual(expected(truths));
    for (const truth of truths) {
      const finding = report.findings.find(({ indicator }) => indicator === truth.check);
      expect((finding?.value ?? 0) / truth.value).toBeCloseTo(1, 1);
      // Noise crosses a threshold before the mean does.
      expect(Math.abs(Date.parse(finding?.start ?? '') / 1000 - truth.start)).toBeLessThan(DAY);
      expect(finding?.ongoing).toBe(true);
    }
  });

  it.each(changeTruthsOf(month))('shows the $kind of $indicator on $node, and no other change', (truth) => {
    const changes = report.changes.filter(({ indicator }) => indicator === truth.indicator);
    expect(changes.map(({ kind }) => kind)).toEqual([truth.kind]);
    const [change] = changes;
    expect(change?.subject).toBe(subjectOf({ ...truth, check: truth.indicator, value: 0 }));
    if (truth.kind === 'trend') {
      expect((change?.perDay?.value ?? 0) / truth.perDay).toBeCloseTo(1, 1);
      return;
    }
    expect((change?.after ?? 0) / (change?.before ?? 0) / truth.ratio).toBeCloseTo(1, 1);
    expect(Math.abs(Date.parse(change?.at ?? '') / 1000 - truth.start)).toBeLessThanOrEqual(2 * 3600);
  });
});

/** Expects one incident with the restart as cause and a timeline that is right to a step. */
function expectOneStory(report: Report, truths: readonly Truth[]): void {
  const [incident] = report.incidents;
  expect(report.incidents).toHaveLength(1);
  const idOf = (index: number | undefined) => report.findings[index ?? -1]?.indicator ?? '';
  expect(incident).toMatchObject({ severity: 'warning', ongoing: false });
  expect(idOf(incident?.findings[0])).toBe('process-restarts');
  const effects = new Set(
    incident?.links.filter(({ explained }) => explained).map(({ effect }) => idOf(effect)),
  );
  expect([...effects, 'process-restarts'].sort()).toEqual(truths.map(({ check }) => check).sort());
  expect(report.verdict).toBe('warning');

  for (const { at, kind, finding } of incident?.timeline ?? []) {
    const truth = truths.find(({ check }) => check === idOf(finding));
    const moment = kind === 'end' ? truth?.end : truth?.start;
    const near = kind === 'restart' ? 1 : report.period.stepSeconds;
    expect(
      Math.abs(Date.parse(at) / 1000 - (moment ?? 0)),
      `${kind} of ${truth?.check} at ${at}`,
    ).toBeLessThanOrEqual(near);
  }
  const timeline = incident?.timeline.map(({ kind, finding }) => `${kind} ${idOf(finding)}`) ?? [];
  expect(timeline[0]).toBe('restart process-restarts');
  for (const entry of ['start ovs-flow-count', 'end ovs-flow-count', 'events ovs-flow-operation-errors'])
    expect(timeline).toContain(entry);
}

describe('a restart with a late replay', () => {
  // The beginning, the middle and the end of a step.
  it.each(someOf(['14:00', '14:02', '14:04'], 1, 3))(
    'at %s is one incident with its consequences, and there is no other',
    async (time) => {
      const story = restartStory('worker-02', timeOfDay(time));
      const { simulation, period } = simulatedDay('healthy', { nodes: 3, faults: story.faults });
      const server = await prometheusOver(simulation);
      try {
        const report = await reportOn(server.url, period);
        expect(found(report)).toEqual(expected(story.truths));
        expect(report.findings.map(({ value }) => value).sort()).toEqual(
          story.truths.map(({ value }) => value).sort(),
        );
        expectOneStory(report, story.truths);
      } finally {
        await server.stop();
      }
    },
  );
});

describe('absent processes and targets', () => {
  const NODES = nodeNames(4);
  const controller = { component: 'controller' } as const;
  const span = (from: string, to: string) => ({ start: timeOfDay(from), end: timeOfDay(to) });
  const END = timeOfDay('10:00');

  /** Restarts one agent after the other and then the controller, like an upgrade. */
  const ROLLOUT: readonly Fault[] = [
    ...NODES.map((node, index): Fault => {
      const start = timeOfDay('07:00') + index * 70;
      return { kind: 'recreated-pod', node, start, end: start + 60 };
    }),
    { kind: 'recreated-pod', ...controller, start: timeOfDay('07:06'), end: timeOfDay('07:06') + 90 },
  ];

  const stories: readonly [string, readonly Fault[]][] = [
    ['an upgrade, which is restarts and nothing else', ROLLOUT],
    [
      'a Prometheus that was down, which is no fault of Antrea',
      [{ kind: 'scrape-gap', everywhere: true, as: 'absent', ...span('07:00', '08:00') }],
    ],
    [
      'a Prometheus that reached no target',
      [{ kind: 'scrape-gap', everywhere: true, as: 'down', ...span('07:00', '08:00') }],
    ],
    [
      'a controller that Prometheus did not reach',
      [{ kind: 'scrape-gap', ...controller, as: 'down', ...span('07:00', '08:00') }],
    ],
    [
      'a controller that is gone',
      [{ kind: 'controller-gone', ...controller, start: timeOfDay('08:00'), end: END }],
    ],
    [
      'two agents that were absent at the same time',
      [
        { kind: 'scrape-gap', node: 'worker-01', as: 'down', ...span('06:00', '07:00') },
        { kind: 'agent-gone', node: 'worker-02', ...span('06:20', '07:20') },
      ],
    ],
    [
      'an agent that is gone',
      [{ kind: 'agent-gone', node: 'worker-01', start: timeOfDay('08:00'), end: END }],
    ],
    [
      'harmless events: retries that only write a status, reconnections twice an hour',
      [
        {
          kind: 'sync-retries',
          ...controller,
          queue: 'networkpolicy',
          ...span('06:00', '07:00'),
          retries: 9,
        },
        {
          kind: 'sync-retries',
          node: 'worker-01',
          queue: 'networkpolicystatus',
          ...span('06:00', '07:00'),
          retries: 9,
        },
        { kind: 'collector-flapping', node: 'worker-02', ...span('05:00', '09:00'), reconnections: 8 },
      ],
    ],
  ];

  it.each(stories)('have the right findings: %s', async (_name, faults) => {
    const simulation: Simulation = {
      start: timeOfDay('03:30'),
      end: END,
      nodes: NODES,
      flowExporter: true,
      nodeIpam: true,
      kubeStateMetrics: true,
      faults,
    };
    const truths = truthsOf(simulation);
    const server = await prometheusOver(simulation);
    try {
      const report = await reportOn(server.url, { start: timeOfDay('04:00'), end: END }, { step: '5m' });
      expect(found(report)).toEqual(expected(truths));
      for (const { check, value, end } of truths) {
        const finding = report.findings.find((one) => one.indicator === check && one.value === value);
        expect(finding?.ongoing, `${check} ${value}`).toBe(end >= END);
      }
    } finally {
      await server.stop();
    }
  });
});

describe('a day after a day with many gaps', () => {
  const HOUR = 3600;
  const start = timeOfDay('00:00');
  const end = start + 24 * HOUR;
  const span = (from: number, to: number) => ({ start: start + from * HOUR, end: start + to * HOUR });
  const simulation: Simulation = {
    start: start - 24 * HOUR - 1800,
    end,
    nodes: 6,
    // kube-state-metrics has the names and the addresses of the nodes.
    labelling: 'address',
    kubeStateMetrics: true,
    faults: [
      { kind: 'scrape-gap', everywhere: true, as: 'absent', ...span(-18, -15) },
      { kind: 'container-restart', node: 'worker-01', ...span(-5, -4.99) },
      { kind: 'container-restart', node: 'worker-01', ...span(5, 5.01) },
      { kind: 'slow-proxy-sync', node: 'worker-02', ...span(-7, -6), seconds: 1.8 },
      { kind: 'slow-proxy-sync', node: 'worker-02', ...span(7, 13), seconds: 1.8 },
      { kind: 'scrape-gap', node: 'worker-03', as: 'down', ...span(-22, -1) },
      { kind: 'file-descriptors', node: 'worker-03', ...span(2, 4), ratio: 0.92 },
      { kind: 'empty-pipeline', node: 'worker-04', ...span(-8, -7) },
      { kind: 'scrape-gap', node: 'worker-04', as: 'down', ...span(1, 24) },
      { kind: 'empty-pipeline', node: 'worker-05', ...span(-8, -7) },
      { kind: 'file-descriptors', node: 'worker-05', ...span(2, 4), ratio: 0.92 },
    ],
  };
  let report: Report;

  beforeAll(async () => {
    const server = await prometheusOver(simulation);
    try {
      report = await reportOn(server.url, { start, end });
    } finally {
      await server.stop();
    }
  });

  it('compares only what was seen on both days', () => {
    const ways = report.findings
      .filter(({ component }) => component !== null)
      .map(({ indicator, subject, compared }) => `${indicator} of ${subject}: ${compared}`);
    expect(ways.sort()).toEqual([
      'open-file-descriptors of worker-03: null',
      `open-file-descriptors of worker-05: new`,
      `process-restarts of worker-01: unchanged`,
      `proxy-sync-duration of worker-02: worse`,
      `scrape-coverage of worker-04: new`,
    ]);
  });

  it('calls a finding resolved only if its subject was seen', () => {
    expect(report.resolved.map(({ indicator, subject }) => `${indicator} of ${subject}`).sort()).toEqual(
      [`ovs-flow-count of worker-05`, 'scrape-coverage of prometheus', `scrape-coverage of worker-03`].sort(),
    );
  });

  it('subtracts Pods on the host network from the kubelet limit, also with other node names', () => {
    const pods = report.capacity.filter(({ indicator }) => indicator === 'local-pod-count');
    expect(new Set(pods.map(({ limit }) => `${limit.id} ${limit.value}`))).toEqual(
      new Set([`kubelet ${110 - HOST_NETWORK_PODS}`]),
    );
  });
});

it('does not change the kubelet limit if kube-state-metrics has no Pods', async () => {
  const end = timeOfDay('04:00');
  const server = await prometheusOver({
    start: end - 3 * 3600,
    end,
    nodes: 2,
    kubeStateMetrics: true,
    families: ['antrea_agent_local_pod_count', 'kube_node_status_allocatable', 'process_start_time_seconds'],
  });
  try {
    const report = await reportOn(server.url, { start: end - 3600, end });
    const pods = report.capacity.filter(({ indicator }) => indicator === 'local-pod-count');
    expect(pods.map(({ limit }) => limit)).toEqual([
      expect.objectContaining({ id: 'kubelet', value: 110 }),
      expect.objectContaining({ id: 'kubelet', value: 110 }),
    ]);
  } finally {
    await server.stop();
  }
});
