import { chmod, cp, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../config/make-folder.ts';
import { UserError } from '../report/model/user-error.ts';

export type DeliveredFile = { name: string; bytes: Uint8Array };

/**
 * Writes the files of a report into a folder below `parent`, either all or none: they are written to a draft folder, which
 * is then renamed. If there is a folder of the same name, which contains the same report, its other files are kept.
 * @returns the path of the folder
 * @throws UserError when the folder cannot be written
 */
export async function deliverToFolder(
  parent: string,
  name: string,
  files: readonly DeliveredFile[],
): Promise<string> {
  // The name comes from a report.json, which anybody can have made.
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name))
    throw new UserError('the id of the report is not a valid name for a folder');
  const folder = join(parent, name);
  let draft: string | undefined;
  try {
    await makeFolder(parent);
    draft = await mkdtemp(join(parent, '.draft-'));
    // mkdtemp makes the folder private; reports get the permissions of other new files.
    await chmod(draft, 0o777 & ~process.umask());
    for (const file of files) await writeFile(join(draft, file.name), file.bytes);
    const existing = await filesOfReport(folder);
    const kept = existing?.filter((existingName) => files.every((file) => file.name !== existingName)) ?? [];
    for (const keptName of kept)
      await cp(join(folder, keptName), join(draft, keptName), { preserveTimestamps: true });
    // rename() does not replace a folder that contains files, so the older folder is renamed first.
    const old = `${draft}-old`;
    const isReplaced = existing !== null;
    if (isReplaced) await rename(folder, old);
    try {
      await rename(draft, folder);
    } catch (error) {
      // Restore the older report.
      if (isReplaced) await rename(old, folder).catch(() => undefined);
      throw error;
    }
    // The new report is in place, so a failure to delete the older one is ignored.
    if (isReplaced) await rm(old, { recursive: true, force: true }).catch(() => undefined);
    return folder;
  } catch (error) {
    if (draft) await rm(draft, { recursive: true, force: true }).catch(() => undefined);
    throw cannotWrite(folder, error);
  }
}

export function cannotWrite(folder: string, error: unknown): UserError {
  const { code = 'error' } = error as NodeJS.ErrnoException;
  return new UserError(`cannot write to ${folder} (${code}); choose another folder with --out`, {
    cause: error,
  });
}

/**
 * Returns the names of the files of the report that the folder contains; `null` if there is no folder.
 * @throws Error when it contains other files
 */
async function filesOfReport(folder: string): Promise<string[] | null> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (names?.some((name) => !/^report(\.[a-z]+)+$/.test(name)))
    throw Object.assign(new Error('the folder has other files'), {
      code: 'it contains files that do not belong to a report',
    });
  return names;
}
