/** An HTTP proxy that injects the faults of a plan into the requests to one system. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { type Answer, errorBody, type Handler, type Request } from '../services/faulty-proxy.ts';
import type { HttpFault, HttpSystem } from './plan.ts';

export type Passed = {
  number: number;
  method: string;
  path: string;
  /** `null`: the request passed. */
  fault: HttpFault | null;
  /** Status of the server's answer, whether the client got it or not; 0: the server did not get the request. */
  handled: number;
  /** When it arrived, in milliseconds of `performance.now()`. */
  at: number;
  /** What was sent. */
  body: Buffer;
  /** The connection ended before the whole answer was written: by a fault, or by a client that waited too long. */
  isCutOff: boolean;
};

export type FaultProxy = {
  url: string;
  /** The requests of this run, oldest first. */
  passed: Passed[];
  /** Starts the next run: forgets the requests, and connections from before cannot bring faults into it. */
  begin(hooks: Hooks): void;
  /** Ends the faults, and keeps the list of requests. */
  calm(): void;
  stop(): Promise<void>;
};

export type Hooks = {
  faultAt(number: number): HttpFault | null;
  /** Called when a request arrives. */
  onArrival?(number: number): void;
  /** Called when a request was handled, before it is answered. */
  onHandled?(number: number): void;
};

const EMPTY = Buffer.alloc(0);

const DRIPS = 8;
const DRIP_PAUSE_MILLISECONDS = 15;
/** Ends a stalled connection after its client must have given up. */
const STALL_MILLISECONDS = 20_000;

/** A pause that `time.ts` does not shorten. */
const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Starts a proxy that passes requests to a handler. */
export async function startFaultProxy(system: HttpSystem, handler: Handler): Promise<FaultProxy> {
  let hooks: Hooks = { faultAt: () => null };
  const server = createServer((incoming, outgoing) => {
    const number = proxy.passed.length + 1;
    const { method = 'GET', url: path = '/' } = incoming;
    const passed: Passed = {
      number,
      method,
      path,
      fault: hooks.faultAt(number),
      handled: 0,
      at: performance.now(),
      body: EMPTY,
      isCutOff: false,
    };
    proxy.passed.push(passed);
    outgoing.once('close', () => {
      passed.isCutOff = !outgoing.writableFinished;
    });
    hooks.onArrival?.(number);
    const onHandled = hooks.onHandled;
    pass(system, { incoming, outgoing, passed, handler: withHook(handler, () => onHandled?.(number)) }).catch(
      () => outgoing.destroy(),
    );
  });
  // A client that waits between requests must not meet a connection that the server has just closed.
  server.keepAliveTimeout = 600_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: FaultProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passed: [],
    begin(next) {
      proxy.passed = [];
      hooks = next;
    },
    calm() {
      hooks = { faultAt: () => null };
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return proxy;
}

const withHook =
  (handler: Handler, onHandled: () => void): Handler =>
  async (request) => {
    const answer = await handler(request);
    onHandled();
    return answer;
  };

type Exchange = { incoming: IncomingMessage; outgoing: ServerResponse; passed: Passed; handler: Handler };

async function pass(system: HttpSystem, { incoming, outgoing, passed, handler }: Exchange): Promise<void> {
  const { method, path, fault } = passed;
  const request: Request = { method, path, headers: incoming.headers, body: await buffer(incoming) };
  passed.body = request.body;
  if (fault?.do === 'cut' && fault.when === 'before') return void incoming.socket.destroy();
  if (fault?.do === 'answer') {
    const answer = refusalOf(system, fault, request);
    return void outgoing.writeHead(answer.status, answer.headers).end(answer.body);
  }
  const { status, headers, body } = pack(system, await handler(request), request);
  passed.handled = status;
  if (fault?.do === 'cut' && fault.when === 'after') return void incoming.socket.destroy();
  if (fault?.do === 'delay') await wait(fault.milliseconds);
  const { 'transfer-encoding': _, ...others } = headers;
  outgoing.writeHead(status, method === 'HEAD' ? headers : { ...others, 'content-length': body.length });
  await write(outgoing, body, fault);
}

async function write(outgoing: ServerResponse, body: Buffer, fault: HttpFault | null): Promise<void> {
  const half = body.subarray(0, Math.floor(body.length / 2));
  switch (fault?.do) {
    case 'corrupt':
      outgoing.end(corrupt(body));
      return;
    case 'cut':
      outgoing.write(half, () => outgoing.destroy());
      return;
    case 'stall':
      outgoing.write(half);
      setTimeout(() => outgoing.destroy(), STALL_MILLISECONDS).unref();
      return;
    case 'drip':
      for (let drip = 0; drip < DRIPS; drip += 1) {
        const [start, end] = [drip, drip + 1].map((part) => Math.floor((body.length * part) / DRIPS));
        outgoing.write(body.subarray(start, end));
        await wait(DRIP_PAUSE_MILLISECONDS);
      }
      outgoing.end();
      return;
    default:
      outgoing.end(body);
  }
}

/**
 * Changes the byte in the middle. It becomes NUL, which neither JSON nor XML allows: HTTP has no check sums, and nobody
 * can notice that a digit became another one. In packed bodies every changed byte is noticed.
 */
function corrupt(body: Buffer): Buffer {
  const changed = Buffer.from(body);
  if (changed.length > 0) changed[Math.floor(changed.length / 2)] = 0;
  return changed;
}

/** Packs the answers of Prometheus as it does. */
function pack(system: HttpSystem, answer: Answer, { headers }: Request): Answer {
  if (system !== 'prometheus' || !String(headers['accept-encoding'] ?? '').includes('gzip')) return answer;
  return {
    ...answer,
    headers: { ...answer.headers, 'content-encoding': 'gzip' },
    body: gzipSync(answer.body),
  };
}

type Refusal = Extract<HttpFault, { do: 'answer' }>;

function refusalOf(system: HttpSystem, { status, retryAfterSeconds }: Refusal, request: Request): Answer {
  const { type, headers, body } = REFUSALS[system](
    status,
    `${request.path} ${JSON.stringify(request.headers)}`,
  );
  const isFromGateway = status === 502 || status === 504;
  return {
    status,
    headers: {
      'content-type': isFromGateway ? 'text/html' : type,
      ...(isFromGateway ? {} : headers),
      ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
    },
    body: Buffer.from(isFromGateway ? '<html>Bad gateway</html>' : body),
  };
}

type RefusalBody = { type: string; headers?: Record<string, string>; body: string };

const S3_CODES: Readonly<Record<number, string>> = {
  400: 'BadDigest',
  403: 'SignatureDoesNotMatch',
  429: 'SlowDown',
  500: 'InternalError',
  503: 'SlowDown',
};

/** How each system refuses a request; `echo` repeats the request. */
const REFUSALS: Readonly<Record<HttpSystem, (status: number, echo: string) => RefusalBody>> = {
  prometheus: (_, echo) => ({
    type: 'application/json',
    body: JSON.stringify({ status: 'error', errorType: 'internal', error: `not now: ${echo}` }),
  }),
  s3: (status, echo) => ({
    type: 'application/xml',
    body: errorBody(S3_CODES[status] ?? 'InternalError', 'Later.').replace(
      '</Error>',
      `<CanonicalRequest>${echo.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</CanonicalRequest></Error>`,
    ),
  }),
  sqs: (status, echo) => ({
    type: 'application/x-amz-json-1.0',
    body: JSON.stringify({
      __type:
        status === 403 ? 'com.amazonaws.sqs#SignatureDoesNotMatch' : 'com.amazonaws.sqs#RequestThrottled',
      message: echo,
    }),
  }),
  ses: (status, echo) => ({
    type: 'application/json',
    headers: { 'x-amzn-errortype': status === 403 ? 'SignatureDoesNotMatch' : 'TooManyRequestsException' },
    body: JSON.stringify({ message: echo }),
  }),
};
