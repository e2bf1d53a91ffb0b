/** The servers that tests run on: Prometheus and VictoriaMetrics, each old and new. */
import { AGES, type Age } from './programs.ts';
import { startPrometheus } from './prometheus.ts';
import type { Database } from './server.ts';
import { someOf } from './thorough.ts';
import { startVictoriaMetrics } from './victoria-metrics.ts';

export type ServerKind = {
  /** For test names. The version is known only once the server runs. */
  name: string;
  isPrometheus: boolean;
  age: Age;
  /** @param flags more of the command line, such as limits */
  start(flags?: readonly string[]): Promise<Database>;
};

const PROGRAMS = [
  { program: 'Prometheus', start: startPrometheus },
  { program: 'VictoriaMetrics', start: startVictoriaMetrics },
] as const;

export const EVERY_SERVER: readonly ServerKind[] = PROGRAMS.flatMap(({ program, start }) =>
  AGES.map((age) => ({
    name: `${program} (${age})`,
    isPrometheus: program === 'Prometheus',
    age,
    start: (flags?: readonly string[]) => start(age, flags),
  })),
);

/** An old Prometheus and a new VictoriaMetrics; every server in `npm run test:thorough`. */
export const TWO_SERVERS: readonly ServerKind[] = someOf(EVERY_SERVER, 0, EVERY_SERVER.length - 1);

/** Deals cases to the servers: each case to one server, or to all of them in `npm run test:thorough`. */
export function dealToServers<Case>(
  cases: readonly Case[],
): { name: string; kind: ServerKind; cases: Case[] }[] {
  return EVERY_SERVER.map((kind, index) => ({
    name: kind.name,
    kind,
    cases: someOf(cases, index, EVERY_SERVER.length),
  })).filter((dealt) => dealt.cases.length > 0);
}

/** Starts a server for the duration of `action`. Error messages begin with the server's version. */
export async function withServer<Result>(
  kind: ServerKind,
  action: (database: Database) => Promise<Result>,
): Promise<Result> {
  const database = await kind.start();
  try {
    return await action(database);
  } catch (error) {
    if (error instanceof Error) error.message = `${database.version}: ${error.message}`;
    throw error;
  } finally {
    await database.stop();
  }
}
