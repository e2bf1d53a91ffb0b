/** The servers of metrics of two ages: what the machine's release of Debian has, and what its newer suite has. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ensureDebianPackages } from './install.ts';
import { newerProgram } from './newer-programs.ts';

/** `old`: of the machine's release of Debian; `new`: of Debian's newer suite. */
export type Age = 'old' | 'new';

export const AGES: readonly Age[] = ['old', 'new'];

/** A program with its version, for messages. Neither is pinned. */
export type Program = { path: string; version: string };

const run = promisify(execFile);

/** Returns a server's program, installed or unpacked first if need be. Give it two or three minutes. */
export async function findProgram(name: 'prometheus' | 'victoria-metrics', age: Age): Promise<Program> {
  if (age === 'new') return newerProgram(name);
  await ensureDebianPackages([name]);
  return { path: name, version: await installedVersion(name) };
}

/** Debian's package knows it; the VictoriaMetrics in it does not. Elsewhere it may be something else's program. */
async function installedVersion(name: string): Promise<string> {
  return run('dpkg-query', ['--show', name]).then(
    ({ stdout }) => stdout.trim().split('\t')[1] ?? 'unknown',
    () => 'unknown',
  );
}
