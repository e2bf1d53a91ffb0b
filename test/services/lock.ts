/** A lock between processes, because vitest runs test files in parallel and several may install the same program. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Part of util-linux, which every Debian system has. */
const FLOCK = 'flock';

/**
 * Runs `action` while no other process runs an action with the same lock name, and returns its result.
 *
 * A child process, flock(1), holds the lock until its input ends. The kernel closes that input when this process ends,
 * so a killed run does not leave a lock behind.
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
  throw new Error('flock ended before it got the lock.');
}
