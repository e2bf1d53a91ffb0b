import { createHash } from 'node:crypto';
import { open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { makeFolder } from '../../config/make-folder.ts';
import {
  type Condition,
  checkKey,
  checkLink,
  checkList,
  isKey,
  type ListOptions,
  type ObjectKind,
  type Store,
  type StoredObject,
  StoreError,
} from '../../service/archive/store.ts';

/** The folder for the store's internal files. No key can name it, because a key cannot contain a tilde. */
const INTERNAL = '.store~';

/** Upper bound on waiting for the lock. Its owner writes one object, which takes longer only if the disk hangs. */
const LOCK_LIMIT_MILLISECONDS = 30_000;
const LOCK_PAUSE_MILLISECONDS = 5;

/** SQLite's result code for a lock that another connection has; https://sqlite.org/rescode.html#busy */
const SQLITE_BUSY = 5;

/**
 * Stores each object as a file under its key, with the object's bytes and nothing else, so that a browser can open it.
 * Several processes may use one folder on a local disk. Differences from a bucket: a folder cannot contain both `a` and
 * `a/b`; of an object's headers, only the content type is kept; links are `file:` addresses that do not expire.
 *
 * A put has the folder's only lock from checking the condition until the rename that makes the object visible. A lock
 * file would outlive a killed process, and deleting a stale one could delete the next process's lock. The locks of the
 * operating system end with their process; Node reaches them through SQLite. Nothing is ever written to that database.
 */
export function openFolderStore(folder: string): Store {
  const paths = pathsIn(folder);
  return {
    put: (key, bytes, kind, condition) => putObject(paths, { key, bytes, kind, condition }),
    get: (key) => getObject(paths, key),
    list: (prefix, options) => listKeys(folder, prefix, options),
    async link(key, seconds) {
      checkLink(key, seconds);
      return pathToFileURL(paths.object(key)).href;
    },
    close: () => undefined,
  };
}

type Paths = ReturnType<typeof pathsIn>;

function pathsIn(folder: string) {
  const internal = resolve(folder, INTERNAL);
  return {
    folder,
    internal,
    lock: join(internal, 'lock'),
    draft: join(internal, 'draft'),
    object: (key: string) => resolve(folder, ...key.split('/')),
    /** Each version of an object has a file for its type, because both cannot become visible in one step. */
    contentType: (key: string, tag: string) => join(internal, `kind-${hashOf(Buffer.from(key))}-${tag}`),
  };
}

type NewObject = { key: string; bytes: Uint8Array; kind: ObjectKind; condition: Condition | undefined };

async function putObject(paths: Paths, { key, bytes, kind, condition }: NewObject): Promise<string | null> {
  checkKey(key);
  return withStoreErrors(`cannot write ${key} to ${paths.folder}`, async () => {
    await makeFolder(paths.internal);
    return withLock(paths.lock, async () => {
      const file = paths.object(key);
      const before = await readIfPresent(file);
      const tagBefore = before && hashOf(before);
      if (condition && ('tag' in condition ? tagBefore !== condition.tag : tagBefore !== null)) return null;
      const tag = hashOf(bytes);
      await makeFolder(dirname(file));
      await replaceFile(paths, paths.contentType(key, tag), Buffer.from(kind.contentType));
      await replaceFile(paths, file, bytes);
      if (tagBefore && tagBefore !== tag) await rm(paths.contentType(key, tagBefore), { force: true });
      return tag;
    });
  });
}

/** Requires the lock, because there is only one draft. A draft that a killed process left is overwritten. */
async function replaceFile({ draft }: Paths, file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(draft, 'w');
  try {
    await handle.writeFile(bytes);
    // Without this, a power failure could leave the name without the bytes.
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
}

async function getObject(paths: Paths, key: string): Promise<StoredObject | null> {
  checkKey(key);
  return withStoreErrors(`cannot read ${key} from ${paths.folder}`, async () => {
    let tagBefore: string | undefined;
    for (;;) {
      const bytes = await readIfPresent(paths.object(key));
      if (!bytes) return null;
      const tag = hashOf(bytes);
      const contentType = (await readIfPresent(paths.contentType(key, tag)))?.toString();
      // The type is missing if somebody copied the file there, or if the object was replaced after it was read.
      if (contentType !== undefined || tag === tagBefore)
        return { bytes, tag, contentType: contentType ?? 'application/octet-stream' };
      tagBefore = tag;
    }
  });
}

async function listKeys(
  folder: string,
  prefix: string,
  options: ListOptions = {},
): Promise<{ keys: string[]; more: boolean }> {
  const limit = checkList(prefix, options);
  const { startAfter = '' } = options;
  const parent = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  return withStoreErrors(`cannot list ${folder}`, async () => {
    const all = await filesBelow(resolve(folder, parent), parent);
    const keys = all.filter((key) => key.startsWith(prefix) && key > startAfter && isKey(key));
    // Keys are ASCII, so sorting by UTF-16 units gives byte order.
    return { keys: keys.sort().slice(0, limit), more: keys.length > limit };
  });
}

/** Returns the files below a folder as keys, unsorted; none if the folder does not exist. */
async function filesBelow(folder: string, prefix: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (isAbsence(error)) return [];
    throw error;
  });
  const found: string[] = [];
  for (const entry of entries) {
    if (entry.isFile()) found.push(prefix + entry.name);
    else if (entry.isDirectory() && entry.name !== INTERNAL)
      found.push(...(await filesBelow(join(folder, entry.name), `${prefix}${entry.name}/`)));
  }
  return found;
}

/** Does the work while no other process, and no other call in this process, works under the same lock. */
async function withLock<T>(lock: string, work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + LOCK_LIMIT_MILLISECONDS;
  const database = new DatabaseSync(lock, { timeout: 0 });
  try {
    while (!tryToLock(database)) {
      if (Date.now() > deadline)
        throw Object.assign(new Error('another process has the lock'), { code: 'EBUSY' });
      await sleep(Math.random() * LOCK_PAUSE_MILLISECONDS);
    }
    return await work();
  } finally {
    database.close();
  }
}

function tryToLock(database: DatabaseSync): boolean {
  try {
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return false;
    throw error;
  }
}

async function readIfPresent(file: string): Promise<Buffer | null> {
  try {
    return await readFile(file);
  } catch (error) {
    if (isAbsence(error as NodeJS.ErrnoException)) return null;
    throw error;
  }
}

/** Whether a path is not an object: it does not exist, it is below a file, or it is a folder. */
function isAbsence({ code }: NodeJS.ErrnoException): boolean {
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR';
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Converts errors of the file system to errors of the store. */
async function withStoreErrors<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code = 'error' } = error as NodeJS.ErrnoException;
    throw new StoreError(`${what} (${code}); ${adviceOn(code)}`, { retry: code === 'EBUSY', cause: error });
  }
}

function adviceOn(code: string): string {
  if (code === 'EBUSY') return 'another process has locked it; try again later';
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'make room on the disk';
  if (['EISDIR', 'ENOTDIR', 'EEXIST', 'ENOTEMPTY'].includes(code))
    return 'a folder and an object cannot have the same name';
  return 'choose a folder that this process may write to';
}
