import { readdirSync, readFileSync } from 'node:fs';

/** The time and memory of a stage. */
export type Measurement = { seconds: number; peakMiB: number };

const PAGE_BYTES = 4096;

/** Returns the resident memory of this process and all that it started, for instance Chromium. Linux only. */
function residentBytes(): number {
  const parents = new Map<number, number>();
  const pages = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The program's name is in brackets and may contain any character; the parent is the second field after it.
      parents.set(pid, Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
      pages.set(pid, Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]));
    } catch {
      // The process ended in the meantime.
    }
  }
  const isOurs = (pid: number): boolean => pid === process.pid || (pid > 1 && isOurs(parents.get(pid) ?? 0));
  return [...pages].reduce((sum, [pid, count]) => sum + (isOurs(pid) ? count * PAGE_BYTES : 0), 0);
}

/** Runs a stage and measures its time and memory, the latter every 20 ms and at the end. */
export async function measure<T>(work: () => Promise<T>): Promise<{ value: T } & Measurement> {
  let peak = residentBytes();
  const watch = setInterval(() => {
    peak = Math.max(peak, residentBytes());
  }, 20);
  const start = performance.now();
  try {
    const value = await work();
    const seconds = (performance.now() - start) / 1000;
    peak = Math.max(peak, residentBytes());
    return { value, seconds, peakMiB: peak / 1024 ** 2 };
  } finally {
    clearInterval(watch);
  }
}

/** Returns the median of several runs; of an even number, the upper middle. */
export function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
