import { ConfigError } from '../config/errors.ts';
import { type Config, readConfigFile } from '../config/file.ts';
import { schedulesOf } from '../config/schedules.ts';
import { signInOf } from '../config/sign-in.ts';
import { type HttpServer, openAuthentication, openServeGate, startHttpServer } from '../connect/http.ts';
import { openSecretSources } from '../connect/secrets.ts';
import { LARGEST_BODY_BYTES } from '../service/api/report-request.ts';
import { noteRequest } from '../service/archive/requests.ts';
import type { Store } from '../service/archive/store.ts';
import type { Job } from '../service/jobs/job.ts';
import { openMetrics } from '../service/metrics.ts';
import { openArchive } from './archive.ts';
import type { CommandContext } from './context.ts';
import { EXIT } from './exit-codes.ts';
import { openLog } from './log.ts';
import type { StoreFlags } from './options.ts';
import { startServeJobs } from './serve-jobs.ts';
import { apiHandler, metricsHandler } from './serve-requests.ts';

export type ServeFlags = StoreFlags & {
  listen: string;
  listenMetrics?: string | undefined;
  concurrency: string;
  chromium?: string | undefined;
};

type Address = { host: string; port: number };

/** Kubernetes waits 30 s before it kills. Giving a job back takes up to five of them. */
const GRACE_MILLISECONDS = 20_000;

/** `antrea-health serve`: serves pages and API, and makes the reports that are requested. */
export async function serveCommand(flags: ServeFlags, context: CommandContext): Promise<number> {
  const listen = readAddress(flags.listen, '--listen');
  const listenMetrics = flags.listenMetrics && readAddress(flags.listenMetrics, '--listen-metrics');
  const concurrency = readConcurrency(flags.concurrency);
  const config = await readConfigFile(flags.config);
  const log = openLog(() => new Date());
  const onError = (error: unknown) =>
    log('error', 'failed', { error: error instanceof Error ? error.message : String(error) });
  const access = await openAccess(config, listen.host, { onError, context });
  const basePath = signInOf(config.file)?.basePath ?? config.file.serve?.basePath ?? '';
  const store = await openArchive(flags, config, context.environment);
  const metrics = openMetrics({
    config,
    store,
    running: () => jobs.running(),
    now: () => new Date(),
    onError,
  });
  const jobs = startServeJobs({ flags, store, concurrency, metrics, log, onError }, context);
  const api = apiHandler(
    apiContext({ config, store, onError }, async (job) => {
      await noteRequest(store, job.id, new Date());
      log('info', 'requested', { report: job.id });
      jobs.wake();
    }),
    access,
    basePath,
  );
  const servers: HttpServer[] = [];
  try {
    const common = { mostBodyBytes: LARGEST_BODY_BYTES, onError };
    const pages = await startHttpServer({ ...common, listen, handle: api });
    servers.push(pages);
    log('info', 'serves', { url: `${pages.url}${basePath}/` });
    if (listenMetrics) {
      const own = await startHttpServer({
        ...common,
        listen: listenMetrics,
        handle: metricsHandler(metrics),
      });
      servers.push(own);
      log('info', 'serves metrics', { url: `${own.url}/metrics` });
    }
    await aborted(context.signal);
    log('info', 'stops', { running: jobs.running() });
    return EXIT.done;
  } finally {
    await Promise.all([...servers.map((server) => server.close()), jobs.stop(GRACE_MILLISECONDS)]);
    await store.close();
  }
}

/** Returns who may use the pages and the API. */
async function openAccess(
  { file }: Config,
  host: string,
  { onError, context }: { onError: (error: unknown) => void; context: CommandContext },
): Promise<Parameters<typeof apiHandler>[1]> {
  const secrets = openSecretSources(context.environment);
  const gate = await openServeGate(file, { secrets, onError });
  if (gate === null) return openAuthentication(file, host);
  const { answerAtGate } = await import('../service/sign-in/gate.ts');
  return { atGate: (request, api) => answerAtGate(request, api, gate) };
}

function apiContext(
  given: { config: Config; store: Store; onError: (error: unknown) => void },
  send: (job: Job) => Promise<void>,
) {
  const { file } = given.config;
  // Without any in the configuration, nothing makes reports by itself here.
  const schedules = file.schedules === undefined ? [] : schedulesOf(file);
  return { ...given, schedules, send, filesBy: 'content' as const, now: () => new Date() };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** @throws ConfigError when the text is not an address and a port, such as 127.0.0.1:8080 or [::1]:8080 */
function readAddress(text: string, option: string): Address {
  const [, host = '', port = ''] =
    /^(?:\[([\da-f:]+)\]|([\w.-]+)):(\d{1,5})$/i.exec(text)?.filter(Boolean) ?? [];
  if (host === '' || Number(port) > 65_535)
    throw new ConfigError(`${option}: "${text}" is not an address and a port such as 127.0.0.1:8080`);
  return { host, port: Number(port) };
}

/** More reports at a time than this need more memory than one machine should give them. */
const MOST_CONCURRENT = 16;

function readConcurrency(text: string): number {
  const number = /^\d{1,2}$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > MOST_CONCURRENT)
    throw new ConfigError(`--concurrency: must be a number from 1 to ${MOST_CONCURRENT}`);
  return number;
}
