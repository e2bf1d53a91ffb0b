import { type Command, Option } from 'commander';
import { PERIOD_UNITS } from '../../report/model/period.ts';
import type { Run } from '../context.ts';
import { addConnectionOptions, addRenditionOptions, OUTPUT_NOTES } from '../options.ts';
import type { ReportFlags } from '../report.ts';

const DESCRIPTION = `Makes the report of a period from Prometheus or from a capture. Writes
report.html, report.pdf and report.json into a folder below --out. Files of the
same report are replaced; others are kept.

Examples:
  # The last 24 hours
  $ antrea-health report --prometheus http://localhost:9090

  # One of several clusters of the server, the last full week, in Chinese
  $ antrea-health report --prometheus http://localhost:9090 --cluster prod \\
      --last week --lang zh-CN

  # Any period, with a configuration file
  $ antrea-health report --config antrea-health.yaml --from 2026-11-21 \\
      --to 2026-11-22T08:00 --time-zone Asia/Shanghai

  # Record the data, and make the report again elsewhere
  $ antrea-health report --prometheus http://localhost:9090 \\
      --capture prod.capture.gz
  $ antrea-health report --from-capture prod.capture.gz`;

const NOTES = `${OUTPUT_NOTES}
Exit codes:
  0  The report was made.
  1  The report could not be made, or it found no Antrea metrics. See
     standard error for what to do.
  2  An option or the configuration must be corrected.
  3  The verdict is as bad as --fail-on or worse, or unknown.
`;

export function addReportCommand(program: Command, run: Run): Command {
  const command = program.command('report').summary('make a report').description(DESCRIPTION);
  addConnectionOptions(command);
  command
    .option('--config <file>', 'configuration file (YAML)')
    .option(
      '--cluster <name>',
      'name of the cluster; if the server has several clusters, a value of the label that separates them',
    )
    .option('--range <duration>', 'length of the period, such as 24h or 7d (default: 24h)')
    .addOption(
      new Option('--last <unit>', 'the last full day, week (from Monday) or month in the time zone')
        .choices([...PERIOD_UNITS])
        .conflicts(['range', 'from', 'to']),
    )
    .option(
      '--from <time>',
      'start of the period: 2026-11-21, 2026-11-21T08:00 (in the time zone) or 2026-11-21T08:00Z',
    )
    .option('--to <time>', 'end of the period (default: now)')
    .option('--time-zone <zone>', 'IANA name of the time zone in which times are shown (default: UTC)')
    .addOption(
      new Option(
        '--capture <file>',
        'also record what Prometheus returns, for use with --from-capture',
      ).conflicts('fromCapture'),
    )
    .addOption(
      new Option(
        '--from-capture <file>',
        'make the report from a recorded capture instead of Prometheus',
      ).conflicts(['prometheus', 'range', 'last', 'from', 'to', 'bearerTokenFile', 'caFile']),
    )
    .addOption(
      new Option('--fail-on <verdict>', 'exit with 3 if the verdict is this or worse').choices([
        'warning',
        'critical',
      ]),
    );
  addRenditionOptions(command);
  return command
    .addHelpText('after', NOTES)
    .action((flags: ReportFlags) =>
      run(async (context) => (await import('../report.ts')).reportCommand(flags, context)),
    );
}
