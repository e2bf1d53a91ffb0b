import { type ChildProcess, fork, type Serializable } from 'node:child_process';
import { once } from 'node:events';

/** A process that answers each message with a result. */
export type Worker<Task extends Serializable, Result> = {
  /** @throws if the process ends; the message has the end of its error output */
  run(task: Task): Promise<Result>;
  stop(): Promise<void>;
};

/** Starts a program as a process. */
export function startWorker<Task extends Serializable, Result>(
  file: string,
  parameters: readonly string[],
): Worker<Task, Result> {
  const child = fork(file, parameters, {
    // Not those of the program that measures.
    execArgv: [],
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-2000);
  });
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
  return {
    async run(task) {
      child.send(task);
      const answer = once(child, 'message') as Promise<[Result]>;
      const failure = ended.then(([code, signal]) => {
        throw new Error(`${file} ended with ${signal ?? `code ${code}`}: ${errors.trim()}`);
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
