/**
 * Evaluates the alerts over simulated days in a real Prometheus, and compares them with the findings of the report on the
 * same day.
 */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PrometheusRule } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { INDICATORS } from '../../src/report/catalog/indicators/index.ts';
import { alertName, type FiredAlert as InReport } from '../../src/report/model/alert.ts';
import { LANGUAGES } from '../../src/report/model/indicator.ts';
import { CLUSTER_SUBJECT, CONTROLLER_SUBJECT, type Report } from '../../src/report/model/report.ts';
import type { AlertingRule, Rules } from '../../src/report/monitoring/rules/model.ts';
import { printRules } from '../../src/report/monitoring/rules/print.ts';
import { makeRules } from '../../src/report/monitoring/rules/rules.ts';
import { assumedTargets } from '../../src/report/monitoring/targets.ts';
import { alertSeries } from '../simulation/alerts.ts';
import { ALL_EXPORTERS, type Simulation } from '../simulation/cluster.ts';
import { EXPORTER_FAULTS, WORSE_EXPORTER_FAULTS } from '../simulation/exporter-faults.ts';
import { at, EXTRA_FAULTS, OTHER_FAULTS, span } from '../simulation/indicator-faults.ts';
import { type SimulatedSeries, simulate } from '../simulation/samples.ts';
import { simulatedDay } from '../simulation/scenarios.ts';
import { evaluateRules, type FiredAlert, type Labels } from './alerts.ts';
import { ensureDebianPackages } from './install.ts';
import { AGES, findProgram } from './programs.ts';
import { prometheusOver } from './prometheus.ts';
import { reportOn, settingsOf } from './report.ts';
import { startServer, temporaryFolder } from './server.ts';
import { waitUntil } from './wait-until.ts';

const run = promisify(execFile);

function rulesFor(language: (typeof LANGUAGES)[number] = 'en'): Rules {
  const settings = settingsOf().report;
  return makeRules({ targets: assumedTargets(settings), settings, language });
}

const RULES = rulesFor();

const alertsOf = ({ groups }: Rules): AlertingRule[] =>
  groups.flatMap(({ rules }) => rules.filter((rule) => 'alert' in rule));

/** The report and the alerts of a simulated cluster in a period; `paged` is the report of a server that has the alerts. */
async function compare(simulation: Simulation, period: { start: number; end: number }) {
  const server = await prometheusOver(simulation);
  try {
    // The rules have the look-backs of this step.
    const report = await reportOn(server.url, period, { step: '5m' });
    const fired = await evaluateRules(server, RULES, { ...period, recordFrom: simulation.start });
    await server.load(alertSeries(fired.map(({ alert: name, ...others }) => ({ name, ...others }))));
    const paged = await reportOn(server.url, period, { step: '5m' });
    return { report, fired, paged };
  } finally {
    await server.stop();
  }
}

const CHECKS = ['scrape-coverage', 'process-restarts'];
const ID_OF_ALERT = new Map([...INDICATORS.map(({ id }) => id), ...CHECKS].map((id) => [alertName(id), id]));

/** An alert or a finding as `indicator severity subject`. */
type Key = string;

/**
 * A gap is judged when it is over in a report, and while it lasts in an alert, so their severities differ: the report on
 * the time of the alert would have that of the alert.
 */
const severityOf = (id: string, severity = '') => (id === 'scrape-coverage' ? '' : severity);

function keyOfAlert({ alert, labels }: FiredAlert): Key {
  const id = ID_OF_ALERT.get(alert) ?? alert;
  const isOfCluster = INDICATORS.find((indicator) => indicator.id === id)?.scope === 'cluster';
  const subject = labels['component'] === 'controller' ? CONTROLLER_SUBJECT : labels['node'];
  return `${id} ${severityOf(id, labels['severity'])} ${isOfCluster ? CLUSTER_SUBJECT : subject}`;
}

/** The same for an alert in a report. */
function keyOfFired({ name, severity, subject }: InReport): Key {
  const id = ID_OF_ALERT.get(name) ?? name;
  return `${id} ${severityOf(id, severity ?? '')} ${subject}`;
}

function keysOfFindings({ findings }: Pick<Report, 'findings'>): Key[] {
  return findings.map(
    ({ indicator, severity, subject }) => `${indicator} ${severityOf(indicator, severity)} ${subject}`,
  );
}

/** Several operations or queues of a subject are several alerts, and one finding. */
const distinct = (keys: readonly Key[]) => [...new Set(keys)].sort();

describe('a cluster with a fault for each indicator', () => {
  const PERIOD = span('8:00', '16:30');
  const CLUSTER: Simulation = {
    // Half a day before the period, after which there is a usual level.
    start: at('0:00') - 4 * 3600,
    end: PERIOD.end,
    nodes: 22,
    flowExporter: true,
    nodeIpam: true,
    ...ALL_EXPORTERS,
    allocatablePods: 250,
    faults: [...EXTRA_FAULTS, ...OTHER_FAULTS, ...EXPORTER_FAULTS, ...WORSE_EXPORTER_FAULTS],
  };
  let report: Report;
  let paged: Report;
  let fired: FiredAlert[];

  beforeAll(async () => {
    ({ report, fired, paged } = await compare(CLUSTER, PERIOD));
  });

  it('has an alert exactly where the report has a finding of this severity', () => {
    const keys = keysOfFindings(report);
    // What is critical is beyond the threshold of a warning, too. A report has one finding of both, and Alertmanager can
    // inhibit the warning (deploy/prometheus/alertmanager.yaml).
    const milder = keys
      .filter((key) => / critical /.test(key))
      .map((key) => key.replace(' critical ', ' warning '))
      .filter((key) => fired.some((alert) => keyOfAlert(alert) === key));
    expect(distinct(fired.map(keyOfAlert))).toEqual(distinct([...keys, ...milder]));
  });

  it('has each alert in a report with the incident of its indicator and subject', () => {
    const { alerts, incidents, findings } = paged;
    expect(distinct(alerts?.fired.map(keyOfFired) ?? [])).toEqual(distinct(fired.map(keyOfAlert)));
    const keysOfIncidents = incidents.map((incident) => ({
      found: incident.findings.flatMap((index) => findings[index] ?? []),
      alerts: incident.alerts?.flatMap(({ alert }) => alerts?.fired[alert] ?? []) ?? [],
    }));
    const withoutSeverity = (key: Key) => key.replace(/ (critical|warning)? /, ' ');
    for (const { found, alerts: own } of keysOfIncidents) {
      const keys = keysOfFindings({ findings: found }).map(withoutSeverity);
      expect(distinct(own.map(keyOfFired).map(withoutSeverity))).toEqual(distinct(keys));
    }
    expect({ ...paged, alerts: undefined, incidents: [] }).toEqual({ ...report, incidents: [] });
  });

  it('has every alert', () => {
    const names = (rules: readonly Pick<FiredAlert, 'alert' | 'labels'>[]) =>
      distinct(rules.map(({ alert, labels: { severity, gap } }) => `${alert} ${severity} ${gap}`));
    expect(names(alertsOf(RULES)).filter((name) => !names(fired).includes(name))).toEqual([]);
  });

  it('has alerts while the episodes last: from the duration of the threshold on, until the look-back is over', () => {
    for (const alert of fired) {
      const key = keyOfAlert(alert);
      if (/^process-restarts/.test(key)) continue;
      const findings = report.findings.filter(
        ({ indicator, subject }) => key.startsWith(`${indicator} `) && key.endsWith(` ${subject}`),
      );
      const episodes = findings.flatMap((finding) =>
        finding.episodes.map(({ start, end }) => ({
          start: Date.parse(start) / 1000,
          end: Date.parse(end) / 1000,
        })),
      );
      for (const { start, end } of alert.times) {
        const message = JSON.stringify({ key, times: alert.times, episodes });
        expect(
          episodes.some((episode) => start >= episode.start && end <= episode.end + 300),
          message,
        ).toBe(true);
      }
    }
  });

  it('Alertmanager groups the alerts, and mutes warnings about what is critical', async () => {
    const now = fired.filter(({ times }) =>
      times.some(({ start, end }) => start <= at('13:35') && at('13:35') <= end),
    );
    const alertmanager = await startAlertmanager();
    try {
      const body = now.map(({ alert, labels }) => ({ labels: { ...labels, alertname: alert } }));
      const headers = { 'content-type': 'application/json' };
      const sent = await fetch(`${alertmanager.url}/api/v2/alerts`, {
        ...{ method: 'POST', headers, body: JSON.stringify(body) },
      });
      expect(sent.status, await sent.text()).toBe(200);
      let groups: Group[] = [];
      await waitUntil(
        async () => {
          const response = await fetch(`${alertmanager.url}/api/v2/alerts/groups`);
          groups = (await response.json()) as Group[];
          return groups.flatMap(({ alerts }) => alerts).length === now.length;
        },
        () => `Alertmanager has ${groups.flatMap(({ alerts }) => alerts).length} of ${now.length} alerts`,
      );
      const states = groups.flatMap(({ labels, alerts }) =>
        alerts.map(({ status }) => `${labels['alertname']} ${labels['severity']} ${status.state}`),
      );
      expect(states).toContain('AntreaLocalPodCount critical active');
      expect(states).toContain('AntreaLocalPodCount warning suppressed');
      expect(states).toContain('AntreaPolicyQueueBacklog warning active');
      // Three operations of one node are one notification.
      const latency = groups.filter(({ labels }) => labels['alertname'] === 'AntreaOvsFlowOperationLatency');
      expect(latency.map(({ alerts }) => alerts.length)).toEqual([3, 3]);
    } finally {
      await alertmanager.stop();
    }
  });
});

/** Starts an Alertmanager with the configuration that is delivered. */
async function startAlertmanager() {
  await ensureDebianPackages(['prometheus-alertmanager']);
  const folder = await temporaryFolder('alertmanager');
  const { url, stop } = await startServer({
    program: 'prometheus-alertmanager',
    parameters: (port) => [
      `--config.file=${fileURLToPath(new URL('../../deploy/prometheus/alertmanager.yaml', import.meta.url))}`,
      `--storage.path=${folder.path}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ],
    readyPath: '/-/ready',
  });
  return { url, stop: () => stop().then(folder.remove) };
}

type Group = { labels: Labels; alerts: { labels: Labels; status: { state: string } }[] };

describe('a healthy day', () => {
  it('has no alert', async () => {
    const { simulation, period } = simulatedDay('healthy', {
      nodes: 6,
      flowExporter: true,
      nodeIpam: true,
      kubeStateMetrics: true,
    });
    const { report, fired } = await compare(simulation, period);
    expect(report.findings).toEqual([]);
    expect(fired).toEqual([]);
  });
});

/** The samples of a minute as promtool has them, from the first minute on. */
function inputSeries({ name, labels, timestamps, values }: SimulatedSeries, start: number, minutes: number) {
  const byMinute = new Map(
    Array.from(timestamps, (time, index) => [Math.floor((time / 1000 - start) / 60), values[index]]),
  );
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return {
    series: `${name}{${pairs.join(',')}}`,
    values: Array.from({ length: minutes }, (_, minute) => byMinute.get(minute) ?? '_').join(' '),
  };
}

describe('the programs that read rules', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  const total = RULES.groups.flatMap(({ rules }) => rules).length;

  beforeAll(async () => {
    folder = await temporaryFolder('rules');
    await ensureDebianPackages(['prometheus']);
    for (const language of LANGUAGES)
      await store(`${language}.yaml`, printRules(rulesFor(language), { language, scrapeInterval: '1m' }));
  });
  afterAll(() => folder?.remove());

  async function store(name: string, text: string): Promise<string> {
    const file = join(folder.path, name);
    await writeFile(file, text);
    return file;
  }

  it.each(LANGUAGES)('accept them in %s: promtool and vmalert', async (language) => {
    const file = join(folder.path, `${language}.yaml`);
    const { stdout } = await run('promtool', ['check', 'rules', file]);
    expect(stdout).toContain(`SUCCESS: ${total} rules found`);
    const { path } = await findProgram('victoria-metrics', 'new');
    await run(path.replace(/victoria-metrics$/, 'vmalert'), ['-dryRun', `-rule=${file}`]);
  });

  it('accept the object for the operator: the schema of PrometheusRule', () => {
    const object = { name: 'antrea-health', namespace: 'monitoring', labels: { release: 'x' } };
    const manifest = parse(printRules(RULES, { language: 'en', scrapeInterval: '1m', object }));
    new PrometheusRule(manifest).validate();
    manifest.spec.groups[0].interval = 'often';
    expect(() => new PrometheusRule(manifest).validate()).toThrow('interval');
  });

  it.each(AGES)('load them: the %s Prometheus', async (age) => {
    const { path } = await findProgram('prometheus', age);
    const config = await store('prometheus.yaml', 'rule_files: [en.yaml]\n');
    const server = await startServer({
      program: path,
      parameters: (port) => [
        `--config.file=${config}`,
        `--storage.tsdb.path=${join(folder.path, age)}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      readyPath: '/-/ready',
    });
    try {
      const response = await fetch(`${server.url}/api/v1/rules`);
      const { data } = (await response.json()) as { data: { groups: { rules: unknown[] }[] } };
      expect(data.groups.flatMap(({ rules }) => rules)).toHaveLength(total);
    } finally {
      await server.stop();
    }
  });

  it('fill in the labels and the value of an alert: promtool', async () => {
    const start = at('10:00');
    const simulation: Simulation = {
      start,
      end: start + 3600,
      nodes: ['node-1', 'node-2'],
      bystanders: false,
      families: ['antrea_agent_local_pod_count'],
      faults: [{ kind: 'pods', node: 'node-2', start: start + 1200, end: start + 2400, level: 246 }],
    };
    const rule = alertsOf(RULES).find(
      ({ alert, labels }) => alert === 'AntreaLocalPodCount' && labels['severity'] === 'critical',
    );
    const filled = Object.entries(rule?.annotations ?? {}).map(([name, text]) => [
      name,
      text
        .replace(/\{\{ if match .*?\{\{ else \}\}(.*?)\{\{ end \}\}/, '$1')
        .replaceAll('{{ $labels.node }}', 'node-2')
        .replaceAll('{{ printf "%.0f" $value }}', '246'),
    ]);
    const critical = {
      exp_labels: { severity: 'critical', component: 'agent', node: 'node-2' },
      exp_annotations: Object.fromEntries(filled),
    };
    const alertsAt = (minute: number, exp_alerts: object[]) => ({
      eval_time: `${minute}m`,
      alertname: 'AntreaLocalPodCount',
      exp_alerts,
    });
    const tests = {
      interval: '1m',
      input_series: [...simulate(simulation)].map((one) => inputSeries(one, start, 60)),
      alert_rule_test: [alertsAt(24, []), alertsAt(27, [critical]), alertsAt(50, [])],
    };
    const file = await store(
      'test.yaml',
      stringify({ rule_files: ['en.yaml'], evaluation_interval: '1m', tests: [tests] }),
    );
    const { stdout } = await run('promtool', ['test', 'rules', file]);
    expect(stdout).toContain('SUCCESS');
  });
});
