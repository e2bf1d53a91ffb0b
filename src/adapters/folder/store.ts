import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
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

/** The store's own folder. No key can name it, since none holds a tilde. */
const OWN = '.store~';

/** Whoever holds the lock puts one object; nobody needs it for longer, unless the disk hangs. */
const LOCK_LIMIT_MILLISECONDS = 30_000;
const LOCK_PAUSE_MILLISECONDS = 5;

/** SQLite's result code for a lock that somebody else holds; https://sqlite.org/rescode.html#busy */
const SQLITE_BUSY = 5;

/**
 * Objects as files: each under its key, with its bytes and nothing else, so that a browser opens it. Several processes
 * may work in one folder on a local disk. Unlike a bucket, a folder cannot hold both `a` and `a/b`, it forgets what
 * browsers are told besides the type, and its links are addresses on this machine that do not end.
 *
 * Every put holds the folder's one lock from the look at the condition to the rename that makes the object visible. A
 * file whose mere existence is the lock would outlive a killed process, and whoever clears it away can hit the lock of
 * the next. The operating system's own locks end with their process; SQLite is how Node reaches them, and nothing is
 * ever written to that database.
 */
export function openFolderStore(folder: string): Store {
  const own = resolve(folder, OWN);
  const pathOf = (key: string) => resolve(folder, ...key.split('/'));
  const draft = join(own, 'draft');
  // A type for each version of an object: together with the bytes it could not become visible in one step.
  const kindOf = (key: string, tag: string) => join(own, `kind-${hashOf(Buffer.from(key))}-${tag}`);

  async function put(
    key: string,
    bytes: Uint8Array,
    kind: ObjectKind,
    condition?: Condition,
  ): Promise<string | null> {
    checkKey(key);
    return reported(`cannot write ${key} to ${folder}`, async () => {
      await mkdir(own, { recursive: true });
      return exclusively(join(own, 'lock'), async () => {
        const before = await readIfThere(pathOf(key));
        const tagBefore = before && hashOf(before);
        if (condition && ('tag' in condition ? tagBefore !== condition.tag : tagBefore !== null)) return null;
        const tag = hashOf(bytes);
        await mkdir(dirname(pathOf(key)), { recursive: true });
        await replace(kindOf(key, tag), Buffer.from(kind.contentType));
        await replace(pathOf(key), bytes);
        if (tagBefore && tagBefore !== tag) await rm(kindOf(key, tagBefore), { force: true });
        return tag;
      });
    });
  }

  /** Needs the lock: there is one draft, and one that a killed process left is written over. */
  async function replace(file: string, bytes: Uint8Array): Promise<void> {
    const handle = await open(draft, 'w');
    try {
      await handle.writeFile(bytes);
      // Otherwise a machine that loses its power can keep the name and lose the bytes.
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  }

  async function get(key: string): Promise<StoredObject | null> {
    checkKey(key);
    return reported(`cannot read ${key} from ${folder}`, async () => {
      let tagBefore: string | undefined;
      for (;;) {
        const bytes = await readIfThere(pathOf(key));
        if (!bytes) return null;
        const tag = hashOf(bytes);
        const contentType = (await readIfThere(kindOf(key, tag)))?.toString();
        // It has no type if somebody put the file there by hand, or if it was replaced since it was read.
        if (contentType !== undefined || tag === tagBefore)
          return { bytes, tag, contentType: contentType ?? 'application/octet-stream' };
        tagBefore = tag;
      }
    });
  }

  async function list(prefix: string, options: ListOptions = {}): Promise<{ keys: string[]; more: boolean }> {
    const limit = checkList(prefix, options);
    const { startAfter = '' } = options;
    const above = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    return reported(`cannot list ${folder}`, async () => {
      const all = await filesBelow(resolve(folder, above), above);
      const keys = all.filter((key) => key.startsWith(prefix) && key > startAfter && isKey(key));
      // Keys are ASCII, so the order of their UTF-16 units is that of their bytes.
      return { keys: keys.sort().slice(0, limit), more: keys.length > limit };
    });
  }

  async function link(key: string, seconds: number): Promise<string> {
    checkLink(key, seconds);
    return pathToFileURL(pathOf(key)).href;
  }

  return { put, get, list, link, close: () => undefined };
}

/** Files below a folder as keys, in no order. None if the folder is not there. */
async function filesBelow(folder: string, prefix: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (isAbsence(error)) return [];
    throw error;
  });
  const found: string[] = [];
  for (const entry of entries) {
    if (entry.isFile()) found.push(prefix + entry.name);
    else if (entry.isDirectory() && entry.name !== OWN)
      found.push(...(await filesBelow(join(folder, entry.name), `${prefix}${entry.name}/`)));
  }
  return found;
}

/** Does the work while no other process, and nobody in this one, does any under the same lock. */
async function exclusively<T>(lock: string, work: () => Promise<T>): Promise<T> {
  const giveUp = Date.now() + LOCK_LIMIT_MILLISECONDS;
  const database = new DatabaseSync(lock, { timeout: 0 });
  try {
    while (!tryToLock(database)) {
      if (Date.now() > giveUp)
        throw Object.assign(new Error('another process keeps its lock'), { code: 'EBUSY' });
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

async function readIfThere(file: string): Promise<Buffer | null> {
  try {
    return await readFile(file);
  } catch (error) {
    if (isAbsence(error as NodeJS.ErrnoException)) return null;
    throw error;
  }
}

/** A file that is not there, below a file, or a folder: none of them is an object. */
function isAbsence({ code }: NodeJS.ErrnoException): boolean {
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR';
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function reported<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code = 'error' } = error as NodeJS.ErrnoException;
    throw new StoreError(`${what} (${code}); ${advice(code)}`, { retry: code === 'EBUSY', cause: error });
  }
}

function advice(code: string): string {
  if (code === 'EBUSY') return 'another process keeps it locked, try again later';
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'make room on the disk';
  if (['EISDIR', 'ENOTDIR', 'EEXIST', 'ENOTEMPTY'].includes(code))
    return 'a folder and an object cannot have the same name';
  return 'choose a folder that this process may write to';
}
