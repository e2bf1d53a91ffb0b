/**
 * The profile "restricted" of the Pod Security Standards, which includes "baseline", for Linux
 * (kubernetes.io/docs/concepts/security/pod-security-standards/), and what else every Pod of this service has.
 */
import type { IContainer } from 'kubernetes-models/v1/Container';
import { containersOf, type PodTemplate } from './objects.ts';

const ALLOWED_VOLUMES = [
  ...['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'persistentVolumeClaim', 'projected'],
  'secret',
];
const ALLOWED_SECCOMP = ['RuntimeDefault', 'Localhost'];

/** Returns what admission to a namespace with the profile would refuse, and what our Pods lack. */
export function podProblems(pod: PodTemplate): string[] {
  const name = `${pod.owner.kind} ${pod.owner.metadata.name}`;
  const containers = containersOf(pod);
  return [
    ...podLevelProblems(pod),
    ...containers.flatMap((container) => containerProblems(container, pod)),
    ...(containers.length === 0 ? ['has no container'] : []),
  ].map((problem) => `${name}: ${problem}`);
}

function podLevelProblems({ template }: PodTemplate): string[] {
  const spec = template.spec;
  const { runAsUser, sysctls, seLinuxOptions, appArmorProfile } = spec?.securityContext ?? {};
  const volumes = (spec?.volumes ?? []).filter(
    ({ name: _, ...kinds }) => !Object.keys(kinds).every((kind) => ALLOWED_VOLUMES.includes(kind)),
  );
  const tmp = spec?.volumes?.find(({ name }) => name === 'tmp')?.emptyDir;
  return problemsIn({
    'shares a namespace of the node': spec?.hostNetwork || spec?.hostPID || spec?.hostIPC,
    'has a volume that is not allowed': volumes.length > 0,
    'runs as root': runAsUser === 0,
    'sets sysctls': (sysctls ?? []).length > 0,
    'sets SELinux or AppArmor': seLinuxOptions ?? appArmorProfile,
    'has a token': spec?.automountServiceAccountToken !== false,
    'has unlimited room in /tmp': tmp?.sizeLimit === undefined,
  });
}

function containerProblems(container: IContainer, { template }: PodTemplate): string[] {
  const own = container.securityContext;
  const shared = template.spec?.securityContext;
  const { requests, limits } = container.resources ?? {};
  const handlers = [container.livenessProbe, container.readinessProbe, container.startupProbe];
  return problemsIn({
    'is privileged': own?.privileged,
    'can get more privileges': own?.allowPrivilegeEscalation !== false,
    'can run as root': !(own?.runAsNonRoot ?? shared?.runAsNonRoot) || own?.runAsUser === 0,
    'has no seccomp profile': !ALLOWED_SECCOMP.includes(
      (own?.seccompProfile ?? shared?.seccompProfile)?.type ?? '',
    ),
    'keeps capabilities': !own?.capabilities?.drop?.includes('ALL'),
    'adds capabilities': own?.capabilities?.add?.some((name) => name !== 'NET_BIND_SERVICE'),
    'has a port of the node': container.ports?.some(({ hostPort }) => hostPort),
    'probes another host': handlers.some((handler) => handler?.httpGet?.host ?? handler?.tcpSocket?.host),
    'sees all of /proc': own?.procMount !== undefined && own.procMount !== 'Default',
    'sets SELinux or AppArmor': own?.seLinuxOptions ?? own?.appArmorProfile,
    'can write to its root file system': own?.readOnlyRootFilesystem !== true,
    'has no /tmp': !container.volumeMounts?.some(({ mountPath }) => mountPath === '/tmp'),
    'has no requests or no memory limit': !requests?.['cpu'] || !requests?.['memory'] || !limits?.['memory'],
  }).map((problem) => `container ${container.name} ${problem}`);
}

function problemsIn(problems: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(problems).flatMap(([problem, isPresent]) => (isPresent ? [problem] : []));
}
