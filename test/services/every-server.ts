/** The servers that every way of scraping is tried on. */
import { AGES, type Age } from './programs.ts';
import { startPrometheus } from './prometheus.ts';
import type { Database } from './server.ts';
import { startVictoriaMetrics } from './victoria-metrics.ts';

export type ServerKind = {
  /** For the names of tests; the version is known once it runs. */
  name: string;
  isPrometheus: boolean;
  age: Age;
  start(): Promise<Database>;
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
    start: () => start(age),
  })),
);

/** Starts a server, hands it to `action`, and stops it; an error says which version it was. */
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
