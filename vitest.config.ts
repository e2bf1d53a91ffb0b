import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Otherwise one less: on two processors no two files at once.
    maxWorkers: availableParallelism(),
    // Limits end what hangs; a machine that is busy may need several times what they take on an idle one.
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 60_000 } },
      {
        test: {
          name: 'services',
          include: ['test/services/**/*.test.ts'],
          // Installing a Debian package and filling a database take a while.
          testTimeout: 180_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
