/** Checks objects as an API server with strict validation of fields does. */
import { execFile } from 'node:child_process';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PodMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { CronJob } from 'kubernetes-models/batch/v1/CronJob';
import { Ingress } from 'kubernetes-models/networking.k8s.io/v1/Ingress';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { Namespace } from 'kubernetes-models/v1/Namespace';
import { PersistentVolumeClaim } from 'kubernetes-models/v1/PersistentVolumeClaim';
import { Service } from 'kubernetes-models/v1/Service';
import { ServiceAccount } from 'kubernetes-models/v1/ServiceAccount';
import { temporaryFolder } from '../server.ts';
import type { KubernetesObject } from './objects.ts';

type Model = { new (data: never): { validate(): void }; apiVersion: string; kind: string };

const MODELS = new Map<string, Model>(
  [
    ...[ConfigMap, CronJob, Deployment, Ingress, Namespace, NetworkPolicy],
    ...[PersistentVolumeClaim, PodDisruptionBudget, PodMonitor, Service, ServiceAccount],
  ].map((model) => [`${model.apiVersion} ${model.kind}`, model]),
);

/** Returns what an API server would refuse. */
export async function schemaProblems(objects: readonly KubernetesObject[]): Promise<string[]> {
  const unknown = objects.filter((object) => !MODELS.has(kindOf(object)));
  if (unknown.length > 0) return unknown.map((object) => `${kindOf(object)} is not a known kind`);
  return [...objects.flatMap(valueProblems), ...(await fieldProblems(objects))];
}

const kindOf = ({ apiVersion, kind }: KubernetesObject) => `${apiVersion} ${kind}`;

/** Missing fields, and values that are not of their type, format or list. The schemas ignore fields that they lack. */
function valueProblems(object: KubernetesObject): string[] {
  const Kind = MODELS.get(kindOf(object));
  try {
    if (Kind) new Kind(object as never).validate();
    return [];
  } catch (error) {
    return [`${object.kind} ${object.metadata.name}: ${(error as Error).message}`];
  }
}

const NODE_MODULES = fileURLToPath(new URL('../../../node_modules', import.meta.url));

/** Fields that no schema has: the compiler refuses them in a literal of the object's type. */
async function fieldProblems(objects: readonly KubernetesObject[]): Promise<string[]> {
  const lines = objects.map((object, index) => {
    const { apiVersion, kind } = object;
    const models = kind === PodMonitor.kind ? '@kubernetes-models/prometheus-operator' : 'kubernetes-models';
    const type = `import('${models}/${apiVersion}/${kind}').I${kind}`;
    return `export const object${index}: ${type} = ${JSON.stringify(object)};`;
  });
  const folder = await temporaryFolder('objects');
  try {
    await symlink(NODE_MODULES, join(folder.path, 'node_modules'));
    await writeFile(join(folder.path, 'objects.ts'), lines.join('\n'));
    const output = await compile(folder.path);
    return output.split('\n').flatMap((line) => {
      const [, number, message] = /^objects\.ts\((\d+),\d+\): (.*)$/.exec(line) ?? [];
      const object = objects[Number(number) - 1];
      return object ? [`${object.kind} ${object.metadata.name}: ${message}`] : [];
    });
  } finally {
    await folder.remove();
  }
}

/** Returns what the compiler prints. It must not fail in another way than by refusing the objects. */
function compile(folder: string): Promise<string> {
  const compiler = join(NODE_MODULES, '.bin/tsc');
  const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2024'];
  return new Promise((resolve, reject) => {
    execFile(compiler, [...options, '--pretty', 'false', 'objects.ts'], { cwd: folder }, (error, stdout) => {
      if (error && !stdout.startsWith('objects.ts(')) reject(new Error(stdout || error.message));
      else resolve(stdout);
    });
  });
}
