/** What several test files of one run need, and what is expensive to make. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Returns the text that `make` returned in the first test file of this run that asked for this name. Test files that ask at
 * the same time can each make it.
 * @param name a file name, which says everything that the text depends on
 */
export async function madeOnce(name: string, make: () => Promise<string>): Promise<string> {
  // The global setup makes this folder for each run, and removes it.
  const folder = process.env['ANTREA_HEALTH_TEST_PROGRAMS'];
  if (folder === undefined) return make();
  const file = join(folder, name);
  if (!existsSync(file)) {
    const partial = `${file}.${randomUUID()}`;
    await writeFile(partial, await make());
    await rename(partial, file);
  }
  return readFile(file, 'utf8');
}
