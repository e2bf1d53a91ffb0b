/** Packages of newer Debian releases, unpacked into folders and not installed. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { type SourcesFile, sourceOfSuite } from './debian-sources.ts';
import { locked } from './lock.ts';

const run = promisify(execFile);

/** Packages by the suite that they come from. Versions are not pinned, because the packages of a suite change. */
const PACKAGES = {
  /** The suite that becomes Debian 14. Go programs that need only the C library and libzstd, which dpkg needs too. */
  forky: ['prometheus', 'victoria-metrics', 'kubectl'],
  /**
   * Debian 13: moto and the packages that it needs. They are plain Python, which the Python of other releases runs; a
   * released suite keeps it so. Compiled parts are left out, or have a replacement in Python.
   */
  trixie: [
    ...[
      'antlr4',
      'blinker',
      'boto3',
      'botocore',
      'certifi',
      'charset-normalizer',
      'click',
      'dateutil',
      'flask',
    ],
    ...[
      'flask-cors',
      'idna',
      'itsdangerous',
      'jinja2',
      'jmespath',
      'markupsafe',
      'moto',
      'pyparsing',
      'requests',
    ],
    ...['responses', 's3transfer', 'six', 'urllib3', 'werkzeug', 'xmltodict', 'yaml'],
  ].map((name) => `python3-${name}`),
} as const satisfies Record<string, readonly string[]>;

type Suite = keyof typeof PACKAGES;

export type Unpacked = {
  /** The root of the packages' files. */
  folder: string;
  versionOf(name: string): Promise<string>;
};

/**
 * Returns the folder with the packages of a suite. It is kept between runs; remove it to get newer versions. The first
 * call downloads 92 MB (forky) or 13 MB (trixie).
 * @throws if this machine has no apt source of its own Debian release
 */
export async function unpackedPackages(suite: Suite): Promise<Unpacked> {
  const folder = join(tmpdir(), folderName(suite));
  if (!isComplete(suite, folder)) {
    await locked(suite, async () => {
      if (!isComplete(suite, folder)) await unpack(suite, folder);
    });
  }
  return {
    folder,
    async versionOf(name) {
      return (await run('dpkg-deb', ['--field', join(folder, `${name}.deb`), 'Version'])).stdout.trim();
    },
  };
}

const folderName = (suite: Suite) => `antrea-health-report-${suite}`;

/** Lists the files of the folder. */
const LIST = 'files.json';

/**
 * Checks every file, because the system may remove old temporary files, and every package, because another version of
 * these tests may have had fewer.
 */
function isComplete(suite: Suite, folder: string): boolean {
  const list = join(folder, LIST);
  if (!existsSync(list)) return false;
  if (!PACKAGES[suite].every((name) => existsSync(join(folder, `${name}.deb`)))) return false;
  return (JSON.parse(readFileSync(list, 'utf8')) as string[]).every((path) => existsSync(join(folder, path)));
}

/**
 * Unpacks into a work folder and renames it, so that the final folder is always complete. Removes the work folders of
 * runs that were killed. Each run has a new one, because programs of a killed run may still be writing.
 */
async function unpack(suite: Suite, folder: string): Promise<void> {
  const beginning = `${folderName(suite)}.partial-`;
  const left = (await readdir(tmpdir())).filter((name) => name.startsWith(beginning));
  for (const path of [folder, ...left.map((name) => join(tmpdir(), name))])
    await rm(path, { recursive: true, force: true });
  const work = await mkdtemp(join(tmpdir(), beginning));
  await mkdir(join(work, 'lists/partial'), { recursive: true });
  await mkdir(join(work, 'parts'));
  const source = await sourceOfMachine(suite);
  await writeFile(join(work, 'parts', source.name), source.text);
  await apt(work, ['update']);
  await apt(work, ['download', ...PACKAGES[suite]]);
  const files = await readdir(work);
  const root = join(work, 'root');
  for (const name of PACKAGES[suite]) {
    const file = files.find((each) => each.startsWith(`${name}_`) && each.endsWith('.deb')) ?? '';
    await run('dpkg-deb', ['--extract', join(work, file), root]);
    await rename(join(work, file), join(root, `${name}.deb`));
  }
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const unpacked = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  await writeFile(join(root, LIST), JSON.stringify(unpacked.map((path) => relative(root, path))));
  await rename(root, folder);
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

async function sourceOfMachine(suite: Suite): Promise<SourcesFile> {
  const release = /^VERSION_CODENAME=(.*)$/m.exec(await readFile('/etc/os-release', 'utf8'))?.[1] ?? '';
  const parts = '/etc/apt/sources.list.d';
  const names = [
    '/etc/apt/sources.list',
    ...(await readdir(parts).catch(() => [])).toSorted().map((name) => join(parts, name)),
  ].filter((name) => /\.(list|sources)$/.test(name) && existsSync(name));
  const files = await Promise.all(names.map(async (name) => ({ name, text: await readFile(name, 'utf8') })));
  const source = sourceOfSuite(files, release, suite);
  if (!source)
    throw new Error(
      `Tests of some servers need Debian: no source of the release ${release} in ${names.join(', ')}.`,
    );
  return source;
}
