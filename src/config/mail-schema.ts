import * as z from 'zod';
import { secret } from '../adapters/secrets/schema.ts';
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

/** How digests leave the house. */
export const mail = z
  .strictObject({
    from: mailAddress.describe('the sender; SES must have verified it or its domain'),
    fromName: z.string().min(1).max(100).optional().describe('shown beside it'),
    replyTo: mailAddress.optional(),
    address: z
      .url({ protocol: /^https?$/, error: 'is not an http or https address' })
      .optional()
      .describe('where the HTTP API is reached, for links; the deployment’s own when absent'),
    ses: z
      .strictObject({
        region: z.string().min(1).optional().describe('the function’s own when absent'),
        configurationSet: z.string().min(1).optional(),
      })
      .optional()
      .describe('Amazon SES, which is used when neither is given'),
    smtp: z
      .strictObject({
        host: z.string().min(1),
        port: z
          .number()
          .int()
          .min(1)
          .max(65_535)
          .optional()
          .describe('587 when absent, 465 with implicit TLS'),
        tls: z
          .enum(['required', 'implicit', 'none'])
          .optional()
          .describe('STARTTLS is required when absent; implicit: TLS from the first byte'),
        user: z.string().min(1).optional(),
        password: secret.optional(),
        caFile: z.string().optional().describe('PEM certificates to trust beside the usual ones'),
      })
      .refine(
        ({ password, user }) => password === undefined || user !== undefined,
        keyRule('is missing; password is given', ['user']),
      )
      .refine(
        ({ user, password }) => user === undefined || password !== undefined,
        keyRule('is missing; user is given', ['password']),
      )
      .optional(),
  })
  .refine(
    ({ ses, smtp }) => ses === undefined || smtp === undefined,
    keyRule('give either this or ses, not both', ['smtp']),
  );
export type MailConfig = z.infer<typeof mail>;
