import { type Command, Option } from 'commander';
import type { Run } from '../context.ts';
import type { DigestFlags } from '../digest.ts';
import { addArchiveOptions } from '../options.ts';

const DESCRIPTION = `Sends the e-mail digest of the stored reports. Each digest is sent only once
for its period, so cron can run this command and repeat it.

Examples:
  # Write the message to files, without sending it
  $ antrea-health digest operators --config antrea-health.yaml \\
      --archive /var/lib/antrea-health --dry-run

  # Send it to one address only
  $ antrea-health digest operators --config antrea-health.yaml \\
      --archive /var/lib/antrea-health --test-to me@example.com

  # Send it to its recipients; the reports are in a bucket
  $ antrea-health digest operators --config antrea-health.yaml --bucket reports`;

const NOTES = `
Exit codes:
  0  The digest was sent, now or earlier.
  1  The digest could not be sent to all recipients.
  2  An option or the configuration must be corrected.
`;

export function addDigestCommand(program: Command, run: Run): Command {
  const command = program
    .command('digest')
    .summary('send the e-mail digest of the stored reports')
    .description(DESCRIPTION)
    .argument('[name]', 'name of the digest; not needed if the configuration has only one');
  addArchiveOptions(command);
  return command
    .addOption(
      new Option('--dry-run', 'write the message to files instead of sending it').conflicts('testTo'),
    )
    .option('--out <folder>', 'folder for the files of --dry-run', 'reports')
    .option('--test-to <address>', 'send the message only to this address, and do not record it as sent')
    .addHelpText('after', NOTES)
    .action((name: string | undefined, flags: DigestFlags) =>
      run(async (context) => (await import('../digest.ts')).digestCommand(name, flags, context)),
    );
}
