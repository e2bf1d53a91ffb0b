import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The bundled command in tests, or else, in `npm run faults`, its sources. */
export const PROGRAM =
  process.env['ANTREA_HEALTH_PROGRAM'] ?? fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** Ends a command that hangs. */
const LIMIT_MILLISECONDS = 300_000;

export type Outcome = { code: number; stdout: string; stderr: string };

/**
 * Runs antrea-health as a user's shell would in a pipe.
 * @param environment the whole environment of the command; that of the test by default
 */
export function runCommand(
  parameters: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Outcome> {
  const options = { timeout: LIMIT_MILLISECONDS, env: environment };
  return new Promise((resolve) => {
    execFile(process.execPath, [PROGRAM, ...parameters], options, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr });
    });
  });
}

/** Returns the folder of the report that a command has made: it prints the address of the page, or the folder. */
export function reportFolder({ stdout }: Pick<Outcome, 'stdout'>): string {
  const printed = stdout.trimEnd();
  return printed.startsWith('file:') ? dirname(fileURLToPath(printed)) : printed;
}
