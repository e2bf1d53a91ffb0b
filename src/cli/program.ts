import { Command, CommanderError } from 'commander';
import type { Environment } from '../config/environment.ts';
import { GENERATOR } from '../report/generator.ts';
import { UserError } from '../report/model/user-error.ts';
import { visible } from '../report/model/visible-text.ts';
import { addCheckCommand } from './commands/check.ts';
import { addCompletionCommand } from './commands/completion.ts';
import { addDashboardCommand } from './commands/dashboard.ts';
import { addDemoCommand } from './commands/demo.ts';
import { addDiffCommand } from './commands/diff.ts';
import { addDigestCommand } from './commands/digest.ts';
import { addMakeJobCommand } from './commands/make-job.ts';
import { addRenderCommand } from './commands/render.ts';
import { addReportCommand } from './commands/report.ts';
import { addRulesCommand } from './commands/rules.ts';
import { addScheduleCommand } from './commands/schedule.ts';
import { addServeCommand } from './commands/serve.ts';
import type { Run } from './context.ts';
import { EXIT } from './exit-codes.ts';
import { openProgress } from './progress.ts';
import { printMessage } from './terminal.ts';

/**
 * The commands, in the order of the help. Each file has the options and the help of one command, and loads the module
 * that does the work when the command runs, because --help and a mistyped option need neither Chromium nor fonts.
 * Descriptions have at most 80 columns, because commander would wrap longer lines in the middle of an example.
 */
const COMMANDS: readonly ((program: Command, run: Run) => Command)[] = [
  addCheckCommand,
  addReportCommand,
  addDemoCommand,
  addRenderCommand,
  addDiffCommand,
  addScheduleCommand,
  addDigestCommand,
  addServeCommand,
  addRulesCommand,
  addDashboardCommand,
  addCompletionCommand,
  addMakeJobCommand,
];

/** How long an interrupted command may take to clean up. */
const INTERRUPT_MILLISECONDS = 5000;

/**
 * Runs the command line.
 * @returns the exit code, see EXIT
 */
export async function runCommandLine(argv: readonly string[], environment: Environment): Promise<number> {
  const interrupt = new AbortController();
  let limit = INTERRUPT_MILLISECONDS;
  const onSignal = () => {
    interrupt.abort();
    // Exits even if the command ignores the signal.
    setTimeout(() => process.exit(EXIT.interrupted), limit).unref();
  };
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  const progress = openProgress(process.stderr);
  let exitCode: number = EXIT.done;
  const program = makeProgram(async (action, interruptMilliseconds = INTERRUPT_MILLISECONDS) => {
    limit = interruptMilliseconds;
    exitCode = await action({ environment, progress, signal: interrupt.signal });
  });
  try {
    await program.parseAsync([...argv]);
    return exitCode;
  } catch (error) {
    progress.clear();
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    if (interrupt.signal.aborted) return EXIT.interrupted;
    return printError(error);
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}

function makeProgram(run: Run): Command {
  const program = new Command('antrea-health')
    .description(
      `Makes health reports of Antrea clusters from the metrics in Prometheus.

Examples:
  # Show what Prometheus has of Antrea
  $ antrea-health check --prometheus http://localhost:9090

  # Make the report of the last 24 hours
  $ antrea-health report --prometheus http://localhost:9090`,
    )
    .version(GENERATOR.version)
    .exitOverride()
    .configureHelp({ showGlobalOptions: false });
  for (const addCommand of COMMANDS)
    addCommand(program, run).exitOverride().showHelpAfterError('(add --help for usage)');
  return program;
}

/**
 * Prints one line. The stack of an internal error is printed on demand only.
 * @returns the exit code
 */
function printError(error: unknown): number {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof UserError) {
    printMessage(message);
    return error.isUsage ? EXIT.usage : EXIT.failed;
  }
  printMessage(`internal error: ${message} (please report it; NODE_DEBUG=antrea-health prints the stack)`);
  if (process.env['NODE_DEBUG'] === 'antrea-health')
    process.stderr.write(`${visible(String((error as Error).stack))}\n`);
  return EXIT.failed;
}
