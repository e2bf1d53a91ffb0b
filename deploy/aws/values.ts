import { digestsOf, schedulesOf, type Timing } from '../../src/config/schedules.ts';
import { MOST_DELIVERIES } from '../../src/service/archive/state.ts';
import { alarmsOf } from './alarms.ts';
import type { Configuration } from './configuration.ts';
import { rolesOf } from './roles.ts';

/** Reports of a year, to compare a month with the same one before, and some weeks to do so. */
const DEFAULT_RETENTION_DAYS = 400;

/** Long enough to look into last week's failure, which is what logs are for here; the reports are kept elsewhere. */
const DEFAULT_LOG_RETENTION_DAYS = 30;

/** What serverless.yml reads as ${settings:…}: everything in it that follows from the configuration file or the code. */
export function valuesOf(configuration: Configuration): Readonly<Record<string, unknown>> {
  const {
    authorization = 'iam',
    retentionDays = DEFAULT_RETENTION_DAYS,
    logRetentionDays = DEFAULT_LOG_RETENTION_DAYS,
    kmsKeyArn,
    vpc,
    alarmTopicArn,
  } = configuration.file.aws ?? {};
  const jwt = authorization === 'iam' ? undefined : authorization.jwt;
  return {
    retentionDays,
    reportExpiryDays: retentionDays + 1,
    logRetentionDays,
    mostDeliveries: MOST_DELIVERIES,
    schedules: schedulesOf(configuration.file).map((one) => eventOf(one, 'schedule', 'reports')),
    digests: digestsOf(configuration.file).map((one) => eventOf(one, 'digest', 'digest')),
    authorizer: jwt ? { name: 'jwt' } : { type: 'aws_iam' },
    authorizers: jwt
      ? {
          jwt: {
            type: 'jwt',
            identitySource: '$request.header.Authorization',
            issuerUrl: jwt.issuer,
            audience: jwt.audience,
          },
        }
      : {},
    vpc: vpc ?? null,
    roles: rolesOf(configuration),
    alarms: alarmsOf(alarmTopicArn),
    bucketEncryption: kmsKeyArn
      ? { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: kmsKeyArn }
      : { SSEAlgorithm: 'AES256' },
    // One of the two; the other is left out by being null.
    queueKey: kmsKeyArn ?? null,
    queueKeyOfSqs: kmsKeyArn ? null : true,
  };
}

/** A schedule of EventBridge Scheduler, which tells its function by `key` what is due. */
function eventOf(
  { name, period, cron, timeZone }: Timing,
  key: 'schedule' | 'digest',
  about: string,
): unknown {
  return {
    schedule: {
      method: 'scheduler',
      description: `${name}: ${about} of the last whole ${period}`,
      rate: [cron],
      timezone: timeZone,
      groupName: { Ref: 'ScheduleGroup' },
      roleArn: { 'Fn::GetAtt': ['ScheduleRole', 'Arn'] },
      // https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
      input: { [key]: name, scheduledAt: '<aws.scheduler.scheduled-time>' },
    },
  };
}
