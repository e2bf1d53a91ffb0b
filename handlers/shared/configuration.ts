import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseConfig } from '../../src/config/file.ts';
import type { ServiceConfig } from '../../src/service/clusters.ts';

const FILE = 'antrea-health.yaml';

let reading: Promise<ServiceConfig> | undefined;

/** The configuration file that was packaged with the function, or the one that CONFIG_FILE names; read once. */
export function configuration(): Promise<ServiceConfig> {
  reading ??= read(process.env['CONFIG_FILE'] ?? packaged()).catch((error) => {
    reading = undefined;
    throw error;
  });
  return reading;
}

async function read(path: string): Promise<ServiceConfig> {
  return { file: parseConfig(await readFile(path, 'utf8'), FILE), name: FILE };
}

/** Beside the function's code, or above it. */
function packaged(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const candidate = join(folder, FILE);
    if (existsSync(candidate)) return candidate;
    if (dirname(folder) === folder) throw new Error(`${FILE} is missing; it belongs beside the function`);
  }
}
