import { readCertificates, readSecret, type SecretSources } from '../secrets/secrets.ts';
import type { SmtpConfig } from './schema.ts';

/** How an SMTP server is reached. The password is secret: never print it. */
export type SmtpAccess = Omit<SmtpConfig, 'password' | 'caFile'> & {
  password: string | undefined;
  certificateAuthority: string | undefined;
};

/** @throws UserError naming the key; its message holds no secret */
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
