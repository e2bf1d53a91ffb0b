import { type Command, Option } from 'commander';
import type { Run } from '../context.ts';
import type { DigestFlags } from '../digest.ts';
import { addArchiveOptions } from '../options.ts';

const DESCRIPTION = `Sends the digest of the stored reports by e-mail and to chat channels.
Each digest is sent only once for its period, so cron can run this command
and repeat it.

Examples:
  # Write the messages to files, without sending them
  $ antrea-health digest operators --config antrea-health.yaml \\
      --archive /var/lib/antrea-health --dry-run

  # Send it to one address or channel only
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
    .summary('send the digest of the stored reports')
    .description(DESCRIPTION)
    .argument('[name]', 'name of the digest; not needed if the configuration has only one');
  addArchiveOptions(command);
  return command
    .addOption(
      new Option('--dry-run', 'write the messages to files instead of sending them').conflicts('testTo'),
    )
    .option('--out <folder>', 'folder for the files of --dry-run', 'reports')
    .option(
      '--test-to <recipient>',
      'send the message only to this address or channel, and do not record it as sent',
    )
    .addHelpText('after', NOTES)
    .action((name: string | undefined, flags: DigestFlags) =>
      run(async (context) => (await import('../digest.ts')).digestCommand(name, flags, context)),
    );
}
