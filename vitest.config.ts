import { globSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const isReplacingModules = (file: string) =>
  /\bvi\.(?:mock|doMock|resetModules)\(/.test(readFileSync(`${import.meta.dirname}/${file}`, 'utf8'));

/** Tests that replace modules or load them again, and therefore cannot share modules. Those of handlers/ do it in a helper. */
const ISOLATED = [
  'test/unit/handlers/**/*.test.ts',
  ...globSync('test/unit/**/*.test.ts', { cwd: import.meta.dirname }).filter(isReplacingModules),
];

// A time limit only ends a test that hangs. A busy machine needs several times as long as an idle one.
const UNIT_TIMEOUT = 120_000;

export default defineConfig({
  test: {
    // One file more than processors, because tests of services often wait: for a claim to end, or the next scrape.
    maxWorkers: availableParallelism() + 1,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          exclude: ISOLATED,
          testTimeout: UNIT_TIMEOUT,
          // Files of one process share their modules: importing the catalog and the renderer takes longer than most tests.
          isolate: false,
        },
      },
      { test: { name: 'isolated', include: ISOLATED, testTimeout: UNIT_TIMEOUT } },
      {
        test: {
          name: 'services',
          include: ['test/services/**/*.test.ts'],
          globalSetup: 'test/services/bundled-programs.ts',
          // Installing a Debian package and filling a database take minutes.
          testTimeout: 600_000,
          hookTimeout: 900_000,
        },
      },
    ],
  },
});
