import { constants, createReadStream, openAsBlob } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { ConfigError } from './errors.ts';

/** A report of 5,000 nodes on a bad day has 8 MB; a device such as /dev/zero has no end. */
const LARGEST_INPUT_BYTES = 64e6;

/**
 * Returns the content of a file that an option or key names.
 * @param name the option or key, for messages
 * @throws ConfigError when the file cannot be read
 */
export async function readInput(path: string, name: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > LARGEST_INPUT_BYTES) break;
      chunks.push(chunk);
    }
  } catch (error) {
    throw cannotRead(path, name, (error as NodeJS.ErrnoException).code);
  }
  if (bytes > LARGEST_INPUT_BYTES) throw cannotRead(path, name, 'it is larger than 64 MB');
  return Buffer.concat(chunks);
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
