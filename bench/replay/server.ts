/**
 * A server that answers like a cluster with many nodes: it asks a real server with a simulated cluster, keeps the
 * answers, and repeats the series of nodes with other names. `/nodes/300/api/v1/query` is the API of a cluster with 300
 * nodes. It runs as a separate process, and only the first request for an answer waits for the real server.
 *
 *   node bench/replay/server.ts PORT UPSTREAM FOLDER NODES [upgrade]
 *
 * The real server must have `dayWithPast` of bench/past.ts for these NODES. Compressed answers are kept in FOLDER.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { dayWithPast } from '../past.ts';
import { type BaseAnswer, multiply, readAnswer } from './answer.ts';
import { type Copies, makeCopies, readNames, templateReader } from './copies.ts';

/** A request as it was received, and the size of its answer. */
export type LoggedRequest = {
  method: string;
  /** With the search, without /nodes/…. */
  path: string;
  body: string;
  /** The size of the answer, unpacked. */
  bytes: number;
  /** The size of the answer as it was sent. */
  sentBytes: number;
};

/** The level that VictoriaMetrics uses (lib/httpserver); Prometheus's is 6. */
const GZIP_LEVEL = 1;

/** How many chunks wait for the socket. */
const CHUNKS_AHEAD = 2;

const [port, upstream = '', folder = '', simulatedNodes, upgrade] = process.argv.slice(2);
const { parts } = dayWithPast(Number(simulatedNodes), { isUpgraded: upgrade === 'upgrade' });
// The last part has the faults, which create further Pods.
const lastPart = parts.at(-1);
if (lastPart === undefined) throw new Error('The simulated past is empty.');
const simulated = readNames(lastPart);
const readTemplate = templateReader(simulated);

const answers = new Map<string, Promise<BaseAnswer>>();
const packed = new Map<string, Promise<Packed>>();
const copiesByCount = new Map<number, Copies>();
let files = 0;
let log: LoggedRequest[] = [];

createServer((request, response) => {
  handle(request, response).catch((error: unknown) => {
    if (response.headersSent) response.destroy();
    else response.writeHead(502, { 'content-type': 'text/plain' }).end(String(error));
  });
}).listen(Number(port), '127.0.0.1');

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = 'GET', url = '/', headers } = request;
  const body = await text(request);
  if (url === '/health') return void response.end('OK');
  // Returns the requests since the last time.
  if (url === '/log') {
    response.end(JSON.stringify(log));
    log = [];
    return;
  }
  const [, count, path = ''] = /^\/nodes\/(\d+)(\/.*)$/.exec(url) ?? [];
  if (count === undefined) return void response.writeHead(404).end();
  if (!/^\/api\/v1\/query(_range)?\b/.test(path)) return passOn(path, response);

  const copies = copiesOf(Number(count));
  const form = new URLSearchParams(method === 'POST' ? body : path.split('?')[1]);
  form.sort();
  const endpoint = path.split('?')[0] ?? '';
  const key = `${endpoint}?${form}`;
  const answer = await cached(answers, key, () => ask(endpoint, form));
  response.setHeader('content-type', 'application/json');
  const entry = { method, path, body, bytes: 0, sentBytes: 0 };
  log.push(entry);
  if (/\bgzip\b/.test(String(headers['accept-encoding'] ?? ''))) {
    const { file, size, bytes } = await cached(packed, `${count} ${key}`, () => pack(answer, copies));
    Object.assign(entry, { bytes, sentBytes: size });
    response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': size });
    return pipeline(createReadStream(file, { highWaterMark: 2 ** 18 }), response);
  }
  const chunks = counting(multiply(answer, copies), (bytes) => {
    entry.bytes += bytes;
    entry.sentBytes += bytes;
  });
  return pipeline(Readable.from(chunks, { highWaterMark: CHUNKS_AHEAD }), response);
}

/** Status requests and everything else that is not a query. */
async function passOn(path: string, response: ServerResponse): Promise<void> {
  const answer = await fetch(`${upstream}${path}`);
  response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' });
  response.end(await answer.text());
}

async function ask(endpoint: string, form: URLSearchParams): Promise<BaseAnswer> {
  const response = await fetch(`${upstream}${endpoint}`, { method: 'POST', body: form });
  const body = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${body.slice(0, 300)}`);
  return readAnswer(body, form.get('query') ?? '', readTemplate);
}

type Packed = { file: string; size: number; bytes: number };

/** Compresses an answer into a file. */
async function pack(answer: BaseAnswer, copies: Copies): Promise<Packed> {
  files += 1;
  const file = join(folder, String(files));
  let total = 0;
  const chunks = counting(multiply(answer, copies), (bytes) => {
    total += bytes;
  });
  await pipeline(
    Readable.from(chunks, { highWaterMark: CHUNKS_AHEAD }),
    createGzip({ level: GZIP_LEVEL }),
    createWriteStream(file),
  );
  return { file, size: (await stat(file)).size, bytes: total };
}

function* counting(chunks: Iterable<Buffer>, onBytes: (bytes: number) => void): Generator<Buffer> {
  for (const chunk of chunks) {
    onBytes(chunk.length);
    yield chunk;
  }
}

function copiesOf(count: number): Copies {
  const known = copiesByCount.get(count) ?? makeCopies(simulated, count);
  copiesByCount.set(count, known);
  return known;
}

function cached<T>(cache: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const made = make();
  cache.set(key, made);
  // A failure is not an answer; the next request asks again.
  made.catch(() => cache.delete(key));
  return made;
}
