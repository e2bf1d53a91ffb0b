/**
 * Measures the time and memory of a report by stage, for 12 and for 300 nodes over 24 hours with the four weeks before,
 * and the time that curl needs for the same requests. Needs Debian's packages prometheus and victoria-metrics
 * (installed if possible) and curl.
 *
 *   npm run bench              both sizes
 *   npm run bench -- 12        one size
 *   npm run bench -- 100 month the report of a month
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { DEFAULT_CONCURRENCY } from '../src/adapters/prometheus/client.ts';
import { startPrometheus } from '../test/services/prometheus.ts';
import { startVictoriaMetrics } from '../test/services/victoria-metrics.ts';
import { simulate } from '../test/simulation/samples.ts';
import { dayWithPast, monthWithPast } from './past.ts';
import type { Request, StagesOutput } from './stages.ts';

const CURL_RUNS = 5;

/** With more nodes, the samples that Prometheus has not yet written to blocks fill the memory. */
const MOST_NODES_IN_PROMETHEUS = 50;

const run = promisify(execFile);

const words = process.argv.slice(2);
const isMonth = words.includes('month');
const sizes = words.filter((word) => word !== 'month').map(Number);
for (const nodes of sizes.length > 0 ? sizes : [12, 300]) await benchmark(nodes);

async function benchmark(nodes: number): Promise<void> {
  const isSmall = !isMonth && nodes <= MOST_NODES_IN_PROMETHEUS;
  const name = isSmall ? 'Prometheus' : 'VictoriaMetrics';
  process.stderr.write(`filling ${name} with weeks of ${nodes} nodes ...\n`);
  const { parts, period } = (isMonth ? monthWithPast : dayWithPast)(nodes);
  const server = await (isSmall ? startPrometheus : startVictoriaMetrics)();
  try {
    for (const part of parts) await server.load(simulate(part));
    const stages = fileURLToPath(new URL('stages.ts', import.meta.url));
    const parameters = [server.url, period.start, period.end, isMonth ? 3 : 6].map(String);
    const { stdout } = await run(process.execPath, [stages, ...parameters], { maxBuffer: 64 * 1024 ** 2 });
    const { runs, requests } = JSON.parse(stdout) as StagesOutput;
    const curls: number[] = [];
    for (let count = 0; count < CURL_RUNS; count += 1) curls.push(await curl(server.url, requests));
    const length = isMonth ? 'a month' : '24 h';
    print(`${nodes} nodes in ${name}, ${length}, ${requests.length} requests`, runs, Math.min(...curls));
  } finally {
    await server.stop();
  }
}

/** Returns the seconds that curl needs for the same requests with the same concurrency, discarding the answers. */
async function curl(url: string, requests: readonly Request[]): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'antrea-health-curl-'));
  try {
    const config = requests.map(({ path, form }) =>
      [
        `url = ${JSON.stringify(`${url}${path}`)}`,
        ...Object.entries(form).map(
          ([name, value]) => `data-urlencode = ${JSON.stringify(`${name}=${value}`)}`,
        ),
        'compressed',
        'output = "/dev/null"',
      ].join('\n'),
    );
    const file = join(folder, 'curl.conf');
    await writeFile(file, `${config.join('\nnext\n')}\n`);
    const start = performance.now();
    await run('curl', [
      '--silent',
      '--parallel',
      '--parallel-max',
      String(DEFAULT_CONCURRENCY),
      '--config',
      file,
    ]);
    return (performance.now() - start) / 1000;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function print(title: string, runs: StagesOutput['runs'], curls: number): void {
  const [cold = {}, ...warm] = runs;
  const line = (...cells: string[]) => process.stdout.write(`| ${cells.join(' | ')} |\n`);
  process.stdout.write(`\n${title}, Node ${process.version}\n\n`);
  line('stage', 'first, s', 'warm, s', 'peak memory, MiB');
  line('---', '---:', '---:', '---:');
  // The memory is that of the first run: in later runs, every stage would include Chromium, which stays open.
  for (const [stage, { seconds, peakMiB }] of Object.entries(cold)) {
    // The best run, because other load on the machine only adds time.
    const warmSeconds = Math.min(...warm.map((one) => one[stage]?.seconds ?? Number.NaN));
    line(stage, seconds.toFixed(2), warmSeconds.toFixed(2), peakMiB.toFixed(0));
  }
  line('curl, the same requests', '', curls.toFixed(2), '');
}
