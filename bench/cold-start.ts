/**
 * Measures the zip of each function, and how long its code takes to load in a new Node 24, compared with an empty one.
 *
 *   npm run bench:cold-start          prints the table of docs/performance.md
 *   npm run bench:cold-start -- 50    starts each function 50 times instead of 30
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { BUILD_FOLDER, FUNCTIONS } from '../deploy/aws/bundle.ts';
import { middle } from './measure.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));

const RUNS = Number(process.argv[2] ?? 30);

process.stderr.write('packaging ...\n');
await run(process.execPath, [join(root, 'node_modules/osls/bin/serverless.js'), 'package'], { cwd: root });

const folder = await mkdtemp(join(tmpdir(), 'antrea-health-cold-start-'));
try {
  const empty = join(folder, 'empty.mjs');
  await writeFile(empty, 'export const handler = async () => {};\n');
  const names = Object.keys(FUNCTIONS);
  const entries = [empty, ...names.map((name) => join(BUILD_FOLDER, name, 'index.mjs'))];
  const times = await interleaved(entries);
  const [least = Number.NaN, ...rest] = times.map(middle);

  const line = (...cells: string[]) => process.stdout.write(`| ${cells.join(' | ')} |\n`);
  process.stdout.write(`\nNode ${process.version}, middle of ${RUNS} fresh processes each\n\n`);
  line('function', 'zip, MB', 'unzipped, MB', 'import, ms', 'more than an empty handler, ms');
  line('---', '---:', '---:', '---:', '---:');
  line('an empty handler', '', '', least.toFixed(1), '');
  for (const [index, name] of names.entries()) {
    const time = rest[index] ?? Number.NaN;
    const { size } = await stat(join(root, '.serverless', `${name}.zip`));
    const unzipped = await sizeOf(join(BUILD_FOLDER, name));
    line(name, megabytes(size), megabytes(unzipped), time.toFixed(0), (time - least).toFixed(0));
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Returns milliseconds by entry and run. The entries take turns, so that other load affects all alike. */
async function interleaved(entries: readonly string[]): Promise<number[][]> {
  const times: number[][] = entries.map(() => []);
  for (let count = 0; count < RUNS; count += 1) {
    for (const [index, entry] of entries.entries()) times[index]?.push(await importTime(entry));
  }
  return times;
}

async function importTime(entry: string): Promise<number> {
  const program = `
    const start = performance.now();
    await import(${JSON.stringify(pathToFileURL(entry).href)});
    process.stdout.write(String(performance.now() - start), () => process.exit());`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program], {
    env: { ...process.env, AWS_REGION: 'eu-central-1' },
  });
  return Number(stdout);
}

async function sizeOf(path: string): Promise<number> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
