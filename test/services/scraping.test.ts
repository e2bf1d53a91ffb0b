/** Uses the scrape configurations in deploy/prometheus/: the programs accept them, and a Prometheus scrapes with them. */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PodMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { describeNothing } from '../../src/cli/check/nothing-found.ts';
import { resolveSettings } from '../../src/config/settings.ts';
import { type SimulatedSeries, simulate } from '../simulation/samples.ts';
import { runCommand } from './cli.ts';
import { ensureDebianPackages } from './install.ts';
import { AGES, type Age, findProgram } from './programs.ts';
import { startServer, temporaryFolder } from './server.ts';
import { waitUntil } from './wait-until.ts';

const run = promisify(execFile);

const DEPLOY = new URL('../../deploy/prometheus/', import.meta.url);
const delivered = (name: string) => readFile(new URL(name, DEPLOY), 'utf8');

type ScrapeJob = {
  job_name: string;
  authorization: { credentials_file: string };
  tls_config: { insecure_skip_verify?: boolean; ca_file?: string; server_name?: string };
  kubernetes_sd_configs?: object[];
  static_configs?: object[];
  relabel_configs: object[];
};

type ScrapeConfig = { scrape_configs: ScrapeJob[] };

describe('the configurations', () => {
  it('have the jobs and labels that antrea-health check advises', async () => {
    const { targetSettings } = resolveSettings({}).report;
    const nothing = {
      elsewhere: [],
      jobs: [],
      period: { start: 0, end: 3600 },
      settings: { targetSettings },
    };
    const [advice] = describeNothing(nothing).advice ?? [];
    const labelled = ({ scrape_configs }: ScrapeConfig) =>
      scrape_configs.map(({ job_name, relabel_configs }) => [
        job_name,
        relabel_configs.filter((rule) => 'target_label' in rule),
      ]);
    expect(labelled(parse(advice?.lines?.join('\n') ?? ''))).toEqual(
      labelled(parse(await delivered('scrape.yaml'))),
    );
  });

  it('for vmagent and Prometheus: vmagent accepts it, with the discovery of Pods', async () => {
    const { path } = await findProgram('victoria-metrics', 'new');
    const vmagent = path.replace(/victoria-metrics$/, 'vmagent');
    // It ends with 0 also if it left out a job; the log says so.
    const errorsOf = async (file: string) => {
      const parameters = ['-dryRun', `-promscrape.config=${file}`, '-remoteWrite.url=http://127.0.0.1:1'];
      const { stderr } = await run(vmagent, parameters);
      expect(stderr).toContain('all the configs are ok');
      return stderr.split('\n').filter((line) => /\t(error|warn)\t/.test(line));
    };
    expect(await errorsOf(fileURLToPath(new URL('scrape.yaml', DEPLOY)))).toEqual([]);
    const folder = await temporaryFolder('scrape');
    const wrong = join(folder.path, 'wrong.yaml');
    await writeFile(wrong, (await delivered('scrape.yaml')).replaceAll('action: keep', 'action: kept'));
    expect(await errorsOf(wrong)).toEqual([expect.stringContaining('kept'), expect.stringContaining('kept')]);
    await folder.remove();
  });

  it('for the OpenTelemetry collector: it has the same jobs, and no $, which the collector would replace', async () => {
    const text = await delivered('otel-collector.yaml');
    expect(text).not.toContain('$');
    const { receivers, exporters, service } = parse(text);
    expect(receivers.prometheus.config).toEqual(parse(await delivered('scrape.yaml')));
    const { metrics } = service.pipelines;
    expect({ receivers: metrics.receivers, exporters: metrics.exporters }).toEqual({
      receivers: Object.keys(receivers),
      exporters: Object.keys(exporters),
    });
  });

  it('for the Prometheus operator: the schema of PodMonitor, with the labels of the other jobs', async () => {
    const { scrape_configs } = parse(await delivered('scrape.yaml')) as ScrapeConfig;
    const monitors = parseAllDocuments(await delivered('podmonitors.yaml')).map((one) => one.toJS());
    expect(monitors).toHaveLength(scrape_configs.length);
    for (const [index, monitor] of monitors.entries()) {
      new PodMonitor(monitor).validate();
      const [endpoint] = monitor.spec.podMetricsEndpoints;
      const [job, ...others] = endpoint.relabelings;
      expect(job).toEqual({ targetLabel: 'job', replacement: scrape_configs[index]?.job_name });
      // The operator itself selects the port of the container.
      const [, ...relabelings] = scrape_configs[index]?.relabel_configs ?? [];
      expect(
        others.map(({ sourceLabels, targetLabel }: { sourceLabels: string[]; targetLabel: string }) => ({
          source_labels: sourceLabels,
          target_label: targetLabel,
        })),
      ).toEqual(relabelings);
    }
    const [agent] = monitors;
    agent.spec.podMetricsEndpoints[0].scheme = 'tls';
    expect(() => new PodMonitor(agent).validate()).toThrow('scheme');
  });

  it('for the operator of VictoriaMetrics: they say the same as the PodMonitors', async () => {
    const renamed = (await delivered('podmonitors.yaml'))
      .replaceAll('monitoring.coreos.com/v1', 'operator.victoriametrics.com/v1beta1')
      .replaceAll('kind: PodMonitor', 'kind: VMPodScrape')
      .replaceAll('relabelings:', 'relabelConfigs:');
    const contents = (text: string) => parseAllDocuments(text).map((one) => one.toJS());
    expect(contents(await delivered('vmpodscrapes.yaml'))).toEqual(contents(renamed));
  });

  it('have a ServiceAccount that may list Pods in one namespace and read /metrics', async () => {
    const objects = [...(await parsed('rbac.yaml')), ...(await parsed('token.yaml'))];
    const rules = objects.flatMap((object) => object.rules ?? []);
    const reading = { nonResourceURLs: ['/metrics'], verbs: ['get'] };
    const listing = { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] };
    expect(rules).toEqual([reading, listing, reading]);
    const role = objects.find(({ kind }) => kind === 'Role');
    expect(role?.metadata.namespace).toBe('kube-system');
  });
});

type Manifest = { kind: string; metadata: { namespace?: string }; rules?: object[] };

async function parsed(name: string): Promise<Manifest[]> {
  return parseAllDocuments(await delivered(name)).map((one) => one.toJS() as Manifest);
}

const NODES = ['control-plane-1', 'worker-1', 'worker-2'];
const TOKEN = 'token-of-a-service-account';

/** The latest values of the series, as a process exposes them. */
function exposition(all: readonly SimulatedSeries[]): string {
  const now = Date.now();
  const lines = all.map(({ name, labels, timestamps, values }) => {
    const { job: _1, instance: _2, ...own } = labels;
    const pairs = Object.entries(own).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
    const latest = timestamps.findLastIndex((time) => time <= now);
    return `${name}{${pairs.join(',')}} ${values[Math.max(0, latest)]}`;
  });
  return `${lines.join('\n')}\n`;
}

/** A process that answers like Antrea's: with a certificate, and only to somebody with the token. */
async function serveMetrics(
  { cert, key }: { cert: string; key: string },
  series: readonly SimulatedSeries[],
): Promise<{ server: Server; address: string }> {
  const server = createServer({ cert, key }, ({ url, headers }, response) => {
    const isAllowed = url === '/metrics' && headers.authorization === `Bearer ${TOKEN}`;
    response.statusCode = isAllowed ? 200 : 403;
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(isAllowed ? exposition(series) : '');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return { server, address: `127.0.0.1:${(server.address() as AddressInfo).port}` };
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const servers: Server[] = [];
const targets: { component: string; node: string; pod: string; address: string }[] = [];

beforeAll(async () => {
  await ensureDebianPackages(['openssl']);
  folder = await temporaryFolder('scraping');
  await writeFile(join(folder.path, 'token'), TOKEN);
  const now = Math.floor(Date.now() / 1000);
  const series = Map.groupBy(
    simulate({ start: now - 900, end: now + 3600, nodes: NODES, bystanders: false }),
    ({ labels }) => `${labels['job']} ${labels['instance']}`,
  );
  const keys = { agent: await makeKeys('localhost'), controller: await makeKeys('antrea.kube-system.svc') };
  for (const [place, all] of series) {
    const [job = '', instance = ''] = place.split(' ');
    const component = job === 'antrea-agents' ? 'agent' : 'controller';
    const exposed = all.filter(({ name }) => name !== 'up');
    const { server, address } = await serveMetrics(keys[component], exposed);
    servers.push(server);
    const [node = '', pod = ''] = instance.split(';');
    targets.push({ component, node, pod, address });
  }
  expect(targets).toHaveLength(4);
});
afterAll(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  await folder?.remove();
});

async function makeKeys(name: string): Promise<{ cert: string; key: string }> {
  const [cert, key] = [join(folder.path, `${name}.crt`), join(folder.path, `${name}.key`)];
  await run('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-subj', '/CN=antrea', '-addext', `subjectAltName=DNS:${name}`, '-out', cert, '-keyout', key],
  ]);
  return { cert: await readFile(cert, 'utf8'), key: await readFile(key, 'utf8') };
}

/**
 * The delivered jobs with the paths of this machine. Debian builds Prometheus without the discovery of Kubernetes, so
 * the labels that it gives to containers are written down: of Antrea's, and of one that must not be scraped.
 */
async function configWith(ca: string): Promise<string> {
  const config = parse(await delivered('scrape.yaml')) as ScrapeConfig;
  const discovered = [
    ...targets.map((target) => ({ ...target, port: 'api' })),
    ...targets.map((target) => ({ ...target, component: 'ovs', port: '' })),
  ].map(({ component, node, pod, address, port }) => ({
    targets: [address],
    labels: {
      __meta_kubernetes_namespace: 'kube-system',
      __meta_kubernetes_pod_name: pod,
      __meta_kubernetes_pod_node_name: node,
      __meta_kubernetes_pod_container_name: `antrea-${component}`,
      __meta_kubernetes_pod_container_port_name: port,
    },
  }));
  for (const job of config.scrape_configs) {
    delete job.kubernetes_sd_configs;
    job.static_configs = discovered;
    job.authorization.credentials_file = join(folder.path, 'token');
    if (job.tls_config.ca_file !== undefined) job.tls_config.ca_file = join(folder.path, ca);
  }
  const file = join(folder.path, `prometheus-${ca}.yaml`);
  await writeFile(file, stringify({ global: { scrape_interval: '1s' }, ...config }));
  return file;
}

async function startWith(config: string, age: Age) {
  const { path } = await findProgram('prometheus', age);
  return startServer({
    program: path,
    parameters: (port) => [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder.path, `data-${port}`)}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    readyPath: '/-/ready',
  });
}

/** Waits until the four targets were scraped, and returns them. */
async function scrapedBy(url: string): Promise<ActiveTarget[]> {
  const scraped = async () => (await targetsOf(url)).filter(({ health }) => health !== 'unknown');
  await waitUntil(
    async () => (await scraped()).length === targets.length,
    () => 'not all targets were scraped',
  );
  return scraped();
}

describe.each(AGES)('the %s Prometheus', (age) => {
  it('scrapes agents and controller, and nothing else', async () => {
    const config = await configWith('antrea.kube-system.svc.crt');
    await acceptedByPromtool(age, config);
    const server = await startWith(config, age);
    try {
      const scraped = await scrapedBy(server.url);
      expect(
        scraped.map(({ health, labels }) => `${labels['job']} ${labels['node']} ${health}`).sort(),
      ).toEqual([
        'antrea-agents control-plane-1 up',
        'antrea-agents worker-1 up',
        'antrea-agents worker-2 up',
        'antrea-controllers control-plane-1 up',
      ]);
      for (const { labels } of scraped)
        expect(labels['instance']?.split(';')).toEqual([labels['node'], expect.stringMatching(/^antrea-/)]);
    } finally {
      await server.stop();
    }
  });

  it('does not scrape a controller with another certificate', async () => {
    const server = await startWith(await configWith('localhost.crt'), age);
    try {
      const failed = (await scrapedBy(server.url)).filter(({ health }) => health === 'down');
      expect(failed.map(({ labels }) => labels['job'])).toEqual(['antrea-controllers']);
      expect(failed[0]?.lastError).toContain('x509');
    } finally {
      await server.stop();
    }
  });
});

describe('antrea-health check', () => {
  it('finds agents, controller and nodes that were scraped with the delivered jobs', async () => {
    const server = await startWith(await configWith('antrea.kube-system.svc.crt'), 'old');
    try {
      await scrapedBy(server.url);
      const scrapedAt = Date.now();
      // The period of a report ends with a whole minute.
      const minuteOf = (time: number) => Math.floor(time / 60_000);
      await waitUntil(
        () => minuteOf(Date.now()) > minuteOf(scrapedAt),
        () => 'the minute does not end',
      );
      const { stdout, code } = await runCommand(['check', '--prometheus', server.url, '--json']);
      expect(code, stdout).toBe(0);
      const { results } = JSON.parse(stdout).clusters[0];
      const found = Object.fromEntries(results.map((one: { id: string }) => [one.id, one]));
      expect(found.targets).toMatchObject({
        state: 'ok',
        detail: '3 agents (job="antrea-agents"), 1 controller (job="antrea-controllers")',
      });
      expect(found['node-names']).toMatchObject({
        state: 'ok',
        detail: expect.stringContaining('label node'),
      });
      expect(found.scrapes).toMatchObject({ state: 'ok' });
    } finally {
      await server.stop();
    }
  });
});

async function acceptedByPromtool(age: Age, config: string): Promise<void> {
  // Debian's newer package has no promtool.
  if (age === 'new') return;
  const { stdout } = await run('promtool', ['check', 'config', config]);
  expect(stdout).toContain('is valid prometheus config file syntax');
}

type ActiveTarget = { labels: Readonly<Record<string, string>>; health: string; lastError: string };

async function targetsOf(url: string): Promise<ActiveTarget[]> {
  const response = await fetch(`${url}/api/v1/targets?state=active`);
  const { data } = (await response.json()) as { data: { activeTargets: ActiveTarget[] } };
  return data.activeTargets;
}
