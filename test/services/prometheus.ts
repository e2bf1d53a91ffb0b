/** A real Prometheus over history that was never scraped: samples in a file become blocks of its database. */
import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Simulation } from '../simulation/cluster.ts';
import { simulate } from '../simulation/samples.ts';
import { writeOpenMetrics } from '../simulation/writers.ts';
import { ensureDebianPackages } from './install.ts';
import { type Server, startServer, temporaryFolder } from './server.ts';

const run = promisify(execFile);

/** Turns OpenMetrics text into blocks in `directory`. No staleness markers are written. */
export async function backfill(samplesFile: string, directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  // promtool reads the whole file again for every block, two hours each unless told: one block for 20 days instead.
  const command = ['tsdb', 'create-blocks-from', '--max-block-duration=486h', 'openmetrics', '--quiet'];
  await run('promtool', [...command, samplesFile, directory]);
}

/** Starts Prometheus over a database; it scrapes nothing and keeps everything. `stop` leaves the database alone. */
export async function startPrometheus(directory: string): Promise<Server> {
  const configuration = join(directory, 'prometheus.yml');
  await writeFile(configuration, 'global: {}\n');
  return startServer({
    program: 'prometheus',
    parameters: (port) => [
      `--config.file=${configuration}`,
      `--storage.tsdb.path=${directory}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--storage.tsdb.retention.time=100y',
      '--log.level=warn',
    ],
    readyPath: '/-/ready',
  });
}

/** Prometheus over a simulated cluster, installed first if need be; `stop` removes its database too. */
export async function prometheusOver(simulation: Simulation): Promise<Server> {
  await ensureDebianPackages(['prometheus']);
  const folder = await temporaryFolder('prometheus');
  try {
    const samples = join(folder.path, 'samples.txt');
    const database = join(folder.path, 'data');
    await writeOpenMetrics(simulate(simulation), samples);
    await backfill(samples, database);
    await rm(samples);
    const { url, stop } = await startPrometheus(database);
    return { url, stop: () => stop().then(folder.remove) };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}
