import type { HttpRequest } from '../connect/http.ts';
import { answer, failure, routeOf } from '../service/api/api.ts';
import type { Authenticate } from '../service/api/caller.ts';
import type { ApiContext } from '../service/api/context.ts';
import type { ApiResponse, SiteRequest } from '../service/api/http.ts';
import { unauthenticated } from '../service/api/problem.ts';
import type { ServerMetrics } from '../service/metrics.ts';

type Handle = (request: HttpRequest) => Promise<ApiResponse>;

const HEALTHY: ApiResponse = {
  status: 200,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  body: 'ok\n',
};

/** What answers a request after finding out who sent it, where people sign in. */
export type AnswerAtGate = (request: SiteRequest, context: ApiContext) => Promise<ApiResponse>;

/**
 * Answers requests to the pages and the API.
 * @param access who may send them
 * @param basePath the path below which a proxy serves them
 */
export function apiHandler(
  context: ApiContext,
  access: Authenticate | { atGate: AnswerAtGate },
  basePath: string,
): Handle {
  return async (request) => {
    // Load balancers ask without authentication. The answer says nothing.
    if (request.path === '/healthz') return HEALTHY;
    const read = readRequest(request, basePath);
    if ('atGate' in access) return access.atGate(read, context);
    try {
      const { headers, socket } = request.message;
      const caller = await access(headers, socket.remoteAddress ?? '');
      if ('refused' in caller) return unauthenticated(caller.refused);
      return await answer(read, context);
    } catch (error) {
      return failure(error, context.onError);
    }
  };
}

function readRequest(request: HttpRequest, basePath: string): SiteRequest {
  const { method, query, body, message } = request;
  // Some proxies leave the base path out.
  const isBelow = basePath !== '' && (request.path === basePath || request.path.startsWith(`${basePath}/`));
  const path = isBelow ? request.path.slice(basePath.length) || '/' : request.path;
  const headers = Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [name, String(value)]),
  );
  return {
    ...routeOf(method === 'HEAD' ? 'GET' : method, path),
    method,
    path,
    query,
    headers,
    body,
    basePath,
  };
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
