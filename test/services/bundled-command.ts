/**
 * Bundles antrea-health once for all tests of services, as the npm package has it. Started from its sources, which Node
 * compiles each time, it takes seven times as long, and these tests start it some hundred times.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** In node_modules, like the installed package, because the command looks from there for packages with a Chromium. */
const CACHE = join(root, 'node_modules/.cache');

/** Vitest calls it before the tests. @returns what Vitest calls after them */
export async function setup(): Promise<() => Promise<void>> {
  await mkdir(CACHE, { recursive: true });
  const folder = await mkdtemp(join(CACHE, 'antrea-health-'));
  await promisify(execFile)(process.execPath, [join(root, 'deploy/npm/bundle.ts'), folder]);
  process.env['ANTREA_HEALTH_PROGRAM'] = join(folder, 'antrea-health.cjs');
  return () => rm(folder, { recursive: true, force: true });
}
