import type { DeploymentConfig } from '../../src/config/schema/deployment.ts';
import { type Configuration, prometheusOf } from './configuration.ts';
import { statementsForMail } from './mail-permissions.ts';
import { type Statement, statementsForPrometheus, sub } from './prometheus-permissions.ts';

/**
 * One role per function, and one for the schedules, each with what it does and no more. What may not be said in full,
 * such as the key of an object, is the only place with a wildcard; test/services/packaging.test.ts names all of them.
 */
export function rolesOf(configuration: Configuration): Record<string, unknown> {
  const { kmsKeyArn, vpc } = configuration.file.aws ?? {};
  return {
    DailyReportRole: roleOfFunction('DailyDashreportLogGroup', [
      // Its failed events go to the dead-letter queue, which Lambda sends to as the function.
      allow(['sqs:SendMessage'], [arnOf('JobQueue'), arnOf('DeadLetterQueue')]),
      ...withKey(kmsKeyArn),
    ]),
    GenerateReportRole: roleOfFunction('GenerateDashreportLogGroup', [
      // As the function, Lambda takes the jobs from the queue.
      allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], [arnOf('JobQueue')]),
      allow(['sqs:SendMessage'], [arnOf('DeadLetterQueue')]),
      ...objects({ putting: [REPORTS, INDEX] }),
      ...withKey(kmsKeyArn),
      ...statementsForPrometheus(prometheusOf(configuration), configuration),
      ...(vpc ? networkInterfaces(vpc) : []),
    ]),
    OnDemandRole: roleOfFunction('OnDashdemandLogGroup', [
      allow(['sqs:SendMessage'], [arnOf('JobQueue')]),
      ...objects({ putting: [REPORTS] }),
      ...withKey(kmsKeyArn),
    ]),
    EmailDigestRole: roleOfFunction('EmailDashdigestLogGroup', [
      allow(['sqs:SendMessage'], [arnOf('DeadLetterQueue')]),
      ...objects({ putting: [DIGESTS], getting: [DIGESTS] }),
      ...withKey(kmsKeyArn),
      ...statementsForMail(configuration),
    ]),
    ScheduleRole: role(
      {
        ...{ Effect: 'Allow', Principal: { Service: 'scheduler.amazonaws.com' }, Action: 'sts:AssumeRole' },
        // For the schedules of this service only, which AWS names by their group:
        // https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
        Condition: {
          StringEquals: {
            'aws:SourceAccount': { Ref: 'AWS::AccountId' },
            'aws:SourceArn': arnOf('ScheduleGroup'),
          },
        },
      },
      [
        allow(
          ['lambda:InvokeFunction'],
          [arnOf('DailyDashreportLambdaFunction'), arnOf('EmailDashdigestLambdaFunction')],
        ),
      ],
    ),
  };
}

function roleOfFunction(logGroup: string, statements: readonly Statement[]): unknown {
  return role({ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }, [
    // The group is made with the stack; its streams are made by Lambda, which chooses their names.
    allow(
      ['logs:CreateLogStream', 'logs:PutLogEvents'],
      [
        sub(
          `arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:\${${logGroup}}:log-stream:*`,
        ),
      ],
    ),
    ...statements,
  ]);
}

function role(trust: unknown, statements: readonly Statement[]): unknown {
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [trust] },
      Policies: [{ PolicyName: 'service', PolicyDocument: { Version: '2012-10-17', Statement: statements } }],
    },
  };
}

/** Reports, with their states, and the index that lists them: what is in the bucket. */
const REPORTS = sub('${ReportBucket.Arn}/reports/*');
const INDEX = sub('${ReportBucket.Arn}/index/*');

/** Who has got which digest. */
const DIGESTS = sub('${ReportBucket.Arn}/digests/*');

function objects({
  putting,
  getting = [],
}: {
  putting: readonly unknown[];
  getting?: readonly unknown[];
}): Statement[] {
  return [
    allow(['s3:GetObject'], [REPORTS, INDEX, ...getting]),
    allow(['s3:PutObject'], putting),
    // Without this permission S3 answers 403 for an object that is not there. A condition on s3:prefix would take that
    // back, since such a question has no prefix; the bucket holds nothing else.
    allow(['s3:ListBucket'], [arnOf('ReportBucket')]),
  ];
}

/** Both bucket and queues are encrypted with the key; S3 and SQS use it as whoever asks them. */
function withKey(kmsKeyArn: string | undefined): Statement[] {
  return kmsKeyArn === undefined ? [] : [allow(['kms:Decrypt', 'kms:GenerateDataKey'], [kmsKeyArn])];
}

/**
 * Lambda's network interfaces in the VPC, which it makes as the function.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html, "Required IAM permissions", also for why the
 * function's own code is then denied the same.
 */
function networkInterfaces({
  subnetIds,
  securityGroupIds,
}: NonNullable<DeploymentConfig['vpc']>): Statement[] {
  const ec2 = (resource: string) =>
    sub(`arn:\${AWS::Partition}:ec2:\${AWS::Region}:\${AWS::AccountId}:${resource}`);
  const make = ['ec2:CreateNetworkInterface'];
  const describe = ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'];
  const change = [
    'ec2:DeleteNetworkInterface',
    'ec2:AssignPrivateIpAddresses',
    'ec2:UnassignPrivateIpAddresses',
  ];
  return [
    allow(make, [
      ...subnetIds.map((id) => ec2(`subnet/${id}`)),
      ...securityGroupIds.map((id) => ec2(`security-group/${id}`)),
      ec2('network-interface/*'),
    ]),
    // EC2 does not look at the resource for these two.
    allow(describe, ['*']),
    // "If you don't specify a resource ID for DeleteNetworkInterface in the execution role, your function may not be
    // able to access the VPC": the form that the page recommends.
    allow(change, [ec2('*/*')]),
    {
      ...{ Effect: 'Deny', Action: [...make, ...describe, ...change], Resource: ['*'] },
      Condition: {
        ArnEquals: {
          // Not by its logical name, which would depend on the role and so on itself.
          'lambda:SourceFunctionArn': sub(
            'arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${AWS::StackName}-generate-report',
          ),
        },
      },
    },
  ];
}

function allow(actions: readonly string[], resources: readonly unknown[]): Statement {
  return { Effect: 'Allow', Action: actions, Resource: resources };
}

function arnOf(resource: string): unknown {
  return { 'Fn::GetAtt': [resource, 'Arn'] };
}
