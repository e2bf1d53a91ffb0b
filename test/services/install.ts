/** Programs that tests talk to, from Debian's packages. */
import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { locked } from './lock.ts';

const run = promisify(execFile);

/** The programs of packages whose programs are not called like the package. */
const PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  radosgw: ['radosgw', 'radosgw-admin'],
  'ceph-common': ['ceph'],
};

/**
 * Makes sure that the programs of these packages can be started: installs what is missing where this process may (root
 * on Debian or Ubuntu), and says what to install where it may not. Give it two or three minutes.
 */
export async function ensureDebianPackages(names: readonly string[]): Promise<void> {
  const missing = names.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || findProgram('apt-get') === undefined) {
    throw new Error(
      `Tests of services need Debian's packages ${missing.join(', ')}: apt-get install ${missing.join(' ')}`,
    );
  }
  try {
    await install(missing);
  } catch {
    // The lists of packages are old or were never fetched.
    await packageManager(['update']);
    await install(missing);
  }
  const still = missing.filter((name) => !isInstalled(name));
  if (still.length > 0)
    throw new Error(`Installed ${still.join(', ')}, but their programs are not on the PATH.`);
}

/** Where a program is, looked up on the PATH and where daemons are kept. */
function findProgram(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/usr/bin'];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isInstalled(name: string): boolean {
  return (PROGRAMS[name] ?? [name]).every((program) => findProgram(program) !== undefined);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function install(names: readonly string[]): Promise<void> {
  await packageManager(['install', '-y', '--no-install-recommends', ...names]);
  for (const name of names) await stopService(name);
}

/** Behind a lock, since vitest runs test files side by side and apt-get refuses to run twice. */
async function packageManager(parameters: readonly string[]): Promise<void> {
  await locked('apt', () =>
    run('apt-get', ['-o', 'DPkg::Lock::Timeout=300', '-q', ...parameters], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      maxBuffer: 64 * 1024 * 1024,
    }),
  );
}

/** Debian starts a daemon when it installs it; tests start their own, on ports of their own. */
async function stopService(name: string): Promise<void> {
  const command = existsSync('/run/systemd/system')
    ? ['systemctl', 'disable', '--now', name]
    : ['service', name, 'stop'];
  const [program = '', ...parameters] = command;
  // Most packages have no service of their name, and in a container nothing was started: both are fine.
  await run(program, parameters).catch(() => undefined);
}
