import { describe, expect, it } from 'vitest';
import { readConfiguration } from '../../../deploy/aws/configuration.ts';
import { checkRoleSizes, permissionsLength } from '../../../deploy/aws/role-size.ts';
import { type Role, rolesOf } from '../../../deploy/aws/roles.ts';
import { parseConfig } from '../../../src/config/file.ts';

/** Returns the roles for clusters with a Prometheus each; `prometheusOf` gets the number of a cluster. */
function rolesFor(count: number, prometheusOf: (number: string) => string): Record<string, Role> {
  const clusters = Array.from({ length: count }, (_, index) => {
    const number = String(index).padStart(12, '0');
    return `  - { name: c${index}, prometheus: { ${prometheusOf(number)} } }`;
  });
  const config = parseConfig(`clusters:\n${clusters.join('\n')}\n`, 'test.yaml');
  return rolesOf({ ...config, isExample: false });
}

const URL = 'url: https://prometheus.invalid';
const workspace = (number: string) =>
  `url: https://aps-workspaces.eu-central-1.amazonaws.com/workspaces/ws-12345678-aaaa-bbbb-cccc-${number}, sigv4: {}`;

describe('checkRoleSizes', () => {
  it.each<[string, (number: string) => string, RegExp]>([
    [
      'workspace',
      workspace,
      /^test\.yaml: the permissions of GenerateReportRole take up to \d{5} characters, and AWS allows 10240 per role; most are for 150 workspaces; set prometheus\.sigv4\.roleArn to one role that can query all of them$/,
    ],
    [
      'role',
      (number) =>
        `${workspace(number).replace('{}', `{ roleArn: "arn:aws:iam::${number}:role/prometheus/reader-of-antrea-metrics" }`)}`,
      /150 roles of prometheus\.sigv4\.roleArn; let clusters share a role$/,
    ],
    [
      'parameter',
      (number) => `${URL}, bearerToken: { parameter: /antrea-health/${number}/token }`,
      /150 parameters; put their values into one secret with a field for each \(secret: …, key: …\)$/,
    ],
    [
      'secret',
      (number) => `${URL}, bearerToken: { secret: antrea-health/${number} }`,
      /150 secrets; put their values into one secret with a field for each/,
    ],
  ])('refuses 150 clusters that have a %s each, and accepts 20', (_, prometheusOf, message) => {
    expect(() => checkRoleSizes(rolesFor(150, prometheusOf), 'test.yaml')).toThrow(
      expect.objectContaining({ name: 'ConfigError', message: expect.stringMatching(message) }),
    );
    expect(() => checkRoleSizes(rolesFor(20, prometheusOf), 'test.yaml')).not.toThrow();
  });

  it.each([
    [
      'a secret with a field for each',
      (number: string) => `${URL}, bearerToken: { secret: tokens, key: c${number} }`,
    ],
    [
      'a role that can query all workspaces',
      (number: string) =>
        workspace(number).replace('{}', '{ roleArn: "arn:aws:iam::111122223333:role/reader" }'),
    ],
  ])('accepts 150 clusters that share %s', (_, prometheusOf) => {
    expect(() => checkRoleSizes(rolesFor(150, prometheusOf), 'test.yaml')).not.toThrow();
  });
});

describe('permissionsLength', () => {
  const VALUES: Readonly<Record<string, string>> = {
    'AWS::Partition': 'aws',
    'AWS::Region': 'eu-central-1',
    'AWS::AccountId': '111122223333',
    'AWS::StackName': 'antrea-health-report-prod',
    GenerateDashreportLogGroup: '/aws/lambda/antrea-health-report-prod-generate-report',
    'ReportBucket.Arn': 'arn:aws:s3:::antrea-health-report-prod-reportbucket-abcdefghijkl',
    'JobQueue.Arn': 'arn:aws:sqs:eu-central-1:111122223333:antrea-health-report-prod-JobQueue-abcdefghijkl',
    'DeadLetterQueue.Arn':
      'arn:aws:sqs:eu-central-1:111122223333:antrea-health-report-prod-DeadLetterQueue-abcdefghijkl',
  };

  /** Returns the policies as CloudFormation sends them to IAM. */
  function deployed(role: Role): string[] {
    const valueOfVariable = (name: string) => {
      const value = VALUES[name];
      if (value === undefined) throw new Error(`unknown variable: ${name}`);
      return value;
    };
    return role.Properties.Policies.map(({ PolicyDocument }) =>
      JSON.stringify(PolicyDocument, (_, part) => {
        if (part?.['Fn::GetAtt']) return valueOfVariable(part['Fn::GetAtt'].join('.'));
        if (!part?.['Fn::Sub']) return part;
        return part['Fn::Sub'].replace(/\$\{([^}]+)\}/g, (_match: string, name: string) =>
          valueOfVariable(name),
        );
      }),
    );
  }

  it('is at least the length that IAM counts, and little more for many clusters', async () => {
    const full = rolesOf(await readConfiguration('test/fixtures/aws.yaml'));
    for (const roles of [full, rolesFor(80, workspace)]) {
      const role = roles['GenerateReportRole'] as Role;
      const counted = deployed(role).join('').length;
      expect(permissionsLength(role)).toBeGreaterThanOrEqual(counted);
      expect(permissionsLength(role)).toBeLessThan(counted + 1_500);
    }
  });
});
