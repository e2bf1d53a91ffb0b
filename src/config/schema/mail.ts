import * as z from 'zod';
import { ses } from '../../adapters/ses/schema.ts';
import { smtp } from '../../adapters/smtp/schema.ts';
import { keyRule } from './key-rule.ts';

/** Refuses texts that cannot be addresses. Only a mail server knows whether an address exists. */
export const mailAddress = z
  .string()
  .max(254)
  .regex(
    /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/,
    {
      error: 'is not an e-mail address such as noc@example.com (write a domain with other letters as xn--…)',
    },
  );

/** The transports for mail, by the key that chooses and configures one; without such a key, the first is used. */
const transports = { ses: ses.optional(), smtp: smtp.optional() };
export type MailTransportKey = keyof typeof transports;

function hasCredentials(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { username, password } = new URL(address);
  return username !== '' || password !== '';
}

/** The address of the HTTP API, as the links of digests have it. */
export const linkAddress = z
  .url({ protocol: /^https?$/, error: 'is not an http or https address' })
  .refine((address) => !hasCredentials(address), {
    error: 'contains a user name or password, which the links of each digest would show to all recipients',
  });

/** How digests are sent by e-mail. */
export const mail = z
  .strictObject({
    from: mailAddress.describe('address of the sender; SES must have verified it or its domain'),
    fromName: z.string().min(1).max(100).optional().describe('name of the sender'),
    replyTo: mailAddress.optional(),
    address: linkAddress.optional().describe('the same as address at the top level'),
    ...transports,
  })
  .refine(
    (config) => mailTransportKeys(config).length < 2,
    keyRule(`give only one of ${Object.keys(transports).join(' and ')}`),
  );
export type MailConfig = z.infer<typeof mail>;

/** Returns the transports that a configuration contains, in the order of `transports`. */
export function mailTransportKeys(config: object): MailTransportKey[] {
  return (Object.keys(transports) as MailTransportKey[]).filter(
    (key) => (config as Record<string, unknown>)[key] !== undefined,
  );
}
