/** Runs `antrea-health rules` and `antrea-health dashboard` as users do. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { runCommand } from './cli.ts';
import { prometheusOver } from './prometheus.ts';
import { type Database, temporaryFolder } from './server.ts';

const deployed = (name: string) => readFile(new URL(`../../deploy/${name}`, import.meta.url), 'utf8');

describe('without a server', () => {
  it('rules and dashboard print the delivered files', async () => {
    const rules = await runCommand(['rules']);
    expect(rules).toEqual({ code: 0, stderr: '', stdout: await deployed('prometheus/antrea.rules.yaml') });
    const dashboard = await runCommand(['dashboard', '--lang', 'zh-CN']);
    expect(dashboard).toEqual({ code: 0, stderr: '', stdout: await deployed('grafana/antrea.zh-CN.json') });
  });

  it('options choose jobs, labels and the object', async () => {
    const { stdout, code } = await runCommand([
      ...['rules', '--operator', '--name', 'antrea', '--namespace', 'prom', '--object-label', 'release=x'],
      ...['--agent-job', 'agents', '--controller-job', 'controllers', '--node-label', 'node'],
      ...['--matcher', 'cluster=prod'],
    ]);
    expect(code).toBe(0);
    const { kind, metadata, spec } = parse(stdout);
    expect({ kind, metadata }).toEqual({
      kind: 'PrometheusRule',
      metadata: { name: 'antrea', namespace: 'prom', labels: { release: 'x' } },
    });
    const alert = JSON.stringify(
      spec.groups.flatMap(({ rules }: { rules: object[] }) => rules).find((rule: object) => 'alert' in rule),
    );
    for (const text of ['job=\\"agents\\"', 'cluster=\\"prod\\"']) expect(alert).toContain(text);
  });

  it('a mistake is one line with exit code 2', async () => {
    expect(await runCommand(['rules', '--matcher', 'cluster'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        "'--matcher <label=value>' argument 'cluster' is invalid. Give name=value.",
      ),
    });
    expect(await runCommand(['rules', '--config', 'missing.yaml'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^antrea-health: --config: .*missing\.yaml.*\n$/),
    });
  });
});

describe('with a server', () => {
  const now = Math.floor(Date.now() / 1000);
  let server: Database;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;

  beforeAll(async () => {
    folder = await temporaryFolder('monitoring');
    server = await prometheusOver({
      start: now - 2 * 3600,
      end: now,
      nodes: ['worker-1', 'worker-2'],
      labelling: 'kube-prometheus-and-node',
      scrapeIntervalSeconds: 30,
    });
  });
  afterAll(async () => {
    await server?.stop();
    await folder?.remove();
  });

  it('the labels and the scrape interval are those of the server, and thresholds those of the file', async () => {
    const config = join(folder.path, 'antrea-health.yaml');
    await writeFile(
      config,
      `prometheus: { url: "${server.url}" }\nindicators: { local-pod-count: { warning: { above: 100, for: 20m } } }\n`,
    );
    const { stdout, code, stderr } = await runCommand(['rules', '--config', config]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { groups } = parse(stdout);
    const rules = groups.flatMap((group: { rules: object[] }) => group.rules);
    const pods = rules.find((rule: { alert?: string }) => rule.alert === 'AntreaLocalPodCount');
    expect(pods).toMatchObject({
      expr: '(max by (node) (max_over_time(antrea_agent_local_pod_count{job="antrea-agent"}[5m]))) > 100',
      for: '20m',
    });
    expect(stdout).toContain('with a scrape interval of 30s.');
    const offline = await runCommand(['rules', '--config', config, '--offline']);
    expect(offline.stdout).toContain('antrea_agent_local_pod_count{job="antrea-agents"}[5m])');
  });

  it('a server without Antrea is an error that says what to do', async () => {
    const { code, stdout, stderr } = await runCommand([
      ...['dashboard', '--prometheus', server.url, '--agent-job', 'x', '--controller-job', 'y'],
    ]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      /^antrea-health: the server has no targets of Antrea; antrea-health check says why/,
    );
  });
});
