import * as z from 'zod';
import { keyRule } from '../../config/schema/key-rule.ts';
import { secret } from '../secrets/schema.ts';

/** A bucket of AWS, or of a server that speaks its API, such as MinIO or the gateway of Ceph. */
export const s3 = z
  .strictObject({
    bucket: z.string().min(1),
    endpoint: z
      .url({ protocol: /^https?$/, error: 'is not an http or https address' })
      .optional()
      .describe('address of the server; AWS when absent'),
    region: z
      .string()
      .min(1)
      .optional()
      .describe('when absent, that of the environment, else us-east-1 with an endpoint'),
    accessKeyId: secret.optional().describe('requires secretAccessKey; when absent, the AWS SDK finds both'),
    secretAccessKey: secret.optional(),
    caFile: z.string().optional().describe('PEM file with certificates to trust in addition to the system’s'),
  })
  .refine(
    ({ accessKeyId, secretAccessKey }) => secretAccessKey === undefined || accessKeyId !== undefined,
    keyRule('is missing, and secretAccessKey requires it', ['accessKeyId']),
  )
  .refine(
    ({ accessKeyId, secretAccessKey }) => accessKeyId === undefined || secretAccessKey !== undefined,
    keyRule('is missing, and accessKeyId requires it', ['secretAccessKey']),
  )
  .refine(
    ({ caFile, endpoint }) => caFile === undefined || endpoint !== undefined,
    keyRule('is missing, and caFile requires it', ['endpoint']),
  );
export type S3Config = z.infer<typeof s3>;
