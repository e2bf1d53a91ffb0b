import { partsOfId } from '../archive/address.ts';
import { failReport, readState, requestReport, type Versioned } from '../archive/claims.ts';
import { listedReports } from '../archive/listing.ts';
import { effectiveState, type ReportState } from '../archive/state.ts';
import type { Store } from '../deliver/store.ts';
import { type Job, STORED_ID } from '../model/job.ts';
import type { ServiceConfig } from '../service/clusters.ts';
import { type ApiRequest, type ApiResponse, json, redirect } from './http.ts';
import { listReports } from './list.ts';
import { ProblemError, problemResponse } from './problem.ts';
import { readReportRequest } from './report-request.ts';
import { reportPath, representReport } from './representation.ts';

/** The HTTP API. Who may use it is decided before it, by the gateway's authorizer. */

export type ApiContext = {
  config: ServiceConfig;
  store: Store;
  /** Puts a job on the queue. */
  send: (job: Job) => Promise<void>;
  now: () => Date;
  /** Told of what is no fault of the caller. */
  onError: (error: unknown) => void;
};

const ROUTES: Readonly<Record<string, (request: ApiRequest, context: ApiContext) => Promise<ApiResponse>>> = {
  'POST /reports': create,
  'GET /reports': listReports,
  'GET /reports/{cluster}/{id}': show,
  'GET /reports/{cluster}/{id}/{file}': open,
};

/** Answers every request, with a problem document where it cannot do what is asked. */
export async function answer(request: ApiRequest, context: ApiContext): Promise<ApiResponse> {
  try {
    const route = Object.hasOwn(ROUTES, request.route) ? ROUTES[request.route] : undefined;
    if (!route) throw notFound('there is no such address');
    return await route(request, context);
  } catch (error) {
    if (error instanceof ProblemError && error.type !== 'temporarily-unavailable')
      return problemResponse(error);
    context.onError(error);
    return problemResponse(
      error instanceof ProblemError
        ? error
        : new ProblemError('internal-error', 'the log of the function says why'),
    );
  }
}

function notFound(detail = 'there is no such report'): ProblemError {
  return new ProblemError('not-found', detail);
}

/** How soon it is worth asking again, in seconds. A report takes two to ten. */
const RETRY_AFTER = 5;

async function create(request: ApiRequest, { config, store, send, now }: ApiContext): Promise<ApiResponse> {
  const job = await readReportRequest(request, config, now());
  const requested = await requestReport(store, job, now());
  if (requested.send) await sendOrTakeBack(requested, { job, store, send, now });
  const report = representReport(requested.state, request.basePath, now());
  if (report.state === 'ready') return json(200, report, { location: report.url });
  return json(202, report, { location: report.url, 'retry-after': String(RETRY_AFTER) });
}

/** A report that waits for a job which was never sent would wait for ever. */
async function sendOrTakeBack(
  requested: Versioned,
  { job, store, send, now }: Pick<ApiContext, 'store' | 'send' | 'now'> & { job: Job },
): Promise<void> {
  try {
    await send(job);
  } catch (error) {
    const reason = 'it could not be put on the queue';
    await failReport(store, requested, { reason, final: true, now: now() });
    throw new ProblemError('temporarily-unavailable', `${reason}; ask again in a minute`, {
      retryAfterSeconds: 60,
      cause: error,
    });
  }
}

/** A cluster's key and the id of one of its reports, which "latest" stands for, too. */
async function idOf({ parameters }: ApiRequest, store: Store): Promise<string> {
  const { cluster = '', id = '' } = parameters;
  if (!/^[a-z0-9-]{1,60}$/.test(cluster)) throw notFound();
  if (id === 'latest') {
    const { reports } = await listedReports(store, cluster, { limit: 1 });
    if (!reports[0]) throw notFound('there is no finished report of this cluster');
    return reports[0].id;
  }
  if (!isIdOf(cluster, id)) throw notFound();
  return id;
}

function isIdOf(cluster: string, id: string): boolean {
  try {
    return STORED_ID.test(id) && partsOfId(id).cluster === cluster;
  } catch {
    return false;
  }
}

async function stateOf(id: string, store: Store): Promise<ReportState> {
  const known = await readState(store, id);
  if (known === null) throw notFound();
  return known.state;
}

async function show(request: ApiRequest, { store, now }: ApiContext): Promise<ApiResponse> {
  const id = await idOf(request, store);
  const { cluster = '' } = request.parameters;
  if (request.parameters['id'] === 'latest') return redirect(`${request.basePath}${reportPath(cluster, id)}`);
  const report = representReport(await stateOf(id, store), request.basePath, now());
  const isUnderWay = report.state === 'queued' || report.state === 'running';
  return json(200, report, isUnderWay ? { 'retry-after': String(RETRY_AFTER) } : {});
}

/** Long enough to follow a redirect on a slow line, too short to be worth passing on. In seconds. */
const LINK_SECONDS = 300;

async function open(request: ApiRequest, { store, now }: ApiContext): Promise<ApiResponse> {
  const known = await stateOf(await idOf(request, store), store);
  const wanted = request.parameters['file'];
  const { state, reason } = effectiveState(known, now());
  if (state === 'queued' || state === 'running')
    throw new ProblemError('not-ready', `the report is ${state}`, { retryAfterSeconds: RETRY_AFTER });
  if (state === 'failed') throw notFound(`the report could not be made: ${reason}`);
  const file = known.files.find(({ name }) => name === wanted);
  if (!file) {
    const missing = known.missing.find(({ format }) => `report.${format}` === wanted);
    throw notFound(
      missing ? `this file could not be made: ${missing.reason}` : 'the report has no such file',
    );
  }
  return redirect(await store.link(file.key, LINK_SECONDS));
}
