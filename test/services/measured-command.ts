/** Runs antrea-health and measures what it takes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type Outcome, PROGRAM } from './cli.ts';
import { temporaryFolder } from './server.ts';

/** What a command may take, whatever a server or a file contains. The seconds are those of an idle machine. */
const MOST_MIB = 1536;
const MOST_SECONDS = 90;

/** A busy machine needs several times as long, and a command that hangs is longer still. */
const PATIENCE = 4;

export type MeasuredOutcome = Outcome & { isBounded: { memory: boolean; time: boolean } };

export async function runMeasured(parameters: readonly string[]): Promise<MeasuredOutcome> {
  const folder = await temporaryFolder('measured');
  try {
    const file = join(folder.path, 'peak');
    const write = `import { writeFileSync } from 'node:fs';
      process.on('exit', () => writeFileSync(${JSON.stringify(file)}, String(process.resourceUsage().maxRSS)));`;
    const preload = `data:text/javascript,${encodeURIComponent(write)}`;
    const child = spawn(process.execPath, ['--import', preload, PROGRAM, ...parameters], {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: MOST_SECONDS * PATIENCE * 1000,
      killSignal: 'SIGKILL',
    });
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'exit'),
    ]);
    // A command that was killed has no exit code and has written nothing.
    const mib = Number(await readFile(file, 'utf8').catch(() => 'NaN')) / 1024;
    return {
      code: Number(code ?? -1),
      stdout,
      stderr,
      isBounded: { memory: mib < MOST_MIB, time: code !== null },
    };
  } finally {
    await folder.remove();
  }
}
