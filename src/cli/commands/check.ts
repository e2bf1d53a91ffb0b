import { type Command, Option } from 'commander';
import type { CheckFlags } from '../check.ts';
import type { Run } from '../context.ts';
import { addConnectionOptions } from '../options.ts';

const DESCRIPTION = `Lists all problems of a configuration file, each with its line. Then examines
the Prometheus of each cluster: whether it answers, which targets are Antrea's,
how their nodes are identified, whether every node has an agent, how often and
since when the targets are scraped, which features of Antrea are on, which
other exporters there are, and what each custom indicator returns. Shows what
to do about each problem, with lines to copy. Changes nothing.

Examples:
  # A server, before the first report
  $ antrea-health check --prometheus http://localhost:9090
  $ antrea-health check --prometheus http://localhost:9090 --cluster prod-east

  # A file and the servers of its clusters, or of one of them
  $ antrea-health check --config antrea-health.yaml
  $ antrea-health check --config antrea-health.yaml --cluster prod-berlin

  # Only the file
  $ antrea-health check --config antrea-health.yaml --offline

  # As JSON, to list what needs attention
  $ antrea-health check --config antrea-health.yaml --json |
      jq '.clusters[].results[] | select(.state != "ok")'`;

const NOTES = `
States:
  ✓ ok       nothing to do
  ! note     reports can be made, but they say less
  ✗ problem  no report can be made, or the file must be corrected

A file to start from:
  prometheus: { url: "http://localhost:9090" }
  indicators:
    pods-pending:
      title: Pending Pods
      query: sum(max_over_time(kube_pod_status_phase{phase="Pending",$others}[$span]))
      unit: pods
      warning: { above: 10, for: 10m }

Exit codes:
  0  There are no problems; there may be notes.
  1  A server does not answer, or it has no targets of Antrea.
  2  The file or the command line must be corrected.
`;

export function addCheckCommand(program: Command, run: Run): Command {
  const command = program
    .command('check')
    .summary('check a configuration and what Prometheus has of Antrea')
    .description(DESCRIPTION);
  addConnectionOptions(command);
  return command
    .option('--config <file>', 'configuration file (YAML)')
    .option('--cluster <name>', 'one cluster of the file (default: all of them) or of the server')
    .addOption(
      new Option('--offline', 'check only the file, without Prometheus').conflicts([
        'prometheus',
        'bearerTokenFile',
        'caFile',
      ]),
    )
    .option('--json', 'print the results as one JSON document (see docs/check.md)')
    .addHelpText('after', NOTES)
    .action((flags: CheckFlags) =>
      run(async (context) => (await import('../check.ts')).checkCommand(flags, context)),
    );
}
