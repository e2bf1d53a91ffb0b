/**
 * Prints the npm packages that are in the program's bundle as a software bill of materials (CycloneDX 1.6), for scanners of
 * images. They find Debian's packages themselves.
 */
import { readFile } from 'node:fs/promises';
import packageJson from '../../package.json' with { type: 'json' };

/** Above the text of a license, deploy/npm/licenses.ts lists its packages, each with version and license. */
const PACKAGE = /^(\S+) (\S+) \((.+)\)$/;

const text = await readFile(new URL('../../dist/licenses.txt', import.meta.url), 'utf8');
const lines = text
  .split(/^=+\n/m)
  .flatMap((section) => section.trimStart().split('\n\n')[0]?.split('\n') ?? []);
const components = lines.flatMap((line) => {
  const [, name = '', version = '', license = ''] = PACKAGE.exec(line) ?? [];
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  return name === '' ? [] : [{ type: 'library', name, version, purl, licenses: [{ expression: license }] }];
});
if (components.length === 0) throw new Error('dist/licenses.txt lists no packages');
const { name, version } = packageJson;
const bom = {
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  version: 1,
  metadata: { component: { type: 'application', name, version, purl: `pkg:npm/${name}@${version}` } },
  components,
};
process.stdout.write(`${JSON.stringify(bom, null, 2)}\n`);
