/** Runs a server program as a child of the test, on a free loopback port, until the test ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import { freePort } from '../../scripts/offline/free-port.ts';
import type { Simulation } from '../simulation/cluster.ts';
import { type SimulatedSeries, simulate } from '../simulation/samples.ts';
import { writeRequests } from '../simulation/writers.ts';

export type Server = {
  /** http://127.0.0.1:port, without a trailing slash. */
  url: string;
  stop(): Promise<void>;
};

/** A metrics server that tests fill. */
export type Database = Server & {
  /** For messages, as in "Prometheus 2.42.0+ds-5". */
  version: string;
  /** Stores samples, oldest first per series, and makes them visible to queries. */
  load(series: Iterable<SimulatedSeries>): Promise<void>;
  /** Does the same through remote write, which alone supports native histograms. */
  write(series: Iterable<SimulatedSeries>): Promise<void>;
};

/** Sends series to a server through remote write 1.0, like another Prometheus. */
export async function remoteWrite(url: string, series: Iterable<SimulatedSeries>): Promise<void> {
  for (const body of writeRequests(series)) {
    const { statusCode, body: answer } = await request(`${url}/api/v1/write`, { method: 'POST', body });
    const text = await answer.text();
    if (statusCode < 200 || statusCode > 299)
      throw new Error(`remote write got ${statusCode}: ${text.slice(0, 300)}`);
  }
}

/** Returns a database filled with a simulated cluster. */
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
  /** A path that answers 200 when the server is ready. */
  readyPath: string;
};

/**
 * Percentage by which the memory of a server in Go grows before it collects garbage, 100 by default. While a simulated day is
 * loaded, Prometheus spends a third of its processor time on collecting.
 */
const GOGC = '400';

/** Ends a program that hangs; one that ends by itself is noticed at once. */
const START_LIMIT_MILLISECONDS = 300_000;

/** Starts a server, up to three times: another test can take the chosen port first. */
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

/** Returns the running server, or its last output if it ended. */
async function tryToStart(
  { program, parameters, readyPath }: Program,
  port: number,
): Promise<Server | string> {
  const child = spawn(program, parameters(port), {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, GOGC },
  });
  const log = lastWords(child);
  // End the server when a test run is interrupted.
  const kill = () => {
    // Without a process id Node would kill its whole process group.
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

/** Reads the child's output, so that it does not block on a full pipe, and returns a function for the last part. */
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
