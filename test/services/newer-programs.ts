/** Programs that are newer than this machine's release of Debian has them, unpacked and not installed. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type SourcesFile, sourceOfSuite } from './debian-sources.ts';
import { locked } from './lock.ts';

const run = promisify(execFile);

/** The suite that becomes Debian 14. It moves on: tests take the versions that it has. */
const SUITE = 'forky';

/** Go programs. Beside the C library they need only libzstd, which every Debian has for dpkg. */
const PACKAGES = ['prometheus', 'victoria-metrics'] as const;

/** Outlives the tests that made it. Removing the folder gets newer versions at the next run. */
const FOLDER_NAME = `antrea-health-report-${SUITE}`;
const FOLDER = join(tmpdir(), FOLDER_NAME);

/**
 * Returns a program of Debian's newer suite. Downloads the packages (75 MB) if no run has done so before.
 * @throws if the machine is no Debian, or has no packages of its own release to derive the address from
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

/** Looks at every file, since a machine may remove the older of its temporary files. */
function isComplete(): boolean {
  return PACKAGES.every(
    (name) => existsSync(join(FOLDER, 'usr/bin', name)) && existsSync(join(FOLDER, `${name}.deb`)),
  );
}

/**
 * The folder appears when it is complete. What a run that was killed has left is removed by the next one, which works in
 * a folder of its own, since the programs that the other had started may still write into theirs.
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

/** apt-get with lists and sources of its own, so that nothing of the machine's packages changes. */
async function apt(folder: string, parameters: readonly string[]): Promise<void> {
  const options = {
    'Dir::Etc::SourceList': '/dev/null',
    'Dir::Etc::SourceParts': join(folder, 'parts'),
    'Dir::State::Lists': join(folder, 'lists'),
    'Dir::State::Status': '/dev/null',
    'Dir::Cache': join(folder, 'cache'),
    // The user _apt, which root's apt-get downloads as, may not write here.
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
      `Tests of newer servers need Debian: ${names.join(', ')} name no source of the release ${release}.`,
    );
  return source;
}
