import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { Environment } from '../config/environment.ts';
import type { OutputFormat } from '../report/formats.ts';
import { OUTPUT_FORMATS } from '../report/formats.ts';
import { GENERATOR } from '../report/generator.ts';
import { LANGUAGES } from '../report/model/indicator.ts';
import { PERIOD_UNITS } from '../report/model/period.ts';
import { PAGE_SIZES } from '../report/model/rendition.ts';
import { UserError } from '../report/model/user-error.ts';
import type { CheckFlags } from './check.ts';
import type { DigestFlags } from './digest.ts';
import { EXIT } from './exit-codes.ts';
import { openProgress } from './progress.ts';
import type { RenderFlags } from './render.ts';
import type { ReportFlags } from './report.ts';
import type { ScheduleFlags } from './schedule.ts';

/** How long an interrupted command may take to clean up. */
const PATIENCE_MILLISECONDS = 5000;

/**
 * Runs the command line.
 * @returns the exit code, as EXIT and `antrea-health --help` have it
 */
export async function runCommandLine(argv: readonly string[], environment: Environment): Promise<number> {
  const interrupt = new AbortController();
  const stop = () => {
    interrupt.abort();
    // What does not listen gets no second chance.
    setTimeout(() => process.exit(EXIT.interrupted), PATIENCE_MILLISECONDS).unref();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const progress = openProgress(process.stderr);
  const context = { environment, progress, signal: interrupt.signal };
  let code: number = EXIT.done;
  const program = makeProgram({
    // Loaded when wanted: --help and a mistyped option need neither Chromium nor fonts.
    report: async (flags) => {
      const { reportCommand } = await import('./report.ts');
      code = await reportCommand(flags, context);
    },
    render: async (file, flags) => {
      const { renderCommand } = await import('./render.ts');
      code = await renderCommand(file, flags, context);
    },
    check: async (flags) => {
      const { checkCommand } = await import('./check.ts');
      code = await checkCommand(flags, context);
    },
    schedule: async (name, flags) => {
      const { scheduleCommand } = await import('./schedule.ts');
      code = await scheduleCommand(name, flags, context);
    },
    digest: async (name, flags) => {
      const { digestCommand } = await import('./digest.ts');
      code = await digestCommand(name, flags, context);
    },
  });
  try {
    await program.parseAsync([...argv]);
    return code;
  } catch (error) {
    progress.clear();
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    if (interrupt.signal.aborted) return EXIT.interrupted;
    return sayWhy(error);
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}

/** One line for what people can correct; the stack only for a mistake in the program, and only on demand. */
function sayWhy(error: unknown): number {
  const message = error instanceof Error ? error.message.replace(/\s*\n\s*/g, ' ') : String(error);
  if (error instanceof UserError) {
    process.stderr.write(`antrea-health: ${message}\n`);
    return error.isUsage ? EXIT.usage : EXIT.failed;
  }
  process.stderr.write(
    `antrea-health: a mistake in the program: ${message} (please report it; NODE_DEBUG=antrea-health shows where)\n`,
  );
  if (process.env['NODE_DEBUG'] === 'antrea-health') process.stderr.write(`${(error as Error).stack}\n`);
  return EXIT.failed;
}

type Actions = {
  report: (flags: ReportFlags) => Promise<void>;
  render: (file: string, flags: RenderFlags) => Promise<void>;
  check: (flags: CheckFlags) => Promise<void>;
  schedule: (name: string | undefined, flags: ScheduleFlags) => Promise<void>;
  digest: (name: string | undefined, flags: DigestFlags) => Promise<void>;
};

const REPORT_HELP = `
Examples:
  $ antrea-health report --prometheus http://localhost:9090
  $ antrea-health report --prometheus http://localhost:9090 --cluster prod
  $ antrea-health report --config antrea-health.yaml --last week --lang zh-CN
  $ antrea-health report --prometheus http://localhost:9090 --cluster prod \\
      --from 2026-11-21 --to 2026-11-22 --time-zone Asia/Shanghai
  $ antrea-health report --prometheus http://localhost:9090 --cluster prod --capture prod.capture.gz
  $ antrea-health report --from-capture prod.capture.gz

Writes report.html, report.pdf and report.json into a new folder below --out and prints that folder's path last.

Exit codes: 0 done; 1 the report could not be made, or it was and found no Antrea metrics (standard error says what to
do); 2 wrong usage; 3 --fail-on reached (an unknown verdict reaches it).
`;

const RENDER_HELP = `
Examples:
  $ antrea-health render reports/prod-…/report.json --lang zh-CN --format pdf
`;

const CHECK_HELP = `
Examples:
  $ antrea-health check --prometheus http://localhost:9090               # before the first report
  $ antrea-health check --prometheus http://localhost:9090 --cluster prod-east
  $ antrea-health check --config antrea-health.yaml                      # the file, and the server of each cluster
  $ antrea-health check --config antrea-health.yaml --cluster prod-berlin
  $ antrea-health check --config antrea-health.yaml --offline            # the file alone
  $ antrea-health check --config antrea-health.yaml --json | jq '.clusters[].results[] | select(.state != "ok")'

Lists everything that is wrong with the file, each with its line. Then it asks the Prometheus of each cluster: whether
it answers, which targets are Antrea's and how their nodes are named, whether every node has an agent and every target
answers, how often they are scraped and how far back the data reaches, which features of Antrea are on, what
kube-state-metrics adds, and what each of your own indicators returns. Where something is to be done, it says what, with
lines to copy.

  ✓ ok       in order
  ! note     reports are made, but say less
  ✗ problem  no report can be made, or something in the file has to be corrected

A file to begin with:
  prometheus: { url: "http://localhost:9090" }
  indicators:
    pods-pending:
      title: Pending Pods
      query: sum(max_over_time(kube_pod_status_phase{phase="Pending",$others}[$span]))
      unit: pods
      warning: { above: 10, for: 10m }

Exit codes: 0 in order, notes allowed; 1 a server does not answer, or has no target of Antrea; 2 something in the file
or on the command line has to be corrected.
`;

const SCHEDULE_HELP = `
Examples:
  $ antrea-health schedule daily --config antrea-health.yaml --archive /var/lib/antrea-health

Makes the reports of the last whole day, week or month of every cluster of the schedule and prints their ids. Those that
are there already are not made again, so it can be run by cron and repeated.

Exit codes: 0 all are there; 1 some could not be made; 2 wrong usage.
`;

const DIGEST_HELP = `
Examples:
  $ antrea-health digest operators --config antrea-health.yaml --archive /var/lib/antrea-health --dry-run
  $ antrea-health digest operators --config antrea-health.yaml --bucket reports --test-to me@example.com
  $ antrea-health digest operators --config antrea-health.yaml --archive /var/lib/antrea-health

Each digest is sent once for its period, however often this is run.

Exit codes: 0 sent, now or before; 1 it could not be sent to all; 2 wrong usage.
`;

function makeProgram(actions: Actions): Command {
  const program = new Command('antrea-health')
    .description('Health reports of Antrea clusters, made from what Prometheus saw.')
    .version(GENERATOR.version)
    .exitOverride()
    .configureHelp({ showGlobalOptions: false });

  const lang = () => new Option('--lang <language>', 'language of the report').choices([...LANGUAGES]);
  const format = () =>
    new Option('--format <list>', `files to write, a list of ${OUTPUT_FORMATS.join(', ')}`).argParser(
      parseFormats,
    );
  const page = () => new Option('--page-size <size>', 'paper of the PDF').choices([...PAGE_SIZES]);
  const chromium = () =>
    new Option(
      '--chromium <path>',
      'a Chromium or Chrome of this machine (default: the one that comes along, Linux x64)',
    );
  const out = () => new Option('--out <folder>', 'where report folders go').default('reports');

  program
    .command('report', { isDefault: false })
    .description('make a report of a period, from Prometheus or from a capture')
    .option('--prometheus <url>', 'address of the Prometheus API, with its path prefix if it has one')
    .option(
      '--cluster <name>',
      'name of the cluster, as the report shows it; in a server of several, the value of the label that separates them',
    )
    .option(
      '--range <duration>',
      'how far the period reaches back from its end, such as 24h or 7d (default: 24h)',
    )
    .addOption(
      new Option('--last <unit>', 'the last whole day, week (from Monday) or month of the time zone')
        .choices([...PERIOD_UNITS])
        .conflicts(['range', 'from', 'to']),
    )
    .option(
      '--from <time>',
      'start of the period: 2026-11-21, 2026-11-21T08:00 (in the time zone) or 2026-11-21T08:00Z',
    )
    .option('--to <time>', 'end of the period (default: now)')
    .option('--time-zone <zone>', 'IANA name of the time zone to show times in (default: UTC)')
    .addOption(lang())
    .addOption(format())
    .addOption(page())
    .addOption(out())
    .addOption(chromium())
    .option('--config <file>', 'configuration file, YAML')
    .option('--bearer-token-file <file>', 'file that holds the token for Prometheus')
    .option('--ca-file <file>', 'PEM certificates to trust beside the usual ones')
    .addOption(
      new Option('--capture <file>', 'also record what Prometheus answers, for --from-capture').conflicts(
        'fromCapture',
      ),
    )
    .addOption(
      new Option(
        '--from-capture <file>',
        'make the report from a recorded capture instead of Prometheus',
      ).conflicts(['prometheus', 'range', 'last', 'from', 'to', 'bearerTokenFile', 'caFile']),
    )
    .addOption(
      new Option('--fail-on <verdict>', 'exit with 3 when the verdict is at least this bad').choices([
        'warning',
        'critical',
      ]),
    )
    .addHelpText('after', REPORT_HELP)
    .action(actions.report);

  program
    .command('render')
    .description('render a stored report.json again, for instance in the other language')
    .argument('<report.json>', 'a report as JSON')
    .addOption(lang())
    .addOption(format())
    .addOption(page())
    .addOption(out())
    .addOption(chromium())
    .addHelpText('after', RENDER_HELP)
    .action(actions.render);

  program
    .command('check')
    .description('check a configuration, and what Prometheus has of Antrea')
    .option('--config <file>', 'configuration file, YAML')
    .option(
      '--cluster <name>',
      'a cluster of the file (default: all of them), or of a server that has several',
    )
    .addOption(
      new Option('--offline', 'do not ask Prometheus').conflicts(['prometheus', 'bearerTokenFile', 'caFile']),
    )
    .option('--prometheus <url>', 'address of the Prometheus API, instead of that in the file')
    .option('--bearer-token-file <file>', 'file that holds the token for Prometheus')
    .option('--ca-file <file>', 'PEM certificates to trust beside the usual ones')
    .option('--json', 'print everything as one JSON document (docs/check.md)')
    .addHelpText('after', CHECK_HELP)
    .action(actions.check);

  const archive = () => new Option('--archive <folder>', 'where the reports are stored').conflicts('bucket');
  const bucket = () => new Option('--bucket <name>', 'the bucket of S3 where they are stored');
  const at = () =>
    new Option('--at <time>', 'when it was due, for another period than the last one (default: now)');

  program
    .command('schedule')
    .description('make the reports of a schedule and store them as the service on AWS does')
    .argument('[name]', 'of the schedule; not needed when there is one')
    .requiredOption('--config <file>', 'configuration file, YAML')
    .addOption(archive())
    .addOption(bucket())
    .addOption(at())
    .addOption(chromium())
    .addHelpText('after', SCHEDULE_HELP)
    .action(actions.schedule);

  program
    .command('digest')
    .description('send the e-mail digest of the stored reports')
    .argument('[name]', 'of the digest; not needed when there is one')
    .requiredOption('--config <file>', 'configuration file, YAML')
    .addOption(archive())
    .addOption(bucket())
    .addOption(at())
    .addOption(
      new Option('--dry-run', 'write the message into files instead of sending it').conflicts('testTo'),
    )
    .option('--out <folder>', 'where --dry-run writes', 'reports')
    .option('--test-to <address>', 'send it to this address alone, without noting that it was sent')
    .addHelpText('after', DIGEST_HELP)
    .action(actions.digest);

  for (const command of program.commands) command.exitOverride().showHelpAfterError('(--help tells more)');
  return program;
}

function parseFormats(text: string): OutputFormat[] {
  const names = text.split(',').map((name) => name.trim());
  const wrong = names.find((name) => !OUTPUT_FORMATS.includes(name as OutputFormat));
  if (wrong !== undefined)
    throw new InvalidArgumentError(`"${wrong}" is not one of ${OUTPUT_FORMATS.join(', ')}.`);
  return [...new Set(names as OutputFormat[])];
}
