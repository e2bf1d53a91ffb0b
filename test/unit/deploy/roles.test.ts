import { describe, expect, it } from 'vitest';
import { readConfiguration } from '../../../deploy/aws/configuration.ts';
import { rolesOf } from '../../../deploy/aws/roles.ts';
import { parseConfig } from '../../../src/config/file.ts';
import { DEPLOYMENTS } from '../../fixtures/deployments.ts';
import { permissionsOfRole, type Resource, statementsOf, textOf } from '../../fixtures/template.ts';

const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555';

const roles = {
  example: rolesOf(await readConfiguration('examples/aws.yaml')),
  full: rolesOf(await readConfiguration('test/fixtures/aws.yaml')),
};

const permissionsOf = (name: keyof typeof roles, role: string) =>
  permissionsOfRole(roles[name][role] as Resource);

describe('roles', () => {
  it('have the permissions that the functions need and no others', () => {
    expect(permissionsOf('example', 'DailyReportRole')).toEqual([
      'sqs:SendMessage ${DeadLetterQueue.Arn}',
      'sqs:SendMessage ${JobQueue.Arn}',
    ]);
    expect(permissionsOf('example', 'OnDemandRole')).toEqual([
      's3:GetObject ${ReportBucket.Arn}/reports/*',
      's3:ListBucket ${ReportBucket.Arn}',
      's3:PutObject ${ReportBucket.Arn}/reports/*',
      'sqs:SendMessage ${JobQueue.Arn}',
    ]);
    expect(permissionsOf('example', 'EmailDigestRole')).toEqual([
      's3:GetObject ${ReportBucket.Arn}/digests/*',
      's3:GetObject ${ReportBucket.Arn}/reports/*',
      's3:ListBucket ${ReportBucket.Arn}',
      's3:PutObject ${ReportBucket.Arn}/digests/*',
      'sqs:SendMessage ${DeadLetterQueue.Arn}',
    ]);
    expect(permissionsOf('example', 'GenerateReportRole')).toEqual([
      'aps:QueryMetrics arn:${AWS::Partition}:aps:eu-central-1:${AWS::AccountId}:workspace/ws-00000000-0000-0000-0000-000000000000',
      's3:GetObject ${ReportBucket.Arn}/index/*',
      's3:GetObject ${ReportBucket.Arn}/reports/*',
      's3:ListBucket ${ReportBucket.Arn}',
      's3:PutObject ${ReportBucket.Arn}/index/*',
      's3:PutObject ${ReportBucket.Arn}/reports/*',
      'sqs:DeleteMessage ${JobQueue.Arn}',
      'sqs:GetQueueAttributes ${JobQueue.Arn}',
      'sqs:ReceiveMessage ${JobQueue.Arn}',
      'sqs:SendMessage ${DeadLetterQueue.Arn}',
    ]);
  });

  it('get more permissions only for the keys, secrets and networks in the configuration', () => {
    const more = (role: string) => {
      const before = permissionsOf('example', role);
      return permissionsOf('full', role).filter((line) => !before.includes(line));
    };
    const key = [`kms:Decrypt ${KEY}`, `kms:GenerateDataKey ${KEY}`];
    expect(more('DailyReportRole')).toEqual(key);
    expect(more('OnDemandRole')).toEqual(key);
    const ses = 'arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}';
    expect(more('EmailDigestRole')).toEqual(
      [
        ...key,
        ...['SendEmail', 'SendRawEmail'].flatMap((action) =>
          ['configuration-set/digests', 'identity/*'].map((resource) => `ses:${action} ${ses}:${resource}`),
        ),
        // Of the channels that a digest names.
        'kms:Decrypt arn:aws:kms:eu-central-1:111122223333:key/99999999-2222-3333-4444-555555555555',
        'secretsmanager:GetSecretValue arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:antrea/channel-??????',
        'ssm:GetParameter arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/antrea/channel/url',
      ].sort(),
    );
    const ec2 = 'arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}';
    expect(more('GenerateReportRole')).toEqual(
      [
        ...key,
        'aps:QueryMetrics arn:${AWS::Partition}:aps:us-east-1:${AWS::AccountId}:workspace/ws-12345678-aaaa-bbbb-cccc-1234567890ab',
        'kms:Decrypt arn:aws:kms:eu-central-1:111122223333:key/99999999-2222-3333-4444-555555555555',
        'secretsmanager:GetSecretValue arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:antrea/tenant-??????',
        'secretsmanager:GetSecretValue arn:aws:secretsmanager:eu-central-1:111122223333:secret:two-AbCdEf',
        'ssm:GetParameter arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/antrea/token',
        'sts:AssumeRole arn:aws:iam::444455556666:role/reader',
        ...['subnet/subnet-0a1', 'security-group/sg-0b2', 'network-interface/*'].map(
          (one) => `ec2:CreateNetworkInterface ${ec2}:${one}`,
        ),
        ...['DeleteNetworkInterface', 'AssignPrivateIpAddresses', 'UnassignPrivateIpAddresses'].map(
          (one) => `ec2:${one} ${ec2}:*/*`,
        ),
        ...['ec2:DescribeNetworkInterfaces *', 'ec2:DescribeSubnets *'],
      ].sort(),
    );
  });

  it('let a digest without addresses read the secrets of its channels, and send no mail', () => {
    const configuration = {
      ...parseConfig(DEPLOYMENTS['digests to channels only'], 'aws.yaml'),
      isExample: false,
    };
    const role = rolesOf(configuration)['EmailDigestRole'] as Resource;
    const before = permissionsOf('example', 'EmailDigestRole');
    expect(permissionsOfRole(role).filter((line) => !before.includes(line))).toEqual([
      'secretsmanager:GetSecretValue arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:dingtalk-??????',
      'ssm:GetParameter arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/antrea/dingtalk',
    ]);
  });

  it('let only the HTTP API read the secrets of signing in', () => {
    const configuration = {
      ...parseConfig(DEPLOYMENTS['people who sign in, and programs with tokens'], 'aws.yaml'),
      isExample: false,
    };
    const made = rolesOf(configuration);
    const before = permissionsOf('example', 'OnDemandRole');
    expect(
      permissionsOfRole(made['OnDemandRole'] as Resource).filter((line) => !before.includes(line)),
    ).toEqual([
      'kms:Decrypt arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555',
      'secretsmanager:GetSecretValue arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:antrea/sign-in-??????',
      'ssm:GetParameter arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/antrea/sign-in/former-key',
      'ssm:GetParameter arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/antrea/sign-in/key',
    ]);
    for (const [name, role] of Object.entries(made))
      if (name !== 'OnDemandRole') expect(JSON.stringify(role), name).not.toContain('sign-in');
  });

  it('let the digest send only from the configured address, to identities that SES checks in its sandbox', () => {
    const sending = statementsOf(roles.full['EmailDigestRole'] as Resource).filter(({ Action }) =>
      Action.includes('ses:SendEmail'),
    );
    expect(sending.map(({ Resource, Condition }) => [Resource.map(textOf), Condition])).toEqual([
      [
        ['arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/*'],
        { StringEqualsIgnoreCase: { 'ses:FromAddress': 'health@example.com' } },
      ],
      [['arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:configuration-set/digests'], undefined],
    ]);
  });
});
