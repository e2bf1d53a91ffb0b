import type { Configuration } from './configuration.ts';
import { type Statement, statementsForSecrets, sub } from './prometheus-permissions.ts';

/** Sending a raw message with SendEmail requires both. */
const SENDING = ['ses:SendEmail', 'ses:SendRawEmail'];

/** Returns the permissions that email-digest needs to send: SES from this sender only, or the SMTP password. */
export function statementsForMail(configuration: Configuration): Statement[] {
  const { mail, digests } = configuration.file;
  if (!mail || !digests) return [];
  if (mail.smtp) return statementsForSecrets(mail.smtp.password ? [mail.smtp.password] : [], configuration);
  const { region = '${AWS::Region}', configurationSet } = mail.ses ?? {};
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
      Condition: { StringEqualsIgnoreCase: { 'ses:FromAddress': mail.from } },
    },
    ...(configurationSet ? [sendingWith(ses(`configuration-set/${configurationSet}`))] : []),
  ];
}

function sendingWith(configurationSet: unknown): Statement {
  return { Effect: 'Allow', Action: SENDING, Resource: [configurationSet] };
}
