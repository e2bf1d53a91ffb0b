/**
 * Prints the npm packages that are in the program's bundle as a software bill of materials (CycloneDX 1.6), for scanners of
 * images. They find Debian's packages themselves.
 */
import { readFile } from 'node:fs/promises';
import packageJson from '../../package.json' with { type: 'json' };

/** A heading of the text that deploy/npm/licenses.ts writes: name, version and licence, underlined. */
const HEADING = /^(\S+) (\S+) \((.+)\)\n=+$/gm;

const licenses = await readFile(new URL('../../dist/licenses.txt', import.meta.url), 'utf8');
const components = [...licenses.matchAll(HEADING)].map(([, name = '', version = '', license = '']) => ({
  type: 'library',
  name,
  version,
  purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
  licenses: [{ expression: license }],
}));
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
