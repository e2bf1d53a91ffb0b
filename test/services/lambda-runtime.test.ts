/** A small sample of `npm run lambda`, which has a hundred reports and a deadline that is near. */
import { chmod } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findGrowth } from '../lambda/flat.ts';
import {
  breakConfiguration,
  type Functions,
  handleEveryEvent,
  makeReports,
  probeSandbox,
  startFunctions,
} from '../lambda/scenarios.ts';
import { startWorld, type World } from '../lambda/world.ts';
import { temporaryFolder } from './server.ts';

/** Enough for connections that are closed, and for connections that are forgotten. */
const REPORTS = 6;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let world: World;
let functions: Functions;
let stop: () => Promise<void>;

beforeAll(async () => {
  folder = await temporaryFolder('lambda-tasks');
  // Functions run as another user.
  await chmod(folder.path, 0o755);
  world = await startWorld();
  ({ functions, stop } = await startFunctions(world, folder.path));
});
afterAll(async () => {
  await stop?.();
  await world?.stop();
  await folder?.remove();
});

describe("the packaged functions under AWS's runtime client", () => {
  it('can write to /tmp only', async () => {
    await probeSandbox(world, folder.path);
  });

  it('handle the events of EventBridge Scheduler, SQS and API Gateway', async () => {
    const uses = await handleEveryEvent(world, functions);
    expect(Object.values(uses).flatMap((list) => findGrowth(list.map(({ usage }) => usage)))).toEqual([]);
  });

  it('make reports with PDF after freezes in which all connections were lost', async () => {
    const uses = await makeReports(world, functions, REPORTS);
    expect(Object.values(uses).flatMap((list) => findGrowth(list.map(({ usage }) => usage)))).toEqual([]);
  });

  it('say in one line what is wrong with the configuration', async () => {
    await breakConfiguration(world, functions, folder.path);
  });
});
