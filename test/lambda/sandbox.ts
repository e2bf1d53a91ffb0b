/**
 * Runs a process as Lambda does: as a user without rights, with a root file system that is read-only except for /tmp and
 * has nothing but Node and the C library, with limited memory, and stopped between invocations. The network is that of the
 * machine. It needs root.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { type MemoryGroup, memoryGroup } from '../services/memory-group.ts';
import { temporaryFolder } from '../services/server.ts';
import { waitUntil } from '../services/wait-until.ts';

/** The user and group of functions on Lambda. */
const USER = 993;
const GROUP = 990;

export type Program = {
  /** The folder with the code of the function. */
  task: string;
  /** The folder of the runtime client. */
  runtime: string;
  /** What the process gets, and nothing else. */
  environment: Readonly<Record<string, string>>;
  /** Node's arguments. */
  parameters: readonly string[];
  memoryMiB: number;
};

/** What a stopped function uses. */
export type Usage = {
  processes: number;
  /** Resident memory of all processes. */
  rssBytes: number;
  temporaryBytes: number;
  temporaryEntries: number;
};

export type Sandbox = {
  /** What the processes have printed so far. */
  output(): string;
  /** Stops all processes, as Lambda does between invocations. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  usage(): Promise<Usage>;
  /** The files outside of /tmp, with size and time. */
  files(): Promise<string[]>;
  /** Peak of all memory, with the files that the kernel caches. */
  peakMiB(): Promise<number>;
  /** Settles with the exit code when the first process has ended. */
  ended: Promise<number>;
  kill(): Promise<void>;
};

/** Done in new namespaces; $1 is the root, $2 to $5 are what is mounted in it. Bash collects processes without a parent. */
const PREPARE = `
set -e
mount --make-rprivate /
mount --bind "$1" "$1"
mount --bind "$2" "$1/var/task"
mount --bind "$3" "$1/var/runtime"
mount --bind "$4" "$1/var/lang/bin/node"
mount -t proc proc "$1/proc"
mount -t tmpfs -o mode=755 devices "$1/dev"
for device in null zero random urandom full; do touch "$1/dev/$device"; mount --bind "/dev/$device" "$1/dev/$device"; done
mount -o remount,ro "$1/dev"
for path in "" /var/task /var/runtime /var/lang/bin/node; do mount -o remount,bind,ro,nosuid,nodev "$1$path"; done
mount --bind "$5" "$1/tmp"
root=$1
shift 5
/usr/bin/setpriv --no-new-privs /usr/bin/env -i "$@" &
wait $!`;

/** Starts Node. */
export async function startSandbox(program: Program): Promise<Sandbox> {
  const folder = await temporaryFolder('lambda');
  const [root, temporary] = [join(folder.path, 'root'), join(folder.path, 'tmp')];
  await makeRoot(root, [process.execPath, join(program.runtime, 'rapid-client.node')]);
  await mkdir(temporary, { mode: 0o700 });
  await chown(temporary, USER, GROUP);
  const group = await memoryGroup(program.memoryMiB * 1024 ** 2);
  const variables = Object.entries(program.environment).map(([name, value]) => `${name}=${value}`);
  const user = ['--setuid', String(USER), '--setgid', String(GROUP)];
  const node = ['/var/lang/bin/node', ...program.parameters];
  const child = spawn(
    'bash',
    [
      ...['-c', `echo $$ > ${group.file}; exec unshare --mount --pid --fork --kill-child bash "$@"`, 'bash'],
      ...['-c', PREPARE, 'bash', root, program.task, program.runtime, process.execPath, temporary],
      ...[...variables, '/usr/bin/unshare', `--root=${root}`, '--wd=/var/task', ...user, ...node],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  const ended = once(child, 'close').then(([code]) => Number(code ?? -1));
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  return {
    output: () => output,
    freeze: () => signalAll(group, 'SIGSTOP', 'T'),
    thaw: () => signalAll(group, 'SIGCONT', 'RSDI'),
    usage: () => usageOf(group, temporary),
    files: () => listFiles(root),
    peakMiB: async () => (await group.peakBytes()) / 1024 ** 2,
    ended,
    async kill() {
      kill();
      await ended;
      process.removeListener('exit', kill);
      await group.close();
      await folder.remove();
    },
  };
}

/** The root has the libraries that its programs need, where LD_LIBRARY_PATH of Lambda looks for them, and no programs. */
async function makeRoot(root: string, programs: readonly string[]): Promise<void> {
  const folders = [
    'dev',
    'etc',
    'lib64',
    'opt',
    'proc',
    'tmp',
    'usr/bin',
    'var/lang/bin',
    'var/runtime',
    'var/task',
  ];
  for (const folder of folders) await mkdir(join(root, folder), { recursive: true });
  await writeFile(join(root, 'var/lang/bin/node'), '');
  await writeFile(
    join(root, 'etc/passwd'),
    `sbx_user1051:x:${USER}:${GROUP}::/home/sbx_user1051:/sbin/nologin\n`,
  );
  await writeFile(join(root, 'etc/hosts'), '127.0.0.1 localhost\n');
  for (const program of programs) {
    const { stdout } = await promisify(execFile)('ldd', [program]);
    for (const [path] of stdout.matchAll(/\/\S+(?= \()/g))
      await copyFile(path, join(root, 'lib64', basename(path)));
  }
}

type Status = { id: number; state: string; rssBytes: number };

/** The processes of the function, without those that prepare the sandbox, which are root's. */
async function statuses(group: MemoryGroup): Promise<Status[]> {
  const found: Status[] = [];
  for (const id of await group.processIds()) {
    const text = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
    if (!new RegExp(`^Uid:\\s+${USER}\\b`, 'm').test(text)) continue;
    const state = /^State:\s+(\w)/m.exec(text)?.[1] ?? '';
    found.push({ id, state, rssBytes: Number(/^VmRSS:\s+(\d+)/m.exec(text)?.[1] ?? 0) * 1024 });
  }
  return found;
}

async function signalAll(group: MemoryGroup, signal: 'SIGSTOP' | 'SIGCONT', states: string): Promise<void> {
  await waitUntil(
    async () => {
      const waiting = (await statuses(group)).filter(({ state }) => !states.includes(state));
      for (const { id } of waiting) process.kill(id, signal);
      return waiting.length === 0;
    },
    () => `the processes do not react to ${signal}`,
  );
}

async function usageOf(group: MemoryGroup, temporary: string): Promise<Usage> {
  const processes = await statuses(group);
  const entries = await readdir(temporary, { recursive: true });
  const sizes = await Promise.all(entries.map(async (name) => (await stat(join(temporary, name))).size));
  return {
    processes: processes.length,
    rssBytes: processes.reduce((sum, { rssBytes }) => sum + rssBytes, 0),
    temporaryBytes: sizes.reduce((sum, size) => sum + size, 0),
    temporaryEntries: entries.length,
  };
}

async function listFiles(root: string): Promise<string[]> {
  const entries = (await readdir(root, { recursive: true })).toSorted();
  return Promise.all(
    entries.map(async (name) => {
      const { size, mtimeMs } = await stat(join(root, name));
      return `${name} ${size} ${mtimeMs}`;
    }),
  );
}
