/** A real Prometheus over history that was never scraped: samples are written to it as another Prometheus would. */
import type { Simulation } from '../simulation/cluster.ts';
import { type Age, findProgram } from './programs.ts';
import { type Database, filled, remoteWrite, startServer, temporaryFolder } from './server.ts';

/** Samples may be that much older than the newest: half a block, and blocks only begin when they are full. */
const BLOCK = '1y';

/**
 * What remote write of native histograms needs in Prometheus 3.0 to 3.8; without it they are refused. Names in UTF-8 need
 * nothing. Prometheus 2.42 has the same feature, but not the custom buckets of Prometheus 3.
 */
const NEW_FEATURES = ['--enable-feature=native-histograms'];

/**
 * Starts an empty Prometheus, installed first if need be; it scrapes nothing. `stop` removes its database too.
 * @param age `old`: Prometheus 2 as the machine's release of Debian has it; `new`: Prometheus 3
 */
export async function startPrometheus(age: Age = 'old'): Promise<Database> {
  const program = await findProgram('prometheus', age);
  const folder = await temporaryFolder('prometheus');
  try {
    const { url, stop } = await startServer({
      program: program.path,
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
        ...(age === 'new' ? NEW_FEATURES : []),
      ],
      readyPath: '/-/ready',
    });
    return {
      url,
      version: `Prometheus ${program.version}`,
      load: (series) => remoteWrite(url, series),
      write: (series) => remoteWrite(url, series),
      stop: () => stop().then(folder.remove),
    };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

/** Prometheus over a simulated cluster. No staleness markers are written. */
export function prometheusOver(simulation: Simulation): Promise<Database> {
  return filled(startPrometheus(), simulation);
}
