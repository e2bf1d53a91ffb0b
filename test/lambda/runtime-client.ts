/**
 * AWS's client of the Lambda Runtime API for Node, `aws-lambda-ric`: the program that runs handlers in Lambda. It is no
 * dependency, because its addon is compiled with curl when it is installed: that takes a minute, needs a C++ compiler, CMake
 * and the headers of Node, and would make `npm install` fail on machines without them.
 */
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureDebianPackages } from '../services/install.ts';
import { locked } from '../services/lock.ts';
import { npm } from '../services/npm-package.ts';

const NAME = 'aws-lambda-ric';
export const VERSION = '4.0.2';

/** What its build needs. The addon uses only Node-API, so it fits all versions of Node, like the headers of Debian's. */
const DEBIAN_PACKAGES = ['cmake', 'g++', 'libnode-dev', 'make', 'python3', 'xz-utils'];

/** The folder is kept between runs. */
const FOLDER = join(tmpdir(), `antrea-health-report-${NAME}-${VERSION}`);

/** Returns the folder of the package, with its compiled addon. The first call builds it, in one to two minutes. */
export async function runtimeClient(): Promise<string> {
  const folder = join(FOLDER, 'node_modules', NAME);
  const isBuilt = () => existsSync(join(folder, 'rapid-client.node'));
  if (!isBuilt())
    await locked(NAME, async () => {
      if (!isBuilt()) await build();
    });
  return folder;
}

async function build(): Promise<void> {
  await ensureDebianPackages(DEBIAN_PACKAGES);
  const work = await mkdtemp(`${FOLDER}.partial-`);
  try {
    // npm asks for permission to run the scripts of a package.
    await writeFile(
      join(work, 'package.json'),
      JSON.stringify({ private: true, allowScripts: { [NAME]: true } }),
    );
    const options = ['--silent', '--no-audit', '--no-fund', '--save-exact'];
    // node-gyp would otherwise download the headers of Node.
    await npm(['install', ...options, `${NAME}@${VERSION}`], {
      cwd: work,
      env: { npm_config_nodedir: '/usr' },
    });
    // Functions run as another user than this process.
    await chmod(work, 0o755);
    await rm(FOLDER, { recursive: true, force: true });
    await rename(work, FOLDER);
  } catch (error) {
    await rm(work, { recursive: true, force: true });
    throw new Error(`${NAME} could not be built: ${(error as { stderr?: string }).stderr || error}`);
  }
}
