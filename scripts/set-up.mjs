// Installs what package-lock.json names, unless that was done already. Runs before every other npm script, on whatever
// Node (20 or newer) the machine has and before any package is there, hence plain JavaScript without imports of ours.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
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

const wanted = createHash('sha256')
  .update(readFileSync(`${root}package-lock.json`))
  .digest('hex');
const installed = existsSync(marker) ? readFileSync(marker, 'utf8') : '';
if (installed !== wanted) {
  process.stderr.write('Installing packages (once) ...\n');
  // Output goes to standard error: standard output belongs to the command that comes next.
  // Not `npm ci`: it refuses a lockfile that lacks other platforms' optional packages, which registries that mirror only
  // a part of them do not have. Like it, this takes the locked versions and leaves the lockfile alone.
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
  writeFileSync(marker, wanted);
}
