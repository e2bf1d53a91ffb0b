import { readdirSync, readFileSync } from 'node:fs';

/** What a stage took. */
export type Measurement = { seconds: number; peakMiB: number };

const PAGE_BYTES = 4096;

/** Resident memory of this process and everything it started, Chromium for one. Linux only. */
function residentBytes(): number {
  const parents = new Map<number, number>();
  const pages = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The program's name is in brackets and may hold anything; the parent is the second field after it.
      parents.set(pid, Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
      pages.set(pid, Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]));
    } catch {
      // It ended in between.
    }
  }
  const isOurs = (pid: number): boolean => pid === process.pid || (pid > 1 && isOurs(parents.get(pid) ?? 0));
  return [...pages].reduce((sum, [pid, count]) => sum + (isOurs(pid) ? count * PAGE_BYTES : 0), 0);
}

/** Runs a stage and watches time and memory, the latter every 20 ms and once at its end. */
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

/** The middle of several runs. */
export function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
