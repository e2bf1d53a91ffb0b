import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { ConfigError } from '../config/errors.ts';
import { UserError } from '../report/model/user-error.ts';

/** The file of `--capture` while it is written. Every error of it is a UserError that names the option. */
export type CaptureFile = {
  write(bytes: Uint8Array): Promise<void>;
  /** Puts the file in place of an older one. */
  commit(): Promise<void>;
  /** Removes what was written. Does nothing after `commit`. */
  discard(): Promise<void>;
};

/**
 * Creates a temporary file in the folder of `path`, which replaces `path` only when it is complete, so that a full disk
 * or an interruption leaves an older capture as it is.
 * @throws ConfigError when the file cannot be written, before any query is sent in vain
 */
export async function createCaptureFile(path: string): Promise<CaptureFile> {
  const cannotWrite = (error: unknown) =>
    `--capture: cannot write ${path} (${(error as NodeJS.ErrnoException).code ?? 'error'})`;
  try {
    const { target, mode } = await resolveTarget(path);
    const draft = `${target}.${randomUUID()}.part`;
    const handle = await open(draft, 'wx', mode);
    const failing = async (work: () => Promise<void>) => {
      try {
        await work();
      } catch (error) {
        throw new UserError(cannotWrite(error), { cause: error });
      }
    };
    let isDraft = true;
    return {
      write: (bytes) => failing(() => handle.writeFile(bytes)),
      commit: () =>
        failing(async () => {
          await handle.sync();
          await handle.close();
          await rename(draft, target);
          isDraft = false;
        }),
      async discard() {
        if (!isDraft) return;
        isDraft = false;
        // The error that led here is the one to report.
        await handle.close().catch(() => undefined);
        await rm(draft, { force: true }).catch(() => undefined);
      },
    };
  } catch (error) {
    throw new ConfigError(cannotWrite(error), { cause: error });
  }
}

/** Returns the file that `path` leads to, and the mode of the file that is there. */
async function resolveTarget(path: string): Promise<{ target: string; mode: number | undefined }> {
  const existing = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (existing === null) return { target: path, mode: undefined };
  // To rename a file over a device would remove the device.
  if (!existing.isFile()) throw Object.assign(new Error('no file'), { code: 'it is not a file' });
  await access(path, constants.W_OK);
  return { target: await realpath(path), mode: existing.mode & 0o777 };
}
