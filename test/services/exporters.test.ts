/** Tests the indicators of other exporters: with a fault, without one, and without the exporter. */
import { beforeAll, describe, expect, it } from 'vitest';
import { openPrometheus } from '../../src/adapters/prometheus/client.ts';
import { INDICATORS } from '../../src/report/catalog/indicators/index.ts';
import { makeReport } from '../../src/report/make-report.ts';
import type { ExporterId } from '../../src/report/model/indicator.ts';
import type { Finding, Report } from '../../src/report/model/report.ts';
import { ALL_EXPORTERS, type Simulation } from '../simulation/cluster.ts';
import { EXPORTER_FAULTS, WORSE_EXPORTER_FAULTS } from '../simulation/exporter-faults.ts';
import { at, span } from '../simulation/indicator-faults.ts';
import { type SimulatedSeries, simulate } from '../simulation/samples.ts';
import { subjectOf, type Truth, truthsOf } from '../simulation/truth.ts';
import { dealToServers, EVERY_SERVER, type ServerKind, TWO_SERVERS, withServer } from './every-server.ts';
import { settingsOf } from './report.ts';
import { howMany, someOf } from './thorough.ts';

const PERIOD = span('8:00', '12:30');
const WORSE_PERIOD = span('12:30', '16:00');
const HEALTHY: Simulation = { start: at('3:00'), end: WORSE_PERIOD.end, ...ALL_EXPORTERS };
const CLUSTER: Simulation = { ...HEALTHY, faults: [...EXPORTER_FAULTS, ...WORSE_EXPORTER_FAULTS] };

const OF_EXPORTERS = INDICATORS.filter(({ exporter }) => exporter !== undefined);
const idsOf = (exporter: ExporterId) =>
  OF_EXPORTERS.filter((indicator) => indicator.exporter === exporter).map(({ id }) => id);

type Asked = { report: Report; queries: string[] };

async function reportWith(url: string, period: { start: number; end: number }): Promise<Asked> {
  const client = openPrometheus({ url, longestPauseMilliseconds: 10 });
  const queries: string[] = [];
  const noted = <T>(query: string, answer: Promise<T>): Promise<T> => {
    queries.push(query);
    return answer;
  };
  try {
    const report = await makeReport(
      {
        kind: client.kind,
        range: (query, grid, limits) => noted(query, client.range(query, grid, limits)),
        instant: (query, time, limits) => noted(query, client.instant(query, time, limits)),
      },
      {
        ...{ cluster: 'simulated', period, generatedAt: new Date('2026-11-21T06:00:00Z') },
        settings: settingsOf({ step: '5m' }).report,
      },
    );
    return { report, queries };
  } finally {
    await client.close();
  }
}

const reportOver = (kind: ServerKind, series: Iterable<SimulatedSeries>, period = PERIOD): Promise<Asked> =>
  withServer(kind, async (server) => {
    await server.load(series);
    return reportWith(server.url, period);
  });

const keyOf = ({ check, severity, node }: { check: string; severity: string; node: string }) =>
  `${check} ${severity} ${node}`;
const keysOf = ({ findings }: Report) =>
  findings
    .map(({ indicator, severity, subject }) => keyOf({ check: indicator, severity, node: subject }))
    .sort();

const seconds = (iso: string) => Date.parse(iso) / 1000;

/** Restarts count in one window, and memory may have been higher at one scrape. */
function expectTruth(report: Report, finding: Finding | undefined, truth: Truth): void {
  const message = JSON.stringify({ truth, finding });
  expect(finding, message).toBeDefined();
  expect(Math.abs((finding?.value ?? Number.NaN) - truth.value), message).toBeLessThanOrEqual(
    0.25 * truth.value,
  );
  if (truth.split) expect(finding?.labels, message).toEqual(truth.split);
  const times = 2 * report.period.stepSeconds;
  expect(Math.abs(seconds(finding?.start ?? '') - truth.start), message).toBeLessThanOrEqual(times);
  expect(Math.abs(seconds(finding?.end ?? '') - truth.end), message).toBeLessThanOrEqual(times);
}

/** The severity of each fault; the others are warnings. */
const CRITICAL = [
  'agent-conditions',
  'unassigned-egresses',
  'unavailable-apis',
  'containers-not-ready',
  'network-unavailable',
];
const truthsIn = ({ start, end }: { start: number; end: number }) =>
  truthsOf({
    ...CLUSTER,
    faults: (CLUSTER.faults ?? []).filter((fault) => fault.start >= start && fault.end <= end),
  });

describe.each(TWO_SERVERS)('$name', (kind) => {
  let asked: Asked;
  let worse: Asked;

  beforeAll(async () => {
    await withServer(kind, async (server) => {
      await server.load(simulate(CLUSTER));
      asked = await reportWith(server.url, PERIOD);
      worse = await reportWith(server.url, WORSE_PERIOD);
    });
  });

  const truths = truthsIn(PERIOD);

  it.each(truths.map((truth) => ({ truth, name: `${truth.check} of ${subjectOf(truth)}` })))(
    'finds $name',
    ({ truth }) => {
      const finding = asked.report.findings.find(
        ({ indicator, subject }) => indicator === truth.check && subject === subjectOf(truth),
      );
      expectTruth(asked.report, finding, truth);
    },
  );

  it('finds nothing else', () => {
    expect(keysOf(asked.report)).toEqual(
      truths
        .map((truth) =>
          keyOf({
            check: truth.check,
            severity: CRITICAL.includes(truth.check) ? 'critical' : 'warning',
            node: subjectOf(truth),
          }),
        )
        .sort(),
    );
    expect(asked.report).toMatchObject({ complete: true, verdict: 'critical' });
  });

  it('finds worse faults as critical', () => {
    expect(keysOf(worse.report)).toEqual(
      truthsIn(WORSE_PERIOD)
        .map((truth) => keyOf({ check: truth.check, severity: 'critical', node: subjectOf(truth) }))
        .sort(),
    );
  });

  it('has a fault for each indicator', () => {
    const found = new Set(asked.report.findings.map(({ indicator }) => indicator));
    expect(OF_EXPORTERS.map(({ id }) => id).filter((id) => !found.has(id))).toEqual([]);
  });
});

const PROMETHEUS = EVERY_SERVER[0] as ServerKind;

describe('a healthy cluster with all exporters', () => {
  it.each([1, 2, 3, 4].slice(0, howMany(1, 4)))('has no finding (seed %i)', async (seed) => {
    const { report } = await reportOver(PROMETHEUS, simulate({ ...HEALTHY, nodes: 5, seed, weekly: 0.2 }));
    expect(report.findings).toEqual([]);
    expect(report).toMatchObject({ verdict: 'healthy', score: 100, complete: true });
    for (const { id } of OF_EXPORTERS) {
      const indicator = report.indicators.find((one) => one.id === id);
      expect(indicator, id).toMatchObject({ status: 'healthy', idle: false });
      expect(indicator?.value, id).not.toBeNull();
    }
  });
});

const MISSING: readonly { name: string; changes: Partial<Simulation>; missing: ExporterId[] }[] = [
  {
    name: 'any exporter',
    changes: {
      kubeStateMetrics: false,
      kubelet: false,
      nodeExporter: false,
      apiServices: false,
      certificates: false,
    },
    missing: [
      'kube-state-metrics',
      'antrea-resources',
      'cadvisor',
      'kubelet',
      'node-exporter',
      'kube-apiserver',
      'x509-certificate-exporter',
    ],
  },
  {
    name: 'kube-state-metrics',
    changes: { kubeStateMetrics: false },
    missing: ['kube-state-metrics', 'antrea-resources'],
  },
  { name: 'Antrea’s resources', changes: { antreaResources: false }, missing: ['antrea-resources'] },
  { name: 'kube-apiserver', changes: { apiServices: false }, missing: ['kube-apiserver'] },
  {
    name: 'x509-certificate-exporter',
    changes: { certificates: false },
    missing: ['x509-certificate-exporter'],
  },
  { name: 'node-exporter', changes: { nodeExporter: false }, missing: ['node-exporter'] },
  { name: 'kubelet', changes: { kubelet: false }, missing: ['cadvisor', 'kubelet'] },
];

describe.each(someOf(MISSING, 0, 3))('a cluster without $name', ({ changes, missing }) => {
  const absent = missing.flatMap((exporter) => idsOf(exporter));
  let asked: Asked;

  beforeAll(async () => {
    asked = await reportOver(PROMETHEUS, simulate({ ...HEALTHY, nodes: 4, ...changes }));
  });

  it('shows its indicators as not enabled, and nothing as incomplete', () => {
    const notEnabled = asked.report.indicators
      .filter(({ status }) => status === 'not-enabled')
      .map(({ id }) => id);
    expect(notEnabled.filter((id) => OF_EXPORTERS.some((one) => one.id === id)).sort()).toEqual(
      absent.sort(),
    );
    expect(asked.report).toMatchObject({ findings: [], verdict: 'healthy', score: 100, complete: true });
  });

  it('asks nothing about them but whether they are there', () => {
    const metrics = OF_EXPORTERS.filter(({ id }) => absent.includes(id)).flatMap(
      (indicator) => indicator.metrics,
    );
    const others = OF_EXPORTERS.filter(({ id }) => !absent.includes(id)).flatMap(
      (indicator) => indicator.metrics,
    );
    const ofAbsent = metrics.filter((name) => !others.includes(name) && name !== 'kube_pod_info');
    const about = asked.queries.filter((query) => ofAbsent.some((name) => query.includes(name)));
    expect(about).toHaveLength(1);
    expect(about[0]).toContain('count by (__name__)');
  });
});

/** Exporters without a label `node`: the address is known from kube-state-metrics or from agents, or the host name. */
function* withoutKubernetes(): Generator<SimulatedSeries> {
  for (const one of simulate({ ...CLUSTER, nodes: 12, labelling: 'node;pod' })) {
    const isOfNode = ['kubelet', 'node-exporter'].includes(one.labels['job'] ?? '');
    const { node: _node, ...labels } = one.labels;
    // Nodes have no tunnel without encapsulation. Then the series of the gateway have the same labels.
    if (one.labels['job'] === 'kube-state-metrics' || one.labels['device'] === 'genev_sys_6081') continue;
    yield isOfNode ? { ...one, labels } : one;
  }
}

/** Those that differ in how other exporters name nodes. */
const LABELLINGS = ['node;pod', 'address', 'kube-prometheus', 'otel-and-resource'] as const;

const OF_NODE_EXPORTER = ['node-conntrack-usage', 'gateway-packet-loss', 'gateway-mtu-difference'];

describe.each(dealToServers(LABELLINGS))('names of nodes on $name', ({ kind, cases }) => {
  it.each(cases)('are those of Antrea’s targets under %s', async (labelling) => {
    const { report } = await reportOver(kind, simulate({ ...CLUSTER, labelling }));
    expect(report.findings.map(({ indicator, subject }) => `${indicator} ${subject}`).sort()).toEqual(
      truthsIn(PERIOD)
        .map((truth) => `${truth.check} ${subjectOf(truth)}`)
        .sort(),
    );
  });
});

describe('names of nodes', () => {
  it.each(TWO_SERVERS)(
    'are the host names of node-exporter where nothing else names them: $name',
    async (kind) => {
      const { report } = await reportOver(kind, withoutKubernetes());
      const found = report.findings.filter(({ indicator }) => OF_NODE_EXPORTER.includes(indicator));
      expect(found.map(({ indicator, subject }) => `${indicator} ${subject}`).sort()).toEqual([
        'gateway-mtu-difference worker-10',
        'gateway-packet-loss worker-09',
        'node-conntrack-usage worker-08',
      ]);
    },
  );
});
