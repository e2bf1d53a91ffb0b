/** Checks that what the objects name exists. Kubernetes accepts objects that name others which are missing. */
import { containersOf, type KubernetesObject, ofKind, type PodTemplate, podTemplates } from './objects.ts';

type Objects = readonly KubernetesObject[];
type Labels = Readonly<Record<string, string>>;
type Reference = { to: string; isKnown: boolean };

const NAMESPACE = 'antrea-health';

/** Secrets that people create; docs/kubernetes.md names their keys. */
const SECRETS = ['antrea-health'];

/** Returns what refers to nothing: names of objects, volumes and ports, and selectors of Pods. */
export function brokenReferences(objects: Objects): string[] {
  const references = objects.flatMap((object) =>
    (REFERENCES[object.kind]?.(object, objects) ?? []).map((reference) => ({ object, ...reference })),
  );
  const namespaces = objects.map((object) => ({
    object,
    to: `the namespace ${NAMESPACE}`,
    isKnown: (object.kind === 'Namespace' ? object.metadata.name : object.metadata.namespace) === NAMESPACE,
  }));
  return [...references, ...namespaces]
    .filter(({ isKnown }) => !isKnown)
    .map(({ object, to }) => `${object.kind} ${object.metadata.name}: there is nothing for ${to}`);
}

const REFERENCES: Readonly<Record<string, (object: KubernetesObject, objects: Objects) => Reference[]>> = {
  Deployment: (object, objects) => [
    ...podReferences(object, objects),
    selects(object.spec.selector.matchLabels, podTemplates([object])),
  ],
  CronJob: (object, objects) => {
    const affinity = object.spec.jobTemplate.spec.template.spec.affinity?.podAffinity;
    const terms = affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
    return [
      ...podReferences(object, objects),
      ...terms.map((term: { labelSelector: { matchLabels: Labels } }) =>
        selects(term.labelSelector.matchLabels, podTemplates(ofKind(objects, 'Deployment'))),
      ),
    ];
  },
  PodDisruptionBudget: ({ spec }, objects) => [selects(spec.selector.matchLabels, podTemplates(objects))],
  PodMonitor: ({ spec }, objects) =>
    spec.podMetricsEndpoints.map(({ port }: { port: string }) =>
      selects(spec.selector.matchLabels, podTemplates(objects), port),
    ),
  Service: ({ spec }, objects) =>
    spec.ports.map(({ targetPort }: { targetPort: string }) =>
      selects(spec.selector, podTemplates(objects), targetPort),
    ),
  NetworkPolicy: ({ spec }, objects) =>
    (spec.ingress ?? [])
      .flatMap(({ ports }: { ports: { port: string }[] }) => ports)
      .map(({ port }: { port: string }) =>
        selects(spec.podSelector.matchLabels, podTemplates(objects), port),
      ),
  Ingress: ({ spec }, objects) =>
    spec.rules
      .flatMap(({ http }: IngressRule) => http.paths)
      .map(({ backend: { service } }: IngressRule['http']['paths'][number]) => ({
        to: `port ${service.port.name} of Service ${service.name}`,
        isKnown: ofKind(objects, 'Service').some(
          (one) =>
            one.metadata.name === service.name &&
            one['spec'].ports.some(({ name }: { name: string }) => name === service.port.name),
        ),
      })),
};

type IngressRule = { http: { paths: { backend: { service: { name: string; port: { name: string } } } }[] } };

/** Selectors without labels would select all Pods. */
function selects(selector: Labels | undefined, pods: readonly PodTemplate[], port?: string): Reference {
  const wanted = Object.entries(selector ?? {});
  const selected = pods.filter((pod) =>
    wanted.every(([name, value]) => pod.template.metadata?.labels?.[name] === value),
  );
  const hasPort = (pod: PodTemplate) =>
    containersOf(pod).some(({ ports }) => ports?.some(({ name }) => name === port));
  return {
    to: `${port === undefined ? 'Pods' : `port ${port}`} of ${JSON.stringify(selector)}`,
    isKnown:
      wanted.length > 0 && selected.length > 0 && selected.every((pod) => port === undefined || hasPort(pod)),
  };
}

function podReferences(object: KubernetesObject, objects: Objects): Reference[] {
  return podTemplates([object]).flatMap((pod) => {
    const { volumes = [], serviceAccountName } = pod.template.spec ?? {};
    const named = (kind: string, name: string | undefined): Reference => ({
      to: `${kind} ${name}`,
      isKnown: ofKind(objects, kind).some(({ metadata }) => metadata.name === name),
    });
    return [
      named('ServiceAccount', serviceAccountName),
      ...volumes.flatMap(({ persistentVolumeClaim: claim, projected }) => [
        ...(claim ? [named('PersistentVolumeClaim', claim.claimName)] : []),
        ...(projected?.sources ?? []).map(({ configMap, secret }) =>
          secret
            ? { to: `Secret ${secret.name}`, isKnown: SECRETS.includes(secret.name ?? '') }
            : named('ConfigMap', configMap?.name),
        ),
      ]),
      ...containersOf(pod).flatMap(({ volumeMounts = [] }) =>
        volumeMounts.map(({ name }) => ({
          to: `volume ${name}`,
          isKnown: volumes.some((volume) => volume.name === name),
        })),
      ),
    ];
  });
}
