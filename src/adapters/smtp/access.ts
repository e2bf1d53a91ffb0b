import { readCertificates, readSecret, type SecretSources } from '../secrets/secrets.ts';
import type { SmtpConfig } from './schema.ts';

/** What a client needs to reach an SMTP server. The password is secret; never print it. */
export type SmtpAccess = Omit<SmtpConfig, 'password' | 'caFile'> & {
  password: string | undefined;
  certificateAuthority: string | undefined;
};

/**
 * Reads the password and the certificates that a configuration names.
 * @throws UserError that names the key and contains no secret
 */
export async function readSmtpAccess(
  { password, caFile, ...server }: SmtpConfig,
  secrets: SecretSources,
): Promise<SmtpAccess> {
  return {
    ...server,
    password: password && (await readSecret(password, secrets, 'mail.smtp.password')),
    certificateAuthority: await readCertificates(caFile, 'mail.smtp.caFile'),
  };
}
