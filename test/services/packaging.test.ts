import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openS3Store } from '../../src/adapters/s3/store.ts';
import { parseConfig } from '../../src/config/file.ts';
import { schedulesOf } from '../../src/config/schedules.ts';
import { readState } from '../../src/service/archive/claims.ts';
import { jobsOfSchedule } from '../../src/service/jobs/jobs.ts';
import { DEVELOPMENT_PACKAGES } from '../fixtures/development-packages.ts';
import type { Template } from '../fixtures/template.ts';
import { packageService, readZip, templatesOf, unzip, type ZipEntry } from './packaged.ts';
import { startQueue } from './queue.ts';
import { temporaryFolder } from './server.ts';

const run = promisify(execFile);

const FUNCTIONS = ['daily-report', 'generate-report', 'on-demand', 'email-digest'] as const;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
/** Packages of the example configuration, made twice. */
const zips: Record<string, { zip: Buffer; again: Buffer; entries: ZipEntry[] }> = {};
let template: Template;

beforeAll(async () => {
  folder = await temporaryFolder('packaging');
  const pack = async () => {
    template = await packageService(folder.path);
    return Promise.all(FUNCTIONS.map((name) => readFile(join(folder.path, `.serverless/${name}.zip`))));
  };
  const [first, second] = [await pack(), await pack()];
  for (const [index, name] of FUNCTIONS.entries()) {
    const [zip, again] = [first[index] as Buffer, second[index] as Buffer];
    zips[name] = { zip, again, entries: readZip(zip) };
  }
});

afterAll(() => folder.remove());

describe('zips', () => {
  const namesIn = (name: string) =>
    (zips[name]?.entries ?? []).map((entry) => entry.name.slice(`build/${name}/`.length));

  it.each(FUNCTIONS)('%s contains only its folder, with the same bytes every time', (name) => {
    const { zip, again, entries } = zips[name] as (typeof zips)[string];
    expect(entries.filter((entry) => !entry.name.startsWith(`build/${name}/`))).toEqual([]);
    const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
    expect(hash(again)).toBe(hash(zip));
  });

  it('contain only what each function needs', () => {
    const kinds = (name: string) =>
      [
        ...new Set(
          namesIn(name).map((one) =>
            one.replace(/^[^/]+\.mjs(?:\.LEGAL\.txt)?$/, 'code').replace(/\/.*/, '/'),
          ),
        ),
      ].sort();
    expect(kinds('daily-report')).toEqual(['antrea-health.yaml', 'code']);
    expect(kinds('on-demand')).toEqual(['antrea-health.yaml', 'code', 'templates/']);
    expect(kinds('email-digest')).toEqual(['antrea-health.yaml', 'assets/', 'code', 'templates/']);
    expect(namesIn('email-digest').filter((one) => one.startsWith('assets/'))).toEqual([
      'assets/index_bg.wasm',
    ]);
    expect(kinds('generate-report')).toEqual(['antrea-health.yaml', 'assets/', 'code', 'templates/']);
    expect(namesIn('generate-report').filter((one) => one.startsWith('assets/'))).toEqual([
      'assets/IBMPlexMono_400Regular.ttf',
      'assets/IBMPlexSans_400Regular.ttf',
      'assets/IBMPlexSans_600SemiBold.ttf',
      'assets/NotoSansSC_400Regular.ttf',
      'assets/NotoSansSC_600SemiBold.ttf',
      'assets/al2023.tar.br',
      'assets/chromium.br',
      'assets/fonts.tar.br',
      'assets/harfbuzz-subset.wasm',
    ]);
  });

  it('are smaller than the limits of Lambda', () => {
    const unzipped = (name: string) =>
      (zips[name]?.entries ?? []).reduce((sum, { bytes }) => sum + bytes().length, 0);
    for (const name of ['daily-report', 'on-demand', 'email-digest'])
      expect(zips[name]?.zip.length).toBeLessThan(5e6);
    // https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
    for (const name of FUNCTIONS) expect(unzipped(name)).toBeLessThan(250 * 1024 ** 2);
  });

  /** The sources of a bundle, which esbuild names in comments of files that are not minified. */
  const sourcesOf = (name: string): string[] =>
    (zips[name]?.entries ?? [])
      .filter((entry) => entry.name.endsWith('.mjs'))
      .flatMap((entry) => [
        ...entry
          .bytes()
          .toString('utf8')
          .matchAll(/^ *\/\/ (\S+\.(?:ts|[cm]?js|json))$/gm),
      ])
      .map(([, path = '']) => path);

  it.each(FUNCTIONS)(
    '%s consists of the program and its dependencies, without development packages',
    (name) => {
      const sources = sourcesOf(name);
      expect(sources).toContain(`handlers/${name}.ts`);
      expect(sources.filter((path) => /^(?:test|bench|scripts|examples)\//.test(path))).toEqual([]);
      const packages = sources.map(
        (path) =>
          path
            .split('node_modules/')
            .at(-1)
            ?.match(/^(?:@[^/]+\/)?[^/]+/)?.[0],
      );
      expect(DEVELOPMENT_PACKAGES).toContain('vitest');
      expect(DEVELOPMENT_PACKAGES.filter((one) => packages.includes(one))).toEqual([]);
      const heavy = ['puppeteer-core', '@sparticuz/chromium', 'subset-font', 'undici'];
      expect(heavy.filter((one) => packages.includes(one))).toEqual(name === 'generate-report' ? heavy : []);
    },
  );
});

describe('the code that on-demand loads at once', () => {
  /** The files that `index.mjs` imports before it runs, with what they import. */
  function loadedAtOnce(): string {
    const files = new Map(
      (zips['on-demand']?.entries ?? []).map(({ name, bytes }) => [name.split('/').at(-1) ?? '', bytes]),
    );
    const loaded = new Set(['index.mjs']);
    let code = '';
    for (const file of loaded) {
      const text = files.get(file)?.().toString('utf8') ?? '';
      code += text;
      for (const [, next = ''] of text.matchAll(
        /^(?:import|export|\} from) ?(?:[^;'"]*?from )?["']\.\/([^"']+)["'];/gm,
      ))
        loaded.add(next);
    }
    return code;
  }

  it('has nothing of signing in, which most deployments do without', () => {
    const code = loadedAtOnce();
    expect(code).toContain('// handlers/on-demand.ts');
    expect(code).toContain('// src/service/api/api.ts');
    const all = (zips['on-demand']?.entries ?? []).map(({ bytes }) => bytes().toString('utf8')).join('');
    for (const part of ['src/service/sign-in/', 'src/adapters/oidc/provider', 'openid-client/', 'jose/']) {
      const comment = new RegExp(`^ *// .*\\b${part}`, 'm');
      expect(code).not.toMatch(comment);
      expect(all).toMatch(comment);
    }
  });
});

describe('the template', () => {
  it('is the same without the code of the functions', async () => {
    const { example } = await templatesOf({ example: undefined });
    // Each package has a separate folder in the bucket of the deployment.
    const withoutTime = (one: Template) => JSON.stringify(one).replace(/\d{13}-[\d-]+T[\d:.]+Z/g, 'time');
    expect(JSON.parse(withoutTime(example))).toEqual(JSON.parse(withoutTime(template)));
  });
});

describe('a wrong configuration', () => {
  it('is reported in one line, and no package is made', async () => {
    const other = await temporaryFolder('wrong');
    try {
      const wrong = 'clusters: [{ name: one }]\nprometheus: { ulr: https://prometheus.invalid }\n';
      await expect(packageService(other.path, wrong)).rejects.toThrow(
        /\/test\.yaml:2: prometheus\.ulr: is not a known key; did you mean url\?\n/,
      );
      expect(await readdir(other.path)).not.toContain('.serverless');
      expect(await readdir(other.path)).not.toContain('build');
    } finally {
      await other.remove();
    }
  });

  it('is reported in one line if it needs more permissions than a role can have', async () => {
    const other = await temporaryFolder('permissions');
    try {
      const clusters = Array.from(
        { length: 150 },
        (_, index) =>
          `  - { name: c${index}, prometheus: { bearerToken: { secret: antrea-health/c${index} } } }`,
      );
      const large = `prometheus: { url: https://prometheus.invalid }\nclusters:\n${clusters.join('\n')}\n`;
      await expect(packageService(other.path, large)).rejects.toThrow(
        /\/test\.yaml: the permissions of GenerateReportRole take up to \d+ characters, and AWS allows 10240 per role; most are for 150 secrets; put their values into one secret with a field for each \(secret: …, key: …\)\n/,
      );
      expect(await readdir(other.path)).not.toContain('.serverless');
    } finally {
      await other.remove();
    }
  });
});

describe('the unzipped generate-report, alone in an empty folder', () => {
  const CONFIG = `
prometheus: { capture: ${fileURLToPath(new URL('../../examples/twelve-nodes.capture.gz', import.meta.url))} }
clusters: [{ name: twelve-nodes }]
schedules:
  - { name: english, period: day, formats: [pdf] }
  - { name: chinese, period: day, formats: [pdf], language: zh-CN }
`;

  it('makes two PDFs in one process of plain Node 24', async () => {
    const alone = await temporaryFolder('alone');
    const server = await startQueue();
    try {
      const { endpoint } = server;
      // fauxqs accepts any credentials.
      const region = 'us-east-1';
      const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
      const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
      await client.send(new CreateBucketCommand({ Bucket: 'reports' }));
      const store = openS3Store({ bucket: 'reports', client, endpoint });

      await unzip((zips['generate-report'] as (typeof zips)[string]).zip, alone.path);
      const bundle = join(alone.path, 'build/generate-report');
      await writeFile(join(bundle, 'antrea-health.yaml'), CONFIG);
      const config = parseConfig(CONFIG, 'test.yaml');
      const now = new Date();
      const jobs = (
        await Promise.all(schedulesOf(config.file).map((one) => jobsOfSchedule(config, one, now, now)))
      ).flatMap((made) => made.jobs);
      expect(jobs).toHaveLength(2);

      const bodies = jobs.map((job) => JSON.stringify(job));
      const { stdout } = await run(
        process.execPath,
        ['--input-type=module', '--eval', invocationsOf(join(bundle, 'index.mjs'), bodies)],
        {
          cwd: alone.path,
          // The environment of Lambda without that of this process, and a temporary folder without Chromium.
          env: {
            ...{ AWS_REGION: region, AWS_ENDPOINT_URL_S3: endpoint, AWS_ENDPOINT_URL_SQS: endpoint },
            ...{
              AWS_ACCESS_KEY_ID: credentials.accessKeyId,
              AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
            },
            ...{ BUCKET: 'reports', DEAD_LETTER_QUEUE_URL: server.deadLetterQueueUrl },
            ...{ POWERTOOLS_SERVICE_NAME: 'generate-report', POWERTOOLS_METRICS_NAMESPACE: 'Test' },
            TMPDIR: await emptyFolder(join(alone.path, 'tmp')),
          },
        },
      );
      expect(stdout.split('\n').filter((line) => line.startsWith('answer '))).toEqual(
        jobs.map(() => 'answer {"batchItemFailures":[]}'),
      );
      for (const { id } of jobs) {
        const state = (await readState(store, id))?.state;
        expect(state).toMatchObject({ state: 'ready', missing: [] });
        const file = state?.files.find(({ name }) => name === 'report.pdf');
        const pdf = await store.get(file?.key ?? 'none');
        expect(Buffer.from(pdf?.bytes ?? []).toString('latin1', 0, 5)).toBe('%PDF-');
        expect(pdf?.bytes.length).toBeGreaterThan(100_000);
      }
      client.destroy();
    } finally {
      await server.stop();
      await alone.remove();
    }
  });

  /** Calls the handler repeatedly, like Lambda. */
  const invocationsOf = (entry: string, bodies: readonly string[]): string => `
    const { handler } = await import(${JSON.stringify(pathToFileURL(entry).href)});
    for (const body of ${JSON.stringify(bodies)}) {
      const record = { messageId: 'one', body, attributes: { ApproximateReceiveCount: '1' } };
      const context = { functionName: 'generate-report', awsRequestId: 'one', getRemainingTimeInMillis: () => 300_000 };
      process.stdout.write('answer ' + JSON.stringify(await handler({ Records: [record] }, context)) + '\\n');
    }`;

  async function emptyFolder(path: string): Promise<string> {
    await mkdir(path);
    return path;
  }
});
