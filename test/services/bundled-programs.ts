/**
 * Bundles the programs that tests of services start: antrea-health as the npm package has it, and two of the tests. Started
 * from their sources, which Node compiles each time, they take several times as long.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** In node_modules, like the installed package, because the programs look from there for packages with a Chromium. */
const CACHE = join(root, 'node_modules/.cache');

/** Vitest calls it before the tests, once for each project. @returns what Vitest calls after them */
export async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env['ANTREA_HEALTH_PROGRAM'] !== undefined) return;
  await mkdir(CACHE, { recursive: true });
  const parent = await mkdtemp(join(CACHE, 'tests-'));
  const run = (script: string, folder: string) =>
    promisify(execFile)(process.execPath, [join(root, script), folder]);
  const command = join(parent, 'command');
  await Promise.all([
    run('deploy/npm/bundle.ts', command),
    run('test/services/bundle-test-programs.ts', parent),
  ]);
  process.env['ANTREA_HEALTH_PROGRAM'] = join(command, 'antrea-health.cjs');
  process.env['ANTREA_HEALTH_TEST_PROGRAMS'] = parent;
  return () => rm(parent, { recursive: true, force: true });
}
