/**
 * Records examples/twelve-nodes.capture.gz with this program's own client: the simulated day of the tests with its
 * faults, and the weeks before it. The server is VictoriaMetrics (Debian's package `victoria-metrics`), because
 * Prometheus would need too much memory for this number of samples.
 */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommandLine } from '../src/cli/program.ts';
import { victoriaMetricsOver } from '../test/services/victoria-metrics.ts';
import { exampleDay } from '../test/simulation/scenarios.ts';

const capture = fileURLToPath(new URL('../examples/twelve-nodes.capture.gz', import.meta.url));
const { simulation, period } = exampleDay();
const server = await victoriaMetricsOver(simulation);
const out = await mkdtemp(join(tmpdir(), 'antrea-health-example-'));
try {
  const iso = (unixSeconds: number) => new Date(unixSeconds * 1000).toISOString();
  process.exitCode = await runCommandLine(
    [
      ...['node', 'antrea-health', 'report', '--cluster', 'example', '--format', 'json'],
      ...['--prometheus', server.url, '--from', iso(period.start), '--to', iso(period.end)],
      ...['--capture', capture, '--out', out],
    ],
    {},
  );
  process.stderr.write(`${capture}: ${(await stat(capture)).size} bytes\n`);
} finally {
  await server.stop();
  await rm(out, { recursive: true, force: true });
}
