/** What stands in front of the service: a proxy with TLS before `serve`, and an HTTP API of API Gateway before its function. */
import { once } from 'node:events';
import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { text } from 'node:stream/consumers';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { tlsFixture } from './smtp.ts';

export type Front = { stop(): Promise<void> };

type Handle = (incoming: IncomingMessage, outgoing: ServerResponse) => unknown;

/** The certificate of 127.0.0.1, which no system trusts. */
export const TLS = { key: tlsFixture('server-key.pem'), cert: tlsFixture('server-cert.pem') };

async function startFront(port: number, handle: Handle): Promise<Front> {
  const server = createServer(TLS, handle);
  await once(server.listen(port, '127.0.0.1'), 'listening');
  return {
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** @param target http://address:port */
export function startTlsProxy(port: number, target: string): Promise<Front> {
  return startFront(port, (incoming, outgoing) => {
    const { method, url, headers } = incoming;
    const sent = request(new URL(url ?? '/', target), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    sent.on('error', () => outgoing.destroy());
    incoming.pipe(sent);
  });
}

type OnDemand = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;

/** @param routes the routes of the template */
export function startGateway(port: number, routes: readonly string[], onDemand: OnDemand): Promise<Front> {
  return startFront(port, async (incoming, outgoing) => {
    const body = await text(incoming);
    const {
      statusCode,
      headers,
      cookies = [],
      ...answer
    } = await onDemand(
      gatewayEvent(routes, {
        method: incoming.method ?? '',
        address: incoming.url ?? '/',
        headers: Object.fromEntries(
          Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
        ),
        body,
      }),
    );
    // A header field for each cookie.
    for (const cookie of cookies) outgoing.appendHeader('set-cookie', cookie);
    for (const [name, value] of Object.entries(headers ?? {})) outgoing.setHeader(name, String(value));
    outgoing.writeHead(statusCode ?? 200);
    outgoing.end(Buffer.from(answer.body ?? '', answer.isBase64Encoded ? 'base64' : 'utf8'));
  });
}

export type GatewayRequest = {
  method: string;
  address: string;
  headers?: Record<string, string>;
  body?: string;
};

/**
 * Returns the event of payload format 2.0 for a request:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function gatewayEvent(
  routes: readonly string[],
  { method, address, headers = {}, body = '' }: GatewayRequest,
): APIGatewayProxyEventV2 {
  const { pathname, searchParams } = new URL(address, 'https://api.invalid');
  const { cookie, ...others } = headers;
  const { routeKey, pathParameters } = findRoute(routes, method, pathname);
  const http = { method, path: pathname, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' };
  return {
    version: '2.0',
    routeKey,
    rawPath: pathname,
    rawQueryString: searchParams.toString(),
    ...(cookie === undefined ? {} : { cookies: cookie.split('; ') }),
    headers: others,
    ...(searchParams.size > 0 ? { queryStringParameters: Object.fromEntries(searchParams) } : {}),
    ...(pathParameters && { pathParameters }),
    requestContext: {
      accountId: '000000000000',
      apiId: 'test',
      domainName: 'api.invalid',
      domainPrefix: 'api',
      http,
      requestId: 'test',
      routeKey,
      stage: '$default',
      time: '',
      timeEpoch: 0,
    },
    ...(body === '' ? {} : { body }),
    isBase64Encoded: false,
  };
}

function findRoute(
  routes: readonly string[],
  method: string,
  path: string,
): { routeKey: string; pathParameters?: Record<string, string> } {
  for (const routeKey of routes) {
    const [routeMethod, template = ''] = routeKey.split(' ');
    const pattern = new RegExp(`^${template.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
    const found = routeMethod === method ? pattern.exec(path) : null;
    if (!found) continue;
    const decoded = Object.entries(found.groups ?? {}).map(([name, value]) => [
      name,
      decodeURIComponent(value),
    ]);
    return { routeKey, ...(found.groups && { pathParameters: Object.fromEntries(decoded) }) };
  }
  return { routeKey: '$default' };
}
