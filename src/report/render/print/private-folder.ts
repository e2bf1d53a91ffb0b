import { lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Returns a folder of this user in the temporary folder, for code that this program runs later. Its name can be guessed, so
 * another user may have made it, or a symbolic link of its name, before.
 * @param name what distinguishes its content
 * @throws Error if it is not a folder that only this user can write to
 */
export function privateFolder(name: string): string {
  const user = process.getuid?.() ?? 'user';
  const folder = join(tmpdir(), `antrea-health-report-${user}-${name}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  // Windows has neither owners nor modes, and a temporary folder for each user.
  const isOwn = process.getuid === undefined || (found.uid === user && (found.mode & 0o022) === 0);
  if (!isOwn || !found.isDirectory())
    throw new Error(
      `${folder} can be written by other users; remove it, or set TMPDIR to a folder of your own`,
    );
  return folder;
}
