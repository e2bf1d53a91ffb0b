/** Finds the programs of the metric servers in an old and a new version. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensureDebianPackages } from './install.ts';
import { unpackedPackages } from './unpacked-packages.ts';

/** `old`: from the Debian release of this machine; `new`: from Debian's newer suite. */
export type Age = 'old' | 'new';

export const AGES: readonly Age[] = ['old', 'new'];

/** A program and its version for messages. */
export type Program = { path: string; version: string };

const run = promisify(execFile);

/** Returns a server program. The first call installs or unpacks it, which takes up to three minutes. */
export async function findProgram(name: 'prometheus' | 'victoria-metrics', age: Age): Promise<Program> {
  if (age === 'new') {
    const { folder, versionOf } = await unpackedPackages('forky');
    return { path: join(folder, 'usr/bin', name), version: await versionOf(name) };
  }
  await ensureDebianPackages([name]);
  return { path: name, version: await installedVersion(name) };
}

/** Asks dpkg, because Debian's VictoriaMetrics does not print its version. */
async function installedVersion(name: string): Promise<string> {
  return run('dpkg-query', ['--show', name]).then(
    ({ stdout }) => stdout.trim().split('\t')[1] ?? 'unknown',
    () => 'unknown',
  );
}
