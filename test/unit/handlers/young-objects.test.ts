import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const MODULE = fileURLToPath(new URL('../../../handlers/shared/young-objects.ts', import.meta.url));

/** Returns the room for young objects in MiB after a million of them, in a Node that is started like that of Lambda. */
function room(first: string): number {
  const script = `${first}
    import { getHeapSpaceStatistics } from 'node:v8';
    let kept = [];
    for (let index = 0; index < 1e6; index += 1) {
      kept.push({ index });
      if (kept.length > 1e5) kept = [];
    }
    console.log(getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size / 2 ** 20);`;
  const parameters = ['--max-semi-space-size=102', '--input-type=module', '--eval', script];
  return Number(execFileSync(process.execPath, parameters, { encoding: 'utf8' }));
}

it('keeps the room for young objects small although the command line of Node allows more', () => {
  const limited = `import { limitYoungObjects } from ${JSON.stringify(MODULE)}; limitYoungObjects();`;
  expect(room(limited)).toBeLessThan(4);
  expect(room('')).toBeGreaterThan(8);
});
