import * as z from 'zod';

/** A place where a secret is found; the configuration file itself holds none. */
export const secret = z
  .union(
    [
      z.strictObject({ file: z.string().min(1).describe('a file that holds it') }),
      z.strictObject({ environment: z.string().min(1).describe('an environment variable that holds it') }),
      z.strictObject({
        parameter: z
          .string()
          .min(1)
          .describe('a parameter of AWS Systems Manager’s Parameter Store, by its path or ARN'),
      }),
      z.strictObject({
        secret: z.string().min(1).describe('a secret of AWS Secrets Manager, by its name or ARN'),
        key: z.string().min(1).optional().describe('the field of a secret that is JSON'),
      }),
    ],
    {
      error:
        'is not "file: …", "environment: …", "parameter: …" or "secret: …", the place where the secret is found',
    },
  )
  .describe('where a secret is found; secrets themselves do not belong in this file');
export type SecretReference = z.infer<typeof secret>;
