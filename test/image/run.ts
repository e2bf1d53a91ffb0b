/**
 * `npm run image`: builds the image of deploy/container/, makes reports with it as Kubernetes would, and prints a table. It
 * needs root on Debian 12 and takes some minutes, most of them for the packages of the build.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../scripts/offline/free-port.ts';
import { openFolderStore } from '../../src/adapters/folder/store.ts';
import { openS3Store } from '../../src/adapters/s3/store.ts';
import { readState } from '../../src/service/archive/claims.ts';
import { listedReports } from '../../src/service/archive/listing.ts';
import type { Store } from '../../src/service/archive/store.ts';
import { type Ceph, startCeph } from '../services/ceph.ts';
import { OVERLAYS } from '../services/kubernetes/objects.ts';
import { prometheusOver } from '../services/prometheus.ts';
import { readPdf } from '../services/read-pdf.ts';
import { temporaryFolder } from '../services/server.ts';
import { startSmtpServer } from '../services/smtp.ts';
import { waitUntil } from '../services/wait-until.ts';
import { simulatedDay } from '../simulation/scenarios.ts';
import { makeBaseImages } from './base-images.ts';
import { buildah } from './buildah.ts';
import { ARCHIVE, CONFIGURATION, type Ended, type Image, openImage, startContainer } from './container.ts';
import { podRuns } from './overlays.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const NAME = 'antrea-health-report';
const DOCKERFILE = join(ROOT, 'deploy/container/Dockerfile');
const LANGUAGES = ['en', 'zh-CN'] as const;

/** The day of the simulation, as the schedule of the morning after it makes it. */
const AT = ['--at', '2026-11-21T06:00:00Z'];
const DAY = ['--from', '2026-11-20', '--to', '2026-11-21'];

/** Clusters, and the Pods of the Indexed Job in deploy/kubernetes/components/fleet/. */
const FLEET = 200;
const SHARDS = 4;

/** Another day than the other rows have, so that its report is not made yet. */
const DAY_BEFORE = ['--at', '2026-11-20T06:00:00Z'];

/** What the first page says in each language. */
const FIRST_PAGE = { en: 'Needs attention', 'zh-CN': '需要处理' } as const;

const print = (text: string) => process.stdout.write(`${text}\n`);

const image = await build();
const folder = await temporaryFolder('image');
const folders = { archive: join(folder.path, 'archive'), configuration: join(folder.path, 'configuration') };
await mkdir(folders.archive);
await mkdir(folders.configuration);
const ceph = await startCeph();
const mail = await startSmtpServer({ tls: 'none' });
const prometheus = await prometheusOver(simulatedDay('faulty', { nodes: 12 }).simulation);
let failures = 0;
try {
  await writeConfiguration(ceph, prometheus.url);
  print(`image: ${(image.size / 1e6).toFixed(0)} MB, user ${image.user}; ${prometheus.version}\n`);
  print('| what the image did | seconds | peak memory, MiB | checked |\n|---|---:|---:|---|');
  await oneByOne();
} finally {
  await prometheus.stop();
  await mail.stop();
  await ceph.stop();
  await folder.remove();
}
process.exit(failures > 0 ? 1 : 0);

async function build(): Promise<Image> {
  const text = await readFile(DOCKERFILE, 'utf8');
  const base = (name: string) => new RegExp(`^ARG ${name}=(.+)$`, 'm').exec(text)?.[1] ?? '';
  await makeBaseImages(base('BASE_IMAGE'), base('NODE_IMAGE'));
  const ignored = ['--ignorefile', `${DOCKERFILE}.dockerignore`];
  await buildah(
    ...['bud', '--pull-never', '--isolation', 'chroot', ...ignored],
    ...['--file', DOCKERFILE, '--tag', NAME, ROOT],
  );
  return openImage(NAME);
}

async function writeConfiguration({ endpoint, credentials }: Ceph, url: string): Promise<void> {
  await ceph.createBucket('reports');
  await writeFile(join(folders.configuration, 'key'), credentials.secretAccessKey, { mode: 0o444 });
  const common = `
prometheus: { url: ${url} }
clusters: [{ name: simulated }]
schedules: [${LANGUAGES.map((language) => `{ name: ${language.toLowerCase()}, period: day, language: ${language} }`).join(', ')}]
archive: `;
  const s3 = `
  s3:
    bucket: reports
    endpoint: ${endpoint}
    accessKeyId: { file: ${CONFIGURATION}/id }
    secretAccessKey: { file: ${CONFIGURATION}/key }`;
  await writeFile(join(folders.configuration, 'id'), credentials.accessKeyId);
  await writeFile(join(folders.configuration, 's3.yaml'), common + s3);
  await writeFile(join(folders.configuration, 'folder.yaml'), `${common}{ folder: ${ARCHIVE}/archive }`);
  await writeFile(
    join(folders.configuration, 'example.capture.gz'),
    await readFile(join(ROOT, 'examples/twelve-nodes.capture.gz')),
  );
}

async function oneByOne(): Promise<void> {
  const run = async (...parameters: string[]) => (await startContainer(image, folders, parameters)).ended;
  await row('prints its version', async () => [await run('--version'), ({ stdout }) => stdout.trim()]);
  for (const path of ['/file', '/usr/local/file', '/var/file']) {
    const touch = async () => (await startContainer(image, folders, [path], ['touch'])).ended;
    await row(`may not write ${path}`, async () => [
      { ...(await touch()), code: 0 },
      ({ stderr }) => expectText(stderr, 'Read-only file system'),
    ]);
  }
  for (const language of LANGUAGES) {
    const options = ['--lang', language, '--out', ARCHIVE];
    await row(`a report of a capture, ${language}`, async () => [
      await run('report', '--from-capture', `${CONFIGURATION}/example.capture.gz`, ...options),
      ({ stdout }) => checkFiles(stdout.trim(), language),
    ]);
    await row(`a report of Prometheus, ${language}`, async () => [
      await run('report', '--prometheus', prometheus.url, ...DAY, ...options),
      ({ stdout }) => checkFiles(stdout.trim(), language),
    ]);
  }
  for (const [place, config, store] of [
    ['a folder', 'folder.yaml', openFolderStore(join(folders.archive, 'archive'))],
    ['Ceph', 's3.yaml', openS3Store({ bucket: 'reports', ...ceph })],
  ] as const)
    for (const language of LANGUAGES)
      await row(`a schedule, stored in ${place}, ${language}`, async () => [
        await run('schedule', language.toLowerCase(), '--config', `${CONFIGURATION}/${config}`, ...AT),
        async ({ stdout }) => checkPdf(await storedPdf(store, stdout.trim()), language),
      ]);
  await row('a schedule whose Pod is killed, made by the next Pod', takeOver);
  await row('serve: a report over HTTP, then SIGTERM', serve);
  for (const overlay of OVERLAYS)
    for (const { name, run: runPods } of await podRuns(overlay, { image, folder: folder.path, ceph, mail }))
      await row(name, runPods);
  await row(`a schedule of ${FLEET} clusters in ${SHARDS} Pods, stored in Ceph`, fleet);
}

/** Prints what a run took and what was checked, or what went wrong. */
async function row(
  name: string,
  action: () => Promise<[Ended, (ended: Ended) => string | Promise<string>]>,
): Promise<void> {
  let cells = ['', ''];
  try {
    const [ended, check] = await action();
    cells = [ended.seconds.toFixed(1), ended.peakMiB.toFixed(0)];
    if (ended.code !== 0) throw new Error(`exit code ${ended.code}: ${ended.stderr}`);
    print(`| ${name} | ${cells.join(' | ')} | ${await check(ended)} |`);
  } catch (error) {
    failures += 1;
    print(`| ${name} | ${cells.join(' | ')} | FAILED: ${error instanceof Error ? error.message : error} |`);
  }
}

function expectText(text: string, wanted: string): string {
  if (!text.includes(wanted)) throw new Error(`"${wanted}" is not in: ${text}`);
  return wanted;
}

/** @param path the folder of a report in the container, which prints an address when it knows no better */
async function checkFiles(path: string, language: string): Promise<string> {
  const name = path.replace(/^file:\/\//, '').replace(/\/report\.html$/, '');
  const own = join(folders.archive, name.slice(ARCHIVE.length));
  const html = await readFile(join(own, 'report.html'), 'utf8');
  expectText(html, `<html lang="${language}"`);
  return checkPdf(await readFile(join(own, 'report.pdf')), language);
}

async function checkPdf(bytes: Uint8Array, language: string): Promise<string> {
  const { document, texts, fonts, raw } = await readPdf(new Uint8Array(bytes));
  expectText(texts[0]?.replaceAll(/\s+/g, ' ') ?? '', FIRST_PAGE[language as keyof typeof FIRST_PAGE]);
  if (/\/Subtype\s*\/Type3/.test(raw) || !/\/FontFile2/.test(raw))
    throw new Error('not all fonts are TrueType');
  if (fonts.includes('NotoSansSC-Regular') !== (language === 'zh-CN')) throw new Error(`fonts: ${fonts}`);
  return `PDF of ${document.numPages} pages, ${(bytes.length / 1e6).toFixed(1)} MB, TrueType: ${fonts.join(', ')}`;
}

async function storedPdf(store: Store, id: string): Promise<Uint8Array> {
  const known = await readState(store, id);
  const file = known?.state.files.find(({ name }) => name === 'report.pdf');
  const object = await store.get(file?.key ?? 'none');
  if (!object) throw new Error(`there is no PDF of ${id}: ${JSON.stringify(known?.state)}`);
  return object.bytes;
}

/** Kills a Pod that has claimed its report. The next one starts at once and waits for the claim to end. */
async function takeOver(): Promise<[Ended, (ended: Ended) => Promise<string>]> {
  const store = openFolderStore(join(folders.archive, 'archive'));
  const parameters = ['schedule', 'en', '--config', `${CONFIGURATION}/folder.yaml`, ...DAY_BEFORE];
  const killed = await startContainer(image, folders, parameters);
  const claimed = async () => {
    const { keys } = await store.list('reports/');
    const states = await Promise.all(keys.filter((key) => key.endsWith('state.json')).map(store.get));
    return states.some((state) => Buffer.from(state?.bytes ?? []).includes('"running"'));
  };
  await waitUntil(claimed, () => 'the report is not begun');
  process.kill(await killed.processId(), 'SIGKILL');
  const { seconds } = await killed.ended;
  const next = await (await startContainer(image, folders, parameters)).ended;
  return [
    next,
    async ({ stdout }) =>
      `${await checkPdf(await storedPdf(store, stdout.trim()), 'en')}; killed after ${seconds.toFixed(0)} s`,
  ];
}

/** Runs all Pods of an Indexed Job at once. Returns the one with the highest memory, with the time of the last one. */
async function fleet(): Promise<[Ended, () => Promise<string>]> {
  await ceph.createBucket('fleet');
  const names = Array.from({ length: FLEET }, (_, index) => `fleet-${String(index).padStart(3, '0')}`);
  const configuration = (await readFile(join(folders.configuration, 's3.yaml'), 'utf8'))
    .replace('bucket: reports', 'bucket: fleet')
    .replace('{ name: simulated }', names.map((name) => `{ name: ${name} }`).join(', '));
  await writeFile(join(folders.configuration, 'fleet.yaml'), configuration);
  const pods = await Promise.all(
    Array.from({ length: SHARDS }, async (_, index) => {
      const shard = ['--shard', `${index}/${SHARDS}`];
      const parameters = ['schedule', 'en', '--config', `${CONFIGURATION}/fleet.yaml`, ...AT, ...shard];
      return (await startContainer(image, folders, parameters)).ended;
    }),
  );
  const [failed] = pods.filter(({ code }) => code !== 0);
  const whole = {
    ...(failed ?? (pods[0] as Ended)),
    seconds: Math.max(...pods.map(({ seconds }) => seconds)),
    peakMiB: Math.max(...pods.map(({ peakMiB }) => peakMiB)),
  };
  return [whole, countFleet];
}

async function countFleet(): Promise<string> {
  const store = openS3Store({ bucket: 'fleet', ...ceph });
  const { reports } = await listedReports(store, null, { limit: 2 * FLEET });
  const clusters = new Set(reports.map(({ cluster }) => cluster));
  if (reports.length !== FLEET || clusters.size !== FLEET)
    throw new Error(`${reports.length} reports of ${clusters.size} clusters`);
  return `${reports.length} reports, one of each cluster`;
}

async function serve(): Promise<[Ended, () => string]> {
  const [pages, metrics] = [await freePort(), await freePort()];
  const listen = ['--listen', `127.0.0.1:${pages}`, '--listen-metrics', `0.0.0.0:${metrics}`];
  const config = ['--config', `${CONFIGURATION}/s3.yaml`];
  const container = await startContainer(image, folders, ['serve', ...config, ...listen]);
  const store = openS3Store({ bucket: 'reports', ...ceph });
  const list = async () => (await listedReports(store, null, { limit: 100 })).reports.length;
  const ask = (url: string, options?: RequestInit) => fetch(url, options).catch(() => undefined);
  await waitUntil(
    async () => (await ask(`http://127.0.0.1:${metrics}/healthz`))?.ok === true,
    () => 'serve does not start',
  );
  const before = await list();
  const body = JSON.stringify({ cluster: 'simulated', start: '2026-11-20T06:00', end: '2026-11-21T00:00' });
  const headers = { 'content-type': 'application/json' };
  const answer = await ask(`http://127.0.0.1:${pages}/reports`, { method: 'POST', headers, body });
  if (answer?.status !== 202) throw new Error(`status ${answer?.status}: ${await answer?.text()}`);
  await waitUntil(
    async () => (await list()) > before,
    () => 'the report is not made',
  );
  const zombies = await container.zombies();
  process.kill(await container.processId(), 'SIGTERM');
  const ended = await container.ended;
  if (zombies > 0) throw new Error(`${zombies} zombies`);
  return [ended, () => 'status 202, then listed; no zombies; exit code 0'];
}
