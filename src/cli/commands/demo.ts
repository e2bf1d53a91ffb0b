import type { Command } from 'commander';
import type { Run } from '../context.ts';
import { addRenditionOptions, OUTPUT_NOTES, type RenditionFlags } from '../options.ts';

const DESCRIPTION = `Makes the report of a recorded day of a cluster with 12 nodes, which comes with
the program. Needs neither Prometheus nor a cluster.

Examples:
  $ antrea-health demo

  # In Chinese, without the PDF
  $ antrea-health demo --lang zh-CN --format html,json`;

export function addDemoCommand(program: Command, run: Run): Command {
  const command = program.command('demo').summary('make a report of a recorded day').description(DESCRIPTION);
  addRenditionOptions(command);
  return command
    .addHelpText('after', OUTPUT_NOTES)
    .action((flags: RenditionFlags) =>
      run(async (context) => (await import('../demo.ts')).demoCommand(flags, context)),
    );
}
