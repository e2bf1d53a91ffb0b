import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { expect, it } from 'vitest';
import { openS3Store } from '../../../../src/adapters/s3/store.ts';

/** More than the SDK's tries for one request. */
const CONNECTIONS = 6;

it('gets an object although all connections that were idle are lost', async () => {
  const sockets = new Set<Socket>();
  const waiting: (() => void)[] = [];
  const server = createServer((_, outgoing) => {
    waiting.push(() => outgoing.writeHead(200, { ETag: '"1"', 'Content-Length': 4 }).end('kept'));
    // The first ones are answered together, so that each of them needs a connection.
    if (waiting.length >= CONNECTIONS) for (const answer of waiting.splice(0)) answer();
  });
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const store = openS3Store({ bucket: 'reports', endpoint, region: 'us-east-1', credentials });
  try {
    await Promise.all(Array.from({ length: CONNECTIONS }, () => store.get('reports/one')));
    expect(sockets.size).toBe(CONNECTIONS);
    // The client notices only when it sends the next request.
    for (const socket of sockets) {
      socket.removeAllListeners('data');
      socket.on('data', () => socket.resetAndDestroy());
    }
    server.on('request', () => {
      for (const answer of waiting.splice(0)) answer();
    });
    const found = await store.get('reports/one');
    expect(Buffer.from(found?.bytes ?? []).toString()).toBe('kept');
  } finally {
    await store.close();
    server.closeAllConnections();
    server.close();
  }
});
