/** Some seeds of `npm run faults`, chosen so that they cover the settings and the outcomes. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Report } from '../../src/report/model/report.ts';
import { describePlan, planOf } from '../faults/plan.ts';
import { makeClean, runSeed } from '../faults/run-seed.ts';
import { startWorld, type World } from '../faults/world.ts';

const SEEDS = [
  1, 3, 4, 8, 9, 10, 11, 12, 14, 16, 19, 20, 22, 25, 26, 34, 35, 38, 39, 40, 44, 46, 49, 55, 61,
] as const;

let world: World;
let clean: Report;
const outcomes = new Set<string>();
beforeAll(async () => {
  world = await startWorld();
  clean = await makeClean(world);
});
afterAll(() => world?.stop());

it.each(SEEDS.map((seed) => ({ seed, plan: describePlan(planOf(seed)) })))(
  'keeps its promises under the faults of $plan',
  async ({ seed, plan }) => {
    const { outcome } = await runSeed(world, seed, clean);
    outcomes.add(outcome.report);
    expect(outcome.broken, plan).toEqual([]);
  },
);

it('reach every kind of outcome', () => {
  expect([...outcomes]).toEqual(
    expect.arrayContaining([
      'the clean report',
      'incomplete, and the report says so',
      'back on the queue',
      'dead letter',
      'killed, and made by the next run',
    ]),
  );
});
