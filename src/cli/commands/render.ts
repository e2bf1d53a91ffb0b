import type { Command } from 'commander';
import type { Run } from '../context.ts';
import { addRenditionOptions, OUTPUT_NOTES, type RenditionFlags } from '../options.ts';

const DESCRIPTION = `Renders a report.json again without Prometheus, for example in another
language or format. Writes the files into a folder below --out. Files of the
same report and language are replaced; others are kept.

Examples:
  $ antrea-health render reports/prod-…/report.json --lang zh-CN --format pdf`;

const NOTES = `${OUTPUT_NOTES}
Exit codes:
  0  The report was rendered.
  1  The report could not be rendered or written.
  2  An option is wrong, or the file is not a report.
`;

export function addRenderCommand(program: Command, run: Run): Command {
  const command = program
    .command('render')
    .summary('render a report.json again')
    .description(DESCRIPTION)
    .argument('<report.json>', 'path of the report');
  addRenditionOptions(command);
  return command
    .addHelpText('after', NOTES)
    .action((file: string, flags: RenditionFlags) =>
      run(async (context) => (await import('../render.ts')).renderCommand(file, flags, context)),
    );
}
