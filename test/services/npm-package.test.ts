import { execFile } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { reportSchema } from '../../src/report/model/report.ts';
import { DEVELOPMENT_PACKAGES } from '../fixtures/development-packages.ts';
import { simulatedDay } from '../simulation/scenarios.ts';
import { unpackedChromium } from './chromium.ts';
import { type Outcome, reportFolder } from './cli.ts';
import { nodeOfVersion, npm, packCopy } from './npm-package.ts';
import { startPrometheus } from './prometheus.ts';
import { filled, temporaryFolder } from './server.ts';
import { someOf } from './thorough.ts';

const run = promisify(execFile);

/** The oldest version that `engines` in package.json allows. */
const OLDEST_NODE = '22.19.0';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
/** Packages of two copies of the same checkout. */
let archive: string;
let archiveOfCopy: string;
/** Folders with only the package: as npm installs it, and without optional packages. */
let installed: string;
let withoutChromium: string;

beforeAll(async () => {
  folder = await temporaryFolder('npm-package');
  const at = (name: string) => join(folder.path, name);
  [archive, archiveOfCopy] = await Promise.all([packCopy(at('checkout')), packCopy(at('copy'))]);
  const install = async (name: string, ...parameters: string[]) => {
    await mkdir(at(name));
    await npm(['install', '--no-audit', '--no-fund', '--prefer-offline', ...parameters, archive], {
      cwd: at(name),
    });
    return at(name);
  };
  installed = await install('installed');
  withoutChromium = await install('without-chromium', '--omit=optional');
});
afterAll(() => folder?.remove());

/** The entry of the package in a folder where it is installed. */
const entryIn = (path: string) => join(path, 'node_modules/antrea-health-report/dist/antrea-health.cjs');

type Surroundings = { node?: string; cwd?: string; env?: NodeJS.ProcessEnv };

/** Runs the installed command with a Node and, by default, nothing else of this machine. */
function runInstalled(
  path: string,
  parameters: readonly string[],
  { node = process.execPath, cwd = path, env = {} }: Surroundings = {},
): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(node, [entryIn(path), ...parameters], { cwd, env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr });
    });
  });
}

const bytesIn = async (path: string): Promise<number> => {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
};

describe('the archive', () => {
  it('has the same bytes in two copies of a checkout', async () => {
    const [bytes, others] = await Promise.all([readFile(archive), readFile(archiveOfCopy)]);
    expect(others.equals(bytes)).toBe(true);
  });

  it('has the compiled program, its files and the documents, but neither sources nor tests', async () => {
    const { stdout } = await run('tar', ['-tzf', archive]);
    const files = stdout
      .trimEnd()
      .split('\n')
      .map((name) => name.replace(/^package\//, ''));
    const kinds = [
      /^(?:package\.json|LICENSE|CHANGELOG\.md|README(?:\.zh-CN)?\.md)$/,
      /^dist\/(?:antrea-health\.cjs|licenses\.txt|[\w-]+\.mjs(?:\.LEGAL\.txt)?)$/,
      /^dist\/templates\/[\w/-]+\.(?:hbs|css|js)$/,
      /^dist\/assets\/[\w-]+(?:\.ttf|\.wasm|\.capture\.gz)$/,
      /^docs\/[\w/.-]+\.(?:md|json|png|svg)$/,
      /^examples\/[\w-]+\.yaml$/,
    ];
    expect(files.filter((file) => !kinds.some((kind) => kind.test(file)))).toEqual([]);
    for (const kind of kinds) expect(files.filter((file) => kind.test(file))).not.toEqual([]);
    expect(files.filter((file) => file.startsWith('dist/assets/')).sort()).toEqual([
      'dist/assets/IBMPlexMono_400Regular.ttf',
      'dist/assets/IBMPlexSans_400Regular.ttf',
      'dist/assets/IBMPlexSans_600SemiBold.ttf',
      'dist/assets/NotoSansSC_400Regular.ttf',
      'dist/assets/NotoSansSC_600SemiBold.ttf',
      'dist/assets/harfbuzz-subset.wasm',
      'dist/assets/index_bg.wasm',
      'dist/assets/twelve-nodes.capture.gz',
    ]);
  });

  it('is small, and needs no packages but Chromium', async () => {
    // Measured: 18 and 37 MB, most of which are fonts; with Chromium 114 MB.
    expect((await stat(archive)).size).toBeLessThan(25e6);
    expect(await bytesIn(join(withoutChromium, 'node_modules'))).toBeLessThan(50e6);
    expect(await bytesIn(join(installed, 'node_modules'))).toBeLessThan(150e6);
    const packages = (await readdir(join(withoutChromium, 'node_modules'))).filter(
      (name) => !/^\./.test(name),
    );
    expect(packages).toEqual(['antrea-health-report']);
    expect(packageJson).not.toHaveProperty('dependencies');
    expect(Object.keys(packageJson.optionalDependencies)).toEqual(['@sparticuz/chromium']);
  });

  it('names the license of each package that it contains, and contains none of development', async () => {
    const text = await readFile(join(dirname(entryIn(installed)), 'licenses.txt'), 'utf8');
    for (const name of ['undici', '@aws-sdk/client-s3', 'puppeteer-core', 'harfbuzzjs'])
      expect(text).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(`, 'm'));
    expect(text).toContain('SIL OPEN FONT LICENSE');
    const packages = [...text.matchAll(/^(\S+) \d+\.\d+\.\d+\S* \(.+\)$/gm)].map(([, name]) => name);
    expect(packages.filter((name) => DEVELOPMENT_PACKAGES.includes(name ?? ''))).toEqual([]);
  });
});

describe('the command in an empty folder', () => {
  it('makes the demo report by npx, in the folder of the caller', async () => {
    const empty = join(folder.path, 'empty');
    await mkdir(empty);
    await copyFile(archive, join(empty, basename(archive)));
    const env = { npm_config_cache: join(folder.path, 'npx-cache'), npm_config_omit: 'optional' };
    const parameters = [`./${basename(archive)}`, 'demo', '--format', 'html,json'];
    const stdout = await npm(['exec', '--yes', '--', ...parameters], { cwd: empty, env });
    expect(reportFolder({ stdout })).toMatch(new RegExp(`^${empty}/reports/`));
    expect((await readdir(reportFolder({ stdout }))).sort()).toEqual(['report.html', 'report.json']);
  });

  it('makes a report of a Prometheus 3 with its PDF, under both names', async () => {
    const scenario = simulatedDay('faulty', { nodes: 12 });
    const server = await filled(startPrometheus('new'), scenario.simulation);
    try {
      const path = dirname(process.execPath);
      const reports = await Promise.all(
        ['antrea-health', 'antrea-health-report'].map(async (name) => {
          const cwd = join(folder.path, name);
          await mkdir(cwd);
          const { stdout, stderr } = await run(
            join(installed, 'node_modules/.bin', name),
            ['report', '--prometheus', server.url, '--from', '2026-11-20', '--to', '2026-11-21'],
            { cwd, env: { PATH: `${path}:/usr/bin:/bin` } },
          );
          expect(stderr).toBe('');
          expect(stdout).toMatch(/^file:\/\/\/\S+\/report\.html\n$/);
          return reportFolder({ stdout });
        }),
      );
      for (const report of reports) {
        expect((await readFile(join(report, 'report.pdf'))).toString('latin1', 0, 5)).toBe('%PDF-');
        const made = reportSchema.parse(JSON.parse(await readFile(join(report, 'report.json'), 'utf8')));
        expect(made).toMatchObject({ complete: true, verdict: 'critical' });
      }
    } finally {
      await server.stop();
    }
  });

  it('writes the other files and says what to install where there is no Chromium', async () => {
    const outcome = await runInstalled(withoutChromium, ['demo', '--out', 'none']);
    expect(outcome).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^antrea-health: There is no Chromium to print the PDF; install Chromium, [^\n]*--chromium[^\n]*\n$/,
      ),
    });
    expect((await readdir(reportFolder(outcome))).sort()).toEqual(['report.html', 'report.json']);
  });

  it('prints with a Chromium on the PATH, after one that does not start', async () => {
    const programs = join(folder.path, 'programs');
    await mkdir(programs);
    await symlink(await unpackedChromium(), join(programs, 'chromium'));
    const broken = join(folder.path, 'broken');
    await mkdir(broken);
    await writeFile(join(broken, 'chromium'), '#!/bin/sh\necho broken >&2\nexit 1\n', { mode: 0o755 });
    const print = (PATH: string, ...parameters: string[]) =>
      runInstalled(withoutChromium, ['demo', '--format', 'pdf', '--out', 'found', ...parameters], {
        env: { PATH },
      });
    const outcome = await print(`${broken}:${programs}`);
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    expect(await readdir(join(withoutChromium, reportFolder(outcome)))).toEqual(['report.pdf']);
    const refused = await print(programs, '--chromium', join(broken, 'chromium'));
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('does not start: broken') });
  });
});

describe('Node', () => {
  it.each(someOf(['10.24.1', '22.18.0'], 0, 2))('%s is refused in one line', async (version) => {
    expect(await runInstalled(withoutChromium, ['demo'], { node: await nodeOfVersion(version) })).toEqual({
      code: 2,
      stdout: '',
      stderr: `antrea-health: needs Node 22.19 or later, or Node 24 or later; this is Node ${version}\n`,
    });
  });

  it(`${OLDEST_NODE} makes and stores reports without warnings, and keeps little room for young objects`, async () => {
    expect(packageJson.engines.node).toBe(`^${OLDEST_NODE} || >=24.0.0`);
    const node = await nodeOfVersion(OLDEST_NODE);
    const config = join(folder.path, 'antrea-health.yaml');
    await writeFile(
      config,
      `prometheus: { capture: ${join(dirname(entryIn(installed)), 'assets/twelve-nodes.capture.gz')} }
clusters: [{ name: example }]
schedules: [{ name: daily, period: day, formats: [html, json] }]
`,
    );
    // Prints the size in MB when the command ends.
    const atExit = `import { getHeapSpaceStatistics } from 'node:v8';
      process.on('exit', () => {
        const young = getHeapSpaceStatistics().find((space) => space.space_name === 'new_space');
        process.stdout.write(\`\${young.space_size / 2 ** 20}\\n\`);
      });`;
    const { code, stdout, stderr } = await runInstalled(
      installed,
      ['schedule', '--config', config, '--archive', join(folder.path, 'archive')],
      { node, env: { NODE_OPTIONS: `--import="data:text/javascript,${encodeURIComponent(atExit)}"` } },
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    // Without a limit, it has 32 MB.
    expect(Number(stdout.trimEnd().split('\n').at(-1))).toBeLessThan(8);
  });
});
