/** A memory cgroup: limits the memory of processes and knows which ones they are. It needs root. */
import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export type MemoryGroup = {
  /** The file to which a process writes its id to join, with all the processes that it starts. */
  file: string;
  processIds(): Promise<number[]>;
  /** The peak of all memory so far in bytes, with what the kernel caches of files. */
  peakBytes(): Promise<number>;
  /** Removes the group after its processes have ended. */
  close(): Promise<void>;
};

/** The names of the files of a memory cgroup, by the version of the kernel's interface. */
const VERSIONS = [
  { folder: '/sys/fs/cgroup/memory', limit: 'memory.limit_in_bytes', peak: 'memory.max_usage_in_bytes' },
  { folder: '/sys/fs/cgroup', limit: 'memory.max', peak: 'memory.peak' },
];

let groups = 0;

/** Makes an empty group. @throws Error on a machine that lets this process make none */
export async function memoryGroup(limitBytes: number): Promise<MemoryGroup> {
  groups += 1;
  for (const { folder, limit, peak } of VERSIONS) {
    const group = join(folder, `antrea-health-report-${process.pid}-${groups}`);
    try {
      await mkdir(group);
      await writeFile(join(group, limit), String(limitBytes));
    } catch {
      await rmdir(group).catch(() => undefined);
      continue;
    }
    const file = join(group, 'cgroup.procs');
    return {
      file,
      processIds: async () => (await readFile(file, 'utf8')).split('\n').filter(Boolean).map(Number),
      peakBytes: async () => Number(await readFile(join(group, peak), 'utf8')),
      close: () => remove(group),
    };
  }
  throw new Error('there is no memory cgroup to limit processes with');
}

/** The kernel forgets ended processes a moment later. */
async function remove(group: string): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const isRemoved = await rmdir(group).then(
      () => true,
      () => false,
    );
    if (isRemoved) return;
    await sleep(100);
  }
}
