import * as z from 'zod';
import { keyRule } from '../../config/key-rule.ts';
import { secret } from '../secrets/schema.ts';

export const smtp = z
  .strictObject({
    host: z.string().min(1),
    port: z.number().int().min(1).max(65_535).optional().describe('by default 587, or 465 with implicit TLS'),
    tls: z
      .enum(['required', 'implicit', 'none'])
      .optional()
      .describe('required (default): STARTTLS; implicit: TLS from the first byte; none: no encryption'),
    user: z.string().min(1).optional(),
    password: secret.optional(),
    caFile: z.string().optional().describe('PEM certificates to trust in addition to the system’s'),
  })
  .refine(
    ({ password, user }) => password === undefined || user !== undefined,
    keyRule('is missing; password is given', ['user']),
  )
  .refine(
    ({ user, password }) => user === undefined || password !== undefined,
    keyRule('is missing; user is given', ['password']),
  );
export type SmtpConfig = z.infer<typeof smtp>;
