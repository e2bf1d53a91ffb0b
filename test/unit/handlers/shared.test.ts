import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

/** What functions keep between invocations; each test starts a new function. */

let folder: string;
beforeEach(async () => {
  vi.resetModules();
  folder = await mkdtemp(join(tmpdir(), 'antrea-health-report-shared-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

describe('between invocations a function keeps', () => {
  it('the configuration, but not a failure to read it', async () => {
    const file = join(folder, 'mine.yaml');
    vi.stubEnv('CONFIG_FILE', file);
    const { configuration } = await import('../../../handlers/shared/configuration.ts');
    await expect(configuration()).rejects.toThrow('mine.yaml');
    await writeFile(file, 'clusters: [{ name: first }]');
    expect((await configuration()).file.clusters).toEqual([{ name: 'first' }]);
    await writeFile(file, 'clusters: [{ name: second }]');
    expect((await configuration()).file.clusters).toEqual([{ name: 'first' }]);
  });

  it('the store, but not a failure to open it', async () => {
    vi.stubEnv('BUCKET', undefined);
    vi.stubEnv('AWS_REGION', 'eu-central-1');
    const { deployedStore } = await import('../../../handlers/shared/store.ts');
    await expect(deployedStore(1000)).rejects.toThrow(/BUCKET is not set; serverless.yml sets it/);
    vi.stubEnv('BUCKET', 'reports');
    const store = await deployedStore(1000);
    expect(await deployedStore(1000)).toBe(store);
    await store.close();
  });

  it('each of the queues', async () => {
    const { queueOf } = await import('../../../handlers/shared/queue.ts');
    expect(() => queueOf('QUEUE_URL')).toThrow(/QUEUE_URL is not set/);
    vi.stubEnv('QUEUE_URL', 'https://sqs.invalid/jobs');
    vi.stubEnv('DEAD_LETTER_QUEUE_URL', 'https://sqs.invalid/dead');
    expect(queueOf('QUEUE_URL')).toBe(queueOf('QUEUE_URL'));
    expect(queueOf('DEAD_LETTER_QUEUE_URL')).not.toBe(queueOf('QUEUE_URL'));
  });
});
