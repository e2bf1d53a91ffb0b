/**
 * How long a report takes and how much memory, by stage, for 12 and for 300 nodes over 24 hours, beside the time that
 * curl needs for the same requests. Needs Debian's packages
 * prometheus and victoria-metrics (installed if possible) and curl.
 *
 *   npm run bench              both sizes
 *   npm run bench -- 12        one size
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { assess } from '../src/assess/assess.ts';
import { DEFAULT_COVERAGE_THRESHOLDS } from '../src/assess/coverage.ts';
import { INDICATORS } from '../src/catalog/indicators/index.ts';
import { METRICS } from '../src/catalog/metrics/index.ts';
import { resolveSettings } from '../src/config/settings.ts';
import { gather } from '../src/gather/gather.ts';
import { DEFAULT_CONCURRENCY, openPrometheus } from '../src/gather/prometheus.ts';
import type { Source } from '../src/gather/source.ts';
import { GENERATOR } from '../src/generator.ts';
import type { Grid } from '../src/model/series.ts';
import { renderHtml } from '../src/render/html.ts';
import { openPrinter } from '../src/render/pdf.ts';
import { prometheusOver } from '../test/services/prometheus.ts';
import { victoriaMetricsOver } from '../test/services/victoria-metrics.ts';
import { simulatedDay } from '../test/simulation/scenarios.ts';
import { type Measurement, measure, middle } from './measure.ts';

const WARM_RUNS = 5;

/** Filling a Prometheus with the history of more nodes takes promtool longer than anyone wants to wait. */
const MOST_NODES_IN_PROMETHEUS = 50;

const sizes = process.argv.slice(2).map(Number);
for (const nodes of sizes.length > 0 ? sizes : [12, 300]) await benchmark(nodes);

async function benchmark(nodes: number): Promise<void> {
  const isSmall = nodes <= MOST_NODES_IN_PROMETHEUS;
  const name = isSmall ? 'Prometheus' : 'VictoriaMetrics';
  process.stderr.write(`filling ${name} with a day of ${nodes} nodes ...\n`);
  const scenario = simulatedDay('faulty', { nodes });
  const server = await (isSmall ? prometheusOver : victoriaMetricsOver)(scenario.simulation);
  const printer = await openPrinter();
  try {
    const runs: Record<string, Measurement>[] = [];
    for (let run = 0; run <= WARM_RUNS; run += 1)
      runs.push(await oneReport(server.url, scenario.period, printer));
    const requests = await requestsOf(server.url, scenario.period);
    const curls: number[] = [];
    for (let run = 0; run < WARM_RUNS; run += 1) curls.push(await curl(server.url, requests));
    print(`${nodes} nodes in ${name}`, runs, requests.length, middle(curls));
  } finally {
    await printer.close();
    await server.stop();
  }
}

const settings = resolveSettings({}, INDICATORS);

function gatherOptions(period: { start: number; end: number }) {
  const { timeZone, selection } = settings;
  return { cluster: 'bench', period, timeZone, selection, indicators: INDICATORS, metrics: METRICS };
}

async function oneReport(
  url: string,
  period: { start: number; end: number },
  printer: Awaited<ReturnType<typeof openPrinter>>,
): Promise<Record<string, Measurement>> {
  const client = openPrometheus({ url });
  const gathered = await measure(() => gather(client, gatherOptions(period)));
  await client.close();
  const assessed = await measure(async () =>
    assess(gathered.value, {
      id: 'bench',
      generatedAt: new Date(),
      generator: GENERATOR,
      indicators: INDICATORS,
      coverage: DEFAULT_COVERAGE_THRESHOLDS,
    }),
  );
  const html = await measure(() => renderHtml(assessed.value, { language: 'en' }));
  const pdf = await measure(() => printer.print(html.value, { pageSize: 'A4' }));
  return { gather: gathered, assess: assessed, html, pdf };
}

type Request = { path: string; form: Record<string, string> };

/** The requests that gathering makes, in the form in which they go out. */
async function requestsOf(url: string, period: { start: number; end: number }): Promise<Request[]> {
  const client = openPrometheus({ url });
  const requests: Request[] = [];
  const end = (grid: Grid) => grid.start + grid.count * grid.stepSeconds;
  const noting: Source = {
    kind: 'prometheus',
    range(query, grid) {
      const form = { start: grid.start + grid.stepSeconds, end: end(grid), step: grid.stepSeconds };
      requests.push({ path: '/api/v1/query_range', form: { query, ...strings(form) } });
      return client.range(query, grid);
    },
    instant(query, time) {
      requests.push({ path: '/api/v1/query', form: { query, ...strings({ time }) } });
      return client.instant(query, time);
    },
  };
  await gather(noting, gatherOptions(period));
  await client.close();
  return requests;
}

function strings(values: Record<string, number>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}

/** Seconds that curl needs for the same requests, as many at once as the client makes, answers thrown away. */
async function curl(url: string, requests: readonly Request[]): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'antrea-health-curl-'));
  try {
    const config = requests
      .map(({ path, form }) =>
        [
          `url = ${JSON.stringify(`${url}${path}`)}`,
          ...Object.entries(form).map(
            ([name, value]) => `data-urlencode = ${JSON.stringify(`${name}=${value}`)}`,
          ),
          'compressed',
          'output = "/dev/null"',
        ].join('\n'),
      )
      .join('\nnext\n');
    const file = join(folder, 'curl.conf');
    await writeFile(file, `${config}\n`);
    const start = performance.now();
    const parameters = [
      '--silent',
      '--parallel',
      '--parallel-max',
      String(DEFAULT_CONCURRENCY),
      '--config',
      file,
    ];
    await promisify(execFile)('curl', parameters);
    return (performance.now() - start) / 1000;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function print(
  what: string,
  runs: readonly Record<string, Measurement>[],
  requests: number,
  curls: number,
): void {
  const [cold, ...warm] = runs;
  const line = (cells: readonly string[]) => process.stdout.write(`| ${cells.join(' | ')} |\n`);
  process.stdout.write(`\n${what}, 24 h, ${requests} requests, Node ${process.version}\n\n`);
  line(['stage', 'first run, s', `warm, s (middle of ${warm.length})`, 'peak memory, MiB']);
  line(['---', '---:', '---:', '---:']);
  for (const stage of Object.keys(cold ?? {})) {
    const of = (run: Record<string, Measurement> | undefined) => run?.[stage] ?? { seconds: 0, peakMiB: 0 };
    line([
      stage,
      of(cold).seconds.toFixed(2),
      middle(warm.map((run) => of(run).seconds)).toFixed(2),
      Math.max(...runs.map((run) => of(run).peakMiB)).toFixed(0),
    ]);
  }
  line(['curl, the same requests', '', curls.toFixed(2), '']);
}
