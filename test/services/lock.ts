/** A lock between processes: vitest runs test files side by side, and each of them may want to install the same. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Of util-linux, which every Debian has. */
const FLOCK = 'flock';

/**
 * Returns what `action` returns, run while no other process is in an action of the same name.
 *
 * The lock is held by a child, flock(1), and ends with the child's input. The kernel closes that input when
 * this process ends in whatever way, so a killed run leaves no lock behind.
 */
export async function locked<Result>(name: string, action: () => Promise<Result>): Promise<Result> {
  const file = join(tmpdir(), `antrea-health-report-${name}.lock`);
  const holder = spawn(FLOCK, [file, 'sh', '-c', 'echo locked && exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(holder, 'exit');
  try {
    await Promise.race([once(holder.stdout, 'data'), ended.then(refuse)]);
    return await action();
  } finally {
    holder.stdin.end();
    await ended.catch(() => undefined);
  }
}

function refuse(): never {
  throw new Error('flock ended before it had the lock.');
}
