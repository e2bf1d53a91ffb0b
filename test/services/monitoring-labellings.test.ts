/** Makes the dashboard and the rules for several ways of scraping, and sends all of their queries to a real Prometheus. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPrometheus } from '../../src/adapters/prometheus/client.ts';
import { METRICS } from '../../src/report/catalog/metrics/index.ts';
import { prepare } from '../../src/report/gather/prepare.ts';
import { makeDashboard } from '../../src/report/monitoring/dashboard/dashboard.ts';
import { makeRules } from '../../src/report/monitoring/rules/rules.ts';
import { type MonitoredTargets, surveyedTargets } from '../../src/report/monitoring/targets.ts';
import { ALL_EXPORTERS, type Simulation } from '../simulation/cluster.ts';
import { at, span } from '../simulation/indicator-faults.ts';
import type { Labelling } from '../simulation/labellings.ts';
import { hostAddress } from '../simulation/pods.ts';
import { evaluateRules, queryRange } from './alerts.ts';
import { prometheusOver } from './prometheus.ts';
import { settingsOf } from './report.ts';
import type { Database } from './server.ts';

const PERIOD = span('8:00', '10:00');

const NODES = ['control-plane-1', 'worker-1', 'worker-10', 'worker-2.example.com'];

/** The address of a node, which its agent has too. */
const addressOf = (node: string) => `${hostAddress(NODES.indexOf(node))}:10350`;

/** All features are on, and there is something to see for each indicator. */
const CLUSTER: Simulation = {
  start: at('6:45'),
  end: PERIOD.end,
  nodes: NODES,
  flowExporter: true,
  nodeIpam: true,
  ...ALL_EXPORTERS,
  allocatablePods: 250,
  faults: [
    { kind: 'slow-policy-sync', sync: 'network_policy', ...span('8:20', '9:00'), milliseconds: 2400 },
    { kind: 'slow-policy-sync', sync: 'address_group', ...span('8:20', '9:00'), milliseconds: 2400 },
    { kind: 'slow-policy-sync', sync: 'applied_to_group', ...span('8:20', '9:00'), milliseconds: 2400 },
    { kind: 'stuck-worker', node: 'worker-1', queue: 'noderoute', ...span('8:20', '9:00') },
    {
      kind: 'flow-operation-errors',
      node: 'worker-1',
      operation: 'add',
      ...span('8:20', '8:50'),
      errors: 600,
    },
    { kind: 'pods', node: 'worker-10', ...span('8:20', '9:00'), level: 246 },
    { kind: 'sync-retries', node: 'worker-10', queue: 'egressgroup', ...span('8:20', '9:00'), retries: 16 },
    { kind: 'failing-service', node: 'worker-10', ...span('8:20', '9:00') },
    { kind: 'slow-proxy-sync', node: 'worker-2.example.com', ...span('8:20', '9:00'), seconds: 1.8 },
  ],
};

/** The alerts for the faults of the agents, with the node and the label that distinguishes several of a node. */
const ALERTS = [
  'AntreaFeatureSyncRetries warning worker-10',
  'AntreaFlowOperationErrorRatio critical worker-1',
  'AntreaLocalPodCount critical worker-10',
  'AntreaLocalPodCount warning worker-10',
  'AntreaOvsFlowOperationErrors critical worker-1',
  'AntreaOvsFlowOperationErrors warning worker-1',
  'AntreaProxySyncDuration critical worker-2.example.com',
  'AntreaProxySyncDuration warning worker-2.example.com',
  'AntreaProxySyncRounds warning worker-10',
  'AntreaStuckWorkers warning worker-1',
];

async function surveyOf(url: string): Promise<MonitoredTargets> {
  const settings = settingsOf().report;
  const client = openPrometheus({ url });
  try {
    const prepared = await prepare(client, { ...settings, cluster: '', period: PERIOD, metrics: METRICS });
    return surveyedTargets(prepared, settings);
  } finally {
    await client.close();
  }
}

type Panel = { title: string; panels?: Panel[]; targets?: { expr: string; legendFormat: string }[] };

/** The queries of all panels, with what Grafana puts in the place of variables. */
function queriesOf(
  targets: MonitoredTargets,
  node: string,
): { title: string; expr: string; legend: string }[] {
  const { indicators } = settingsOf().report;
  const { panels } = makeDashboard({ targets, indicators, language: 'en' }) as { panels: Panel[] };
  return panels
    .flatMap((panel) => [panel, ...(panel.panels ?? [])])
    .flatMap(({ title, targets: queries = [] }) =>
      queries.map(({ expr, legendFormat }) => ({
        title,
        legend: legendFormat,
        expr: expr
          .replaceAll('$__rate_interval', '6m')
          .replaceAll('$__interval', '5m')
          .replaceAll('$cluster', '')
          .replaceAll('$node', node),
      })),
    );
}

const LABELLED: readonly Labelling[] = [
  'node;pod',
  'kube-prometheus-and-node',
  'otel-and-resource',
  'pod-monitor',
];

describe.each(LABELLED)('under %s', (labelling) => {
  let server: Database;
  let targets: MonitoredTargets;

  beforeAll(async () => {
    server = await prometheusOver({ ...CLUSTER, labelling });
    targets = await surveyOf(server.url);
  });
  afterAll(() => server?.stop());

  it('every query of the dashboard returns data with the labels of its legend', async () => {
    const queries = queriesOf(targets, '.*');
    expect(queries).toHaveLength(settingsOf().report.indicators.length);
    for (const { title, expr, legend } of queries) {
      const results = await queryRange(server.url, expr, { ...PERIOD, step: 300 });
      expect(results.length, `${title}: ${expr}`).toBeGreaterThan(0);
      const labels = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label ?? '');
      for (const { metric } of results) expect(Object.keys(metric).sort(), title).toEqual(labels.sort());
    }
  });

  it('the variable of the nodes selects exactly one', async () => {
    const node = labelling === 'pod-monitor' ? addressOf('worker-1') : 'worker-1';
    for (const title of ['Local Pods', 'OVS flow operation errors', 'CPU usage']) {
      const { expr = '' } = queriesOf(targets, node).find((query) => query.title === title) ?? {};
      const results = await queryRange(server.url, expr, { ...PERIOD, step: 300 });
      const nodes = results
        .filter(({ metric }) => metric['component'] !== 'controller')
        .map(({ metric }) => metric['node']);
      expect([...new Set(nodes)], expr).toEqual([node]);
    }
  });

  it('the alerts about agents name their nodes', async () => {
    const settings = settingsOf().report;
    const rules = makeRules({ targets, settings, language: 'en' });
    const fired = await evaluateRules(server, rules, { ...PERIOD, recordFrom: at('6:45') });
    // No label of a PodMonitor without relabelling names the node.
    const nameOf = (text = '') => NODES.find((node) => addressOf(node) === text) ?? text;
    const ofAgents = fired
      .filter(({ labels }) => labels['component'] === 'agent')
      .map(({ alert, labels }) => `${alert} ${labels['severity']} ${nameOf(labels['node'])}`);
    expect([...new Set(ofAgents)].sort()).toEqual(ALERTS);
  });
});
