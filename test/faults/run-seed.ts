/** Runs one seed and judges it. */
import type { Report } from '../../src/report/model/report.ts';
import { stateSchema } from '../../src/service/archive/state.ts';
import { checkRecovered, judge, type Outcome } from './outcome.ts';
import { type Plan, planOf } from './plan.ts';
import { MORNING, runAgain, runCommand, runKilled, runService, type Seen, undisturbed } from './runs.ts';
import type { World } from './world.ts';

/** Nothing may take longer. The longest runs wait for several time limits of Prometheus, S3 or Chromium. */
const HANG_MILLISECONDS = 120_000;

const RUNS = {
  service: runService,
  command: runCommand,
  killed: runKilled,
} satisfies Record<Plan['setting'], (world: World, plan: Plan) => Promise<Seen>>;

/** Makes the report without faults that the others are compared with. */
export async function makeClean(world: World): Promise<Report> {
  const plan = undisturbed();
  await world.begin(plan);
  world.clock.set(MORNING);
  const seen = await runCommand(world, plan);
  const { keys } = await seen.store.list('');
  const key = keys.find((name) => name.endsWith('report.json'));
  const object = key === undefined ? null : await seen.store.get(key);
  if (object === null) throw new Error(`the clean run made no report: ${world.output()} ${seen.thrown[0]}`);
  const report = JSON.parse(Buffer.from(object.bytes).toString()) as Report;
  if (!report.complete || report.verdict === 'healthy')
    throw new Error(`the clean report is ${report.verdict}, complete ${report.complete}; it needs findings`);
  return report;
}

export type SeedResult = { plan: Plan; outcome: Outcome; milliseconds: number };

export async function runSeed(world: World, seed: number, clean: Report): Promise<SeedResult> {
  const plan = planOf(seed);
  const began = performance.now();
  const outcome = await Promise.race([runPlan(world, plan, clean), hang()]);
  return { plan, outcome, milliseconds: performance.now() - began };
}

async function hang(): Promise<Outcome> {
  await new Promise((resolve) => setTimeout(resolve, HANG_MILLISECONDS).unref());
  return { report: 'dead letter', digest: null, broken: [`hung for ${HANG_MILLISECONDS / 1000} s`] };
}

async function runPlan(world: World, plan: Plan, clean: Report): Promise<Outcome> {
  if (plan.setting !== 'killed') await world.begin(plan);
  world.clock.set(MORNING);
  const seen = await RUNS[plan.setting](world, plan);
  world.calm();
  const outcome = await judge(world, plan, { seen, clean });
  if (plan.setting === 'service') return outcome;
  await runAgain(world, plan, seen);
  const { keys } = await seen.store.list('');
  const key = keys.find((name) => name.endsWith('/state.json'));
  const object = key === undefined ? null : await seen.store.get(key);
  const state = object && stateSchema.parse(JSON.parse(Buffer.from(object.bytes).toString()));
  checkRecovered(seen, state, outcome.broken);
  const { broken } = await judge(world, plan, { seen, clean });
  return { ...outcome, broken: [...new Set([...outcome.broken, ...broken])] };
}
