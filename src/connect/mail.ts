import type { SecretSources } from '../adapters/secrets/secrets.ts';
import { ConfigError } from '../config/errors.ts';
import { type MailConfig, type MailTransportKey, mailTransportKeys } from '../config/schema/mail.ts';
import type { MailTransport } from '../service/digest/mail/transport.ts';

type OpenTransport = (mail: MailConfig, secrets: SecretSources) => Promise<MailTransport>;

/** The ways to send mail, by the key of the configuration that chooses them. */
const MAIL_TRANSPORTS: Readonly<Record<MailTransportKey, OpenTransport>> = {
  ses: async ({ ses }, { environment }) => {
    const { openSesTransport } = await import('../adapters/ses/transport.ts');
    return openSesTransport({
      region: ses?.region,
      configurationSetName: ses?.configurationSet,
      endpoint: environment['AWS_ENDPOINT_URL_SESV2'],
    });
  },
  smtp: async ({ smtp }, secrets) => {
    if (smtp === undefined) throw new ConfigError('mail.smtp: is missing');
    const [{ openSmtpTransport }, { readSmtpAccess }] = await Promise.all([
      import('../adapters/smtp/transport.ts'),
      import('../adapters/smtp/access.ts'),
    ]);
    return openSmtpTransport(await readSmtpAccess(smtp, secrets));
  },
};

/**
 * Opens what sends the digests: the configured transport, else SES.
 * @throws UserError that names the key of the configuration
 */
export function openTransport(mail: MailConfig, secrets: SecretSources): Promise<MailTransport> {
  const [chosen = 'ses'] = mailTransportKeys(mail);
  return MAIL_TRANSPORTS[chosen](mail, secrets);
}
