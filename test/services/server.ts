/** A server program as a child of the test: started on a free loopback port, waited for, and gone with the test. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../scripts/offline/free-port.ts';
import type { Simulation } from '../simulation/cluster.ts';
import { type SimulatedSeries, simulate } from '../simulation/samples.ts';
import { writeRequests } from '../simulation/writers.ts';

export type Server = {
  /** http://127.0.0.1:port, without a slash at its end. */
  url: string;
  stop(): Promise<void>;
};

/** A server of metrics that tests fill. */
export type Database = Server & {
  /** For messages, as in "Prometheus 2.42.0+ds-5". */
  version: string;
  /** Takes samples in and makes them visible to queries; for each series the oldest first. */
  load(series: Iterable<SimulatedSeries>): Promise<void>;
  /** The same through remote write, the only way that supports native histograms. */
  write(series: Iterable<SimulatedSeries>): Promise<void>;
};

/** Sends series to a server as another Prometheus does, through remote write 1.0. */
export async function remoteWrite(url: string, series: Iterable<SimulatedSeries>): Promise<void> {
  for (const body of writeRequests(series)) {
    const response = await fetch(`${url}/api/v1/write`, { method: 'POST', body });
    if (!response.ok)
      throw new Error(`remote write got ${response.status}: ${(await response.text()).slice(0, 300)}`);
  }
}

/** A database that holds a simulated cluster. */
export async function filled(starting: Promise<Database>, simulation: Simulation): Promise<Database> {
  const database = await starting;
  try {
    await database.load(simulate(simulation));
    return database;
  } catch (error) {
    await database.stop();
    throw error;
  }
}

type Program = {
  program: string;
  parameters: (port: number) => string[];
  /** The path that answers 200 once the server is ready. */
  readyPath: string;
};

/** Ends a program that hangs; one that ends by itself is noticed at once. */
const START_LIMIT_MILLISECONDS = 300_000;

/** Another test may take a port between its choice and its use, so a server that dies at once is started again. */
export async function startServer(program: Program): Promise<Server> {
  const failures: string[] = [];
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const outcome = await tryToStart(program, await freePort());
    if (typeof outcome !== 'string') return outcome;
    failures.push(outcome);
  }
  throw new Error(`${program.program} did not start:\n${failures.at(-1)}`);
}

export async function temporaryFolder(name: string): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), `antrea-health-report-${name}-`));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
}

/** The running server, or what it had to say before it ended. */
async function tryToStart(
  { program, parameters, readyPath }: Program,
  port: number,
): Promise<Server | string> {
  const child = spawn(program, parameters(port), { stdio: ['ignore', 'pipe', 'pipe'] });
  const log = lastWords(child);
  // A test that is interrupted must not leave its servers behind.
  const kill = () => {
    // A child that never came to be has process 0, and Node would kill the whole process group: this one too.
    if (child.pid !== undefined) child.kill('SIGKILL');
  };
  process.once('exit', kill);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const stop = async () => {
    kill();
    await ended;
    process.removeListener('exit', kill);
  };
  const url = `http://127.0.0.1:${port}`;
  if (await becomesReady(child, `${url}${readyPath}`)) return { url, stop };
  await stop();
  return log();
}

async function becomesReady(child: ChildProcess, url: string): Promise<boolean> {
  const giveUp = Date.now() + START_LIMIT_MILLISECONDS;
  while (
    child.exitCode === null &&
    child.signalCode === null &&
    child.pid !== undefined &&
    Date.now() < giveUp
  ) {
    const ready = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return true;
    await sleep(50);
  }
  return false;
}

/** Reads what the child prints, which would otherwise block once its pipe is full, and keeps the end of it. */
function lastWords(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text = (text + chunk).slice(-4000);
    });
  }
  child.once('error', (error) => {
    text += error.message;
  });
  return () => text;
}
