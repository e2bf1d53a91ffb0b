/** Runs `antrea-health check` against servers with and without Antrea. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CheckDocument, type CheckResult, checkDocument } from '../../src/cli/check/result.ts';
import { reportSchema } from '../../src/report/model/report.ts';
import { ALL_EXPORTERS, type Labels, type Simulation } from '../simulation/cluster.ts';
import { type SimulatedSeries, simulate } from '../simulation/samples.ts';
import { runCommand } from './cli.ts';
import { prometheusOver, startPrometheus } from './prometheus.ts';
import { type Database, temporaryFolder } from './server.ts';
import { victoriaMetricsOver } from './victoria-metrics.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;
const NOW = Math.floor(Date.now() / 60_000) * 60;

/** Three hours that end after the test, because the command queries the present. */
const RECENT = { start: NOW - 3 * HOUR, end: NOW + HOUR };

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const databases: Database[] = [];

beforeEach(async () => {
  folder = await temporaryFolder('check');
});
afterEach(async () => {
  for (const database of databases.splice(0)) await database.stop();
  await folder.remove();
});

async function opened(starting: Promise<Database>): Promise<Database> {
  const database = await starting;
  databases.push(database);
  return database;
}

const run = (...parameters: string[]) => runCommand(['check', ...parameters]);

async function document(...parameters: string[]): Promise<CheckDocument> {
  const { code, stdout, stderr } = await run(...parameters, '--json');
  expect(stderr).toBe('');
  const parsed = checkDocument.parse(JSON.parse(stdout));
  expect(parsed.exitCode).toBe(code);
  return parsed;
}

/** Returns the results of the only cluster by id. */
async function results(...parameters: string[]): Promise<Record<string, CheckResult>> {
  const { clusters } = await document(...parameters);
  expect(clusters).toHaveLength(1);
  return Object.fromEntries(clusters[0]?.results.map((one) => [one.id, one]) ?? []);
}

function statesOf(all: Record<string, CheckResult>): Record<string, string> {
  return Object.fromEntries(Object.entries(all).map(([id, { state }]) => [id, state]));
}

function linesOf({ advice }: CheckResult | undefined = { advice: [] } as never): string {
  return advice.flatMap(({ lines }) => lines).join('\n');
}

function* labelled(simulation: Simulation, labels: Labels): Generator<SimulatedSeries> {
  for (const one of simulate(simulation)) yield { ...one, labels: { ...one.labels, ...labels } };
}

describe('check of a server with all exporters', () => {
  it('prints a dozen lines without a problem', async () => {
    const server = await opened(startPrometheus());
    const start = NOW - 25 * HOUR;
    const cluster: Simulation = { ...RECENT, ...ALL_EXPORTERS, start, nodes: 4, flowExporter: true };
    const past = { start: NOW - 31 * DAY, end: start, families: ['antrea_agent_local_pod_count'] };
    await server.load(simulate({ ...cluster, ...past, scrapeIntervalSeconds: 300 }));
    await server.load(simulate(cluster));
    const { code, stdout, stderr } = await run('--prometheus', server.url, '--cluster', 'prod');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.replaceAll(/ +/g, ' ').trimEnd().split('\n');
    expect(lines[1]).toMatch(
      new RegExp(`^ok Connection ${server.url} answers in \\d+ ms; Prometheus 2[.]\\d+[.]\\d+$`),
    );
    expect(lines).toEqual([
      'prod',
      lines[1],
      'ok Targets 4 agents (job="antrea-agents"), 1 controller (job="antrea-controllers")',
      'ok Node names from the label instance, "node;pod"',
      'ok Agents 4 of 4 nodes have an agent',
      'ok Scrapes all 5 targets answer',
      'ok Scrape interval 60 s',
      // The check searches day by day, so the result depends on the time of the run.
      expect.stringMatching(
        /^ok History reaches back 3[01] days; enough for the day before, a week before and four weeks of history; too short for monthly reports \(65 days\)$/,
      ),
      'ok Antrea version 2.5.3 or newer; on: Antrea Proxy, FQDN metrics, Flow Exporter; off or not in this version: Node IPAM',
      'ok Other exporters kube-state-metrics found; kube-state-metrics for Antrea’s resources found; cAdvisor found; kubelet found; node-exporter found; kube-apiserver found; x509-certificate-exporter found',
      'No problems.',
    ]);
  });

  it('prints the same for VictoriaMetrics, with its name', async () => {
    const server = await opened(victoriaMetricsOver({ ...RECENT, ...ALL_EXPORTERS, nodes: 2 }));
    const all = await results('--prometheus', server.url);
    expect(all['connection']?.detail).toMatch(/; VictoriaMetrics$/);
    expect(statesOf(all)).toEqual({
      connection: 'ok',
      targets: 'ok',
      'node-names': 'ok',
      agents: 'ok',
      scrapes: 'ok',
      'scrape-interval': 'ok',
      history: 'note',
      antrea: 'ok',
      exporters: 'ok',
    });
    expect(linesOf(all['history'])).toBe('-retentionPeriod=65d');
  });
});

describe('check of a server without some exporters', () => {
  it('lists what is missing without kube-state-metrics, with addresses as instances and rare scrapes', async () => {
    const server = await opened(
      prometheusOver({
        ...RECENT,
        nodes: 3,
        labelling: 'address',
        scrapeIntervalSeconds: 120,
        faults: [{ kind: 'scrape-gap', node: 'worker-01', as: 'down', start: NOW - 900, end: RECENT.end }],
      }),
    );
    const all = await results('--prometheus', server.url);
    expect(statesOf(all)).toEqual({
      connection: 'ok',
      targets: 'ok',
      'node-names': 'note',
      agents: 'ok',
      scrapes: 'note',
      'scrape-interval': 'note',
      history: 'note',
      antrea: 'ok',
      exporters: 'note',
    });
    expect(linesOf(all['node-names'])).toContain('target_label: node');
    expect(all['scrapes']?.detail).toBe('3 of 4 targets answer; down: agent on 10.10.0.5:10350');
    expect(all['scrape-interval']?.detail).toBe('120 s');
    expect(all['exporters']?.detail).toBe(
      'no kube-state-metrics (needed by missing-agents, containers-not-ready, network-unavailable and 5 more); no kube-state-metrics for Antrea’s resources (needed by agent-conditions, agent-heartbeat-age, unassigned-egresses and 2 more); no cAdvisor (needed by ovs-memory and cpu-throttling); no kubelet (needed by pod-sandbox-failures); no node-exporter (needed by gateway-packet-loss, gateway-mtu-difference, node-conntrack-usage and 1 more); no kube-apiserver (needed by unavailable-apis and failed-webhooks); no x509-certificate-exporter (needed by expiring-certificates)',
    );
  });

  it('names the node with the missing agent', async () => {
    const server = await opened(
      prometheusOver({
        ...RECENT,
        nodes: 4,
        kubeStateMetrics: true,
        faults: [{ kind: 'agent-gone', node: 'worker-02', start: NOW - HOUR, end: RECENT.end }],
      }),
    );
    const { agents } = await results('--prometheus', server.url);
    expect(agents).toMatchObject({
      state: 'note',
      detail: '3 of 4 nodes have an agent; the DaemonSets want 4; missing: worker-02',
    });
  });

  it('reports that kube-state-metrics lacks a label of the targets', async () => {
    const server = await opened(startPrometheus());
    await server.load(labelled({ ...RECENT, nodes: 2 }, { cluster: 'east' }));
    await server.load(labelled({ ...RECENT, nodes: 2, seed: 2 }, { cluster: 'west' }));
    await server.load(
      [...simulate({ ...RECENT, nodes: 2, kubeStateMetrics: true })].filter(
        ({ labels }) => labels['job'] === 'kube-state-metrics',
      ),
    );
    const { exporters, cluster } = await results('--prometheus', server.url, '--cluster', 'west');
    expect(cluster?.detail).toBe('cluster="west"; the server also has east');
    expect(exporters?.advice.map(({ text }) => text)).toEqual([
      'The server has kube-state-metrics, but its series lack cluster="west". Add the labels in its scrape job.',
    ]);
  });

  it('asks for a choice among several clusters', async () => {
    const server = await opened(startPrometheus());
    await server.load(labelled({ ...RECENT, nodes: 2 }, { cluster: 'east' }));
    await server.load(labelled({ ...RECENT, nodes: 2, seed: 2 }, { cluster: 'west' }));
    const { exitCode, clusters } = await document('--prometheus', server.url);
    expect(exitCode).toBe(2);
    expect(clusters[0]?.results.map(({ id, state }) => [id, state])).toEqual([
      ['connection', 'ok'],
      ['cluster', 'problem'],
    ]);
    const [, cluster] = clusters[0]?.results ?? [];
    expect(cluster?.detail).toContain('2 clusters (label cluster)');
    expect(linesOf(cluster)).toBe('--cluster east\nclusters:\n  - name: east\n  - name: west');
  });
});

describe('check of a server behind a proxy', () => {
  it('accepts a server without a name or version and sends it the credentials', async () => {
    const server = await opened(prometheusOver({ ...RECENT, ...ALL_EXPORTERS, nodes: 2 }));
    const seen: { path: string; authorization: string | undefined }[] = [];
    const proxy = createServer(async (request, response) => {
      const path = request.url ?? '';
      seen.push({ path, authorization: request.headers.authorization });
      if (path.includes('/status/')) return void response.writeHead(404).end('<html>');
      const answer = await fetch(`${server.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: await text(request),
      });
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    try {
      const { port } = proxy.address() as AddressInfo;
      const token = join(folder.path, 'token');
      await writeFile(token, 'glsa_secret');
      const address = `http://127.0.0.1:${port}`;
      const all = await results('--prometheus', `${address}/?tenant=a`, '--bearer-token-file', token);
      expect(all['connection']?.detail).toMatch(
        new RegExp(`^${address} answers in \\d+ ms; server and version unknown$`),
      );
      expect(statesOf(all)).toMatchObject({ targets: 'ok', agents: 'ok', exporters: 'ok' });
      expect(new Set(seen.map(({ authorization }) => authorization))).toEqual(
        new Set(['Bearer glsa_secret']),
      );
      expect(seen.map(({ path }) => path)).toContain('/api/v1/status/buildinfo?tenant=a');
      expect(seen.length).toBeLessThan(20);
    } finally {
      proxy.close();
      proxy.closeAllConnections();
    }
  });
});

describe('check of a server without targets', () => {
  async function config(text: string): Promise<string> {
    const file = join(folder.path, 'antrea-health.yaml');
    await writeFile(file, text);
    return file;
  }

  it('suggests jobs and labels that the server has', async () => {
    const server = await opened(startPrometheus());
    await server.load(labelled({ ...RECENT, nodes: 2 }, { region: 'north' }));
    const wrong = `prometheus: { url: "${server.url}", jobs: { agent: agnets }, matchers: { region: south, tier: x } }`;
    const { targets, connection } = await results('--config', await config(wrong));
    expect(connection?.state).toBe('ok');
    expect(targets).toMatchObject({ state: 'problem', exitCode: 1 });
    expect(targets?.detail).toContain(
      'that match prometheus.jobs agnets and prometheus.matchers { region: south, tier: x }',
    );
    expect(targets?.detail).toContain('job antrea-agents (agent { region: north }, last seen');
    expect(linesOf(targets)).toBe(
      'prometheus:\n  jobs: { agent: antrea-agents, controller: antrea-controllers }\n  matchers: { region: north }',
    );
    expect(targets?.advice.at(1)?.text).toContain('the labels that the targets do not have: tier.');
  });

  it('finds the same jobs as a report', async () => {
    const server = await opened(prometheusOver({ ...RECENT, nodes: 2 }));
    const file = await config(`prometheus: { url: "${server.url}", jobs: { agent: x, controller: y } }`);
    const parameters = ['--cluster', 'prod', '--range', '1h', '--format', 'json', '--out', folder.path];
    const { code, stdout } = await runCommand(['report', '--config', file, ...parameters]);
    // A report without data is still written.
    expect(code).toBe(1);
    const report = reportSchema.parse(JSON.parse(await readFile(join(stdout.trim(), 'report.json'), 'utf8')));
    expect(report.survey?.elsewhere).toEqual([
      { job: 'antrea-agents', component: 'agent', lastSeen: expect.any(String), labels: {} },
      {
        job: 'antrea-controllers',
        component: 'controller',
        lastSeen: expect.any(String),
        labels: { instance: expect.stringContaining('control-plane-1;antrea-controller-') },
      },
    ]);
    const [{ lastSeen } = { lastSeen: '' }] = report.survey?.elsewhere ?? [];
    expect(NOW - Date.parse(lastSeen) / 1000).toBeLessThan(600);
  });

  it('shows when the scrapes ended', async () => {
    const end = NOW - 5 * DAY;
    const server = await opened(prometheusOver({ start: end - 2 * HOUR, end, nodes: 2 }));
    const { targets } = await results('--prometheus', server.url);
    const [, day, time] = /last seen (\S+) (\S+) UTC/.exec(targets?.detail ?? '') ?? [];
    expect(Math.abs(Date.parse(`${day}T${time}Z`) / 1000 - end)).toBeLessThan(600);
    expect(targets?.advice[0]?.text).toMatch(/^These targets are no longer scraped\./);
  });

  it('finds the jobs of agents without the metric that identifies them', async () => {
    const end = NOW - 5 * DAY;
    const families = ['antrea_agent_ovs_total_flow_count', 'antrea_controller_network_policy_processed'];
    const server = await opened(prometheusOver({ start: end - 2 * HOUR, end, nodes: 2, families }));
    const { targets } = await results('--prometheus', server.url);
    expect(targets?.detail).toContain('job antrea-agents (agent, last seen');
    expect(targets?.detail).toContain('job antrea-controllers (controller');
  });

  it('prints a scrape configuration for a server that never scraped Antrea', async () => {
    const server = await opened(startPrometheus());
    const { targets } = await results('--prometheus', server.url);
    expect(targets?.detail).toContain('the server is empty');
    const file = join(folder.path, 'prometheus.yml');
    // promtool checks that the token file exists, which it does not outside a cluster.
    const token = join(folder.path, 'token');
    await writeFile(token, 'x');
    const config = linesOf(targets)
      .replaceAll('/var/run/secrets/kubernetes.io/serviceaccount/token', token)
      // Debian builds Prometheus without Kubernetes service discovery.
      .replaceAll('kubernetes_sd_configs: [{ role: pod }]', 'static_configs: [{ targets: [] }]');
    await writeFile(file, config);
    const checked = await promisify(execFile)('promtool', ['check', 'config', file]);
    expect(checked.stdout).toContain('is valid prometheus config file syntax');
  });

  it('lists the jobs of a server without Antrea', async () => {
    const server = await opened(startPrometheus());
    await server.load(
      [...simulate({ ...RECENT, nodes: 2 })].filter(
        ({ labels }) => labels['job'] === 'kubernetes-apiservers',
      ),
    );
    const { targets } = await results('--prometheus', server.url);
    expect(targets?.detail).toContain('the server scrapes 1 job (kubernetes-apiservers), none with');
  });
});

describe('the document of --json', () => {
  it('lists the problems of a file and queries no server', async () => {
    const file = join(folder.path, 'wrong.yaml');
    await writeFile(file, 'prometheus: { url: "http://127.0.0.1:9", timeout: soon }\n');
    const { exitCode, configuration, clusters } = await document('--config', file);
    expect(exitCode).toBe(2);
    expect(clusters).toEqual([]);
    expect(configuration?.problems).toEqual([expect.stringContaining('wrong.yaml:1: prometheus.timeout: ')]);
  });

  it('contains no password from an address', async () => {
    const { clusters } = await document('--prometheus', 'http://me:secret@127.0.0.1:9/prom/?token=secret');
    expect(clusters[0]?.address).toBe('http://127.0.0.1:9/prom');
    expect(JSON.stringify(clusters)).not.toContain('secret');
  });
});
