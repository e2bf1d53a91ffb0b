import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A process that does the same work for each message and answers with what it measured. */
export type Worker<Result> = {
  /** @throws if the process ends; the message has the end of its error output */
  run(): Promise<Result>;
  stop(): Promise<void>;
};

/**
 * Starts a program of this folder as a process.
 * @param name the file's name
 * @param execArgv arguments for Node
 */
export function startWorker<Result>(
  name: string,
  parameters: readonly string[],
  execArgv: readonly string[] = [],
): Worker<Result> {
  const file = fileURLToPath(new URL(name, import.meta.url));
  const child = fork(file, parameters, {
    execArgv: [...execArgv],
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-2000);
  });
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
  return {
    async run() {
      child.send('run');
      const answer = once(child, 'message') as Promise<[Result]>;
      const failure = ended.then(([code, signal]) => {
        throw new Error(`${name} ended with ${signal ?? `code ${code}`}: ${errors.trim()}`);
      });
      const [result] = await Promise.race([answer, failure]);
      return result;
    },
    async stop() {
      if (isRunning(child)) child.disconnect();
      await ended;
    },
  };
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}
