import { compare } from './compare.ts';
import type { ApiContext } from './context.ts';
import { create } from './create.ts';
import { notFound } from './find-report.ts';
import type { ApiRequest, ApiResponse } from './http.ts';
import { listReports, listReportsOfCluster } from './list.ts';
import { wantsHtml } from './negotiate.ts';
import { refuseOtherSites } from './other-sites.ts';
import { showStart } from './overview.ts';
import { ProblemError, problemResponse } from './problem.ts';
import { problemPage } from './problem-page.ts';
import { openFile, showReport } from './report.ts';

/** The HTTP API. The gateway's authorizer decides who may use it. */

const ROUTES: Readonly<Record<string, (request: ApiRequest, context: ApiContext) => Promise<ApiResponse>>> = {
  'GET /': showStart,
  'POST /reports': create,
  'GET /reports': listReports,
  'GET /reports/{cluster}': listReportsOfCluster,
  // Before the next one, which it also matches. The gateway prefers it, too.
  'GET /reports/{cluster}/compare': compare,
  'GET /reports/{cluster}/{id}': showReport,
  'GET /reports/{cluster}/{id}/{file}': openFile,
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

/**
 * Answers every request. When it cannot do what is requested, programs get a problem document and browsers a page that
 * says the same.
 */
export async function answer(request: ApiRequest, context: ApiContext): Promise<ApiResponse> {
  try {
    refuseOtherSites(request, context.config);
    const route = Object.hasOwn(ROUTES, request.route) ? ROUTES[request.route] : undefined;
    if (!route) throw notFound('there is no such address');
    return await route(request, context);
  } catch (error) {
    const problem = problemOf(error, context.onError);
    return wantsHtml(request)
      ? problemPage(request, problem, { person: context.person })
      : problemResponse(problem);
  }
}

/** The response to a request that failed. Failures that are not the caller's fault also go to `onError`. */
export function failure(error: unknown, onError: (error: unknown) => void): ApiResponse {
  return problemResponse(problemOf(error, onError));
}

function problemOf(error: unknown, onError: (error: unknown) => void): ProblemError {
  if (error instanceof ProblemError && error.type !== 'temporarily-unavailable') return error;
  onError(error);
  return error instanceof ProblemError
    ? error
    : new ProblemError('internal-error', 'see the log of the function');
}
