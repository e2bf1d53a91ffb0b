import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleProgram, root } from '../deploy/bundle.ts';

const PROGRAMS = ['stages', 'report-worker', 'bare-print'] as const;

/** In node_modules, because the programs look from there for the packages of Chromium. */
const CACHE = join(root, 'node_modules/.cache');

export type BundledPrograms = {
  /** Returns the file to start. */
  fileOf(name: (typeof PROGRAMS)[number]): string;
  remove(): Promise<void>;
};

/**
 * Bundles the programs that are measured like the installed command: started from its sources, it needs 40 MiB more
 * before it begins, for Node's compiler of TypeScript and the modules of all packages.
 */
export async function bundlePrograms(): Promise<BundledPrograms> {
  await mkdir(CACHE, { recursive: true });
  const parent = await mkdtemp(join(CACHE, 'bench-'));
  for (const name of PROGRAMS) await bundleProgram(`bench/${name}.ts`, parent);
  return {
    fileOf: (name) => join(parent, name, `${name}.mjs`),
    remove: () => rm(parent, { recursive: true, force: true }),
  };
}
