import { createServer } from 'node:net';

/** Returns a port of this machine that nothing listens on. */
export async function freePort(): Promise<number> {
  const address = await tryToListen(0);
  if (address === null || typeof address === 'string') throw new Error('No loopback port is free.');
  return address.port;
}

/** Whether something listens on a port of this machine. */
export async function isInUse(port: number): Promise<boolean> {
  return tryToListen(port).then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === 'EADDRINUSE',
  );
}

/** Listens for a moment. Returns the address, or rejects with the reason why that is impossible. */
async function tryToListen(port: number) {
  const probe = createServer();
  await new Promise<void>((resolve, reject) =>
    probe.once('error', reject).listen(port, '127.0.0.1', resolve),
  );
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return address;
}
