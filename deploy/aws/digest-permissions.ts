import { digestsOf } from '../../src/config/schedules.ts';
import { channelSecrets } from '../../src/config/schema/channels.ts';
import type { MailConfig } from '../../src/config/schema/mail.ts';
import type { Configuration } from './configuration.ts';
import { type Statement, statementsForSecrets, sub } from './prometheus-permissions.ts';

/** Sending a raw message with SendEmail requires both. */
const SENDING = ['ses:SendEmail', 'ses:SendRawEmail'];

/**
 * Returns the permissions that email-digest needs to send the digests: SES from this sender only, or the SMTP password,
 * and the secrets of the channels that digests name.
 */
export function statementsForDigests(configuration: Configuration): Statement[] {
  const digests = digestsOf(configuration.file);
  const { mail } = configuration.file;
  const isMailed = mail !== undefined && digests.some(({ to }) => to.length > 0);
  const channels = new Set(digests.flatMap((digest) => digest.channels));
  const secrets = [
    ...(isMailed && mail.smtp?.password ? [mail.smtp.password] : []),
    ...[...channels].flatMap((channel) => channelSecrets(channel).map(({ reference }) => reference)),
  ];
  return [
    ...(isMailed && !mail.smtp ? statementsForSes(mail) : []),
    ...statementsForSecrets(secrets, configuration),
  ];
}

function statementsForSes({ from, ses: config }: MailConfig): Statement[] {
  const { region = '${AWS::Region}', configurationSet } = config ?? {};
  const ses = (resource: string) =>
    sub(`arn:\${AWS::Partition}:ses:${region}:\${AWS::AccountId}:${resource}`);
  return [
    {
      Effect: 'Allow',
      Action: SENDING,
      // SES checks the identity of the sender: its address, its domain or a parent domain. In the SES sandbox it also
      // checks the identities of the recipients. The condition limits all of them to messages from this sender.
      Resource: [ses('identity/*')],
      // SES and the message may write the domain in another case than the configuration.
      Condition: { StringEqualsIgnoreCase: { 'ses:FromAddress': from } },
    },
    ...(configurationSet ? [sendingWith(ses(`configuration-set/${configurationSet}`))] : []),
  ];
}

function sendingWith(configurationSet: unknown): Statement {
  return { Effect: 'Allow', Action: SENDING, Resource: [configurationSet] };
}
