import * as z from 'zod';

/** Those that CloudWatch Logs knows, up to ten years (PutRetentionPolicy, retentionInDays). */
export const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

const arn = (service: string, example: string) =>
  z
    .string()
    .regex(new RegExp(`^arn:aws[a-z-]*:${service}:\\S+$`), { error: `is not an ARN such as ${example}` });

/** The part of the configuration file that only the deployment to AWS reads (serverless.yml, when it is packaged). */
export const deployment = z
  .strictObject({
    authorization: z
      .union(
        [
          z.literal('iam'),
          z.strictObject({
            jwt: z.strictObject({
              issuer: z.url({ protocol: /^https$/, error: 'is not an https address' }),
              audience: z.array(z.string().min(1)).min(1),
            }),
          }),
        ],
        { error: 'is neither iam nor jwt: { issuer, audience }' },
      )
      .optional()
      .describe('who may use the HTTP API; iam when absent'),
    retentionDays: z
      .number()
      .int()
      .min(1)
      .max(3650)
      .optional()
      .describe('how long reports are kept; 400 when absent'),
    logRetentionDays: z
      .literal(LOG_RETENTION_DAYS, { error: `is not one of ${LOG_RETENTION_DAYS.join(', ')}` })
      .optional()
      .describe('30 when absent'),
    kmsKeyArn: arn('kms', 'arn:aws:kms:eu-central-1:111122223333:key/…')
      .optional()
      .describe('encrypts reports and jobs; keys that AWS manages when absent'),
    vpc: z
      .strictObject({
        subnetIds: z.array(z.string().regex(/^subnet-[0-9a-f]+$/, { error: 'is not a subnet id' })).min(1),
        securityGroupIds: z
          .array(z.string().regex(/^sg-[0-9a-f]+$/, { error: 'is not the id of a security group' }))
          .min(1),
      })
      .optional()
      .describe('where generate-report runs, for a Prometheus that is only reached from there'),
    alarmTopicArn: arn('sns', 'arn:aws:sns:eu-central-1:111122223333:on-call')
      .optional()
      .describe('the SNS topic that alarms are sent to'),
    secretKmsKeyArns: z
      .array(arn('kms', 'arn:aws:kms:eu-central-1:111122223333:key/…'))
      .min(1)
      .optional()
      .describe('keys of one’s own that the secrets of prometheus are encrypted with'),
  })
  .describe('read when the service is deployed to AWS');
export type DeploymentConfig = z.infer<typeof deployment>;
