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
