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
