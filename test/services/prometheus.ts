/** A real Prometheus over history that was never scraped: samples are written to it as another Prometheus would. */
import type { Simulation } from '../simulation/cluster.ts';
import type { SimulatedSeries } from '../simulation/samples.ts';
import { writeRequests } from '../simulation/writers.ts';
import { ensureDebianPackages } from './install.ts';
import { type Database, filled, startServer, temporaryFolder } from './server.ts';

/** Samples may be that much older than the newest: half a block, and blocks only begin when they are full. */
const BLOCK = '1y';

/** Starts an empty Prometheus, installed first if need be; it scrapes nothing. `stop` removes its database too. */
export async function startPrometheus(): Promise<Database> {
  await ensureDebianPackages(['prometheus']);
  const folder = await temporaryFolder('prometheus');
  try {
    const { url, stop } = await startServer({
      program: 'prometheus',
      parameters: (port) => [
        // Defaults throughout, and nothing to scrape.
        '--config.file=/dev/null',
        `--storage.tsdb.path=${folder.path}`,
        `--storage.tsdb.min-block-duration=${BLOCK}`,
        `--storage.tsdb.max-block-duration=${BLOCK}`,
        '--storage.tsdb.retention.time=100y',
        '--web.enable-remote-write-receiver',
        `--web.listen-address=127.0.0.1:${port}`,
        '--log.level=warn',
      ],
      readyPath: '/-/ready',
    });
    return { url, load: (series) => load(url, series), stop: () => stop().then(folder.remove) };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

/** Prometheus over a simulated cluster. No staleness markers are written. */
export function prometheusOver(simulation: Simulation): Promise<Database> {
  return filled(startPrometheus(), simulation);
}

async function load(url: string, series: Iterable<SimulatedSeries>): Promise<void> {
  for (const body of writeRequests(series)) {
    const response = await fetch(`${url}/api/v1/write`, { method: 'POST', body });
    if (!response.ok)
      throw new Error(`Prometheus answered ${response.status}: ${(await response.text()).slice(0, 300)}`);
  }
}
