import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** The time and memory of a stage. */
export type Measurement = {
  seconds: number;
  /** Processor time of all threads of this process. */
  processorSeconds: number;
  peakMiB: number;
};

/**
 * Runs a stage and measures its time and memory. The kernel keeps the peaks, so that no sampling disturbs the stage. With
 * children, for instance Chromium, the memory is the sum of the peaks of all processes, which is an upper bound.
 * Linux only.
 */
export async function measure<T>(
  work: () => Promise<T>,
  { withChildren = false } = {},
): Promise<{ value: T; measured: Measurement }> {
  const processes = () => (withChildren ? [process.pid, ...descendants(process.pid)] : [process.pid]);
  for (const pid of processes()) resetPeak(pid);
  const processorBefore = process.cpuUsage();
  const start = performance.now();
  const value = await work();
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(processorBefore);
  const peakMiB = processes().reduce((sum, pid) => sum + peakKib(pid) / 1024, 0);
  return { value, measured: { seconds, processorSeconds: (user + system) / 1e6, peakMiB } };
}

/** Sets the peak of a process to its present memory (proc_pid_clear_refs(5): 5). */
function resetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

/** Returns the largest resident memory of a process since the last reset: VmHWM of proc_pid_status(5). */
function peakKib(pid: number): number {
  const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  if (kib === undefined) throw new Error('The kernel does not report the peak memory of a process (VmHWM).');
  return Number(kib);
}

/** Returns the processes that a process started, and those that these started. */
function descendants(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      // The program's name is in brackets and may contain any character; the parent is the second field after it.
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // The process ended in the meantime.
    }
  }
  const childrenOf = (parent: number): number[] =>
    [...parents].flatMap(([child, itsParent]) => (itsParent === parent ? [child, ...childrenOf(child)] : []));
  return childrenOf(pid);
}

/** Returns the median of several runs; of an even number, the upper middle. */
export function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
