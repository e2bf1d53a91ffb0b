// Installs the packages of package-lock.json, unless they are already installed. It runs before the commands
// of the README, with the Node of the machine (20 or newer) and before any package exists, so it uses no packages.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const marker = `${root}node_modules/.installed-from`;

const [major] = process.versions.node.split('.').map(Number);
if (major < 20) {
  process.stderr.write(
    `antrea-health-report needs Node 20 or newer to install; this is ${process.version}\n`,
  );
  process.exit(1);
}

const lockfileHash = createHash('sha256')
  .update(readFileSync(`${root}package-lock.json`))
  .digest('hex');
const installed = existsSync(marker) ? readFileSync(marker, 'utf8') : '';
if (installed !== lockfileHash) {
  process.stderr.write('Installing packages (once) ...\n');
  // Output goes to standard error, because standard output belongs to the command that follows.
  // `npm ci` is not used: it refuses a lockfile without the optional packages of other platforms, which registries that
  // mirror only some packages lack. `npm install --no-save` also installs the locked versions and keeps the lockfile.
  const { status } = spawnSync(
    'npm',
    ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: root,
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32',
    },
  );
  if (status !== 0) {
    process.stderr.write('npm install failed; see above\n');
    process.exit(1);
  }
  writeFileSync(marker, lockfileHash);
}

// Hooks that a contributor has set up stay. A copy of the sources without a repository has no hooks.
const git = (...parameters) => spawnSync('git', parameters, { cwd: root, encoding: 'utf8' }).stdout?.trim();
const isCheckout = git('rev-parse', '--show-cdup') === '' && existsSync(`${root}.git`);
if (isCheckout && git('config', 'core.hooksPath') === '') {
  const hook = git('rev-parse', '--git-path', 'hooks/pre-commit') ?? '';
  if (!existsSync(resolve(root, hook))) git('config', 'core.hooksPath', '.githooks');
}
