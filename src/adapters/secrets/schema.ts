import * as z from 'zod';

/** The configuration file contains references to secrets, never secrets. */
export const secret = z
  .union(
    [
      z.strictObject({ file: z.string().min(1).describe('a file that contains the secret') }),
      z.strictObject({
        environment: z.string().min(1).describe('an environment variable that contains the secret'),
      }),
      z.strictObject({
        parameter: z
          .string()
          .min(1)
          .describe('a parameter of AWS Systems Manager Parameter Store, by path or ARN'),
      }),
      z.strictObject({
        secret: z.string().min(1).describe('a secret of AWS Secrets Manager, by name or ARN'),
        key: z.string().min(1).optional().describe('a field of the secret, if the secret is a JSON object'),
      }),
    ],
    {
      error:
        'must name where the secret is stored: "file: …", "environment: …", "parameter: …" or "secret: …"',
    },
  )
  .describe('a reference to a secret; do not write secrets into this file');
export type SecretReference = z.infer<typeof secret>;

/** Headers, in lower case, whose values do not belong into a configuration file. */
const SECRET_HEADERS = ['authorization', 'proxy-authorization', 'cookie'];

/** Headers of requests. Values are text or references to secrets. */
export const headers = z
  .record(
    z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, { error: 'is not a header name' }),
    z.union([z.string(), secret], {
      error:
        'must be text, or name where it is stored: "file: …", "environment: …", "parameter: …" or "secret: …"',
    }),
  )
  .superRefine((given, context) => {
    const seen = new Set<string>();
    for (const [name, value] of Object.entries(given)) {
      const addIssue = (message: string) => context.addIssue({ code: 'custom', path: [name], message });
      // Names in another case are the same header, and both values would be sent, joined to one.
      const key = name.toLowerCase();
      if (seen.has(key)) addIssue('is given twice');
      seen.add(key);
      if (typeof value === 'string' && SECRET_HEADERS.includes(key))
        addIssue('is a secret; name where it is stored, for example with "file: …" or "environment: …"');
    }
  });
