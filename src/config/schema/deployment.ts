import * as z from 'zod';

/** The retention times that CloudWatch Logs supports, up to ten years (PutRetentionPolicy, retentionInDays). */
export const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

const arn = (service: string, example: string) =>
  z
    .string()
    .regex(new RegExp(`^arn:aws[a-z-]*:${service}:\\S+$`), { error: `is not an ARN such as ${example}` });

/** The keys that only the deployment to AWS reads, when serverless.yml packages the service. */
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
        { error: 'must be iam or jwt: { issuer, audience }' },
      )
      .optional()
      .describe('how callers of the HTTP API authenticate; iam when absent'),
    retentionDays: z
      .number()
      .int()
      .min(1)
      .max(3650)
      .optional()
      .describe('how long reports are kept, in days; 400 when absent'),
    logRetentionDays: z
      .literal(LOG_RETENTION_DAYS, { error: `is not one of ${LOG_RETENTION_DAYS.join(', ')}` })
      .optional()
      .describe('how long logs are kept, in days; 30 when absent'),
    kmsKeyArn: arn('kms', 'arn:aws:kms:eu-central-1:111122223333:key/…')
      .optional()
      .describe('KMS key that encrypts reports and jobs; keys managed by AWS when absent'),
    vpc: z
      .strictObject({
        subnetIds: z
          .array(z.string().regex(/^subnet-[0-9a-f]+$/, { error: 'is not the id of a subnet' }))
          .min(1),
        securityGroupIds: z
          .array(z.string().regex(/^sg-[0-9a-f]+$/, { error: 'is not the id of a security group' }))
          .min(1),
      })
      .optional()
      .describe('network of the function generate-report, if Prometheus can only be reached from there'),
    alarmTopicArn: arn('sns', 'arn:aws:sns:eu-central-1:111122223333:on-call')
      .optional()
      .describe('SNS topic that receives alarms'),
    secretKmsKeyArns: z
      .array(arn('kms', 'arn:aws:kms:eu-central-1:111122223333:key/…'))
      .min(1)
      .optional()
      .describe('customer managed KMS keys that encrypt the secrets'),
  })
  .describe('settings of the deployment to AWS');
export type DeploymentConfig = z.infer<typeof deployment>;
