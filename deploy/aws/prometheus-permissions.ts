import { regionOfWorkspace } from '../../src/adapters/aws/signature.ts';
import type { SecretReference } from '../../src/adapters/secrets/schema.ts';
import { ConfigError } from '../../src/config/errors.ts';
import type { Configuration, PrometheusConfig } from './configuration.ts';

export type Statement = {
  Effect: 'Allow' | 'Deny';
  Action: readonly string[];
  Resource: readonly unknown[];
  Condition?: unknown;
};

/** Text in which CloudFormation replaces variables such as ${AWS::Region}. */
export const sub = (text: string): unknown => ({ 'Fn::Sub': text });

/**
 * Returns the permissions that generate-report needs to reach the Prometheus of every cluster: the secrets in the
 * configuration, workspaces of Amazon Managed Prometheus, and roles to assume.
 * @throws ConfigError if the URL of a workspace does not contain its id
 */
export function statementsForPrometheus(
  clusters: readonly { cluster: string; prometheus: PrometheusConfig }[],
  configuration: Configuration,
): Statement[] {
  const { name: path } = configuration;
  const secrets = clusters.flatMap(({ prometheus: { bearerToken, basic, headers } }) =>
    [bearerToken, basic?.password, ...Object.values(headers ?? {})].filter((one) => typeof one === 'object'),
  );
  const signed = clusters.flatMap(({ cluster, prometheus: { url, sigv4 } }) =>
    sigv4 && url !== undefined ? [{ cluster, url, roleArn: sigv4.roleArn }] : [],
  );
  return [
    statementsForSecrets(secrets, configuration),
    // An assumed role has its own permissions.
    allow(
      'sts:AssumeRole',
      signed.flatMap(({ roleArn }) => roleArn ?? []),
    ),
    allow(
      'aps:QueryMetrics',
      signed.flatMap(({ cluster, url, roleArn }) =>
        roleArn === undefined ? [workspaceArn(url, cluster, path)] : [],
      ),
    ),
  ].flat();
}

/** Returns the permissions to read these secrets and no others. */
export function statementsForSecrets(
  secrets: readonly SecretReference[],
  { file, name: path }: Configuration,
): Statement[] {
  const checked = (name: string) => checkName(name, path);
  if (secrets.length === 0) return [];
  return [
    allow(
      'ssm:GetParameter',
      secrets.flatMap((one) => ('parameter' in one ? [parameterArn(checked(one.parameter))] : [])),
    ),
    allow(
      'secretsmanager:GetSecretValue',
      secrets.flatMap((one) => ('secret' in one ? [secretArn(checked(one.secret))] : [])),
    ),
    allow('kms:Decrypt', file.aws?.secretKmsKeyArns ?? []),
  ].flat();
}

/** Returns one statement, or none if there are no resources. */
function allow(action: string, resources: readonly string[]): Statement[] {
  const unique = [...new Set(resources)].sort();
  return unique.length === 0 ? [] : [{ Effect: 'Allow', Action: [action], Resource: unique.map(sub) }];
}

/** A star would match other secrets too, and CloudFormation would replace `${…}`. */
function checkName(name: string, path: string): string {
  if (!/^[A-Za-z0-9/_+=.@:!-]+$/.test(name))
    throw new ConfigError(`${path}: "${name}" is not the name or ARN of a parameter or secret`);
  return name;
}

function parameterArn(name: string): string {
  if (name.startsWith('arn:')) return name;
  return `arn:\${AWS::Partition}:ssm:\${AWS::Region}:\${AWS::AccountId}:parameter/${name.replace(/^\//, '')}`;
}

/** The six question marks match the suffix that Secrets Manager adds to the name in the ARN. */
function secretArn(name: string): string {
  if (name.startsWith('arn:')) return name;
  return `arn:\${AWS::Partition}:secretsmanager:\${AWS::Region}:\${AWS::AccountId}:secret:${name}-??????`;
}

function workspaceArn(url: string, cluster: string, path: string): string {
  const region = regionOfWorkspace(url);
  const [workspace] = /(?<=\/workspaces\/)ws-[a-z0-9-]+/.exec(new URL(url).pathname) ?? [];
  if (region === undefined || workspace === undefined)
    throw new ConfigError(
      `${path}: prometheus.sigv4 (of ${cluster}): set roleArn, because url does not name a workspace of Amazon Managed Prometheus`,
    );
  return `arn:\${AWS::Partition}:aps:${region}:\${AWS::AccountId}:workspace/${workspace}`;
}
