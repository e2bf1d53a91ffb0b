import { gzipSync } from 'node:zlib';
import { Logger } from '@aws-lambda-powertools/logger';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Handler } from 'aws-lambda';
import { answer } from '../src/api/api.ts';
import type { ApiRequest, ApiResponse } from '../src/api/http.ts';
import { openQueue } from '../src/aws/queue.ts';
import { configuration } from './shared/configuration.ts';
import { fromEnvironment } from './shared/environment.ts';
import { openStore } from './shared/store.ts';

const logger = new Logger();

/** The HTTP API: asks for reports, says how they are coming along, opens and lists them. */
export const handler: Handler<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2> = async (
  event,
  context,
) => {
  logger.addContext(context);
  const request = requestOf(event);
  const response = await answer(request, {
    config: await configuration(),
    store: await openStore(),
    send: async (job) => {
      await openQueue(fromEnvironment('QUEUE_URL')).send([JSON.stringify(job)]);
      logger.info('job sent', { reportId: job.id, cluster: job.cluster });
    },
    now: () => new Date(),
    onError: (error) => logger.error('request failed', { route: request.route, error }),
  });
  return packed(response, request.headers['accept-encoding']);
};

/** Smaller answers are not worth the work. */
const LEAST_COMPRESSED = 10_000;

/** The gateway compresses nothing itself, and the list of many clusters is long and repeats itself. */
function packed(
  { status, headers, body }: ApiResponse,
  acceptEncoding: string | undefined,
): APIGatewayProxyStructuredResultV2 {
  if (body.length < LEAST_COMPRESSED || !/\bgzip\b/i.test(acceptEncoding ?? ''))
    return { statusCode: status, headers, body };
  return {
    statusCode: status,
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
    basePath: rawPath.slice(0, Math.max(0, rawPath.indexOf('/reports'))),
  };
}
