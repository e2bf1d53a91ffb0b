import type { Configuration } from './configuration.ts';
import { type Statement, statementsForSecrets, sub } from './prometheus-permissions.ts';

/** What email-digest needs to send: SES for just this sender, or the password of the SMTP server. */
export function statementsForMail(configuration: Configuration): Statement[] {
  const { mail, digests } = configuration.file;
  if (!mail || !digests) return [];
  if (mail.smtp) return statementsForSecrets(mail.smtp.password ? [mail.smtp.password] : [], configuration);
  const region = mail.ses?.region ?? '${AWS::Region}';
  const ses = (resource: string) =>
    sub(`arn:\${AWS::Partition}:ses:${region}:\${AWS::AccountId}:${resource}`);
  const labels = mail.from.slice(mail.from.lastIndexOf('@') + 1).split('.');
  // SES goes by the address if that was verified, else by its domain or one above that; of these none has one label only.
  const domains = labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'));
  const identities = [mail.from, ...domains].map((one) => ses(`identity/${one}`));
  const { configurationSet } = mail.ses ?? {};
  return [
    {
      Effect: 'Allow',
      // SendEmail with a raw message asks for both.
      Action: ['ses:SendEmail', 'ses:SendRawEmail'],
      Resource: [...identities, ...(configurationSet ? [ses(`configuration-set/${configurationSet}`)] : [])],
    },
  ];
}
