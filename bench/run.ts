/**
 * Measures the time and memory of a report by stage, in comparison with curl, which sends the same requests and discards
 * the answers, and with a bare Chromium, which prints the same page. Needs curl and Debian's packages prometheus and
 * victoria-metrics (installed if possible).
 *
 *   npm run bench                          12 and 300 nodes, and 300, 1,000 and 5,000 replayed ones
 *   npm run bench -- 12                    a day of 12 nodes
 *   npm run bench -- month 110             a month
 *   npm run bench -- replay 1000 5000      days of clusters that bench/replay/server.ts makes of a small one
 *   npm run bench -- replay upgrade 1000   the same, and all agents get new Pods within an hour
 */
import { startPrometheus } from '../test/services/prometheus.ts';
import { type Database, temporaryFolder } from '../test/services/server.ts';
import { startVictoriaMetrics } from '../test/services/victoria-metrics.ts';
import { simulate } from '../test/simulation/samples.ts';
import type { PrintOutput } from './bare-print.ts';
import { bundlePrograms } from './bundled.ts';
import { curl } from './curl.ts';
import { dayWithPast, monthWithPast, type Scenario } from './past.ts';
import { type Replay, startReplay } from './replay/start.ts';
import type { ReportOutput, ReportTask } from './report-worker.ts';
import type { StagesRun } from './stages.ts';
import { printTable, type Result } from './table.ts';
import { startWorker } from './worker.ts';

/** With more nodes, the samples that Prometheus has not yet written to blocks fill the memory. */
const MOST_NODES_IN_PROMETHEUS = 50;

/**
 * The number of nodes of the simulated cluster that is replayed. More than 32 KiB, the distance at which gzip finds
 * repetitions, lie between equal copies, and the samples are loaded within a minute.
 */
const REPLAYED_NODES = 64;

/** Rounds of measurements. The best one counts, because other load on the machine only adds time. */
const ROUNDS = 5;
const ROUNDS_OF_LARGE = 3;
const LARGE_NODES = 1000;

const words = process.argv.slice(2);
const sizes = words.map(Number).filter(Number.isInteger);
const isMonth = words.includes('month');
const isUpgraded = words.includes('upgrade');
const unknown = words.filter((word) => !/^\d+$|^(month|replay|upgrade)$/.test(word));
if (unknown.length > 0) {
  process.stderr.write(`unknown: ${unknown.join(' ')}; give numbers of nodes, month, replay or upgrade\n`);
  process.exit(2);
}

/** The sizes that are measured if none is given. */
const SIZES = [12, 300];
const REPLAYED_SIZES = [300, 1000, 5000];

const isReplay = words.includes('replay');
const programs = await bundlePrograms();
try {
  if (!isReplay) for (const nodes of sizes.length > 0 ? sizes : SIZES) await benchmarkServer(nodes);
  if (isReplay || words.length === 0) await benchmarkReplay(sizes.length > 0 ? sizes : REPLAYED_SIZES);
} finally {
  await programs.remove();
}

/** Measures reports of a cluster that a real server has. */
async function benchmarkServer(nodes: number): Promise<void> {
  const isSmall = !isMonth && nodes <= MOST_NODES_IN_PROMETHEUS;
  const name = isSmall ? 'Prometheus' : 'VictoriaMetrics';
  const scenario = isMonth ? monthWithPast(nodes) : dayWithPast(nodes);
  const length = isMonth ? 'a month' : '24 h';
  await withDatabase(isSmall ? startPrometheus : startVictoriaMetrics, scenario, async (server) => {
    await withReplay({ upstream: server.url, nodes }, async (replay) => {
      const title = `${nodes} nodes in ${name}, ${length}`;
      await measureAndPrint({ title, nodes, url: server.url, replay, period: scenario.period });
    });
  });
}

/** Measures reports of clusters that are multiplied copies of a small one. */
async function benchmarkReplay(counts: readonly number[]): Promise<void> {
  const scenario = dayWithPast(REPLAYED_NODES, { isUpgraded });
  await withDatabase(startVictoriaMetrics, scenario, (server) =>
    withReplay({ upstream: server.url, nodes: REPLAYED_NODES, isUpgraded }, async (replay) => {
      for (const nodes of counts) {
        const title = `${nodes} nodes replayed${isUpgraded ? ' with an upgrade' : ''}, 24 h`;
        await measureAndPrint({ title, nodes, url: replay.url(nodes), replay, period: scenario.period });
      }
    }),
  );
}

async function withDatabase(
  start: () => Promise<Database>,
  { parts }: Scenario,
  work: (server: Database) => Promise<void>,
): Promise<void> {
  process.stderr.write('filling the server with weeks of samples ...\n');
  const server = await start();
  try {
    for (const part of parts) await server.load(simulate(part));
    await work(server);
  } finally {
    await server.stop();
  }
}

async function withReplay(
  options: Parameters<typeof startReplay>[0],
  work: (replay: Replay) => Promise<void>,
): Promise<void> {
  const replay = await startReplay(options);
  try {
    await work(replay);
  } finally {
    await replay.stop();
  }
}

type Subject = {
  title: string;
  nodes: number;
  /** The server that is measured. */
  url: string;
  /** Receives the requests once before, to list them and to fill its cache. */
  replay: Replay;
  period: Scenario['period'];
};

async function measureAndPrint(subject: Subject): Promise<void> {
  try {
    printTable(subject.title, await measureSubject(subject));
  } catch (error) {
    process.stdout.write(`\n${subject.title}: ${error instanceof Error ? error.message : error}\n`);
  }
}

async function measureSubject({ nodes, url, replay, period }: Subject): Promise<Result> {
  const folder = await temporaryFolder('bench');
  const stagesOf = (server: string) =>
    startWorker<'report', StagesRun>(programs.fileOf('stages'), [
      server,
      String(period.start),
      String(period.end),
      folder.path,
    ]);
  try {
    const recording = stagesOf(replay.url(nodes));
    await replay.takeLog();
    await recording.run('report');
    await recording.stop();
    const requests = await replay.takeLog();

    const stages = stagesOf(url);
    const gatherer = startWorker<ReportTask, ReportOutput>(programs.fileOf('report-worker'), [
      url,
      String(period.start),
      String(period.end),
    ]);
    const chromium = startWorker<'print', PrintOutput>(programs.fileOf('bare-print'), [
      `${folder.path}/report.html`,
    ]);
    const first = {
      gather: (await gatherer.run({ kind: 'gather' })).measured,
      ...(await stages.run('report')),
    };
    const rounds: Result['rounds'] = [];
    for (let round = 0; round < (nodes < LARGE_NODES ? ROUNDS : ROUNDS_OF_LARGE); round += 1)
      rounds.push({
        gather: (await gatherer.run({ kind: 'gather' })).measured,
        run: await stages.run('report'),
        curl: await curl(url, requests, false),
        compressedCurl: await curl(url, requests, true),
        barePrintSeconds: (await chromium.run('print')).seconds,
      });
    await Promise.all([gatherer.stop(), stages.stop(), chromium.stop()]);
    return { requests, first, rounds };
  } finally {
    await folder.remove();
  }
}
