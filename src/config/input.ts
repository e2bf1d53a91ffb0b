import { constants, createReadStream, openAsBlob } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { ConfigError } from './errors.ts';

/** Configuration for a thousand clusters has some 300 KB; a device such as /dev/zero has no end. */
const LARGEST_INPUT_BYTES = 1e6;

/**
 * Returns the content of a file that an option or key names.
 * @param name the option or key, for messages
 * @throws ConfigError when the file cannot be read, or is too large
 */
export async function readInput(
  path: string,
  name: string,
  mostBytes = LARGEST_INPUT_BYTES,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > mostBytes) break;
      chunks.push(chunk);
    }
  } catch (error) {
    throw cannotRead(path, name, (error as NodeJS.ErrnoException).code);
  }
  if (bytes > mostBytes) throw cannotRead(path, name, `it is larger than ${mostBytes / 1e6} MB`);
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
