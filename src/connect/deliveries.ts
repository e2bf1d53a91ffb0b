import type { SecretSources } from '../adapters/secrets/secrets.ts';
import { ConfigError } from '../config/errors.ts';
import type { DigestSettings } from '../config/schedules.ts';
import type { MailConfig } from '../config/schema/mail.ts';
import { chatDelivery } from '../service/digest/chat/deliver.ts';
import type { Delivery } from '../service/digest/delivery.ts';
import { mailDelivery } from '../service/digest/mail/deliver.ts';
import { chatTarget } from './channels.ts';
import { openTransport } from './mail.ts';

/**
 * Returns the ways in which a digest is sent: e-mail if it has addresses, and each of its channels.
 * @throws ConfigError if it has addresses and the configuration has no sender
 */
export function deliveriesOf(
  { to, channels }: Pick<DigestSettings, 'to' | 'channels'>,
  mail: MailConfig | undefined,
  secrets: SecretSources,
): Delivery[] {
  if (to.length > 0 && mail === undefined) throw new ConfigError('mail: give the sender of the digests');
  return [
    ...(to.length > 0 && mail ? [mailDelivery(mail, to, () => openTransport(mail, secrets))] : []),
    ...channels.map((channel) => chatDelivery(chatTarget(channel, secrets))),
  ];
}
