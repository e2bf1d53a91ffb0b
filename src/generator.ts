import { readFileSync } from 'node:fs';

const { name, version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  name: string;
  version: string;
};

/** What makes the reports: this package's name and version. */
export const GENERATOR: { readonly name: string; readonly version: string } = { name, version };
