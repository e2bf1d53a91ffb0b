/** A real VictoriaMetrics: it has the query API of Prometheus and imports large histories quickly. */
import { once } from 'node:events';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { Simulation } from '../simulation/cluster.ts';
import type { SimulatedSeries } from '../simulation/samples.ts';
import { importLines } from '../simulation/writers.ts';
import { type Age, findProgram } from './programs.ts';
import { type Database, filled, remoteWrite, startServer, temporaryFolder } from './server.ts';

/**
 * Installs VictoriaMetrics if it is missing and starts it empty; `stop` removes its data. It drops samples that are more
 * than two days in the future.
 * @param age `old`: version 1.79 in Debian 12; `new`: version 1.145 or newer
 */
export async function startVictoriaMetrics(age: Age = 'old'): Promise<Database> {
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
      ],
      readyPath: '/health',
    });
    return {
      url,
      version: `VictoriaMetrics ${program.version}`,
      load: (series) => load(url, series),
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

async function load(url: string, series: Iterable<SimulatedSeries>): Promise<void> {
  // fetch() reads faster than the server accepts, and a large cluster would fill the memory.
  const upload = request(`${url}/api/v1/import`, { method: 'POST' });
  const answer = once(upload, 'response');
  const [, [response]] = await Promise.all([pipeline(Readable.from(importLines(series)), upload), answer]);
  succeeded(response.statusCode, await text(response));
  await flush(url);
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
