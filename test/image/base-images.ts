/**
 * Images under the names that the Dockerfile builds from, made of Debian's packages and the Node of this checkout, because
 * these machines reach no registry of images. They are close to the real ones in size: those leave out the same folders.
 */
import { execFile } from 'node:child_process';
import { copyFile, cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ensureDebianPackages } from '../services/install.ts';
import { commitImage, hasImage } from './buildah.ts';

const run = promisify(execFile);

/** What Debian's slim images leave out of each package. */
const LEFT_OUT = ['doc', 'info', 'lintian/overrides', 'locale', 'man'].map((name) => `/usr/share/${name}`);

const CERTIFICATES = 'etc/ssl/certs/ca-certificates.crt';

/** Makes both images unless they exist. It takes about a minute on an idle machine. */
export async function makeBaseImages(debian: string, node: string): Promise<void> {
  if (!(await hasImage(debian))) await commitImage(debian, 'scratch', fillDebian);
  if (!(await hasImage(node))) await commitImage(node, debian, addNode);
}

async function fillDebian(root: string): Promise<void> {
  const release = /^VERSION_CODENAME=(.*)$/m.exec(await readFile('/etc/os-release', 'utf8'))?.[1] ?? '';
  if (release !== 'bookworm') throw new Error('the images are made from the package sources of Debian 12');
  await ensureDebianPackages(['debootstrap']);
  await run('debootstrap', ['--variant=minbase', '--include=ca-certificates', release, root]);
  const rules = [
    ...LEFT_OUT.map((path) => `path-exclude ${path}/*`),
    'path-include /usr/share/doc/*/copyright',
  ];
  await writeFile(join(root, 'etc/dpkg/dpkg.cfg.d/slim'), `${rules.join('\n')}\n`);
  for (const path of LEFT_OUT) await rm(join(root, path), { recursive: true, force: true });
  for (const path of ['var/cache/apt', 'var/lib/apt/lists', 'var/log']) await empty(join(root, path));
  // With the security updates, which debootstrap leaves out.
  const sources = 'etc/apt/sources.list.d/debian.sources';
  await copyFile(`/${sources}`, join(root, sources));
  await rm(join(root, 'etc/apt/sources.list'), { force: true });
}

async function empty(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
}

/** Adds Node and npm, which trusts the certificates that this machine trusts. */
async function addNode(root: string): Promise<void> {
  const { npm_execpath: npm } = process.env;
  if (npm === undefined) throw new Error('run it with npm: npm run image');
  const local = join(root, 'usr/local');
  await mkdir(join(local, 'lib/node_modules'), { recursive: true });
  await copyFile(process.execPath, join(local, 'bin/node'));
  await cp(dirname(dirname(npm)), join(local, 'lib/node_modules/npm'), { recursive: true });
  await symlink('../lib/node_modules/npm/bin/npm-cli.js', join(local, 'bin/npm'));
  await copyFile(`/${CERTIFICATES}`, join(root, CERTIFICATES));
  await writeFile(join(local, 'etc/npmrc'), `cafile=/${CERTIFICATES}\n`);
}
