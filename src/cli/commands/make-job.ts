import type { Command } from 'commander';
import type { Run } from '../context.ts';
import type { MakeJobFlags } from '../make-job.ts';
import { addChromiumOption, addStoreOptions } from '../options.ts';

/** Not in the help: only `serve` runs it. */
export function addMakeJobCommand(program: Command, run: Run): Command {
  const command = program
    .command('make-job', { hidden: true })
    .description('Makes the report of a job, read from standard input, and prints the outcome as JSON.')
    .requiredOption('--seconds <number>', 'time limit');
  addStoreOptions(command);
  addChromiumOption(command);
  return command.action((flags: MakeJobFlags) =>
    run(async (context) => (await import('../make-job.ts')).makeJobCommand(flags, context)),
  );
}
