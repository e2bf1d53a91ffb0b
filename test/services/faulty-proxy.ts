/** An HTTP proxy that loses and replaces answers, like a network that fails. */
import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export type Fault =
  /** The server handles the request, `meanwhile` runs, and the client gets no answer. */
  | { lose: 'the answer'; meanwhile?: () => Promise<unknown> }
  /** The server does not get the request; `meanwhile` runs, and the client gets this answer. */
  | { answer: number; body: string; meanwhile?: () => Promise<unknown> };

export type FaultyProxy = {
  endpoint: string;
  /** Faults for the next PUT requests, one per request; other requests pass. */
  faults: Fault[];
  /** Received requests, oldest first. */
  requests: { method: string; path: string; headers: IncomingHttpHeaders }[];
  stop(): Promise<void>;
};

/** The body of an S3 error. */
export const errorBody = (code: string, message = 'Later.'): string =>
  `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;

/** @param target http://host:port of the server behind the proxy */
export async function startFaultyProxy(target: string): Promise<FaultyProxy> {
  const faults: Fault[] = [];
  const requests: FaultyProxy['requests'] = [];
  const server = createServer((incoming, outgoing) => {
    const { method = 'GET', url: path = '/', headers } = incoming;
    requests.push({ method, path, headers });
    pass(target, incoming, outgoing, method === 'PUT' ? faults.shift() : undefined).catch(() =>
      incoming.socket.destroy(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults,
    requests,
    stop,
  };
}

async function pass(
  target: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  fault: Fault | undefined,
): Promise<void> {
  const sent = await buffer(incoming);
  if (fault && 'answer' in fault) {
    await fault.meanwhile?.();
    outgoing.writeHead(fault.answer, { 'Content-Type': 'application/xml' }).end(fault.body);
    return;
  }
  const { method = 'GET', url: path = '/', headers } = incoming;
  const answer = await forward(target)({ method, path, headers, body: sent });
  await fault?.meanwhile?.();
  if (fault) incoming.socket.destroy();
  else outgoing.writeHead(answer.status, answer.headers).end(answer.body);
}

export type Request = { method: string; path: string; headers: IncomingHttpHeaders; body: Buffer };
export type Answer = { status: number; headers: IncomingHttpHeaders; body: Buffer };
export type Handler = (request: Request) => Promise<Answer>;

/** Returns a handler that passes requests to a server. @param target http://host:port */
export function forward(target: string): Handler {
  return async ({ method, path, headers, body }) => {
    // The Host header must not change, because it is signed.
    const onward = request(target, { method, path, headers });
    const answered: Promise<[IncomingMessage]> = once(onward, 'response') as never;
    onward.end(body);
    const [answer] = await answered;
    return { status: answer.statusCode ?? 502, headers: answer.headers, body: await buffer(answer) };
  };
}
