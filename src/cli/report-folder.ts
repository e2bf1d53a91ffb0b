import { chmod, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../report/model/user-error.ts';

export type DeliveredFile = { name: string; bytes: Uint8Array };

/**
 * Puts a report's files into a folder of their own below `parent`, all of them or none: they are written beside it
 * first and moved as a whole. A folder of the same name, which holds the same report, is replaced.
 * @returns the folder's path
 * @throws UserError when the place cannot be written to
 */
export async function deliverToFolder(
  parent: string,
  name: string,
  files: readonly DeliveredFile[],
): Promise<string> {
  // Names come from documents, and documents from anywhere.
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name))
    throw new UserError('a report may not be written there: its name is not that of a folder');
  const folder = join(parent, name);
  let draft: string | undefined;
  try {
    await mkdir(parent, { recursive: true });
    draft = await mkdtemp(join(parent, '.draft-'));
    // mkdtemp makes it private; reports are as readable as other new files.
    await chmod(draft, 0o777 & ~process.umask());
    for (const file of files) await writeFile(join(draft, file.name), file.bytes);
    // rename() does not replace a folder that holds files, so an older one has to step aside first.
    const old = `${draft}-old`;
    const isReplaced = await isReport(folder);
    if (isReplaced) await rename(folder, old);
    try {
      await rename(draft, folder);
    } catch (error) {
      // An older report is better than none.
      if (isReplaced) await rename(old, folder).catch(() => undefined);
      throw error;
    }
    // The report is where it belongs; what is left of the older one is not worth failing for.
    if (isReplaced) await rm(old, { recursive: true, force: true }).catch(() => undefined);
    return folder;
  } catch (error) {
    if (draft) await rm(draft, { recursive: true, force: true }).catch(() => undefined);
    throw new UserError(
      `cannot write to ${folder} (${(error as NodeJS.ErrnoException).code ?? 'error'}); choose another folder with --out`,
      { cause: error },
    );
  }
}

/** Whether a folder is there that may be replaced: an older report, and nothing that somebody put there. */
async function isReport(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (names?.some((name) => !/^report\.[a-z]+$/.test(name)))
    throw Object.assign(new Error('it holds other files'), {
      code: 'it holds files that are not a report’s',
    });
  return names !== null;
}
