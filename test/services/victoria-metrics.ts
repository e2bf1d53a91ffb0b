/** A real VictoriaMetrics, which answers Prometheus's query API and takes in large histories quickly. */
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
 * Starts an empty VictoriaMetrics, installed first if need be; `stop` removes its database too. It drops what lies more
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
        // Answers are cached as though the past never changed; here it does, with every load.
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

/** VictoriaMetrics over a simulated cluster. */
export function victoriaMetricsOver(simulation: Simulation): Promise<Database> {
  return filled(startVictoriaMetrics(), simulation);
}

async function load(url: string, series: Iterable<SimulatedSeries>): Promise<void> {
  // Not fetch(): it reads ahead of what the server takes, and a large cluster then fills the memory.
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
