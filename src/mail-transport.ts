import type { MailConfig } from './config/mail-schema.ts';
import { type Places, readSmtpAccess } from './config/secrets.ts';
import type { MailTransport } from './deliver/mail/transport.ts';

/**
 * Opens the way for mail that the configuration names. The caller closes it.
 * @param sesEndpoint a server other than AWS's
 * @throws ConfigError or UnavailableError in one line that names the key
 */
export async function openTransport(
  { smtp, ses }: MailConfig,
  places: Places,
  sesEndpoint?: string,
): Promise<MailTransport> {
  if (smtp === undefined) {
    const { openSesTransport } = await import('./deliver/mail/ses.ts');
    return openSesTransport({
      ...(ses?.region === undefined ? {} : { region: ses.region }),
      ...(ses?.configurationSet === undefined ? {} : { configurationSetName: ses.configurationSet }),
      ...(sesEndpoint === undefined ? {} : { endpoint: sesEndpoint }),
    });
  }
  const { openSmtpTransport } = await import('./deliver/mail/smtp.ts');
  const { host, port, tls, user, password, certificateAuthority } = await readSmtpAccess(smtp, places);
  return openSmtpTransport({
    host,
    ...(port === undefined ? {} : { port }),
    ...(tls === undefined ? {} : { tls }),
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    ...(certificateAuthority === undefined ? {} : { certificateAuthority }),
  });
}
