import { fileName, OUTPUT_FORMATS } from '../../report/formats.ts';
import { ClaimLost, failReport, readState, requestReport, type Versioned } from '../archive/claims.ts';
import { effectiveState, type ReportState } from '../archive/state.ts';
import type { Store } from '../archive/store.ts';
import { readStoredId } from '../archive/stored-id.ts';
import type { Job } from '../jobs/job.ts';
import type { ApiContext } from './context.ts';
import { sendFile } from './file.ts';
import { type ApiRequest, type ApiResponse, json, redirect } from './http.ts';
import { latestReport } from './latest.ts';
import { listReports } from './list.ts';
import { ProblemError, problemResponse } from './problem.ts';
import { readReportRequest } from './report-request.ts';
import { reportPath, representReport } from './representation.ts';

/** The HTTP API. The gateway's authorizer decides who may use it. */

const ROUTES: Readonly<Record<string, (request: ApiRequest, context: ApiContext) => Promise<ApiResponse>>> = {
  'POST /reports': create,
  'GET /reports': listReports,
  'GET /reports/{cluster}/{id}': show,
  'GET /reports/{cluster}/{id}/{file}': open,
};

/** The routes, each with its method. */
export const API_ROUTES: readonly string[] = Object.keys(ROUTES);

/**
 * Returns the route of a method and a path, with the path's parameters. On AWS the gateway does this. A path that is none
 * of the API's is its own route, which `answer` does not find.
 */
export function routeOf(method: string, path: string): Pick<ApiRequest, 'route' | 'parameters'> {
  const segments = path.split('/');
  for (const route of API_ROUTES) {
    const [routeMethod, template = ''] = route.split(' ');
    const parts = template.split('/');
    if (routeMethod !== method || parts.length !== segments.length) continue;
    const pairs = parts.map((part, index) => [part, segments[index] ?? ''] as const);
    const isParameter = (part: string) => part.startsWith('{');
    if (!pairs.every(([part, segment]) => (isParameter(part) ? segment !== '' : part === segment))) continue;
    const parameters = pairs
      .filter(([part]) => isParameter(part))
      .map(([part, segment]) => [part.slice(1, -1), segment] as const);
    return { route, parameters: Object.fromEntries(parameters) };
  }
  return { route: `${method} ${path}`, parameters: {} };
}

/** Answers every request; with a problem document when it cannot do what is requested. */
export async function answer(request: ApiRequest, context: ApiContext): Promise<ApiResponse> {
  try {
    const route = Object.hasOwn(ROUTES, request.route) ? ROUTES[request.route] : undefined;
    if (!route) throw notFound('there is no such address');
    return await route(request, context);
  } catch (error) {
    return failure(error, context.onError);
  }
}

/** The response to a request that failed. Failures that are not the caller's fault also go to `onError`. */
export function failure(error: unknown, onError: (error: unknown) => void): ApiResponse {
  if (error instanceof ProblemError && error.type !== 'temporarily-unavailable')
    return problemResponse(error);
  onError(error);
  return problemResponse(
    error instanceof ProblemError ? error : new ProblemError('internal-error', 'see the log of the function'),
  );
}

function notFound(detail = 'there is no such report'): ProblemError {
  return new ProblemError('not-found', detail);
}

/** When to ask again, in seconds. A report takes two to ten. */
const RETRY_AFTER = 5;

async function create(request: ApiRequest, { config, store, send, now }: ApiContext): Promise<ApiResponse> {
  const job = await readReportRequest(request, config, now());
  const requested = await requestReport(store, job, now());
  const state = requested.send ? await sendOrTakeBack(requested, { job, store, send, now }) : requested.state;
  const report = representReport(state, request.basePath, now());
  if (report.state === 'ready') return json(200, report, { location: report.url });
  return json(202, report, { location: report.url, 'retry-after': String(RETRY_AFTER) });
}

/** Sends the job; when that fails, the report must not wait for a job that was never sent. */
async function sendOrTakeBack(
  requested: Versioned,
  { job, store, send, now }: Pick<ApiContext, 'store' | 'send' | 'now'> & { job: Job },
): Promise<ReportState> {
  try {
    await send(job);
    return requested.state;
  } catch (error) {
    const reason = 'its job could not be sent to the queue';
    try {
      await failReport(store, requested, { reason, final: true, now: now() });
    } catch (unwritten) {
      // A worker already has the job: only the queue's response was lost.
      if (unwritten instanceof ClaimLost) return await stateOf(job.id, store);
    }
    throw new ProblemError('temporarily-unavailable', `${reason}; try again in a minute`, {
      retryAfterSeconds: 60,
      cause: error,
    });
  }
}

/** Returns the id of the report that an address names; "latest" is one of these names. */
async function idOf({ parameters }: ApiRequest, { store, config }: ApiContext): Promise<string> {
  const { cluster = '', id = '', file } = parameters;
  if (!/^[a-z0-9-]{1,60}$/.test(cluster)) throw notFound();
  if (id !== 'latest') {
    if (readStoredId(id)?.cluster !== cluster) throw notFound();
    return id;
  }
  const latest = await latestReport(
    store,
    config,
    cluster,
    OUTPUT_FORMATS.find((format) => file === fileName(format)),
  );
  if (latest === null) throw notFound('this cluster has no finished report');
  return latest.id;
}

async function stateOf(id: string, store: Store): Promise<ReportState> {
  const known = await readState(store, id);
  if (known === null) throw notFound();
  return known.state;
}

async function show(request: ApiRequest, context: ApiContext): Promise<ApiResponse> {
  const { store, now } = context;
  const id = await idOf(request, context);
  const { cluster = '' } = request.parameters;
  if (request.parameters['id'] === 'latest') return redirect(`${request.basePath}${reportPath(cluster, id)}`);
  const report = representReport(await stateOf(id, store), request.basePath, now());
  const isUnderWay = report.state === 'queued' || report.state === 'running';
  return json(200, report, isUnderWay ? { 'retry-after': String(RETRY_AFTER) } : {});
}

/** Validity of a link, in seconds: long enough for a redirect on a slow line, too short to share. */
const LINK_SECONDS = 300;

async function open(request: ApiRequest, context: ApiContext): Promise<ApiResponse> {
  const { store, now } = context;
  const known = await stateOf(await idOf(request, context), context.store);
  const wanted = request.parameters['file'];
  const { state, reason } = effectiveState(known, now());
  if (state === 'queued' || state === 'running')
    throw new ProblemError('not-ready', `the report is ${state}`, { retryAfterSeconds: RETRY_AFTER });
  if (state === 'failed') throw notFound(`the report could not be made: ${reason}`);
  const file = known.files.find(({ name }) => name === wanted);
  if (!file) {
    const missing = known.missing.find(({ format }) => fileName(format) === wanted);
    throw notFound(
      missing ? `this file could not be made: ${missing.reason}` : 'this report has no such file',
    );
  }
  if (context.filesBy === 'link') return redirect(await store.link(file.key, LINK_SECONDS));
  const response = await sendFile(store, known.id, file);
  if (response === null) throw notFound('this file is not stored any more');
  return response;
}
