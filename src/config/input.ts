import { readFile } from 'node:fs/promises';
import { ConfigError } from './errors.ts';

/**
 * Returns the content of a file that an option or key names.
 * @param name the option or key, for messages
 * @throws ConfigError when the file cannot be read
 */
export async function readInput(path: string, name: string): Promise<Buffer> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new ConfigError(`${name}: cannot read ${path} (${error.code ?? 'error'})`);
  });
}
