import { constants, openAsBlob } from 'node:fs';
import { access, readFile, stat } from 'node:fs/promises';
import { ConfigError } from './errors.ts';

/**
 * Returns the content of a file that an option or key names.
 * @param name the option or key, for messages
 * @throws ConfigError when the file cannot be read
 */
export async function readInput(path: string, name: string): Promise<Buffer> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw cannotRead(path, name, error.code);
  });
}

/**
 * Opens a file that an option or key names and that may be too large to be read at once. It is opened for each read, and
 * a read fails if the file was changed in between.
 * @param name the option or key, for messages
 * @throws ConfigError when the file cannot be read
 */
export async function openInput(path: string, name: string): Promise<Blob> {
  try {
    await access(path, constants.R_OK);
    if ((await stat(path)).isFile()) return await openAsBlob(path);
  } catch (error) {
    throw cannotRead(path, name, (error as NodeJS.ErrnoException).code);
  }
  throw cannotRead(path, name, 'it is not a file');
}

function cannotRead(path: string, name: string, reason = 'error'): ConfigError {
  return new ConfigError(`${name}: cannot read ${path} (${reason})`);
}
