import type { DeploymentConfig } from '../../src/config/schema/deployment.ts';
import { type Configuration, prometheusOf, signInSecrets } from './configuration.ts';
import { statementsForDigests } from './digest-permissions.ts';
import {
  type Statement,
  statementsForPrometheus,
  statementsForSecrets,
  sub,
} from './prometheus-permissions.ts';

/** A role as a CloudFormation resource. */
export type Role = {
  Type: 'AWS::IAM::Role';
  Properties: {
    AssumeRolePolicyDocument: unknown;
    Policies: readonly {
      PolicyName: string;
      PolicyDocument: { Version: string; Statement: readonly Statement[] };
    }[];
  };
};

/**
 * Returns one role for each function and one for the schedules, each with only the permissions that it needs. Wildcards
 * stand only for what is not known in advance, such as the key of an object; test/services/cloudformation.test.ts
 * lists them, and test/services/permissions.test.ts compares the permissions with the requests of the functions.
 */
export function rolesOf(configuration: Configuration): Record<string, Role> {
  const { kmsKeyArn, vpc } = configuration.file.aws ?? {};
  return {
    DailyReportRole: roleOfFunction('DailyDashreportLogGroup', [
      // Lambda sends failed events of this function to the dead-letter queue with the function's role.
      allow(['sqs:SendMessage'], [arnOf('JobQueue'), arnOf('DeadLetterQueue')]),
      ...withKey(kmsKeyArn),
    ]),
    GenerateReportRole: roleOfFunction('GenerateDashreportLogGroup', [
      // Lambda takes jobs from the queue with the function's role.
      allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], [arnOf('JobQueue')]),
      allow(['sqs:SendMessage'], [arnOf('DeadLetterQueue')]),
      // To see whether it made an entry of the index itself, when S3's answer was lost, the function reads it.
      ...objects({ putting: [REPORTS, INDEX], getting: [REPORTS, INDEX] }),
      ...withKey(kmsKeyArn),
      ...statementsForPrometheus(prometheusOf(configuration), configuration),
      ...(vpc ? networkInterfaces(vpc) : []),
    ]),
    OnDemandRole: roleOfFunction('OnDashdemandLogGroup', [
      allow(['sqs:SendMessage'], [arnOf('JobQueue')]),
      ...objects({ putting: [REPORTS], getting: [REPORTS] }),
      ...withKey(kmsKeyArn),
      ...statementsForSecrets(
        signInSecrets(configuration).map(({ reference }) => reference),
        configuration,
      ),
    ]),
    EmailDigestRole: roleOfFunction('EmailDashdigestLogGroup', [
      allow(['sqs:SendMessage'], [arnOf('DeadLetterQueue')]),
      ...objects({ putting: [DIGESTS], getting: [REPORTS, DIGESTS] }),
      ...withKey(kmsKeyArn),
      ...statementsForDigests(configuration),
    ]),
    ScheduleRole: role(
      {
        ...{ Effect: 'Allow', Principal: { Service: 'scheduler.amazonaws.com' }, Action: 'sts:AssumeRole' },
        // Only the schedules of this service may use the role. AWS identifies them by their group:
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

function roleOfFunction(logGroup: string, statements: readonly Statement[]): Role {
  return role({ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }, [
    // The stack creates the log group; Lambda creates its streams and chooses their names.
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

function role(trust: unknown, statements: readonly Statement[]): Role {
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [trust] },
      Policies: [{ PolicyName: 'service', PolicyDocument: { Version: '2012-10-17', Statement: statements } }],
    },
  };
}

/** The objects in the bucket: reports with their states, and the index, whose names are its content. */
const REPORTS = sub('${ReportBucket.Arn}/reports/*');
const INDEX = sub('${ReportBucket.Arn}/index/*');

/** Records of the digests that were sent. */
const DIGESTS = sub('${ReportBucket.Arn}/digests/*');

function objects({ putting, getting }: Record<'putting' | 'getting', readonly unknown[]>): Statement[] {
  return [
    allow(['s3:GetObject'], getting),
    allow(['s3:PutObject'], putting),
    // Without this permission S3 answers 403 instead of 404 for an object that does not exist. There is no condition on
    // s3:prefix, because such a request has no prefix and would be refused. The bucket contains nothing else.
    allow(['s3:ListBucket'], [arnOf('ReportBucket')]),
  ];
}

/** Bucket and queues are encrypted with the key; S3 and SQS use it with the role of the caller. */
function withKey(kmsKeyArn: string | undefined): Statement[] {
  return kmsKeyArn === undefined ? [] : [allow(['kms:Decrypt', 'kms:GenerateDataKey'], [kmsKeyArn])];
}

/**
 * Lambda creates its network interfaces in the VPC with the function's role. The function's own code is denied the same
 * actions; https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html, "Required IAM permissions", gives the
 * reason.
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
    // EC2 ignores the resource for these two actions.
    allow(describe, ['*']),
    // "If you don't specify a resource ID for DeleteNetworkInterface in the execution role, your function may not be
    // able to access the VPC". This is the form that the page recommends.
    allow(change, [ec2('*/*')]),
    {
      ...{ Effect: 'Deny', Action: [...make, ...describe, ...change], Resource: ['*'] },
      Condition: {
        ArnEquals: {
          // The logical name of the function would be circular: the function depends on this role.
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
