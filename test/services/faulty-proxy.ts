/** Stands between a client and an HTTP server, and does to answers what networks do to them. */
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
  /** The server does its work, `meanwhile` happens, and the client never hears of it. */
  | { lose: 'the answer'; meanwhile?: () => Promise<unknown> }
  /** The server never hears of it; `meanwhile` happens, and this is answered. */
  | { answer: number; body: string; meanwhile?: () => Promise<unknown> };

export type FaultyProxy = {
  endpoint: string;
  /** What happens to the next PUT requests, one each; the others go through. */
  faults: Fault[];
  /** Requests as they came in, the latest last. */
  requests: { method: string; path: string; headers: IncomingHttpHeaders }[];
  stop(): Promise<void>;
};

/** An error as S3 words it. */
export const errorBody = (code: string, message = 'Later.'): string =>
  `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;

/** @param target http://host:port of the server behind it */
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
  const { method, url: path, headers } = incoming;
  // The Host header stays the client's own: it is signed.
  const onward = request(target, { method, path, headers });
  const answered: Promise<[IncomingMessage]> = once(onward, 'response') as never;
  onward.end(sent);
  const [answer] = await answered;
  const received = await buffer(answer);
  await fault?.meanwhile?.();
  if (fault) incoming.socket.destroy();
  else outgoing.writeHead(answer.statusCode ?? 502, answer.headers).end(received);
}
