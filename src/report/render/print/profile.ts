import { rmSync } from 'node:fs';
import { mkdtemp, readdir, readFile, readlink, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { privateFolder } from './private-folder.ts';

/**
 * Temporary profiles of Chromium. Puppeteer's own ones stay forever when this program is killed. The names of these say
 * which process they belong to, so that a later process can remove what a killed one has left.
 */

export interface Profile {
  readonly path: string;
  /** Makes the end of this program remove the profile. Call it when Puppeteer has already registered that it kills Chromium. */
  removeAtExit(): void;
  /** Does not fail: a later process removes what is left. */
  remove(): Promise<void>;
}

/** Chromium may still write while its profile is removed. */
const REMOVAL = { recursive: true, force: true, maxRetries: 3, retryDelay: 100 };

/**
 * Makes an empty profile, and removes those of ended processes.
 * @throws Error when the temporary folder is not writable, or belongs to another user
 */
export async function makeProfile(): Promise<Profile> {
  const folder = privateFolder('profiles');
  await removeLeftovers(folder);
  const path = await mkdtemp(
    join(folder, `${ownerName(await namespaceId(), process.pid, await ownStart())}-`),
  );
  const removeNow = () => {
    try {
      rmSync(path, REMOVAL);
    } catch {
      // The next start removes it.
    }
  };
  return {
    path,
    removeAtExit: () => void process.once('exit', removeNow),
    remove: async () => {
      process.off('exit', removeNow);
      await rm(path, REMOVAL).catch(() => undefined);
    },
  };
}

const ownerName = (namespace: string, pid: number, start: string) => `${namespace}-${pid}-${start}`;

/** The owner, and the six random characters of mkdtemp(). */
const PROFILE_NAME = /^(\w+)-(\d+)-(\w+)-\w{6}$/;

/** Never fails: leftovers take room, but a report can be made. */
async function removeLeftovers(folder: string): Promise<void> {
  const namespace = await namespaceId();
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(folder, entry.name);
    // A symbolic link is no directory, and rm() does not follow links inside a profile.
    const isOurs = entry.isDirectory() && (await isLeftover(path, entry.name, namespace).catch(() => false));
    if (isOurs) await rm(path, REMOVAL).catch(() => undefined);
  }
}

/** No print takes that long. */
const LONGEST_USE_MILLISECONDS = 24 * 3600 * 1000;

async function isLeftover(path: string, name: string, namespace: string): Promise<boolean> {
  const [, owner, pid, start] = PROFILE_NAME.exec(name) ?? [];
  if (owner === undefined) return false;
  if (owner === namespace && owner !== NO_NAMESPACE) return (await processStart(Number(pid))) !== start;
  // Process ids of other containers, or of systems without /proc, say nothing.
  return Date.now() - (await stat(path)).mtimeMs > LONGEST_USE_MILLISECONDS;
}

const NO_NAMESPACE = 'none';

/** Returns the id of the namespace of process ids: containers that share a temporary folder may have equal process ids. */
async function namespaceId(): Promise<string> {
  const link = await readlink('/proc/self/ns/pid').catch(() => '');
  return /\d+/.exec(link)?.[0] ?? NO_NAMESPACE;
}

const ownStart = async () => (await processStart(process.pid)) ?? 'unknown';

/**
 * Returns when a process started, in ticks since the system started, because process ids are used again. Returns null for
 * a process that has ended. The format is that of proc_pid_stat(5).
 */
async function processStart(pid: number): Promise<string | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The second field is the program's name in parentheses, which may contain spaces and parentheses.
  const [state = 'X', ...fields] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return 'ZX'.includes(state) ? null : (fields[18] ?? null);
}
