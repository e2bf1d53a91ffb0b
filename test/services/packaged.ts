/** Packages and deploys the service with osls in a copy of the checkout, because other tests may use build/ and .serverless/. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { inflateRawSync } from 'node:zlib';
import pLimit from 'p-limit';
import { FUNCTIONS } from '../../deploy/aws/bundle.ts';
import type { Template } from '../fixtures/template.ts';
import { madeOnce } from './made-once.ts';
import { temporaryFolder } from './server.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

/** Files that go into the zips of the functions or determine their content. */
const PARTS = [
  'src',
  'handlers',
  'deploy',
  'templates',
  'examples',
  'serverless.yml',
  'package.json',
  'tsconfig.json',
];

/** Packages a copy of the checkout in `folder`, with a configuration if one is given, and returns the template. */
export async function packageService(folder: string, config?: string): Promise<Template> {
  await copyCheckout(folder);
  await runOsls(folder, ['package'], { config });
  return readTemplate(folder);
}

async function readTemplate(folder: string): Promise<Template> {
  const template = await readFile(
    join(folder, '.serverless/cloudformation-template-update-stack.json'),
    'utf8',
  );
  return JSON.parse(template);
}

/** Replaces deploy/aws/bundle.ts: each function consists of its configuration. */
const NO_BUNDLES = `
import { mkdir, writeFile } from 'node:fs/promises';
export const BUILD_FOLDER = 'build';
export async function bundleAll(config) {
  for (const name of ${JSON.stringify(Object.keys(FUNCTIONS))}) {
    await mkdir(\`build/\${name}\`, { recursive: true });
    await writeFile(\`build/\${name}/index.mjs\`, JSON.stringify(config));
  }
}
`;

/**
 * Returns the template of each configuration, `undefined` for the example. Bundling and compressing take most of the time
 * of packaging, so the zips have no code; packaging.test.ts shows that the template is the same. Test files of one run that
 * need the template of the same configuration get the same one.
 */
export async function templatesOf<Name extends string>(
  configs: Readonly<Record<Name, string | undefined>>,
): Promise<Record<Name, Template>> {
  const folder = await temporaryFolder('templates');
  const limit = pLimit(availableParallelism());
  const names = Object.keys(configs) as Name[];
  try {
    const templates = names.map((name, index) =>
      limit(async () => {
        const config = configs[name];
        const hash = createHash('sha256').update(JSON.stringify({ config })).digest('hex');
        const text = await madeOnce(`template-${hash}.json`, async () => {
          const service = await copyWithoutCode(folder.path, String(index));
          const variables = { NODE_COMPILE_CACHE: join(folder.path, 'compiled') };
          await runOsls(service, ['package'], { config, variables });
          return JSON.stringify(await readTemplate(service));
        });
        return [name, JSON.parse(text)] as const;
      }),
    );
    return Object.fromEntries(await Promise.all(templates)) as Record<Name, Template>;
  } finally {
    await folder.remove();
  }
}

/**
 * Copies what osls reads of the checkout; it then packages functions without code.
 * @param name the folder of the service in `parent`
 * @returns its path
 */
export async function copyWithoutCode(parent: string, name: string): Promise<string> {
  const folder = join(parent, name);
  // Not in the folder of the service, which osls searches for files to package, once for each function.
  await linkPackages(parent);
  for (const part of ['deploy', 'serverless.yml', 'package.json'])
    await cp(join(root, part), join(folder, part), { recursive: true });
  for (const part of ['src', 'examples']) await symlink(join(root, part), join(folder, part));
  await writeFile(join(folder, 'deploy/aws/bundle.ts'), NO_BUNDLES);
  return folder;
}

/** Links the installed packages in a folder, if that was not done. */
async function linkPackages(folder: string): Promise<void> {
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules')).catch((error) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

/**
 * Runs osls in a folder.
 * @param settings.config the content of the configuration file; the example when absent
 * @returns what osls printed
 * @throws Error with what osls printed
 */
export async function runOsls(
  folder: string,
  parameters: readonly string[],
  { config, variables = {} }: { config?: string | undefined; variables?: Record<string, string> } = {},
): Promise<string> {
  const configFile = join(folder, 'test.yaml');
  if (config !== undefined) await writeFile(configFile, config);
  const ofConfig = config === undefined ? [] : [`--param=config=${configFile}`];
  const program = join(root, 'node_modules/osls/bin/serverless.js');
  const env = { ...environment(), ...variables };
  try {
    const { stdout, stderr } = await run(process.execPath, [program, ...parameters, ...ofConfig], {
      cwd: folder,
      env,
    });
    return `${stderr}${stdout}`;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`osls ${parameters[0]} failed:\n${stderr}${stdout}`);
  }
}

/** The environment without the variables that the test runner sets for its processes. */
function environment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, ...others } = process.env;
  return { ...others, NO_COLOR: '1' };
}

export async function copyCheckout(folder: string, parts: readonly string[] = PARTS): Promise<void> {
  await Promise.all(parts.map((part) => cp(join(root, part), join(folder, part), { recursive: true })));
  await linkPackages(folder);
}

export type ZipEntry = { name: string; bytes: () => Buffer };

const CENTRAL_ENTRY = 0x02014b50;
const END_OF_DIRECTORY = 0x06054b50;

/** The files of a zip (APPNOTE.TXT 4.3), as Lambda unpacks them. */
export function readZip(zip: Buffer): ZipEntry[] {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0 || zip.readUInt32LE(end) !== END_OF_DIRECTORY) throw new Error('not a zip');
  const entries: ZipEntry[] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let count = zip.readUInt16LE(end + 10); count > 0; count -= 1) {
    if (zip.readUInt32LE(at) !== CENTRAL_ENTRY) throw new Error('the zip has a broken directory');
    const [method, size] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20)];
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) =>
      zip.readUInt16LE(at + field),
    ) as [number, number, number];
    const local = zip.readUInt32LE(at + 42);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const content = zip.subarray(start, start + size);
    entries.push({
      name: zip.toString('utf8', at + 46, at + 46 + nameLength),
      bytes: () => (method === 0 ? content : inflateRawSync(content)),
    });
    at += 46 + nameLength + extraLength + commentLength;
  }
  return entries;
}

export async function unzip(zip: Buffer, folder: string): Promise<void> {
  for (const { name, bytes } of readZip(zip)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), bytes());
  }
}
