import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { ConfigError } from '../../config/errors.ts';
import type { ApiResponse } from '../../service/api/http.ts';

/** A request whose body has arrived. */
export type HttpRequest = {
  method: string;
  /** Without query. */
  path: string;
  query: Readonly<Record<string, string>>;
  /** The body as text; undefined when it is empty. */
  body: string | undefined;
  message: IncomingMessage;
};

export type HttpServer = {
  /** http://address:port */
  url: string;
  /** Answers requests that have begun and refuses others. */
  close(): Promise<void>;
};

export type HttpServerOptions = {
  /** Address and port to listen on; port 0 chooses a free one. */
  listen: { host: string; port: number };
  /** Larger bodies are answered with status 413. */
  mostBodyBytes: number;
  handle: (request: HttpRequest) => Promise<ApiResponse>;
  onError: (error: unknown) => void;
};

/** A request arrives in this time or never. A client that drips it must not occupy the server. */
const ARRIVAL_MILLISECONDS = 15_000;

/** Connections of people and proxies; others wait until one of them ends. */
const MOST_CONNECTIONS = 500;

/**
 * Starts an HTTP server. TLS is left to the proxy or the Ingress before it.
 * @throws ConfigError when it cannot listen there
 */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { listen, onError } = options;
  const server = createServer({ requestTimeout: ARRIVAL_MILLISECONDS, headersTimeout: ARRIVAL_MILLISECONDS });
  server.maxConnections = MOST_CONNECTIONS;
  server.on('request', (message, response) => {
    respond(message, response, options).catch((error) => {
      // A caller that hangs up has its reasons.
      if (message.complete) onError(error);
      response.destroy();
    });
  });
  await listening(server, listen);
  const { address, port, family } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
    close: () => closing(server),
  };
}

async function listening(server: Server, { host, port }: HttpServerOptions['listen']): Promise<void> {
  const started = Promise.withResolvers<void>();
  server.once('error', started.reject);
  server.listen(port, host, started.resolve);
  await started.promise.catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === 'EADDRINUSE' ? 'is in use' : `cannot be used (${error.code})`;
    throw new ConfigError(`--listen: ${host}:${port} ${reason}; choose another`);
  });
}

async function closing(server: Server): Promise<void> {
  const closed = Promise.withResolvers<void>();
  server.close(() => closed.resolve());
  server.closeIdleConnections();
  await closed.promise;
}

async function respond(
  message: IncomingMessage,
  response: ServerResponse,
  { handle, mostBodyBytes }: HttpServerOptions,
): Promise<void> {
  const body = await readBody(message, mostBodyBytes);
  if (body === null) {
    response.writeHead(413, { connection: 'close' }).end();
    return;
  }
  const address = addressOf(message);
  if (address === null) {
    response.writeHead(400).end();
    return;
  }
  const answer = await handle({
    method: message.method ?? '',
    path: address.pathname,
    query: Object.fromEntries(address.searchParams),
    body: body.length > 0 ? body.toString('utf8') : undefined,
    message,
  });
  send(answer, message, response);
}

/** The target of a request can be anything: a path, an address, or text that is neither. */
function addressOf({ url = '' }: IncomingMessage): URL | null {
  return url.startsWith('/') && URL.canParse(`http://localhost${url}`)
    ? new URL(`http://localhost${url}`)
    : null;
}

/** Returns null for a body that is too large; the rest of it is not read. */
async function readBody(message: IncomingMessage, mostBytes: number): Promise<Buffer | null> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of message as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > mostBytes) return null;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** Smaller responses gain nothing from compression. */
const LEAST_COMPRESSED_BYTES = 10_000;

function send(
  { status, headers, cookies = [], body, bytes: file }: ApiResponse,
  message: IncomingMessage,
  response: ServerResponse,
): void {
  const bytes = file === undefined ? Buffer.from(body) : file;
  const isText = /^(?:text\/|application\/(?:[\w.-]+\+)?json)/.test(headers['content-type'] ?? '');
  const accepted = String(message.headers['accept-encoding'] ?? '');
  const packed =
    isText && bytes.length >= LEAST_COMPRESSED_BYTES && /\bgzip\b/i.test(accepted) ? gzipSync(bytes) : null;
  response.writeHead(status, {
    ...headers,
    ...(cookies.length > 0 && { 'set-cookie': [...cookies] }),
    ...(packed && { 'content-encoding': 'gzip', vary: 'accept-encoding' }),
    'content-length': (packed ?? bytes).length,
    'x-content-type-options': 'nosniff',
  });
  response.end(message.method === 'HEAD' ? undefined : (packed ?? bytes));
}
