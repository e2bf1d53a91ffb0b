/** A TCP proxy that breaks connections as networks do while a function is frozen, or lets them hang. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export type BreakingProxy = {
  /** http://127.0.0.1:port */
  url: string;
  /** Closes all connections, like a server after its idle time. */
  closeConnections(): void;
  /** Answers the next packet of each connection with a reset, like a NAT gateway that has forgotten it. */
  forgetConnections(): void;
  /** Passes nothing on to the client while it is set. */
  isHanging: boolean;
  stop(): Promise<void>;
};

/** @param target http://host:port */
export async function startBreakingProxy(target: string): Promise<BreakingProxy> {
  const { hostname, port } = new URL(target);
  const clients = new Set<Socket>();
  const forgotten = new WeakSet<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    clients.add(client);
    client.on('data', (bytes) => {
      if (forgotten.has(client)) client.resetAndDestroy();
      else upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      if (!proxy.isHanging) client.write(bytes);
    });
    client.on('close', () => {
      clients.delete(client);
      upstream.destroy();
    });
    upstream.on('close', () => {
      if (!forgotten.has(client)) client.end();
    });
    for (const socket of [client, upstream]) socket.on('error', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: BreakingProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    isHanging: false,
    closeConnections() {
      for (const client of clients) client.destroy();
    },
    forgetConnections() {
      for (const client of clients) forgotten.add(client);
    },
    async stop() {
      proxy.closeConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return proxy;
}
