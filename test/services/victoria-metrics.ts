/** A real VictoriaMetrics: it has the query API of Prometheus and imports large histories quickly. */
import { once } from 'node:events';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { labelKey } from '../../src/report/model/series.ts';
import type { Simulation } from '../simulation/cluster.ts';
import type { SimulatedSeries } from '../simulation/samples.ts';
import { importLines } from '../simulation/writers.ts';
import { type Age, findProgram } from './programs.ts';
import { type Database, filled, remoteWrite, startServer, temporaryFolder } from './server.ts';
import { waitUntil } from './wait-until.ts';

/**
 * Installs VictoriaMetrics if it is missing and starts it empty; `stop` removes its data. It drops samples that are more
 * than two days in the future.
 * @param age `old`: version 1.79 in Debian 12; `new`: version 1.145 or newer
 * @param flags more of the command line, such as limits
 */
export async function startVictoriaMetrics(
  age: Age = 'old',
  flags: readonly string[] = [],
): Promise<Database> {
  const program = await findProgram('victoria-metrics', age);
  const folder = await temporaryFolder('victoria-metrics');
  try {
    const { url, stop } = await startServer({
      program: program.path,
      parameters: (port) => [
        `-storageDataPath=${folder.path}`,
        `-httpListenAddr=127.0.0.1:${port}`,
        '-retentionPeriod=100y',
        // The cache assumes that past samples do not change; here every load changes them.
        '-search.disableCache',
        // `load` lists all series; by default no more than 30,000 are listed, which 300 nodes exceed.
        '-search.maxSeries=1000000',
        ...flags,
      ],
      readyPath: '/health',
    });
    const loaded: Loaded = { series: new Set(), samples: 0, start: Number.POSITIVE_INFINITY, end: 0 };
    return {
      url,
      version: `VictoriaMetrics ${program.version}`,
      load: (series) => load(url, series, loaded),
      write: (series) => remoteWrite(url, series).then(() => flush(url)),
      stop: () => stop().then(folder.remove),
    };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

/** Starts a VictoriaMetrics with the samples of a simulated cluster. */
export function victoriaMetricsOver(simulation: Simulation): Promise<Database> {
  return filled(startVictoriaMetrics(), simulation);
}

/** Everything that was loaded: the label sets of the series as text, and the range of their samples in Unix milliseconds. */
type Loaded = { series: Set<string>; samples: number; start: number; end: number };

async function load(url: string, series: Iterable<SimulatedSeries>, loaded: Loaded): Promise<void> {
  // fetch() reads faster than the server accepts, and a large cluster would fill the memory.
  const upload = request(`${url}/api/v1/import`, { method: 'POST' });
  const answer = once(upload, 'response');
  const lines = Readable.from(importLines(noting(series, loaded)));
  const [, [response]] = await Promise.all([pipeline(lines, upload), answer]);
  succeeded(response.statusCode, await text(response));
  await flush(url);
  // On a busy machine, the last series and samples appear after the flush, which does not wait for one that is under way.
  let [shown, samples] = [0, 0];
  await waitUntil(
    async () => {
      samples = await countSamples(url);
      shown = samples < loaded.samples ? 0 : await countSeries(url, loaded);
      return shown >= loaded.series.size;
    },
    () =>
      `VictoriaMetrics shows ${shown} of ${loaded.series.size} series, ${samples} of ${loaded.samples} samples`,
  );
}

/** Passes series on and adds those with samples to `loaded`. */
function* noting(series: Iterable<SimulatedSeries>, loaded: Loaded): Generator<SimulatedSeries> {
  for (const one of series) {
    const [first = 0, last = first] = [one.timestamps[0], one.timestamps.at(-1)];
    if (one.timestamps.length > 0) {
      loaded.samples += one.timestamps.length;
      loaded.series.add(labelKey({ ...one.labels, __name__: one.name }));
      loaded.start = Math.min(loaded.start, first);
      loaded.end = Math.max(loaded.end, last);
    }
    yield one;
  }
}

async function countSeries(url: string, { start, end }: Loaded): Promise<number> {
  const parameters = { 'match[]': '{__name__!=""}', start: String(start / 1000), end: String(end / 1000) };
  const response = await fetch(`${url}/api/v1/series?${new URLSearchParams(parameters)}`);
  const answer = await response.text();
  succeeded(response.status, answer);
  return JSON.parse(answer).data.length;
}

/** Returns the number of samples that queries can read: those in parts of the storage. */
async function countSamples(url: string): Promise<number> {
  const response = await fetch(`${url}/metrics`);
  const answer = await response.text();
  succeeded(response.status, answer);
  const parts = answer.matchAll(/^vm_rows\{type="storage\/[a-z]+"\} (\d+)$/gm);
  return [...parts].reduce((sum, [, rows]) => sum + Number(rows), 0);
}

/** Makes received samples visible to queries. */
async function flush(url: string): Promise<void> {
  const flushed = await fetch(`${url}/internal/force_flush`);
  succeeded(flushed.status, await flushed.text());
}

function succeeded(status: number, answer: string): void {
  if (status < 200 || status > 299)
    throw new Error(`VictoriaMetrics answered ${status}: ${answer.slice(0, 300)}`);
}
