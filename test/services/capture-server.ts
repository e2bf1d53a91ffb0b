/** An HTTP server that answers as Prometheus from a capture, and some queries with what a test makes of them. */

import { once } from 'node:events';
import { openAsBlob } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { openCapture } from '../../src/report/gather/capture/open.ts';
import { QueryError } from '../../src/report/gather/errors.ts';
import type { Source } from '../../src/report/gather/source.ts';
import type { Grid, Series } from '../../src/report/model/series.ts';

const EXAMPLE = fileURLToPath(new URL('../../examples/twelve-nodes.capture.gz', import.meta.url));

export type Asked = { query: string; isRange: boolean };

/** What replaces an answer: the text of the body in pieces, which may never end, and headers. */
export type Replacement = {
  body: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;
  headers?: Record<string, string>;
};

export type CaptureServer = {
  url: string;
  period: { start: number; end: number };
  stop(): Promise<void>;
};

/** @param replace returns `null` for a query that is answered from the capture */
export async function startCaptureServer(
  replace: (asked: Asked) => Replacement | null,
): Promise<CaptureServer> {
  const { source, settings } = await openCapture(await openAsBlob(EXAMPLE), EXAMPLE);
  const server = createServer((incoming, outgoing) => {
    // A client may close the connection before the end of an answer.
    answer(source, replace, incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    period: settings.period,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function answer(
  source: Source,
  replace: (asked: Asked) => Replacement | null,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const form = new URLSearchParams(await text(incoming));
  const query = form.get('query') ?? '';
  const isRange = form.has('step');
  const replacement = query === '' ? null : replace({ query, isRange });
  const headers = { 'Content-Type': 'application/json', ...replacement?.headers };
  if (replacement !== null) {
    outgoing.writeHead(200, headers);
    await pipeline(Readable.from(replacement.body), outgoing);
    return;
  }
  try {
    const body = isRange ? await rangeBody(source, form) : await instantBody(source, form);
    outgoing.writeHead(200, headers).end(body);
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    const refusal = { status: 'error', errorType: 'execution', error: error.message };
    outgoing.writeHead(422, headers).end(JSON.stringify(refusal));
  }
}

async function rangeBody(source: Source, form: URLSearchParams): Promise<string> {
  const [start = 0, end = 0, stepSeconds = 1] = ['start', 'end', 'step'].map((key) => Number(form.get(key)));
  const count = Math.floor((end - start) / stepSeconds) + 1;
  const grid: Grid = { start: start - stepSeconds, stepSeconds, count };
  const { series, warnings } = await source.range(form.get('query') ?? '', grid);
  const pairsOf = ({ values }: Series) =>
    [...values].flatMap((value, index) =>
      Number.isNaN(value) ? [] : [[start + index * stepSeconds, String(value)]],
    );
  const result = series.map((one) => ({ metric: one.labels, values: pairsOf(one) }));
  return JSON.stringify({ status: 'success', data: { resultType: 'matrix', result }, warnings });
}

async function instantBody(source: Source, form: URLSearchParams): Promise<string> {
  const time = Number(form.get('time'));
  const { samples, warnings } = await source.instant(form.get('query') ?? '', time);
  const result = samples.map(({ labels, value }) => ({ metric: labels, value: [time, String(value)] }));
  return JSON.stringify({ status: 'success', data: { resultType: 'vector', result }, warnings });
}
