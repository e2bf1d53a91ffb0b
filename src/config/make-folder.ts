import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it, unless they exist. The recursive mkdir of Node never ends where the system refuses a
 * folder as if its parent did not exist, as below /proc.
 * @throws the system's error
 */
export async function makeFolder(path: string): Promise<void> {
  const error = await tryToMake(path);
  if (error === null) return;
  const parent = dirname(path);
  if (error.code !== 'ENOENT' || parent === path) throw error;
  await makeFolder(parent);
  const second = await tryToMake(path);
  if (second !== null) throw second;
}

/** Returns the error, or `null` if the folder exists now; another process may make it at the same time. */
async function tryToMake(path: string): Promise<NodeJS.ErrnoException | null> {
  try {
    await mkdir(path);
    return null;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'EEXIST' && (await isFolder(path)) ? null : (error as NodeJS.ErrnoException);
  }
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found?.isDirectory() ?? false;
}
