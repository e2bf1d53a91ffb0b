/** The manifests of deploy/kubernetes/: whether Kubernetes accepts them, and whether the program accepts what they say. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { IContainer } from 'kubernetes-models/v1/Container';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { openFolderStore } from '../../src/adapters/folder/store.ts';
import { parseConfig } from '../../src/config/file.ts';
import { listedReports } from '../../src/service/archive/listing.ts';
import { PROGRAM, runCommand } from './cli.ts';
import {
  commandsOf,
  configurationOf,
  containersOf,
  type KubernetesObject,
  OVERLAYS,
  ofKind,
  podTemplates,
  renderOverlay,
} from './kubernetes/objects.ts';
import { podProblems } from './kubernetes/pod-security.ts';
import { brokenReferences } from './kubernetes/references.ts';
import { schemaProblems } from './kubernetes/schemas.ts';
import { temporaryFolder } from './server.ts';
import { type MailServer, startSmtpServer } from './smtp.ts';
import { waitUntil } from './wait-until.ts';

const CAPTURE = fileURLToPath(new URL('../../examples/twelve-nodes.capture.gz', import.meta.url));

const rendered = new Map<string, KubernetesObject[]>();
const objectsOf = (overlay: string) => structuredClone(rendered.get(overlay) ?? []);

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let mail: MailServer;
beforeAll(async () => {
  for (const overlay of OVERLAYS) rendered.set(overlay, await renderOverlay(overlay));
  [folder, mail] = await Promise.all([temporaryFolder('kubernetes'), startSmtpServer({ tls: 'none' })]);
});
afterAll(async () => {
  await mail?.stop();
  await folder?.remove();
});

const argumentsOf = (container: IContainer | undefined): string[] => container?.args ?? [];
const containerOf = (objects: KubernetesObject[], kind: string, name: string) => {
  const [pod] = podTemplates(ofKind(objects, kind).filter(({ metadata }) => metadata.name === name));
  return pod && containersOf(pod)[0];
};

describe.each(OVERLAYS)('the overlay %s', (overlay) => {
  it('has objects that Kubernetes accepts and whose references exist', async () => {
    const objects = objectsOf(overlay);
    expect(objects.length).toBeGreaterThan(5);
    expect(await schemaProblems(objects)).toEqual([]);
    expect(brokenReferences(objects)).toEqual([]);
  });

  it('has Pods of the restricted profile', () => {
    const pods = podTemplates(objectsOf(overlay));
    expect(pods.length).toBeGreaterThan(1);
    expect(pods.flatMap(podProblems)).toEqual([]);
  });

  it('has a configuration that is accepted and finds its secrets where they are mounted', () => {
    const text = configurationOf(objectsOf(overlay));
    const { file } = parseConfig(text, overlay);
    expect(file.archive).toBeDefined();
    for (const [, path] of text.matchAll(/\bfile: (\S+)/g))
      expect(path).toMatch(/^\/etc\/antrea-health\/[\w-]+$/);
  });

  it('keeps its reports where all of its Pods find them', () => {
    const objects = objectsOf(overlay);
    const { archive } = parseConfig(configurationOf(objects), overlay).file;
    const mounts = podTemplates(objects).flatMap((pod) =>
      containersOf(pod).map(({ volumeMounts = [] }) => volumeMounts.map(({ mountPath }) => mountPath)),
    );
    const [server] = ofKind(objects, 'Deployment');
    if (archive?.folder === undefined) expect(mounts.flat()).not.toContain('/var/lib/antrea-health');
    else {
      for (const paths of mounts) expect(paths).toContain(archive.folder);
      expect(server?.['spec']).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } });
      for (const job of ofKind(objects, 'CronJob'))
        expect(job['spec'].jobTemplate.spec.template.spec.affinity.podAffinity).toBeDefined();
    }
  });

  it('listens for others only with authentication', () => {
    const objects = objectsOf(overlay);
    const { serve } = parseConfig(configurationOf(objects), overlay).file;
    const isOpen = argumentsOf(containerOf(objects, 'Deployment', 'antrea-health')).includes(
      '--listen=0.0.0.0:8080',
    );
    expect(isOpen).toBe(serve?.authentication !== undefined);
    expect(ofKind(objects, 'Service')).toHaveLength(isOpen ? 1 : 0);
    const policies = ofKind(objects, 'NetworkPolicy').map(({ metadata }) => metadata.name);
    expect(policies.filter((name) => name.startsWith('api-from-'))).toHaveLength(isOpen ? 1 : 0);
    expect(policies).toContain('deny-ingress');
  });

  it('has commands that make the reports of all clusters, show them, and send the digest', async () => {
    const objects = objectsOf(overlay);
    const { path, archive } = await testConfiguration(overlay);
    const clusters = parseConfig(configurationOf(objects), overlay).file.clusters?.map(({ name }) => name);
    for (const job of ofKind(objects, 'CronJob').filter(({ metadata }) => /daily/.test(metadata.name)))
      for (const parameters of everyPod(job, path)) {
        const outcome = await runCommand(parameters);
        expect(outcome).toMatchObject({ code: 0, stderr: '' });
      }
    const { reports } = await listedReports(openFolderStore(archive), null, { limit: 1000 });
    expect(reports.map(({ cluster }) => cluster).sort()).toEqual(clusters?.sort());
    const probe = containerOf(objects, 'Deployment', 'antrea-health')?.readinessProbe?.httpGet?.path ?? '';
    expect(await statusOfServer(everyPod(ofKind(objects, 'Deployment')[0], path)[0] ?? [], probe)).toBe(200);
    for (const job of ofKind(objects, 'CronJob').filter(({ metadata }) => /operators/.test(metadata.name))) {
      const before = mail.received.length;
      for (const parameters of everyPod(job, path))
        expect(await runCommand(parameters)).toMatchObject({ code: 0 });
      expect(mail.received).toHaveLength(before + 1);
    }
  });
});

/** Writes the configuration of an overlay with servers that exist here. */
async function testConfiguration(overlay: string): Promise<{ path: string; archive: string }> {
  const file = parse(configurationOf(objectsOf(overlay)));
  const archive = join(folder.path, `${overlay}-archive`);
  const path = join(folder.path, `${overlay}.yaml`);
  const secret = { file: join(folder.path, `${overlay}-secret`) };
  const changed = {
    ...file,
    prometheus: { capture: CAPTURE },
    formats: ['json'],
    clusters: file.clusters.map(({ name }: { name: string }) => ({ name })),
    archive: { folder: archive },
    ...(file.mail && { mail: { ...file.mail, smtp: { host: '127.0.0.1', port: mail.port, tls: 'none' } } }),
    ...(file.signIn && { signIn: { ...file.signIn, clientSecret: secret, sessionKeys: [secret] } }),
  };
  await writeFile(secret.file, 'a secret of more than thirty-two bytes');
  await writeFile(path, stringify(changed));
  return { path, archive };
}

/** Returns the arguments of each Pod that an object makes, with the path of a configuration and any free port. */
function everyPod(owner: KubernetesObject | undefined, config: string): string[][] {
  return (owner ? commandsOf(owner) : []).map((parameters) =>
    parameters.map((argument) =>
      argument.replace('/etc/antrea-health/antrea-health.yaml', config).replace(/^(--listen.*):\d+$/, '$1:0'),
    ),
  );
}

/** Starts a server, asks its metrics port for a path, and stops it. */
async function statusOfServer(parameters: readonly string[], path: string): Promise<number> {
  const child = spawn(process.execPath, [PROGRAM, ...parameters], { stdio: ['ignore', 'ignore', 'pipe'] });
  const log: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => log.push(line));
  const url = () => /msg="serves metrics" url=(\S+)\/metrics/.exec(log.join('\n'))?.[1];
  try {
    await waitUntil(
      () => url() !== undefined || child.exitCode !== null,
      () => log.join('\n'),
    );
    const address = url();
    if (address === undefined) throw new Error(log.join('\n'));
    return (await fetch(`${address.replace('0.0.0.0', '127.0.0.1')}${path}`)).status;
  } finally {
    const ended = child.exitCode === null ? once(child, 'close') : undefined;
    child.kill('SIGTERM');
    await ended;
  }
}

it('has as many shards in the arguments of the fleet as Pods', () => {
  const [job] = ofKind(objectsOf('fleet'), 'CronJob');
  const { completions, parallelism, completionMode, template } = job?.['spec'].jobTemplate.spec ?? {};
  expect({ completionMode, parallelism }).toEqual({ completionMode: 'Indexed', parallelism: completions });
  expect(template.spec.containers[0].args).toContain(`--shard=$(JOB_COMPLETION_INDEX)/${completions}`);
});

describe('a mistake in the manifests is found:', () => {
  const [POD, JOB_POD] = ['spec.template.spec', 'spec.jobTemplate.spec.template.spec'];

  /** An object of the overlay s3 by kind, a path in it, and its new value. */
  const MISTAKES: [mistake: string, kind: string, path: string, value: unknown, message: RegExp][] = [
    ['a misspelt field', 'CronJob', 'spec.jobTemplate.spec.backofLimit', 3, /'"backofLimit"' does not exist/],
    ['a misspelt field of a container', 'Deployment', `${POD}.containers.0.livenessProb`, {}, /livenessProb/],
    ['a field of another kind', 'PodMonitor', 'spec.endpoints', [], /'"endpoints"' does not exist/],
    ['a value that is not in a list', 'CronJob', 'spec.concurrencyPolicy', 'forbid', /concurrencyPolicy/],
    [
      'a value that is not a quantity',
      'CronJob',
      `${JOB_POD}.containers.0.resources.limits.memory`,
      '1GB',
      /memory/,
    ],
    ['a required field that is missing', 'CronJob', 'spec.schedule', undefined, /schedule/],
    ['a number that is text', 'Deployment', 'spec.replicas', '2', /replicas/],
    ['another version', 'CronJob', 'apiVersion', 'batch/v1beta1', /is not a known kind/],
    [
      'no seccomp profile',
      'Deployment',
      `${POD}.securityContext.seccompProfile`,
      undefined,
      /no seccomp profile/,
    ],
    [
      'a writable root',
      'Deployment',
      `${POD}.containers.0.securityContext.readOnlyRootFilesystem`,
      false,
      /can write/,
    ],
    [
      'capabilities',
      'CronJob',
      `${JOB_POD}.containers.0.securityContext.capabilities`,
      {},
      /keeps capabilities/,
    ],
    ['root', 'CronJob', `${JOB_POD}.securityContext.runAsNonRoot`, false, /can run as root/],
    [
      'a folder of the node',
      'CronJob',
      `${JOB_POD}.volumes.1`,
      { name: 'tmp', hostPath: { path: '/' } },
      /volume that is not allowed/,
    ],
    ['a token', 'Deployment', `${POD}.automountServiceAccountToken`, undefined, /has a token/],
    ['no memory limit', 'Deployment', `${POD}.containers.0.resources.limits`, undefined, /no memory limit/],
    [
      'a missing ConfigMap',
      'Deployment',
      `${POD}.volumes.0.projected.sources.0.configMap.name`,
      'other',
      /nothing for ConfigMap other/,
    ],
    [
      'a missing volume',
      'CronJob',
      `${JOB_POD}.containers.0.volumeMounts.0.name`,
      'other',
      /nothing for volume other/,
    ],
    ['a port without a name', 'Deployment', `${POD}.containers.0.ports`, [], /nothing for port metrics/],
    [
      'a selector of other Pods',
      'PodDisruptionBudget',
      'spec.selector.matchLabels.app',
      'other',
      /nothing for Pods/,
    ],
    ['another namespace', 'ServiceAccount', 'metadata.namespace', 'default', /nothing for the namespace/],
  ];

  it.each(MISTAKES)('%s', async (_, kind, path, value, message) => {
    const objects = objectsOf('s3');
    const object = ofKind(objects, kind)[0] as KubernetesObject;
    const steps = path.split('.');
    const last = steps.pop() ?? '';
    const parent = steps.reduce((part, step) => part[step], object);
    if (value === undefined) delete parent[last];
    else parent[last] = value;
    const problems = [
      ...(await schemaProblems(objects)),
      ...podTemplates(objects).flatMap(podProblems),
      ...brokenReferences(objects),
    ];
    expect(problems).toContainEqual(expect.stringMatching(message));
  });

  it('an unknown option', async () => {
    const { path } = await testConfiguration('volume');
    const [parameters = []] = everyPod(ofKind(objectsOf('volume'), 'CronJob')[0], path);
    const { code, stderr } = await runCommand([...parameters, '--shards=0/4']);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining("unknown option '--shards=0/4'"),
    });
  });

  it('a server that would be open to everybody', async () => {
    const objects = objectsOf('ingress');
    const file = parse(configurationOf(objects));
    const path = join(folder.path, 'open.yaml');
    await writeFile(path, stringify({ clusters: file.clusters, archive: { folder: folder.path } }));
    const [parameters = []] = everyPod(ofKind(objects, 'Deployment')[0], path);
    const { code, stderr } = await runCommand(parameters);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining('set signIn or serve.authentication'),
    });
  });
});
