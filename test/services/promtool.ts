import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Returns what promtool finds wrong with metrics in the text format. */
export async function checkMetrics(metrics: string): Promise<string> {
  const run = promisify(execFile)('promtool', ['check', 'metrics']);
  run.child.stdin?.end(metrics);
  return run.then(
    ({ stderr }) => stderr,
    (error: { stdout: string; stderr: string }) => `${error.stdout}${error.stderr}`,
  );
}
