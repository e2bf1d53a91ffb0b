import { type Command, Option } from 'commander';
import { LANGUAGES } from '../../report/model/indicator.ts';
import type { Run } from '../context.ts';
import type { DiffFlags } from '../diff.ts';

const DESCRIPTION = `Compares two reports: of two periods, of two clusters, or before and after an
upgrade. Shows verdict and score, the findings that are new, worse, better or
resolved, and what else is different: status of indicators, coverage, readings,
versions and thresholds. What one of the reports did not judge is listed as
not judged. Reads files only.

Examples:
  # Yesterday and today
  $ antrea-health diff reports/prod-…-20261120…-en reports/prod-…-20261121…-en

  # Before and after an upgrade, in Chinese
  $ antrea-health diff before/report.json after/report.json --lang zh-CN

  # In a pipeline: fail if something is new or worse, and keep the text
  $ antrea-health diff before.json after.json --fail-on worse \\
      --format markdown > difference.md`;

const NOTES = `
Output:
  Standard output has the difference. A report made by an older version is
  read like by render. NO_COLOR=1 switches colors off.

Exit codes:
  0  The reports were compared.
  2  An option is wrong, or a file is not a report.
  3  With --fail-on worse: the second report is worse, or it did not judge all
     that the first one judged.
`;

export function addDiffCommand(program: Command, run: Run): Command {
  return program
    .command('diff')
    .summary('compare two reports')
    .description(DESCRIPTION)
    .argument('<first.json>', 'report.json or its folder')
    .argument('<second.json>', 'the report that is compared with it')
    .addOption(new Option('--lang <language>', 'language of the text').choices([...LANGUAGES]))
    .addOption(
      new Option('--format <format>', 'form of the difference; docs/outputs.md describes the JSON')
        .choices(['text', 'markdown', 'json'])
        .default('text'),
    )
    .addOption(
      new Option('--fail-on <outcome>', 'exit with 3 if the second report is worse').choices(['worse']),
    )
    .addHelpText('after', NOTES)
    .action((first: string, second: string, flags: DiffFlags) =>
      run(async (context) => (await import('../diff.ts')).diffCommand([first, second], flags, context)),
    );
}
