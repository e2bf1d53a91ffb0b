/** Programs of a newer Debian release, unpacked into a folder and not installed. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type SourcesFile, sourceOfSuite } from './debian-sources.ts';
import { locked } from './lock.ts';

const run = promisify(execFile);

/** The suite that becomes Debian 14. Versions are not pinned, because its packages change. */
const SUITE = 'forky';

/** Go programs that need only the C library and libzstd, which dpkg needs too. */
const PACKAGES = ['prometheus', 'victoria-metrics'] as const;

/** The folder is kept between runs. Remove it to get newer versions. */
const FOLDER_NAME = `antrea-health-report-${SUITE}`;
const FOLDER = join(tmpdir(), FOLDER_NAME);

/**
 * Returns a program of Debian's newer suite with its version. The first call downloads the packages (75 MB).
 * @throws if this machine has no apt source of its own Debian release
 */
export async function newerProgram(
  name: (typeof PACKAGES)[number],
): Promise<{ path: string; version: string }> {
  if (!isComplete()) {
    await locked(SUITE, async () => {
      if (!isComplete()) await unpack();
    });
  }
  const version = await run('dpkg-deb', ['--field', join(FOLDER, `${name}.deb`), 'Version']);
  return { path: join(FOLDER, 'usr/bin', name), version: version.stdout.trim() };
}

/** Checks every file, because the system may remove old temporary files. */
function isComplete(): boolean {
  return PACKAGES.every(
    (name) => existsSync(join(FOLDER, 'usr/bin', name)) && existsSync(join(FOLDER, `${name}.deb`)),
  );
}

/**
 * Unpacks into a work folder and renames it, so that the final folder is always complete. Removes the work folders of
 * runs that were killed. Each run has a new one, because programs of a killed run may still be writing.
 */
async function unpack(): Promise<void> {
  const beginning = `${FOLDER_NAME}.partial-`;
  const left = (await readdir(tmpdir())).filter((name) => name.startsWith(beginning));
  for (const name of [FOLDER_NAME, ...left]) await rm(join(tmpdir(), name), { recursive: true, force: true });
  const work = await mkdtemp(join(tmpdir(), beginning));
  await mkdir(join(work, 'lists/partial'), { recursive: true });
  await mkdir(join(work, 'parts'));
  const source = await sourceOfMachine();
  await writeFile(join(work, 'parts', source.name), source.text);
  await apt(work, ['update']);
  await apt(work, ['download', ...PACKAGES]);
  const files = await readdir(work);
  const root = join(work, 'root');
  for (const name of PACKAGES) {
    const file = files.find((each) => each.startsWith(`${name}_`) && each.endsWith('.deb')) ?? '';
    await run('dpkg-deb', ['--extract', join(work, file), root]);
    await rename(join(work, file), join(root, `${name}.deb`));
  }
  await rename(root, FOLDER);
  await rm(work, { recursive: true });
}

/** Runs apt-get with separate lists and sources, so that the packages of this machine do not change. */
async function apt(folder: string, parameters: readonly string[]): Promise<void> {
  const options = {
    'Dir::Etc::SourceList': '/dev/null',
    'Dir::Etc::SourceParts': join(folder, 'parts'),
    'Dir::State::Lists': join(folder, 'lists'),
    'Dir::State::Status': '/dev/null',
    'Dir::Cache': join(folder, 'cache'),
    // Otherwise apt-get of root downloads as the user _apt, who cannot write to this folder.
    'APT::Sandbox::User': '',
  };
  const settings = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  await run('apt-get', ['-q', ...settings, ...parameters], { cwd: folder, maxBuffer: 64 * 1024 * 1024 });
}

async function sourceOfMachine(): Promise<SourcesFile> {
  const release = /^VERSION_CODENAME=(.*)$/m.exec(await readFile('/etc/os-release', 'utf8'))?.[1] ?? '';
  const parts = '/etc/apt/sources.list.d';
  const names = [
    '/etc/apt/sources.list',
    ...(await readdir(parts).catch(() => [])).toSorted().map((name) => join(parts, name)),
  ].filter((name) => /\.(list|sources)$/.test(name) && existsSync(name));
  const files = await Promise.all(names.map(async (name) => ({ name, text: await readFile(name, 'utf8') })));
  const source = sourceOfSuite(files, release, SUITE);
  if (!source)
    throw new Error(
      `Tests of newer servers need Debian: no source of the release ${release} in ${names.join(', ')}.`,
    );
  return source;
}
