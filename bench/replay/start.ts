import { fileURLToPath } from 'node:url';
import { type Server, startServer, temporaryFolder } from '../../test/services/server.ts';
import type { LoggedRequest } from './server.ts';

export type { LoggedRequest } from './server.ts';

export type Replay = Pick<Server, 'stop'> & {
  /** Returns the address of a cluster with this number of nodes, at least that of the simulated cluster. */
  url(nodes: number): string;
  /** Returns the requests since the last call. */
  takeLog(): Promise<LoggedRequest[]>;
};

export type ReplayOptions = {
  /** The address of a server that has `dayWithPast` of bench/past.ts. */
  upstream: string;
  /** The options of `dayWithPast`. */
  nodes: number;
  isUpgraded?: boolean;
};

/** Starts bench/replay/server.ts as a process. */
export async function startReplay({ upstream, nodes, isUpgraded = false }: ReplayOptions): Promise<Replay> {
  const folder = await temporaryFolder('replay');
  try {
    const program = fileURLToPath(new URL('server.ts', import.meta.url));
    const { url, stop } = await startServer({
      program: process.execPath,
      parameters: (port) => [
        ...[program, String(port), upstream, folder.path, String(nodes)],
        ...(isUpgraded ? ['upgrade'] : []),
      ],
      readyPath: '/health',
    });
    return {
      url: (count) => `${url}/nodes/${count}`,
      takeLog: async () => (await (await fetch(`${url}/log`)).json()) as LoggedRequest[],
      stop: () => stop().then(folder.remove),
    };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}
