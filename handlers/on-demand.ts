import { gzipSync } from 'node:zlib';
import { Logger } from '@aws-lambda-powertools/logger';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Handler } from 'aws-lambda';
import { schedulesOf } from '../src/config/schedules.ts';
import { signInOf } from '../src/config/sign-in.ts';
import { answer, failure, routeOf } from '../src/service/api/api.ts';
import type { ApiContext } from '../src/service/api/context.ts';
import type { ApiRequest, ApiResponse, SiteRequest } from '../src/service/api/http.ts';
import { configuration } from './shared/configuration.ts';
import { queueOf } from './shared/queue.ts';
import { deployedStore } from './shared/store.ts';

const logger = new Logger();

/**
 * Limit for one call to the store. A request makes up to three of them, one after the other, and one to the queue, in
 * 29 s; a page of hundreds of clusters makes them for 16 clusters at a time, each of which takes a fraction of a second.
 */
const PATIENCE_MILLISECONDS = 6_000;

/** The pages and the HTTP API: requests reports, shows their progress, opens and lists them. */
export const handler: Handler<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2> = async (
  event,
  context,
) => {
  logger.addContext(context);
  // A failed invocation before this one has left its keys.
  logger.resetKeys();
  // Matches entries of the gateway's access log.
  const { requestContext, routeKey: route, pathParameters } = event;
  logger.appendKeys({ requestId: requestContext.requestId, route, ...pathParameters });
  const request = requestOf(event);
  const response = await respond(event, request).catch((error) => failure(error, onError));
  return packed(response, request.headers['accept-encoding']);
};

const onError = (error: unknown): void => logger.error('request failed', { error: error as Error });

async function respond(event: APIGatewayProxyEventV2, request: ApiRequest): Promise<ApiResponse> {
  const context = await contextOf();
  const signIn = signInOf(context.config.file);
  // The gateway's authorizer has decided who may send it.
  if (signIn === null) return answer(request, context);
  const [{ deployedGate }, { answerAtGate }] = await Promise.all([
    import('./shared/gate.ts'),
    import('../src/service/sign-in/gate.ts'),
  ]);
  return answerAtGate(
    siteRequestOf(event, request, signIn.basePath),
    context,
    await deployedGate(context.config, onError),
  );
}

/** Where people sign in, no authorizer of the gateway does. So this function finds the route itself, as `serve` does. */
function siteRequestOf(
  { rawPath, requestContext, cookies = [] }: APIGatewayProxyEventV2,
  request: ApiRequest,
  basePath: string,
): SiteRequest {
  const { method } = requestContext.http;
  // The mapping of a custom domain may have taken the base path away.
  const isBelow = rawPath === basePath || rawPath.startsWith(`${basePath}/`);
  const path = (isBelow ? rawPath.slice(basePath.length) : rawPath) || '/';
  // Payload format 2.0 has the cookies apart from the headers.
  const headers = cookies.length > 0 ? { ...request.headers, cookie: cookies.join('; ') } : request.headers;
  return {
    ...request,
    ...routeOf(method === 'HEAD' ? 'GET' : method, path),
    method,
    path,
    headers,
    basePath,
  };
}

async function contextOf(): Promise<ApiContext> {
  const config = await configuration();
  return {
    config,
    schedules: schedulesOf(config.file),
    filesBy: 'link',
    store: await deployedStore(PATIENCE_MILLISECONDS),
    send: async (job) => {
      await queueOf('QUEUE_URL').send([JSON.stringify(job)]);
      logger.info('job sent', { reportId: job.id, cluster: job.cluster });
    },
    now: () => new Date(),
    onError,
  };
}

/** In characters: smaller responses gain nothing. */
const LEAST_COMPRESSED = 10_000;

/** Compresses long responses, since the gateway does not: the list of many clusters is long and repetitive. */
function packed(
  { status, headers, cookies, body, bytes }: ApiResponse,
  acceptEncoding: string | undefined,
): APIGatewayProxyStructuredResultV2 {
  const common = { statusCode: status, ...(cookies && { cookies: [...cookies] }) };
  // Those of a file are compressed already.
  if (bytes !== undefined)
    return {
      ...common,
      headers,
      body: Buffer.from(bytes).toString('base64'),
      isBase64Encoded: true,
    };
  if (body.length < LEAST_COMPRESSED || !/\bgzip\b/i.test(acceptEncoding ?? ''))
    return { ...common, headers, body };
  return {
    ...common,
    headers: { ...headers, 'content-encoding': 'gzip' },
    body: gzipSync(body).toString('base64'),
    isBase64Encoded: true,
  };
}

function requestOf(event: APIGatewayProxyEventV2): ApiRequest {
  const { body, isBase64Encoded, rawPath } = event;
  return {
    route: event.routeKey,
    parameters: event.pathParameters ?? {},
    query: event.queryStringParameters ?? {},
    headers: Object.fromEntries(
      Object.entries(event.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
    ),
    body: body && isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body,
    basePath: basePathOf(rawPath, event.routeKey),
  };
}

/**
 * The characters that a base path can have, with escapes
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-mappings.html).
 */
const BASE_PATH = /^(?:\/[\w$.+!*'()~%-]+)*$/;

/**
 * Returns the path before the route: the path without as many segments as the route has. Below a base path, that of the
 * start page may have no slash at its end.
 */
function basePathOf(path: string, routeKey: string): string {
  const whole = routeKey === 'GET /' && !path.endsWith('/') ? `${path}/` : path;
  const count = routeKey.split('/').length - 1;
  const base = whole.split('/').slice(0, -count).join('/');
  // "//host" would be the address of another host. Browsers read "\" as "/" and drop tabs and line breaks.
  return BASE_PATH.test(base) ? base : '';
}
