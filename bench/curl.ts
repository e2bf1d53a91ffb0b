import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DEFAULT_CONCURRENCY } from '../src/adapters/prometheus/client.ts';
import { temporaryFolder } from '../test/services/server.ts';
import type { LoggedRequest } from './replay/start.ts';

const run = promisify(execFile);

/** The time and the processor time of curl. */
export type CurlTimes = { seconds: number; processorSeconds: number };

/**
 * Measures how long curl needs to send the same requests with the same concurrency and to discard the answers.
 * @param isCompressed whether curl asks for gzip and unpacks it, as this program does
 */
export async function curl(
  url: string,
  requests: readonly LoggedRequest[],
  isCompressed: boolean,
): Promise<CurlTimes> {
  const folder = await temporaryFolder('curl');
  try {
    const config = requests.map(({ method, path, body }) =>
      [
        `url = ${JSON.stringify(`${url}${path}`)}`,
        // A body makes it a POST with the content type of forms.
        ...(method === 'POST' ? [`data-raw = ${JSON.stringify(body)}`] : []),
        ...(isCompressed ? ['compressed'] : []),
        'output = "/dev/null"',
        'fail',
      ].join('\n'),
    );
    const file = join(folder.path, 'curl.conf');
    await writeFile(file, `${config.join('\nnext\n')}\n`);
    const command = `curl --silent --parallel --parallel-max ${DEFAULT_CONCURRENCY} --config "$0" && times`;
    const start = performance.now();
    const { stdout } = await run('bash', ['-c', command, file]);
    const seconds = (performance.now() - start) / 1000;
    return { seconds, processorSeconds: processorSecondsOf(stdout) };
  } finally {
    await folder.remove();
  }
}

/** Reads the second line that the shell's `times` prints, which is about its children: "0m1.234s 0m0.056s". */
function processorSecondsOf(times: string): number {
  const [, ofChildren = ''] = times.trim().split('\n');
  const found = [...ofChildren.matchAll(/(\d+)m([\d.]+)s/g)];
  if (found.length !== 2) throw new Error(`times printed: ${times}`);
  return found.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
}
