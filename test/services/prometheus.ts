/** A real Prometheus with simulated history, which is written to it through remote write. */
import type { Simulation } from '../simulation/cluster.ts';
import { type Age, findProgram } from './programs.ts';
import { type Database, filled, remoteWrite, startServer, temporaryFolder } from './server.ts';

/** Length of a storage block: one year. A sample may be older than the newest one by at most half of it. */
const BLOCK = '1y';

/**
 * Before 3.9, Prometheus 3 rejects native histograms in remote write without this feature. UTF-8 names need no option.
 * Prometheus 2.42 has the feature too, but no custom buckets.
 */
const NEW_FEATURES = ['--enable-feature=native-histograms'];

/**
 * Starts an empty Prometheus that scrapes nothing, and installs it first if necessary. `stop` also removes its data.
 * @param age `old`: version 2 in Debian 12; `new`: version 3
 * @param flags more of the command line, such as limits
 */
export async function startPrometheus(age: Age = 'old', flags: readonly string[] = []): Promise<Database> {
  const program = await findProgram('prometheus', age);
  const folder = await temporaryFolder('prometheus');
  try {
    const { url, stop } = await startServer({
      program: program.path,
      parameters: (port) => [
        // Only defaults, and no targets.
        '--config.file=/dev/null',
        `--storage.tsdb.path=${folder.path}`,
        `--storage.tsdb.min-block-duration=${BLOCK}`,
        `--storage.tsdb.max-block-duration=${BLOCK}`,
        '--storage.tsdb.retention.time=100y',
        '--web.enable-remote-write-receiver',
        `--web.listen-address=127.0.0.1:${port}`,
        '--log.level=warn',
        ...(age === 'new' ? NEW_FEATURES : []),
        ...flags,
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

/** Starts a Prometheus with the samples of a simulated cluster, without staleness markers. */
export function prometheusOver(simulation: Simulation): Promise<Database> {
  return filled(startPrometheus(), simulation);
}
