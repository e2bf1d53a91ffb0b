import { ConfigError } from '../../src/config/errors.ts';
import type { Statement } from './prometheus-permissions.ts';
import type { Role } from './roles.ts';

/**
 * Characters that all inline policies of a role may have together, without white space:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length
 */
const LONGEST_PERMISSIONS = 10_240;

/** Characters of the longest value that CloudFormation can put in place of a variable. */
const LONGEST_VALUES: Readonly<Record<string, number>> = {
  'AWS::Partition': 'aws-us-gov'.length,
  'AWS::Region': 'us-isof-south-1'.length,
  'AWS::AccountId': 12,
};

/**
 * Characters of the longest name or ARN of this stack and its resources. A stack's name has at most 128 characters. The
 * ARN of a queue has 48 before its name of at most 80; those of functions and buckets, and names of logs, are shorter.
 */
const LONGEST_NAME = 128;

/** How to need fewer resources for an action. Only for these can the configuration name any number of resources. */
const REMEDIES: Readonly<Record<string, string>> = {
  'aps:QueryMetrics': 'workspaces; set prometheus.sigv4.roleArn to one role that can query all of them',
  'sts:AssumeRole': 'roles of prometheus.sigv4.roleArn; let clusters share a role',
  'ssm:GetParameter':
    'parameters; put their values into one secret with a field for each (secret: …, key: …)',
  'secretsmanager:GetSecretValue':
    'secrets; put their values into one secret with a field for each (secret: …, key: …)',
  'kms:Decrypt': 'keys of aws.secretKmsKeyArns; encrypt the secrets with fewer keys',
};

/**
 * Refuses permissions that IAM would refuse in the middle of a deployment.
 * @param path the configuration file, for the message
 * @throws ConfigError that names the largest part of the permissions and how to make it smaller
 */
export function checkRoleSizes(roles: Readonly<Record<string, Role>>, path: string): void {
  for (const [id, role] of Object.entries(roles)) {
    const length = permissionsLength(role);
    if (length <= LONGEST_PERMISSIONS) continue;
    throw new ConfigError(
      `${path}: the permissions of ${id} take up to ${length} characters, and AWS allows ${LONGEST_PERMISSIONS} per role; most are for ${explainLargest(role)}`,
    );
  }
}

/** Returns an upper bound of the characters that IAM counts for the inline policies of a role. */
export function permissionsLength({ Properties }: Role): number {
  return Properties.Policies.reduce(
    (sum, { PolicyDocument }) =>
      sum + lengthOf({ ...PolicyDocument, Statement: [] }) + lengthOfAll(PolicyDocument.Statement),
    0,
  );
}

const lengthOfAll = (statements: readonly Statement[]) =>
  statements.reduce((sum, statement) => sum + lengthOf(statement) + ','.length, 0);

/** Returns an upper bound of the length of a value as JSON in which CloudFormation has replaced its functions. */
function lengthOf(value: unknown): number {
  return JSON.stringify(value, (_, part) => expand(part)).length;
}

/** Replaces a function of CloudFormation by a text as long as its longest result; returns other values as they are. */
function expand(part: unknown): unknown {
  if (typeof part !== 'object' || part === null) return part;
  if ('Fn::GetAtt' in part || 'Ref' in part) return 'x'.repeat(LONGEST_NAME);
  if (!('Fn::Sub' in part)) return part;
  return String(part['Fn::Sub']).replace(/\$\{([^}]+)\}/g, (_, name: string) =>
    'x'.repeat(LONGEST_VALUES[name] ?? LONGEST_NAME),
  );
}

function explainLargest({ Properties }: Role): string {
  const [largest] = Properties.Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement).sort(
    (a, b) => lengthOf(b) - lengthOf(a),
  );
  const { Action: [action = ''] = [], Resource = [] } = largest ?? {};
  return `${Resource.length} ${REMEDIES[action] ?? `resources of ${action}`}`;
}
