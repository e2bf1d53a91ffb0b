import { type ChildProcess, fork, type Serializable } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A process that answers each message with a result. */
export type Worker<Task extends Serializable, Result> = {
  /** @throws if the process ends; the message has the end of its error output */
  run(task: Task): Promise<Result>;
  stop(): Promise<void>;
};

/** Returns the arguments that the command `antrea-health` gives to Node, so that its memory is measured. */
function nodeArguments(): string[] {
  const { scripts } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const [, found] = /^node (.*)scripts\/antrea-health\.ts$/.exec(scripts['antrea-health']) ?? [];
  if (found === undefined) throw new Error('The script antrea-health of package.json has another form.');
  return found.split(' ').filter((argument) => argument !== '');
}

/**
 * Starts a program of this folder as a process.
 * @param name the file's name
 */
export function startWorker<Task extends Serializable, Result>(
  name: string,
  parameters: readonly string[],
): Worker<Task, Result> {
  const file = fileURLToPath(new URL(name, import.meta.url));
  const child = fork(file, parameters, {
    execArgv: nodeArguments(),
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

/** Answers each message of `startWorker` with a result; an error ends the process. */
export function answerTasks<Task, Result>(run: (task: Task) => Promise<Result>): void {
  process.on('message', (task: Task) => {
    run(task).then(
      (result) => process.send?.(result),
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
        process.exit(1);
      },
    );
  });
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}
