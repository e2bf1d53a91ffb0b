import type { Command } from 'commander';
import type { Run } from '../context.ts';
import { addChromiumOption, addStoreOptions } from '../options.ts';
import type { ServeFlags } from '../serve.ts';

const DESCRIPTION = `Serves the reports and makes those that are requested: pages for people, an HTTP
API for programs (docs/openapi.json), and metrics for Prometheus. Several
servers can share one archive; each report is made once. Reports that "schedule"
stores in the same archive appear here, too.

Examples:
  # On this machine only, at http://127.0.0.1:8080
  $ antrea-health serve --config antrea-health.yaml \\
      --archive /var/lib/antrea-health

  # For other machines; signIn or serve.authentication says who has access
  $ antrea-health serve --config antrea-health.yaml --bucket reports \\
      --listen 0.0.0.0:8080 --listen-metrics 0.0.0.0:9090

  # Ask for a report
  $ curl -s http://127.0.0.1:8080/reports -H 'content-type: application/json' \\
      -d '{"cluster": "prod", "range": "24h"}'`;

const NOTES = `
SIGTERM: finishes the reports that are being made, or gives them back to other
servers after 20 s, and exits with 0.

Exit codes:
  0  It was stopped.
  2  An option or the configuration must be corrected.
`;

/** The time for finishing or giving back reports, and some for the rest. Kubernetes kills after 30 s. */
const INTERRUPT_MILLISECONDS = 28_000;

export function addServeCommand(program: Command, run: Run): Command {
  const command = program.command('serve').summary('serve the reports over HTTP').description(DESCRIPTION);
  addStoreOptions(command);
  command
    .option('--listen <host:port>', 'where the pages and the API are served', '127.0.0.1:8080')
    .option('--listen-metrics <host:port>', 'where /metrics and /healthz are served; nowhere when absent')
    .option('--concurrency <number>', 'how many reports are made at the same time', '2');
  addChromiumOption(command);
  return command
    .addHelpText('after', NOTES)
    .action((flags: ServeFlags) =>
      run(
        async (context) => (await import('../serve.ts')).serveCommand(flags, context),
        INTERRUPT_MILLISECONDS,
      ),
    );
}
