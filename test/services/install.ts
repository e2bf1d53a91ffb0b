/** Installs programs from Debian's packages. */
import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { locked } from './lock.ts';

const run = promisify(execFile);

/** Programs of packages with another name than the program; a package without a program has the path of its folder. */
const PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  radosgw: ['radosgw', 'radosgw-admin'],
  'ceph-common': ['ceph'],
  'libnode-dev': ['/usr/include/node'],
  'libxml2-utils': ['xmllint'],
  'xz-utils': ['xz'],
  'python3-junitparser': ['/usr/lib/python3/dist-packages/junitparser'],
};

/**
 * Installs packages that have a missing program. It takes up to three minutes and needs root on Debian or Ubuntu.
 * @throws Error that lists the packages to install where this process cannot install them
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
    // The package lists are outdated or missing.
    await packageManager(['update']);
    await install(missing);
  }
  const still = missing.filter((name) => !isInstalled(name));
  if (still.length > 0)
    throw new Error(`Installed ${still.join(', ')}, but their programs are not on the PATH.`);
}

/** Returns the path of a program on the PATH or in the folders of daemons. */
function findProgram(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/usr/bin'];
  return folders.map((folder) => resolve(folder, name)).find(isExecutable);
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

/** Runs apt-get behind a lock: Vitest runs test files in parallel, and apt-get refuses to run twice at once. */
async function packageManager(parameters: readonly string[]): Promise<void> {
  await locked('apt', () =>
    run('apt-get', ['-o', 'DPkg::Lock::Timeout=300', '-q', ...parameters], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      maxBuffer: 64 * 1024 * 1024,
    }),
  );
}

/** Stops the daemon that Debian starts after an installation; tests start separate daemons on other ports. */
async function stopService(name: string): Promise<void> {
  const command = existsSync('/run/systemd/system')
    ? ['systemctl', 'disable', '--now', name]
    : ['service', name, 'stop'];
  const [program = '', ...parameters] = command;
  // Most packages have no service of this name, and in a container no service was started.
  await run(program, parameters).catch(() => undefined);
}
