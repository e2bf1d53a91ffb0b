import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const MODULE = fileURLToPath(new URL('../../../src/connect/heap.ts', import.meta.url));

/**
 * Returns the most MiB that V8 had for young and for all objects while a program made millions of short-lived ones and
 * kept a few MiB, in a Node that is started like that of Lambda.
 */
function mostRoom(first: string): { young: number; all: number } {
  const script = `${first}
    import { getHeapSpaceStatistics } from 'node:v8';
    const kept = Array.from({ length: 1e5 }, (_, index) => ({ index }));
    let [young, all, some] = [0, 0, []];
    for (let index = 0; index < 5e6; index += 1) {
      some.push({ index });
      if (some.length > 1e5) some = [];
      if (index % 1e4 !== 0) continue;
      const spaces = getHeapSpaceStatistics();
      young = Math.max(young, spaces.find((space) => space.space_name === 'new_space').space_size / 2 ** 20);
      all = Math.max(all, spaces.reduce((sum, space) => sum + space.space_size, 0) / 2 ** 20);
    }
    console.log(JSON.stringify({ young, all, kept: kept.length }));`;
  const parameters = ['--max-semi-space-size=102', '--input-type=module', '--eval', script];
  return JSON.parse(execFileSync(process.execPath, parameters, { encoding: 'utf8' }));
}

it('keeps the heap small although the command line of Node allows more', () => {
  const limited = mostRoom(`import { limitHeap } from ${JSON.stringify(MODULE)}; limitHeap();`);
  const unlimited = mostRoom('');
  expect(limited.young).toBeLessThan(8);
  expect(unlimited.young).toBeGreaterThan(16);
  expect(limited.all).toBeLessThan(unlimited.all / 1.5);
});
