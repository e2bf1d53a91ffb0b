import { readFile } from 'node:fs/promises';
import { ConfigError } from './errors.ts';

/**
 * A file that the user named.
 * @param name the option or key that names it
 * @throws ConfigError when it cannot be read
 */
export async function readInput(path: string, name: string): Promise<Buffer> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new ConfigError(`${name}: cannot read ${path} (${error.code ?? 'error'})`);
  });
}
