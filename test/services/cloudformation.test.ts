import { describe, expect, it } from 'vitest';
import deployerPolicy from '../../deploy/aws/deployer-policy.json' with { type: 'json' };
import { MOST_DELIVERIES } from '../../src/service/archive/state.ts';
import { DEPLOYMENTS } from '../fixtures/deployments.ts';
import {
  permissionsOfRole,
  type Resource,
  resourceOf,
  resourcesOfType,
  statementsOf,
  type Template,
  textOf,
} from '../fixtures/template.ts';
import { templatesOf } from './packaged.ts';

const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555';

const FUNCTIONS = ['daily-report', 'generate-report', 'on-demand', 'email-digest'] as const;

/** The allowed wildcards in roles, with AWS's reason. Each must be in use. */
const ALLOWED_WILDCARDS: Readonly<Record<string, string>> = {
  '${ReportBucket.Arn}/reports/*': 'objects have no ARNs before they are there',
  '${ReportBucket.Arn}/index/*': 'objects have no ARNs before they are there',
  'arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${DailyDashreportLogGroup}:log-stream:*':
    'Lambda makes up the names of log streams',
  'arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${GenerateDashreportLogGroup}:log-stream:*':
    'Lambda makes up the names of log streams',
  'arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${OnDashdemandLogGroup}:log-stream:*':
    'Lambda makes up the names of log streams',
  '${ReportBucket.Arn}/digests/*': 'objects have no ARNs before they are there',
  'arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${EmailDashdigestLogGroup}:log-stream:*':
    'Lambda makes up the names of log streams',
  'arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:antrea/tenant-??????':
    'Secrets Manager appends six characters to the name of a secret',
  'arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:antrea/channel-??????':
    'Secrets Manager appends six characters to the name of a secret',
  'arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:network-interface/*':
    'network interfaces have no ARNs before they are there',
  'arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:*/*':
    'Lambda checks for ec2:DeleteNetworkInterface in this form (Lambda developer guide, "Required IAM permissions")',
  'arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/*':
    'the SES sandbox checks the identities of recipients too; ses:FromAddress limits the permission to the sender',
  '*': 'ec2:DescribeNetworkInterfaces and ec2:DescribeSubnets know no resources',
};

const templates: Record<string, Template> = await templatesOf({
  full: DEPLOYMENTS['everything at once'],
  example: undefined,
});

const template = (name: string): Template => templates[name] as Template;
const ofType = (name: string, type: string) => resourcesOfType(template(name), type);
const resource = (name: string, id: string) => resourceOf(template(name), id);
const permissionsOf = (name: string, role: string) => permissionsOfRole(resource(name, role));

function only(name: string, type: string): Resource {
  const found = ofType(name, type);
  expect(found).toHaveLength(1);
  return (found[0] as [string, Resource])[1];
}

describe.each(['example', 'full'])('the %s configuration', (name) => {
  it('has no wildcards in roles except those that AWS requires', () => {
    const roles = ofType(name, 'AWS::IAM::Role').map(([, role]) => role);
    expect(roles).toHaveLength(FUNCTIONS.length + 1);
    for (const role of roles) {
      expect(role.Properties.ManagedPolicyArns).toBeUndefined();
      for (const { Effect, Action, Resource, Condition } of statementsOf(role)) {
        for (const action of Action) expect(action).toMatch(/^[a-z0-9]+:[A-Za-z]+$/);
        if (Effect === 'Deny') continue;
        const wild = Resource.map(textOf).filter((text) => /[*?]/.test(text));
        expect(wild.filter((text) => ALLOWED_WILDCARDS[text] === undefined)).toEqual([]);
        if (wild.includes('*'))
          expect(Action).toEqual(['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets']);
        if (wild.some((text) => text.includes(':identity/')))
          expect(Condition).toEqual({ StringEqualsIgnoreCase: { 'ses:FromAddress': 'health@example.com' } });
      }
    }
    expect(ofType(name, 'AWS::IAM::Policy')).toEqual([]);
    expect(ofType(name, 'AWS::IAM::ManagedPolicy')).toEqual([]);
  });

  it('gives every function a timeout, memory, a runtime, a role and a log with limited retention', () => {
    const functions = ofType(name, 'AWS::Lambda::Function');
    expect(functions).toHaveLength(FUNCTIONS.length);
    const groups = ofType(name, 'AWS::Logs::LogGroup').map(([, { Properties }]) => Properties);
    const roles = functions.map(([, { Properties }]) => Properties.Role['Fn::GetAtt'][0]);
    expect(new Set(roles).size).toBe(FUNCTIONS.length);
    for (const [, { Properties }] of functions) {
      expect(Properties.Runtime).toBe('nodejs24.x');
      expect(Properties.Timeout).toBeGreaterThan(0);
      expect(Properties.MemorySize).toBeGreaterThan(0);
      const group = groups.find(
        ({ LogGroupName }) => LogGroupName === `/aws/lambda/${Properties.FunctionName}`,
      );
      expect(group?.RetentionInDays).toBe(name === 'full' ? 7 : 30);
    }
    expect(groups).toHaveLength(FUNCTIONS.length + 1);
    expect(groups.every(({ RetentionInDays }) => RetentionInDays > 0)).toBe(true);
  });

  it('gives the worker enough memory and storage for Chromium, and the network of Prometheus', () => {
    const { Properties } = resource(name, 'GenerateDashreportLambdaFunction');
    // @sparticuz/chromium's README: at least 1600 MB; unpacked, it takes 210 MB.
    expect(Properties.MemorySize).toBeGreaterThanOrEqual(1600);
    expect(Properties.EphemeralStorage.Size).toBeGreaterThanOrEqual(1024);
    expect(Properties.Architectures).toEqual(['x86_64']);
    expect(Properties.VpcConfig).toEqual(
      name === 'full' ? { SubnetIds: ['subnet-0a1'], SecurityGroupIds: ['sg-0b2'] } : undefined,
    );
  });

  it('keeps reports private, encrypted and for a limited time, also after the service is removed', () => {
    const bucket = resource(name, 'ReportBucket');
    expect(bucket).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(bucket.Properties.PublicAccessBlockConfiguration).toEqual({
      ...{
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
    expect(bucket.Properties.OwnershipControls).toEqual({
      Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }],
    });
    const [encryption] = bucket.Properties.BucketEncryption.ServerSideEncryptionConfiguration;
    expect(encryption).toEqual({
      BucketKeyEnabled: true,
      ServerSideEncryptionByDefault:
        name === 'full' ? { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: KEY } : { SSEAlgorithm: 'AES256' },
    });
    const days = name === 'full' ? 90 : 400;
    expect(bucket.Properties.LifecycleConfiguration.Rules).toEqual([
      { Id: 'reports', Status: 'Enabled', Prefix: 'reports/', ExpirationInDays: days + 1 },
      { Id: 'digests', Status: 'Enabled', Prefix: 'digests/', ExpirationInDays: days },
      { Id: 'index', Status: 'Enabled', Prefix: 'index/', ExpirationInDays: days },
      expect.objectContaining({
        Status: 'Enabled',
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
      }),
    ]);
  });

  it.each([
    ['AWS::S3::Bucket', 'AWS::S3::BucketPolicy', 'Bucket'],
    ['AWS::SQS::Queue', 'AWS::SQS::QueuePolicy', 'Queues'],
  ])('refuses %s without TLS', (type, policyType, property) => {
    const policies = ofType(name, policyType).map(([, { Properties }]) => Properties);
    for (const [id] of ofType(name, type)) {
      const policy = policies.find((one) => JSON.stringify(one[property]).includes(`{"Ref":"${id}"}`));
      const [statement] = policy.PolicyDocument.Statement;
      expect(statement).toMatchObject({ Effect: 'Deny', Principal: '*' });
      expect(String(statement.Condition.Bool['aws:SecureTransport'])).toBe('false');
      expect(JSON.stringify(statement.Resource)).toContain(id);
    }
  });

  it('sends jobs that fail to a dead-letter queue', () => {
    const { Properties: queue } = resource(name, 'JobQueue');
    const { Properties: deadLetters } = resource(name, 'DeadLetterQueue');
    expect(queue.RedrivePolicy).toEqual({
      deadLetterTargetArn: { 'Fn::GetAtt': ['DeadLetterQueue', 'Arn'] },
      maxReceiveCount: MOST_DELIVERIES,
    });
    expect(deadLetters.MessageRetentionPeriod).toBe(14 * 86_400);
    const worker = resource(name, 'GenerateDashreportLambdaFunction').Properties;
    // Long enough that no second worker gets a job in progress, short enough that the job of a crashed one returns soon.
    expect(queue.VisibilityTimeout).toBeGreaterThan(worker.Timeout);
    expect(queue.VisibilityTimeout).toBeLessThan(worker.Timeout * 2);
    for (const { KmsMasterKeyId, SqsManagedSseEnabled } of [queue, deadLetters]) {
      if (name === 'full') expect([KmsMasterKeyId, SqsManagedSseEnabled]).toEqual([KEY, undefined]);
      else expect([KmsMasterKeyId, SqsManagedSseEnabled]).toEqual([undefined, true]);
    }
    expect(only(name, 'AWS::Lambda::EventSourceMapping').Properties).toMatchObject({
      BatchSize: 1,
      EventSourceArn: { 'Fn::GetAtt': ['JobQueue', 'Arn'] },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 5 },
    });
    // Lambda retries functions that schedules call, and then reports the failure.
    const called = ofType(name, 'AWS::Lambda::EventInvokeConfig').map(([, { Properties }]) => Properties);
    expect(called.map(({ FunctionName }) => FunctionName.Ref).sort()).toEqual([
      'DailyDashreportLambdaFunction',
      'EmailDashdigestLambdaFunction',
    ]);
    for (const one of called)
      expect(one).toMatchObject({
        MaximumRetryAttempts: 2,
        DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['DeadLetterQueue', 'Arn'] } } },
      });
  });

  it('raises alarms for dead letters, errors and throttles', () => {
    const alarms = ofType(name, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
    expect(resource(name, 'DeadLetterAlarm').Properties).toMatchObject({
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': ['DeadLetterQueue', 'QueueName'] } }],
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      Threshold: 1,
    });
    for (const [id] of ofType(name, 'AWS::Lambda::Function')) {
      const ofFunction = alarms.filter(({ Dimensions }) => Dimensions[0].Value.Ref === id);
      expect(ofFunction.map(({ MetricName }) => MetricName).sort()).toEqual(['Errors', 'Throttles']);
    }
    const topics = name === 'full' ? ['arn:aws:sns:eu-central-1:111122223333:on-call'] : [];
    for (const { AlarmActions } of alarms) expect(AlarmActions).toEqual(topics);
  });

  it('authenticates every request', () => {
    const routes = ofType(name, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => Properties);
    expect(routes.map(({ RouteKey }) => RouteKey).sort()).toEqual([
      '$default',
      'GET /',
      'GET /reports',
      'GET /reports/{cluster}',
      'GET /reports/{cluster}/compare',
      'GET /reports/{cluster}/{id}',
      'GET /reports/{cluster}/{id}/{file}',
      'POST /reports',
    ]);
    for (const { AuthorizationType, AuthorizerId } of routes) {
      expect(AuthorizationType).toBe(name === 'full' ? 'JWT' : 'AWS_IAM');
      if (name === 'full') expect(AuthorizerId).toEqual({ Ref: expect.any(String) });
    }
    if (name === 'full')
      expect(only(name, 'AWS::ApiGatewayV2::Authorizer').Properties.JwtConfiguration).toEqual({
        ...{ Issuer: 'https://issuer.invalid', Audience: ['reports'] },
      });
  });

  it('logs the callers of the HTTP API without secrets, and limits the rate of requests', () => {
    const { Properties } = only(name, 'AWS::ApiGatewayV2::Stage');
    const format: Record<string, string> = JSON.parse(Properties.AccessLogSettings.Format);
    expect(Object.values(format)).toEqual(
      expect.arrayContaining([
        '$context.requestId',
        '$context.routeKey',
        '$context.status',
        '$context.identity.userArn',
      ]),
    );
    expect(Properties.AccessLogSettings.Format).not.toMatch(
      /querystring|header|path\b|authorizer\.claims\b(?!\.sub")/i,
    );
    expect(Properties.DefaultRouteSettings.ThrottlingRateLimit).toBeLessThan(100);
    expect(only(name, 'AWS::ApiGatewayV2::Api').Properties.CorsConfiguration).toBeUndefined();
  });

  it('outputs the names and addresses of its resources', () => {
    expect(Object.keys(template(name).Outputs)).toEqual(
      expect.arrayContaining([
        'ReportBucketName',
        'JobQueueUrl',
        'DeadLetterQueueUrl',
        'GenerateReportRoleArn',
        'HttpApiUrl',
      ]),
    );
    expect(template(name).Outputs['GenerateReportRoleArn']?.Value).toEqual({
      'Fn::GetAtt': ['GenerateReportRole', 'Arn'],
    });
  });
});

describe('schedules', () => {
  const schedulesOf = (name: string) =>
    ofType(name, 'AWS::Scheduler::Schedule').map(([, { Properties }]) => Properties);

  it('run at the configured times in the configured time zone', () => {
    expect(
      schedulesOf('full').map(({ ScheduleExpression, ScheduleExpressionTimezone, Target }) => [
        ScheduleExpression,
        ScheduleExpressionTimezone,
        JSON.parse(Target.Input),
      ]),
    ).toEqual(
      [
        ['cron(30 7 * * ? *)', 'Europe/Berlin', 'morning'],
        ['cron(0 6 ? * MON *)', 'Asia/Shanghai', 'mondays'],
        ['cron(0 8 L * ? *)', 'Asia/Shanghai', 'closing'],
        ['cron(0 7 * * ? *)', 'Asia/Shanghai', 'operators'],
      ].map(([cron, zone, name]) => [
        cron,
        zone,
        {
          [name === 'operators' ? 'digest' : 'schedule']: name,
          scheduledAt: '<aws.scheduler.scheduled-time>',
        },
      ]),
    );
  });

  it('may call only their functions, and only EventBridge Scheduler can use their role', () => {
    for (const { Target, GroupName } of schedulesOf('full')) {
      const functionName = 'digest' in JSON.parse(Target.Input) ? 'EmailDashdigest' : 'DailyDashreport';
      expect(Target.Arn).toEqual({ 'Fn::GetAtt': [`${functionName}LambdaFunction`, 'Arn'] });
      expect(Target.RoleArn).toEqual({ 'Fn::GetAtt': ['ScheduleRole', 'Arn'] });
      expect(GroupName).toEqual({ Ref: 'ScheduleGroup' });
    }
    expect(permissionsOf('full', 'ScheduleRole')).toEqual([
      'lambda:InvokeFunction ${DailyDashreportLambdaFunction.Arn}',
      'lambda:InvokeFunction ${EmailDashdigestLambdaFunction.Arn}',
    ]);
    const [trust] = resource('full', 'ScheduleRole').Properties.AssumeRolePolicyDocument.Statement;
    expect(trust.Condition.StringEquals).toEqual({
      'aws:SourceAccount': { Ref: 'AWS::AccountId' },
      'aws:SourceArn': { 'Fn::GetAtt': ['ScheduleGroup', 'Arn'] },
    });
  });
});

describe('the list of wildcards', () => {
  it('contains only wildcards in use', () => {
    const used = ['example', 'full'].flatMap((name) =>
      ofType(name, 'AWS::IAM::Role').flatMap(([, role]) =>
        statementsOf(role).flatMap(({ Effect, Resource }) =>
          Effect === 'Allow' ? Resource.map(textOf) : [],
        ),
      ),
    );
    expect(Object.keys(ALLOWED_WILDCARDS).filter((one) => !used.includes(one))).toEqual([]);
  });
});

/** The action that makes a resource of each type. */
const CREATING_ACTIONS: Readonly<Record<string, string>> = {
  'AWS::ApiGatewayV2::Api': 'apigateway:POST',
  'AWS::ApiGatewayV2::Authorizer': 'apigateway:POST',
  'AWS::ApiGatewayV2::Integration': 'apigateway:POST',
  'AWS::ApiGatewayV2::Route': 'apigateway:POST',
  'AWS::ApiGatewayV2::Stage': 'apigateway:POST',
  'AWS::CloudWatch::Alarm': 'cloudwatch:PutMetricAlarm',
  'AWS::IAM::Role': 'iam:CreateRole',
  'AWS::Lambda::EventInvokeConfig': 'lambda:PutFunctionEventInvokeConfig',
  'AWS::Lambda::EventSourceMapping': 'lambda:CreateEventSourceMapping',
  'AWS::Lambda::Function': 'lambda:CreateFunction',
  'AWS::Lambda::Permission': 'lambda:AddPermission',
  'AWS::Logs::LogGroup': 'logs:CreateLogGroup',
  'AWS::S3::Bucket': 's3:CreateBucket',
  'AWS::S3::BucketPolicy': 's3:PutBucketPolicy',
  'AWS::SQS::Queue': 'sqs:CreateQueue',
  'AWS::SQS::QueuePolicy': 'sqs:SetQueueAttributes',
  'AWS::Scheduler::Schedule': 'scheduler:CreateSchedule',
  'AWS::Scheduler::ScheduleGroup': 'scheduler:CreateScheduleGroup',
};

describe('the policy for deployment', () => {
  it('allows to make every type of resource in the template', () => {
    const types = [...new Set(Object.values(template('full').Resources).map(({ Type }) => Type))].sort();
    expect(types).toEqual(Object.keys(CREATING_ACTIONS).sort());
    const allowed = deployerPolicy.Statement.flatMap(({ Action }) => Action);
    expect(Object.values(CREATING_ACTIONS).filter((action) => !allowed.includes(action))).toEqual([]);
  });

  it('fits into a managed policy', () => {
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html; white space does not count.
    expect(JSON.stringify(deployerPolicy).length).toBeLessThanOrEqual(6_144);
  });
});
