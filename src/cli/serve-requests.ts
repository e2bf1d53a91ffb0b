import type { Authenticate, HttpRequest } from '../connect/http.ts';
import { answer, failure, routeOf } from '../service/api/api.ts';
import type { ApiContext } from '../service/api/context.ts';
import type { ApiResponse } from '../service/api/http.ts';
import { ProblemError, problemResponse } from '../service/api/problem.ts';
import type { ServerMetrics } from '../service/metrics.ts';

type Handle = (request: HttpRequest) => Promise<ApiResponse>;

const HEALTHY: ApiResponse = {
  status: 200,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  body: 'ok\n',
};

/** Answers requests to the pages and the API. @param basePath the path below which a proxy serves them */
export function apiHandler(context: ApiContext, authenticate: Authenticate, basePath: string): Handle {
  return async (request) => {
    // Load balancers ask without authentication. The answer says nothing.
    if (request.path === '/healthz') return HEALTHY;
    try {
      const { headers, socket } = request.message;
      const caller = await authenticate(headers, socket.remoteAddress ?? '');
      if ('refused' in caller) return unauthenticated(caller.refused);
      return await answerPath(request, context, basePath);
    } catch (error) {
      return failure(error, context.onError);
    }
  };
}

/** RFC 6750 requires the header, from which programs know that a token is missing. */
function unauthenticated(reason: string): ApiResponse {
  const response = problemResponse(new ProblemError('unauthenticated', reason));
  return { ...response, headers: { ...response.headers, 'www-authenticate': 'Bearer' } };
}

function answerPath(request: HttpRequest, context: ApiContext, basePath: string): Promise<ApiResponse> {
  const { method, query, body, message } = request;
  // Some proxies leave the base path out.
  const isBelow = basePath !== '' && (request.path === basePath || request.path.startsWith(`${basePath}/`));
  const path = isBelow ? request.path.slice(basePath.length) || '/' : request.path;
  const readAs = method === 'HEAD' ? 'GET' : method;
  const headers = Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [name, String(value)]),
  );
  return answer({ ...routeOf(readAs, path), query, headers, body, basePath }, context);
}

/** Answers requests for metrics, and those of load balancers. */
export function metricsHandler(metrics: ServerMetrics): Handle {
  return async ({ method, path }) => {
    if (path === '/healthz') return HEALTHY;
    if (path !== '/metrics' || (method !== 'GET' && method !== 'HEAD'))
      return {
        status: 404,
        headers: { 'content-type': 'text/plain; charset=utf-8' },
        body: 'see /metrics\n',
      };
    const { body, contentType } = await metrics.text();
    return { status: 200, headers: { 'content-type': contentType, 'cache-control': 'no-store' }, body };
  };
}
