import { join } from 'node:path';

/** The programs that tests start as separate processes; `bundled-programs.ts` bundles them. */
export const TEST_PROGRAMS = ['worker', 'invoke'] as const;

/** Returns the file to start. */
export function testProgram(name: (typeof TEST_PROGRAMS)[number]): string {
  const folder = process.env['ANTREA_HEALTH_TEST_PROGRAMS'];
  return folder === undefined ? join(import.meta.dirname, `${name}.ts`) : join(folder, name, `${name}.mjs`);
}
