import type { Command } from 'commander';
import type { Run } from '../context.ts';
import { addTargetOptions, type TargetFlags } from '../options.ts';

const DESCRIPTION = `Prints a dashboard for Grafana as JSON: a panel for each indicator, with the
queries, thresholds and explanations of the report, and variables for the data
source, the cluster and the nodes. With the address of a server, the queries
fit the labels that it has.

Examples:
  # For the labels that the server has
  $ antrea-health dashboard --prometheus http://localhost:9090 > antrea.json

  # For Antrea's sample configuration, in Chinese
  $ antrea-health dashboard --lang zh-CN > antrea.json`;

const NOTES = `
Exit codes:
  0  The dashboard was printed.
  1  The server does not answer, or it has no targets of Antrea.
  2  The file or the command line must be corrected.
`;

export function addDashboardCommand(program: Command, run: Run): Command {
  const command = program
    .command('dashboard')
    .summary('print a dashboard for Grafana')
    .description(DESCRIPTION);
  addTargetOptions(command, 'language of titles and explanations');
  return command
    .addHelpText('after', NOTES)
    .action((flags: TargetFlags) =>
      run(async (context) => (await import('../dashboard.ts')).dashboardCommand(flags, context)),
    );
}
