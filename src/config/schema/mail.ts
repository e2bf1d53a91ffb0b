import * as z from 'zod';
import { ses } from '../../adapters/ses/schema.ts';
import { smtp } from '../../adapters/smtp/schema.ts';
import { keyRule } from './key-rule.ts';

/** Enough to refuse what is certainly none; whether it exists only a mail server knows. */
export const mailAddress = z
  .string()
  .max(254)
  .regex(
    /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/,
    {
      error: 'is not an e-mail address such as noc@example.com (of other letters, write the domain as xn--…)',
    },
  );

/** The ways to send mail, each by the key that chooses and configures it; none chosen means the first. */
const transports = { ses: ses.optional(), smtp: smtp.optional() };
export type MailTransportKey = keyof typeof transports;

/** How digests are sent. */
export const mail = z
  .strictObject({
    from: mailAddress.describe('the sender; SES must have verified it or its domain'),
    fromName: z.string().min(1).max(100).optional().describe('shown beside it'),
    replyTo: mailAddress.optional(),
    address: z
      .url({ protocol: /^https?$/, error: 'is not an http or https address' })
      .optional()
      .describe('where the HTTP API is reached, for links; the deployment’s own when absent'),
    ...transports,
  })
  .refine(
    (given) => mailTransportKeys(given).length < 2,
    keyRule(`give only one of ${Object.keys(transports).join(', ')}`),
  );
export type MailConfig = z.infer<typeof mail>;

/** The transports that a configuration names, in the order of the list. */
export function mailTransportKeys(given: object): MailTransportKey[] {
  return (Object.keys(transports) as MailTransportKey[]).filter(
    (key) => (given as Record<string, unknown>)[key] !== undefined,
  );
}
