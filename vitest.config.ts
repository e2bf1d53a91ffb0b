import { globSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

/** Returns the test files below a folder whose text has a pattern. */
const filesWith = (folder: string, pattern: RegExp) =>
  globSync(`${folder}/**/*.test.ts`, { cwd: import.meta.dirname }).filter((file) =>
    pattern.test(readFileSync(`${import.meta.dirname}/${file}`, 'utf8')),
  );

/** Tests that replace modules or load them again, and therefore cannot share modules. Those of handlers/ do it in a helper. */
const ISOLATED = [
  'test/unit/handlers/**/*.test.ts',
  ...filesWith('test/unit', /\bvi\.(?:mock|doMock|resetModules)\(/),
];

/** Tests of services that change the environment of their process, also by deploying the service in it. */
const ISOLATED_SERVICES = filesWith(
  'test/services',
  /\bdeploy\(|Object\.assign\(process\.env|process\.env\[[^\]]+\] = /,
);

const SERVICES: TestProjectInlineConfiguration['test'] = {
  globalSetup: 'test/services/bundled-programs.ts',
  // Installing a Debian package and filling a database take minutes.
  testTimeout: 600_000,
  hookTimeout: 900_000,
};

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
          ...SERVICES,
          name: 'services',
          include: ['test/services/**/*.test.ts'],
          exclude: ISOLATED_SERVICES,
          isolate: false,
        },
      },
      { test: { ...SERVICES, name: 'services-isolated', include: ISOLATED_SERVICES } },
    ],
  },
});
