/**
 * Runs an image as Kubernetes does: as its numeric user, with a read-only root file system and a memory limit, in a
 * namespace of processes. Without a container engine, which these machines do not run, and with the network of the machine.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, readdir, readFile, readlink } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { memoryGroup } from '../services/memory-group.ts';
import { temporaryFolder } from '../services/server.ts';
import { buildah } from './buildah.ts';

/** The limit of a Pod of a schedule: deploy/kubernetes/base/schedule.yaml. */
const MEMORY_BYTES = 1024 ** 3;

/** Where the manifests mount them. As Kubernetes does, a container gets these folders in its root before it starts. */
export const ARCHIVE = '/var/lib/antrea-health';
export const CONFIGURATION = '/etc/antrea-health';

export type Image = {
  root: string;
  user: string;
  entryPoint: string[];
  environment: string[];
  /** Bytes of all layers, not compressed. */
  size: number;
};

export type Ended = { code: number; stdout: string; stderr: string; seconds: number; peakMiB: number };

export type Running = {
  /** Process 1 of the container, as this machine numbers it. */
  processId(): Promise<number>;
  /** How many processes of the container have ended without being waited for. */
  zombies(): Promise<number>;
  ended: Promise<Ended>;
};

/** Mounts an image. */
export async function openImage(name: string): Promise<Image> {
  const container = await buildah('from', '--pull-never', name);
  const { OCIv1 } = JSON.parse(await buildah('inspect', '--type', 'image', name));
  const size = JSON.parse(await buildah('images', '--json', name))[0].size;
  return {
    root: await buildah('mount', container),
    user: OCIv1.config.User,
    entryPoint: OCIv1.config.Entrypoint,
    environment: OCIv1.config.Env,
    size: Number.parseFloat(size) * (/GB$/.test(size) ? 1e9 : 1e6),
  };
}

/** What is prepared inside of new namespaces; $1 is the root and $2, $3, $4 the folders that are mounted in it. */
const PREPARE = `
set -e
mount --make-rprivate /
mkdir -p "$1${ARCHIVE}" "$1${CONFIGURATION}"
mount --bind "$1" "$1"
mount -o remount,bind,ro,nosuid,nodev "$1"
mount -t proc proc "$1/proc"
mount -t tmpfs -o mode=755 devices "$1/dev"
for device in null zero random urandom full; do touch "$1/dev/$device"; mount --bind "/dev/$device" "$1/dev/$device"; done
mount --bind "$2" "$1/tmp"
mount --bind "$3" "$1${ARCHIVE}"
mount --bind "$4" "$1${CONFIGURATION}"
root=$1 user=$5
shift 5
exec chroot "$root" setpriv "--reuid=\${user%:*}" "--regid=\${user#*:}" --clear-groups --bounding-set=-all --no-new-privs "$@"`;

/**
 * Starts the entry point of an image with arguments.
 * @param archive a folder that the user of the image may write to
 * @param entryPoint another program of the image
 */
export async function startContainer(
  image: Image,
  folders: { archive: string; configuration: string },
  parameters: readonly string[],
  entryPoint: readonly string[] = image.entryPoint,
): Promise<Running> {
  const temporary = await temporaryFolder('container');
  await chmod(temporary.path, 0o1777);
  await chown(folders.archive, ...(image.user.split(':').map(Number) as [number, number]));
  const group = await memoryGroup(MEMORY_BYTES);
  const started = Date.now();
  const program = ['env', '-i', ...image.environment, ...entryPoint, ...parameters];
  const child = spawn(
    'bash',
    [
      ...['-c', `echo $$ > ${group.file}; exec unshare --mount --pid --fork --kill-child bash "$@"`, 'bash'],
      ...[
        '-c',
        PREPARE,
        'bash',
        image.root,
        temporary.path,
        folders.archive,
        folders.configuration,
        image.user,
      ],
      ...program,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]).then(
    async ([stdout, stderr, [code]]) => {
      const peakMiB = (await group.peakBytes()) / 1024 ** 2;
      await group.close();
      await temporary.remove();
      return { code: Number(code ?? -1), stdout, stderr, seconds: (Date.now() - started) / 1000, peakMiB };
    },
  );
  const processId = async () => {
    const children = await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8');
    return Number(children.trim());
  };
  return { processId, zombies: async () => countZombies(await processId()), ended };
}

/** Counts the zombies in the process namespace of a process. */
async function countZombies(processId: number): Promise<number> {
  const namespaceOf = (id: string | number) => readlink(`/proc/${id}/ns/pid`).catch(() => '');
  const wanted = await namespaceOf(processId);
  let count = 0;
  for (const id of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
    // A zombie has no links to its namespaces any more, but its parent has.
    const parent = /^PPid:\s+(\d+)$/m.exec(status)?.[1] ?? '';
    if (/^State:\s+Z/m.test(status) && (await namespaceOf(parent)) === wanted) count += 1;
  }
  return count;
}
