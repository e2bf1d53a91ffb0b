import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Account, type Moto, startMoto } from './moto.ts';
import { copyWithoutCode, runOsls } from './packaged.ts';
import { temporaryFolder } from './server.ts';

const EXAMPLE = await readFile(new URL('../../examples/aws.yaml', import.meta.url), 'utf8');

/** The example with another time, without its second schedule, with a digest, and with a shorter retention. */
const CHANGED = EXAMPLE.replace('at: "07:30"', 'at: "06:15"')
  .replace(/^ {2}- \{ name: weekly,.*\n/m, '')
  .replace(/^# (mail: .*)$/m, '$1')
  .replace(/^# (digests:)\n# ( {2}- .*)$/m, '$1\n$2')
  .replace('retentionDays: 400', 'retentionDays: 90');

let moto: Moto;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let service: string;
let printed: string;
let account: Account;

const osls = (command: 'deploy' | 'remove', config: string) =>
  runOsls(service, [command, '--stage', 'test', '--region', moto.client.region], {
    config,
    variables: {
      AWS_ENDPOINT_URL: moto.client.endpoint,
      AWS_ACCESS_KEY_ID: moto.client.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: moto.client.credentials.secretAccessKey,
      // Otherwise osls waits five seconds before it asks whether the stack is ready.
      SLS_AWS_MONITORING_FREQUENCY: '100',
    },
  });

beforeAll(async () => {
  moto = await startMoto();
  folder = await temporaryFolder('stack');
  service = await copyWithoutCode(folder.path, 'service');
  printed = await osls('deploy', EXAMPLE);
  account = await moto.readAccount();
});
afterAll(async () => {
  await moto?.stop();
  await folder?.remove();
});

function found<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`there is no ${name} on ${moto.version}`);
  return value;
}

const reportBucket = () =>
  found(
    account.buckets.find(({ lifecycle }) => lifecycle !== undefined),
    'bucket for reports',
  );
const queue = (name: string) =>
  found(
    account.queues.find(({ QueueArn }) => QueueArn?.includes(`-${name}-`)),
    name,
  );
const lambda = (name: string) =>
  found(
    account.functions.find(({ FunctionName }) => FunctionName.endsWith(name)),
    name,
  );
const statementsOf = (policy: string | undefined) => JSON.parse(policy ?? '{}').Statement;

/** Returns the permissions of a function except for its log, one line per action and resource. */
const permissionsOf = (name: string): string[] =>
  found(
    account.roles.find(({ arn }) => arn === lambda(name).Role),
    `role of ${name}`,
  )
    .statements.flatMap(({ Action, Resource }) =>
      Action.flatMap((one) => Resource.map((each) => `${one} ${each}`)),
    )
    .filter((line) => !line.startsWith('logs:'))
    .toSorted();

describe('the first deployment of the example', () => {
  it('makes a private, encrypted bucket in which reports expire', () => {
    const { name, ...settings } = reportBucket();
    expect(settings).toEqual({
      encryption: [
        expect.objectContaining({ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }),
      ],
      publicAccessBlock: {
        ...{
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
      },
      ownership: [{ ObjectOwnership: 'BucketOwnerEnforced' }],
      lifecycle: [
        { ID: 'reports', Prefix: 'reports/', Status: 'Enabled', Expiration: { Days: 401 } },
        { ID: 'digests', Prefix: 'digests/', Status: 'Enabled', Expiration: { Days: 400 } },
        { ID: 'index', Prefix: 'index/', Status: 'Enabled', Expiration: { Days: 400 } },
        expect.objectContaining({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } }),
      ],
      policy: [
        {
          ...{ Sid: 'TlsOnly', Effect: 'Deny', Principal: '*', Action: 's3:*' },
          Resource: [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
      objects: [],
    });
  });

  it('makes a queue of jobs for generate-report and a dead-letter queue', () => {
    expect(account.queues).toHaveLength(2);
    const [jobs, deadLetters] = [queue('JobQueue'), queue('DeadLetterQueue')];
    expect(jobs).toMatchObject({ VisibilityTimeout: '360', MessageRetentionPeriod: '345600' });
    expect(JSON.parse(jobs['RedrivePolicy'] ?? '').deadLetterTargetArn).toBe(deadLetters['QueueArn']);
    expect(deadLetters['MessageRetentionPeriod']).toBe('1209600');
    for (const { Policy, QueueArn } of [jobs, deadLetters])
      expect(statementsOf(Policy)).toEqual([expect.objectContaining({ Effect: 'Deny', Resource: QueueArn })]);
    expect(account.eventSources).toEqual([
      expect.objectContaining({
        ...{ EventSourceArn: jobs['QueueArn'], FunctionArn: lambda('generate-report').FunctionArn },
        ...{ BatchSize: 1, FunctionResponseTypes: ['ReportBatchItemFailures'] },
        ScalingConfig: { MaximumConcurrency: 5 },
      }),
    ]);
  });

  it.each([
    ['daily-report', 256, 60, ['QUEUE_URL']],
    ['generate-report', 2048, 300, ['BUCKET', 'DEAD_LETTER_QUEUE_URL']],
    ['on-demand', 1024, 29, ['BUCKET', 'QUEUE_URL']],
    ['email-digest', 1024, 170, ['API_ADDRESS', 'BUCKET']],
  ])(
    'makes %s of its zip with %i MB, %i s and the addresses that it needs',
    async (name, memory, seconds, variables) => {
      expect(lambda(name)).toMatchObject({
        ...{ Runtime: 'nodejs24.x', MemorySize: memory, Timeout: seconds },
        Handler: `build/${name}/index.handler`,
      });
      const zip = await readFile(join(service, `.serverless/${name}.zip`));
      expect(lambda(name).CodeSha256).toBe(createHash('sha256').update(zip).digest('base64'));
      const { Variables } = lambda(name).Environment;
      expect(Variables).toMatchObject({ POWERTOOLS_SERVICE_NAME: name });
      const queueName = (id: string) => queue(id)['QueueArn']?.split(':').at(-1);
      const addresses: Record<string, unknown> = {
        API_ADDRESS: expect.stringMatching(/^https?:\/\/\w+\.execute-api\.eu-central-1\.amazonaws\.com$/),
        BUCKET: reportBucket().name,
        DEAD_LETTER_QUEUE_URL: `https://sqs.eu-central-1.amazonaws.com/123456789012/${queueName('DeadLetterQueue')}`,
        QUEUE_URL: `https://sqs.eu-central-1.amazonaws.com/123456789012/${queueName('JobQueue')}`,
      };
      expect(Object.keys(addresses).filter((one) => one in Variables)).toEqual(variables);
      for (const one of variables) expect(Variables[one]).toEqual(addresses[one]);
    },
  );

  it('gives each role the resources of this stack', () => {
    const [jobs, deadLetters] = [queue('JobQueue')['QueueArn'], queue('DeadLetterQueue')['QueueArn']];
    const bucket = `arn:aws:s3:::${reportBucket().name}`;
    expect(account.roles).toHaveLength(5);
    expect(permissionsOf('daily-report')).toEqual([
      `sqs:SendMessage ${deadLetters}`,
      `sqs:SendMessage ${jobs}`,
    ]);
    expect(permissionsOf('on-demand')).toEqual([
      `s3:GetObject ${bucket}/reports/*`,
      `s3:ListBucket ${bucket}`,
      `s3:PutObject ${bucket}/reports/*`,
      `sqs:SendMessage ${jobs}`,
    ]);
    expect(permissionsOf('generate-report')).toContain(
      'aps:QueryMetrics arn:aws:aps:eu-central-1:123456789012:workspace/ws-00000000-0000-0000-0000-000000000000',
    );
  });

  it('makes the schedules in their time zones', () => {
    expect(account.schedules.map((one) => [one.ScheduleExpression, one.ScheduleExpressionTimezone])).toEqual([
      ['cron(30 7 * * ? *)', 'Asia/Shanghai'],
      ['cron(0 6 ? * MON *)', 'Europe/Berlin'],
    ]);
    for (const { GroupName, State, Target } of account.schedules) {
      expect([[GroupName], State]).toEqual([account.scheduleGroups, 'ENABLED']);
      expect(Target.Arn).toBe(lambda('daily-report').FunctionArn);
      expect(Target.RoleArn).toMatch(/-ScheduleRole-/);
      expect(account.roles.map(({ arn }) => arn)).toContain(Target.RoleArn);
    }
  });

  it('makes an HTTP API that authorizes every request, alarms, and logs that expire', () => {
    expect(printed).toContain('Service deployed to stack antrea-health-report-test');
    expect(account.routes.map(({ RouteKey }) => RouteKey).toSorted()).toEqual([
      '$default',
      'GET /',
      'GET /reports',
      'GET /reports/{cluster}',
      'GET /reports/{cluster}/compare',
      'GET /reports/{cluster}/{id}',
      'GET /reports/{cluster}/{id}/{file}',
      'POST /reports',
    ]);
    for (const { AuthorizationType } of account.routes) expect(AuthorizationType).toBe('AWS_IAM');
    expect(account.alarms).toHaveLength(12);
    expect(account.logGroups.map(({ retentionInDays }) => retentionInDays)).toEqual([30, 30, 30, 30, 30]);
  });
});

describe('a later deployment', () => {
  it('without a change does nothing', async () => {
    expect(await osls('deploy', EXAMPLE)).toContain('No changes to deploy');
    expect(await moto.readAccount()).toEqual(account);
  });

  it('changes what the configuration says, and keeps the bucket, the queues and the API', async () => {
    const { endpoint, ...others } = moto.client;
    const s3 = new S3Client({ endpoint, ...others, forcePathStyle: true });
    await s3.send(new PutObjectCommand({ Bucket: reportBucket().name, Key: 'reports/kept', Body: 'report' }));
    s3.destroy();
    const before = account;
    expect(await osls('deploy', CHANGED)).toContain('Service deployed');
    account = await moto.readAccount();

    const ofSchedule = (key: string, name: string) => ({
      [key]: name,
      scheduledAt: '<aws.scheduler.scheduled-time>',
    });
    expect(
      account.schedules.map((one) => [one.ScheduleExpression, one.Target.Arn, JSON.parse(one.Target.Input)]),
    ).toEqual([
      ['cron(15 6 * * ? *)', lambda('daily-report').FunctionArn, ofSchedule('schedule', 'daily')],
      ['cron(0 7 * * ? *)', lambda('email-digest').FunctionArn, ofSchedule('digest', 'operators')],
    ]);
    expect(permissionsOf('email-digest')).toContain(
      'ses:SendEmail arn:aws:ses:eu-central-1:123456789012:identity/*',
    );
    expect(reportBucket()).toMatchObject({
      lifecycle: [
        { Expiration: { Days: 91 } },
        { Expiration: { Days: 90 } },
        { Expiration: { Days: 90 } },
        {},
      ],
      objects: ['reports/kept'],
    });
    const kept = ({ queues, routes, scheduleGroups, functions, roles }: Account) => ({
      ...{ queues, routes, scheduleGroups },
      functions: functions.map(({ FunctionArn }) => FunctionArn),
      roles: roles.map(({ arn }) => arn),
    });
    expect(kept(account)).toEqual(kept(before));
    // Every function contains the configuration.
    const code = ({ functions }: Account) => functions.map(({ CodeSha256 }) => CodeSha256);
    expect(code(account).filter((hash) => code(before).includes(hash))).toEqual([]);
  });
});

describe('removal', () => {
  it('leaves the bucket with its reports and nothing else', async () => {
    const bucket = reportBucket();
    await osls('remove', CHANGED);
    const nothing = Object.fromEntries(Object.keys(account).map((type) => [type, []]));
    // The policy is a separate resource: reports could then be read without TLS.
    expect(await moto.readAccount()).toEqual({ ...nothing, buckets: [bucket] });
  });
});
