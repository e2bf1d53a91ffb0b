import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../bundle.ts';

/**
 * Returns the licenses of all packages that some files belong to, as one text. They must accompany copies of the packages.
 * @param files paths from the root of the repository; those outside of `node_modules` are ours
 */
export async function licensesOf(files: readonly string[]): Promise<string> {
  const folders = new Set(files.flatMap(packageFolder));
  const licenses = await Promise.all([...folders].sort().map(licenseOf));
  // Many packages have the same text.
  const packagesByText = Map.groupBy(licenses, ({ text }) => text);
  const sections = [...packagesByText].map(([text, packages]) =>
    [...new Set(packages.map(({ title }) => title)), '', text, ''].join('\n'),
  );
  return ['The packages that this program contains, and their licenses.\n', ...sections.sort()].join(
    SEPARATOR,
  );
}

const SEPARATOR = `${'='.repeat(80)}\n\n`;

/** The folder of the package that a file belongs to. Packages can have other packages below them. */
function packageFolder(file: string): string[] {
  const match = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file);
  return match ? [match[0]] : [];
}

async function licenseOf(folder: string): Promise<{ title: string; text: string }> {
  const path = join(root, folder);
  const { name, version, license } = JSON.parse(await readFile(join(path, 'package.json'), 'utf8'));
  const names = (await readdir(path)).filter((one) => /^(?:licen[cs]e|notice)/i.test(one)).sort();
  const texts = await Promise.all(names.map((one) => readFile(join(path, one), 'utf8')));
  return { title: `${name} ${version} (${license})`, text: texts.map((text) => text.trim()).join('\n\n') };
}
