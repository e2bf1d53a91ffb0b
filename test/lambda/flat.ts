/** Whether a function that handles many events uses more and more. */
import { median } from 'd3-array';
import type { Usage } from './sandbox.ts';

/** Invocations until everything is loaded, unpacked and warm. */
const WARM_UP = 10;

/**
 * How much the median of the memory may grow from the first ten warm invocations to the last ten. The collector of V8 decides
 * when it returns memory, so that single numbers differ by as much. A leak of 1 MiB per invocation grows by 80 MiB in 100.
 */
export const MOST_GROWTH_MIB = 48;

const MIB = 1024 ** 2;

/**
 * Returns what is not flat after the tenth of some invocations: one line for each problem. Memory is compared when there
 * are three times as many.
 */
export function findGrowth(usages: readonly Usage[]): string[] {
  const problems = new Set<string>();
  const warm = usages[Math.min(WARM_UP, usages.length) - 1];
  for (const [index, { processes, temporaryBytes, temporaryEntries }] of usages.entries()) {
    if (processes !== 1) problems.add(`invocation ${index + 1} left ${processes - 1} processes`);
    if (index < WARM_UP || warm === undefined) continue;
    if (temporaryBytes > warm.temporaryBytes || temporaryEntries > warm.temporaryEntries)
      problems.add(
        `/tmp grew from ${warm.temporaryEntries} entries, ${warm.temporaryBytes} bytes to ${temporaryEntries}, ${temporaryBytes} at invocation ${index + 1}`,
      );
  }
  if (usages.length < 3 * WARM_UP) return [...problems];
  const memory = (part: readonly Usage[]) => (median(part, ({ rssBytes }) => rssBytes) ?? 0) / MIB;
  const before = memory(usages.slice(WARM_UP, 2 * WARM_UP));
  const after = memory(usages.slice(-WARM_UP));
  if (after > before + MOST_GROWTH_MIB)
    problems.add(`resident memory grew from ${before.toFixed(0)} to ${after.toFixed(0)} MiB`);
  return [...problems];
}
