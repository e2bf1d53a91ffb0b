import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Config, readConfigFile } from '../../src/config/file.ts';

const FILE = 'antrea-health.yaml';

let reading: Promise<Config> | undefined;

/** The configuration file that CONFIG_FILE names, else the one packaged with the function; read once. */
export function configuration(): Promise<Config> {
  reading ??= readConfigFile(process.env['CONFIG_FILE'] ?? packagedFile(), {
    name: FILE,
    option: 'CONFIG_FILE',
  }).catch((error) => {
    reading = undefined;
    throw error;
  });
  return reading;
}

/** Next to the function's code, or in a folder above it. */
function packagedFile(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const candidate = join(folder, FILE);
    if (existsSync(candidate)) return candidate;
    if (dirname(folder) === folder)
      throw new Error(`${FILE} is missing; it belongs next to the function's code`);
  }
}
