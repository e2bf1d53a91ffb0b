/** `npm run faults -- --seeds 1000 [--from 1] [--seed N]`: prints what became of the reports and digests of each seed. */
import { parseArgs } from 'node:util';
import { DIGEST_OUTCOMES, REPORT_OUTCOMES } from './outcome.ts';
import { describePlan } from './plan.ts';
import { makeClean, runSeed, type SeedResult } from './run-seed.ts';
import { startWorld } from './world.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
});
const first = Number(values.seed ?? values.from);
const count = values.seed === undefined ? Number(values.seeds) : 1;

const world = await startWorld();
const results: SeedResult[] = [];
const began = performance.now();
try {
  const clean = await makeClean(world);
  for (let seed = first; seed < first + count; seed += 1) {
    const result = await runSeed(world, seed, clean);
    results.push(result);
    const { plan, outcome, milliseconds } = result;
    if (values.verbose || values.seed !== undefined || outcome.broken.length > 0)
      world.print(
        `${describePlan(plan)}\n  → ${outcome.report}; digest: ${outcome.digest}; ${Math.round(milliseconds)} ms`,
      );
    for (const line of outcome.broken) world.print(`  BROKEN: ${line}`);
    if (values.seed !== undefined) world.print(world.output());
  }
} finally {
  printTable();
  await world.stop();
}
process.exit(results.some(({ outcome }) => outcome.broken.length > 0) ? 1 : 0);

function printTable(): void {
  const settings = ['service', 'command', 'killed'] as const;
  const rows = [
    ['report', ...settings, 'all'],
    ...REPORT_OUTCOMES.map((name) => rowOf(name, ({ outcome }) => outcome.report === name)),
    ['digest', '', '', '', ''],
    ...DIGEST_OUTCOMES.map((name) => rowOf(name, ({ outcome }) => outcome.digest === name)),
    rowOf('broken promises', ({ outcome }) => outcome.broken.length > 0),
  ];
  for (const [name = '', ...numbers] of rows)
    world.print(`${name.padEnd(76)}${numbers.map((number) => number.padStart(9)).join('')}`);
  const seconds = (performance.now() - began) / 1000;
  const longest = Math.max(0, ...results.map(({ milliseconds }) => milliseconds));
  world.print(
    `${results.length} seeds in ${seconds.toFixed(0)} s, the longest ${(longest / 1000).toFixed(1)} s`,
  );
  const broken = results.filter(({ outcome }) => outcome.broken.length > 0).map(({ plan }) => plan.seed);
  if (broken.length > 0) world.print(`seeds with broken promises: ${broken.join(', ')}`);

  function rowOf(name: string, isOf: (result: SeedResult) => boolean): string[] {
    const found = results.filter(isOf);
    const numbers = settings.map((setting) => found.filter(({ plan }) => plan.setting === setting).length);
    return [name, ...numbers.map(String), String(found.length)];
  }
}
