import type { Configuration } from './configuration.ts';
import { type Statement, statementsForSecrets, sub } from './prometheus-permissions.ts';

/** Returns the permissions that email-digest needs to send: SES for this sender only, or the SMTP password. */
export function statementsForMail(configuration: Configuration): Statement[] {
  const { mail, digests } = configuration.file;
  if (!mail || !digests) return [];
  if (mail.smtp) return statementsForSecrets(mail.smtp.password ? [mail.smtp.password] : [], configuration);
  const region = mail.ses?.region ?? '${AWS::Region}';
  const ses = (resource: string) =>
    sub(`arn:\${AWS::Partition}:ses:${region}:\${AWS::AccountId}:${resource}`);
  const labels = mail.from.slice(mail.from.lastIndexOf('@') + 1).split('.');
  // SES checks the identity of the address if it is verified, else of its domain or a parent domain. A verified domain has
  // at least two labels.
  const domains = labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'));
  const identities = [mail.from, ...domains].map((one) => ses(`identity/${one}`));
  const { configurationSet } = mail.ses ?? {};
  return [
    {
      Effect: 'Allow',
      // SendEmail with a raw message requires both actions.
      Action: ['ses:SendEmail', 'ses:SendRawEmail'],
      Resource: [...identities, ...(configurationSet ? [ses(`configuration-set/${configurationSet}`)] : [])],
    },
  ];
}
