/** Packages and deploys the service with osls in a copy of the checkout, because other tests may use build/ and .serverless/. */
import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { inflateRawSync } from 'node:zlib';
import type { Template } from '../fixtures/template.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

/** Files that go into a package or determine its content. */
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
  await runOsls(folder, ['package'], { config });
  const template = await readFile(
    join(folder, '.serverless/cloudformation-template-update-stack.json'),
    'utf8',
  );
  return JSON.parse(template);
}

/**
 * Copies the checkout to `folder` on first use, and runs osls there.
 * @param settings.config the content of the configuration file; the example when absent
 * @returns what osls printed
 * @throws Error with what osls printed
 */
export async function runOsls(
  folder: string,
  parameters: readonly string[],
  { config, variables = {} }: { config?: string | undefined; variables?: Record<string, string> } = {},
): Promise<string> {
  await copyCheckout(folder);
  const configFile = join(folder, 'test.yaml');
  if (config !== undefined) await writeFile(configFile, config);
  const ofConfig = config === undefined ? [] : [`--param=config=${configFile}`];
  const osls = join(root, 'node_modules/osls/bin/serverless.js');
  const env = { ...environment(), ...variables };
  try {
    const { stdout, stderr } = await run(process.execPath, [osls, ...parameters, ...ofConfig], {
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

async function copyCheckout(folder: string): Promise<void> {
  await Promise.all(PARTS.map((part) => cp(join(root, part), join(folder, part), { recursive: true })));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules')).catch((error) => {
    if (error.code !== 'EEXIST') throw error;
  });
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
