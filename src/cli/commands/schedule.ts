import type { Command } from 'commander';
import type { Run } from '../context.ts';
import { addArchiveOptions, addChromiumOption } from '../options.ts';
import type { ScheduleFlags } from '../schedule.ts';

const DESCRIPTION = `Makes the reports of a schedule, one for each of its clusters, stores them as
the service on AWS does, and prints their ids. The period is the last full day,
week or month. Reports that are already stored are not made again, so cron can
run this command and repeat it.
It waits for reports that another process is making.

Examples:
  $ antrea-health schedule daily --config antrea-health.yaml \\
      --archive /var/lib/antrea-health

  # Reports for an earlier day, in a bucket
  $ antrea-health schedule daily --config antrea-health.yaml \\
      --bucket reports --at 2026-11-21

  # The first of four parts of the clusters; three other processes make the rest
  $ antrea-health schedule daily --config antrea-health.yaml \\
      --bucket reports --shard 0/4`;

const NOTES = `
Exit codes:
  0  All reports are stored.
  1  Some reports could not be made.
  2  An option or the configuration must be corrected.
`;

export function addScheduleCommand(program: Command, run: Run): Command {
  const command = program
    .command('schedule')
    .summary('make and store the reports of a schedule')
    .description(DESCRIPTION)
    .argument('[name]', 'name of the schedule; not needed if the configuration has only one');
  addArchiveOptions(command);
  command.option('--shard <part>', 'only a part of the clusters: 0/4 to 3/4 are all of them');
  addChromiumOption(command);
  return command
    .addHelpText('after', NOTES)
    .action((name: string | undefined, flags: ScheduleFlags) =>
      run(async (context) => (await import('../schedule.ts')).scheduleCommand(name, flags, context)),
    );
}
