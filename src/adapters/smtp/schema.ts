import * as z from 'zod';
import { keyRule } from '../../config/schema/key-rule.ts';
import { secret } from '../secrets/schema.ts';

export const smtp = z
  .strictObject({
    host: z.string().min(1).describe('name or address of the mail server'),
    port: z
      .number()
      .int()
      .min(1)
      .max(65_535)
      .optional()
      .describe('when absent, 465 with implicit TLS and 587 otherwise'),
    tls: z
      .enum(['required', 'implicit', 'none'])
      .optional()
      .describe('required: STARTTLS (the default); implicit: TLS from the first byte; none: no encryption'),
    user: z.string().min(1).optional().describe('requires password'),
    password: secret.optional(),
    caFile: z.string().optional().describe('PEM file with certificates to trust in addition to the system’s'),
  })
  .refine(
    ({ password, user }) => password === undefined || user !== undefined,
    keyRule('is missing, and password requires it', ['user']),
  )
  .refine(
    ({ user, password }) => user === undefined || password !== undefined,
    keyRule('is missing, and user requires it', ['password']),
  );
export type SmtpConfig = z.infer<typeof smtp>;
