import { digestsOf, schedulesOf, type Timing } from '../../src/config/schedules.ts';
import { MOST_DELIVERIES } from '../../src/service/archive/state.ts';
import { alarmsOf } from './alarms.ts';
import type { Configuration } from './configuration.ts';
import { rolesOf } from './roles.ts';

/** Days. One year, so that a month can be compared with the same month of the previous year, plus some weeks. */
const DEFAULT_RETENTION_DAYS = 400;

/** Days. Logs are needed to investigate recent failures; reports are stored elsewhere. */
const DEFAULT_LOG_RETENTION_DAYS = 30;

/** Returns what serverless.yml reads as ${settings:…}: values that depend on the configuration file or on the code. */
export function valuesOf(configuration: Configuration): Readonly<Record<string, unknown>> {
  const {
    authorization = 'iam',
    retentionDays = DEFAULT_RETENTION_DAYS,
    logRetentionDays = DEFAULT_LOG_RETENTION_DAYS,
    kmsKeyArn,
    vpc,
    alarmTopicArn,
  } = configuration.file.aws ?? {};
  // An authorizer of an HTTP API can only answer with 401 or 403, so it cannot send a browser to a login. Where people sign
  // in, the function checks each request itself (docs/decisions/0025-sign-in.md).
  const isChecked = configuration.file.signIn === undefined;
  const jwt = authorization === 'iam' || !isChecked ? undefined : authorization.jwt;
  return {
    retentionDays,
    reportExpiryDays: retentionDays + 1,
    logRetentionDays,
    mostDeliveries: MOST_DELIVERIES,
    schedules: schedulesOf(configuration.file).map((one) => eventOf(one, 'schedule', 'reports')),
    digests: digestsOf(configuration.file).map((one) => eventOf(one, 'digest', 'digest')),
    authorizer: isChecked ? (jwt ? { name: 'jwt' } : { type: 'aws_iam' }) : null,
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
    // Exactly one of the two applies; null leaves the other out.
    queueKey: kmsKeyArn ?? null,
    queueKeyOfSqs: kmsKeyArn ? null : true,
  };
}

/** A schedule of EventBridge Scheduler. The event that it sends has the name of the schedule or digest in `key`. */
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
