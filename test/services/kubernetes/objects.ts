/** The Kubernetes objects of `deploy/kubernetes/`, as `kubectl apply -k` would send them. */
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { IContainer } from 'kubernetes-models/v1/Container';
import type { IPodTemplateSpec } from 'kubernetes-models/v1/PodTemplateSpec';
import { parseAllDocuments } from 'yaml';
import { unpackedPackages } from '../unpacked-packages.ts';

const FOLDER = fileURLToPath(new URL('../../../deploy/kubernetes/overlays/', import.meta.url));

export const OVERLAYS = readdirSync(FOLDER).sort();

export type KubernetesObject = {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string> };
  // biome-ignore lint/suspicious/noExplicitAny: the schemas check the rest
  [key: string]: any;
};

export async function renderOverlay(name: string): Promise<KubernetesObject[]> {
  const { folder } = await unpackedPackages('forky');
  const kubectl = join(folder, 'usr/bin/kubectl');
  const { stdout } = await promisify(execFile)(kubectl, ['kustomize', `${FOLDER}${name}`]);
  return parseAllDocuments(stdout).map((document) => document.toJS());
}

export const ofKind = (objects: readonly KubernetesObject[], kind: string): KubernetesObject[] =>
  objects.filter((object) => object.kind === kind);

/** The Pods that an object makes. */
export type PodTemplate = { owner: KubernetesObject; template: IPodTemplateSpec };

const TEMPLATES: Readonly<Record<string, (object: KubernetesObject) => IPodTemplateSpec>> = {
  Deployment: ({ spec }) => spec.template,
  CronJob: ({ spec }) => spec.jobTemplate.spec.template,
};

export function podTemplates(objects: readonly KubernetesObject[]): PodTemplate[] {
  return objects.flatMap((owner) => {
    const template = TEMPLATES[owner.kind]?.(owner);
    return template === undefined ? [] : [{ owner, template }];
  });
}

export function containersOf({ template }: PodTemplate): IContainer[] {
  const { containers = [], initContainers = [] } = template.spec ?? {};
  return [...containers, ...initContainers];
}

/** The text of antrea-health.yaml in the generated ConfigMap. */
export function configurationOf(objects: readonly KubernetesObject[]): string {
  return ofKind(objects, 'ConfigMap')[0]?.['data']['antrea-health.yaml'] ?? '';
}

/** Returns the arguments of each Pod that an object makes; an Indexed Job makes several. */
export function commandsOf(owner: KubernetesObject): string[][] {
  const [pod] = podTemplates([owner]);
  const given = pod === undefined ? [] : (containersOf(pod)[0]?.args ?? []);
  return Array.from({ length: owner['spec'].jobTemplate?.spec.completions ?? 1 }, (_, index) =>
    given.map((argument) => argument.replace('$(JOB_COMPLETION_INDEX)', String(index))),
  );
}
