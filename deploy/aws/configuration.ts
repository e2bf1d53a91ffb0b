import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { SecretReference } from '../../src/adapters/secrets/schema.ts';
import { clustersOf, configOfCluster, settingsOf } from '../../src/config/clusters.ts';
import { ConfigError } from '../../src/config/errors.ts';
import { type Config, readConfigFile } from '../../src/config/file.ts';
import { readInput } from '../../src/config/input.ts';
import { digestsOf, linkAddressOf, schedulesOf } from '../../src/config/schedules.ts';
import { channelSecrets } from '../../src/config/schema/channels.ts';
import type { ConfigFile, ReportConfig } from '../../src/config/schema/config.ts';
import { signInOf } from '../../src/config/sign-in.ts';

export type PrometheusConfig = NonNullable<ReportConfig['prometheus']>;

/** Used to try out packaging while there is no antrea-health.yaml. It is never deployed. */
const EXAMPLE = 'examples/aws.yaml';

export type Configuration = Config & {
  /** Whether this is the example because there is no file yet. */
  isExample: boolean;
};

/**
 * Reads and checks the configuration of the service to deploy.
 * @throws ConfigError with a message of one line
 */
export async function readConfiguration(path: string): Promise<Configuration> {
  const isExample = path === 'antrea-health.yaml' && !existsSync(path);
  const config = await readConfigFile(isExample ? EXAMPLE : path, { option: 'config' });
  const { file, name } = config;
  try {
    for (const cluster of clustersOf(config)) {
      const { caFile } = settingsOf(config, cluster.name).prometheus;
      if (caFile !== undefined) await readInput(caFile, 'prometheus.caFile');
    }
    schedulesOf(file);
    digestsOf(file);
    signInOf(file);
  } catch (error) {
    if (!(error instanceof ConfigError) || error.message.startsWith(name)) throw error;
    throw new ConfigError(`${name}: ${error.message}`);
  }
  return { ...config, isExample };
}

/** Returns how to reach the Prometheus of each cluster. */
export function prometheusOf(config: Config): { cluster: string; prometheus: PrometheusConfig }[] {
  return clustersOf(config).map(({ name: cluster }) => ({
    cluster,
    prometheus: configOfCluster(config, cluster).config.prometheus ?? {},
  }));
}

/**
 * Refuses settings that work on a machine but not on AWS Lambda, such as files and environment variables with secrets.
 * @throws ConfigError with the cluster and the key
 */
export function checkForAws(configuration: Configuration): void {
  const { kmsKeyArn, secretKmsKeyArns = [] } = configuration.file.aws ?? {};
  for (const key of [...(kmsKeyArn === undefined ? [] : [kmsKeyArn]), ...secretKmsKeyArns]) {
    // IAM ignores permissions for an alias.
    if (!key.includes(':key/'))
      throw new ConfigError(
        `${configuration.name}: aws: ${key} is not the ARN of a key; an alias does not work`,
      );
  }
  checkSignInForAws(configuration);
  const password = configuration.file.mail?.smtp?.password;
  const secretsOfDigests = [
    ...(password ? [{ key: 'mail.smtp.password', reference: password }] : []),
    ...(configuration.file.channels ?? []).flatMap(channelSecrets),
  ];
  for (const { key, reference } of secretsOfDigests)
    if ('file' in reference || 'environment' in reference)
      throw new ConfigError(
        `${configuration.name}: ${key}: on AWS secrets come from "parameter: …" or "secret: …"`,
      );
  if (configuration.file.mail?.smtp?.caFile !== undefined)
    throw new ConfigError(
      `${configuration.name}: mail.smtp.caFile: is only for the command line; on AWS use SES, or a server with a publicly trusted certificate`,
    );
  for (const { cluster, prometheus } of prometheusOf(configuration)) {
    const refuse = (key: string, why: string): never => {
      throw new ConfigError(`${configuration.name}: prometheus.${key} (of ${cluster}): ${why}`);
    };
    if (prometheus.capture !== undefined) refuse('capture', 'is only for tests on a machine, not for AWS');
    if (prometheus.url === undefined) refuse('url', 'set the address of Prometheus');
    const secrets = [
      ['bearerToken', prometheus.bearerToken] as const,
      ['basic.password', prometheus.basic?.password] as const,
      ...Object.entries(prometheus.headers ?? {}).map(([name, value]) => [`headers.${name}`, value] as const),
    ];
    for (const [key, value] of secrets) {
      if (typeof value === 'object' && ('file' in value || 'environment' in value))
        refuse(key, 'on AWS secrets come from "parameter: …" or "secret: …"');
    }
  }
}

/** Returns the references to the secrets that the HTTP API reads, each with its key in the configuration. */
export function signInSecrets({ file }: Pick<Config, 'file'>): { key: string; reference: SecretReference }[] {
  const { clientSecret, sessionKeys = [] } = file.signIn ?? {};
  return [
    ...(clientSecret ? [{ key: 'signIn.clientSecret', reference: clientSecret }] : []),
    ...sessionKeys.map((reference, index) => ({ key: `signIn.sessionKeys.${index}`, reference })),
  ];
}

function checkSignInForAws(configuration: Configuration): void {
  const { file, name } = configuration;
  for (const { key, reference } of signInSecrets(configuration))
    if ('file' in reference || 'environment' in reference)
      throw new ConfigError(`${name}: ${key}: on AWS secrets come from "parameter: …" or "secret: …"`);
  if (file.signIn?.caFile !== undefined)
    throw new ConfigError(
      `${name}: signIn.caFile: is only for serve; on AWS use an issuer with a publicly trusted certificate`,
    );
}

/** Returns a warning for people who deploy digests whose links no browser can open; null when there is none. */
export function warnOfLinks({ file, name }: Pick<Config, 'file' | 'name'>): string | null {
  const { authorization = 'iam' } = file.aws ?? {};
  // With another address, a proxy may send the tokens.
  const isOpened = file.signIn !== undefined || (authorization !== 'iam' && linkAddressOf(file) !== null);
  if (isOpened || digestsOf(file).length === 0) return null;
  const needs = authorization === 'iam' ? 'signed requests' : 'a token';
  return `${name}: digests: their links open in no browser, because the HTTP API needs ${needs}; set signIn to let people sign in`;
}

/**
 * Returns the configuration for the bundles: files of this machine that it refers to are listed to be copied, and their
 * paths become those in the bundle.
 * @param folder the folder of the code at run time
 */
export function packedConfiguration(
  { file }: Configuration,
  folder: string,
): { file: ConfigFile; certificates: Record<string, string> } {
  const certificates: Record<string, string> = {};
  const packed = <T extends { prometheus?: PrometheusConfig | undefined }>(one: T): T => {
    if (!one.prometheus) return one;
    const prometheus = { ...one.prometheus };
    if (prometheus.caFile !== undefined) {
      const name = `${Object.keys(certificates).length}-${basename(prometheus.caFile)}`;
      certificates[name] = resolve(prometheus.caFile);
      prometheus.caFile = `${folder}/${name}`;
    }
    // Only services on this machine read captures.
    if (prometheus.capture !== undefined) prometheus.capture = resolve(prometheus.capture);
    return { ...one, prometheus };
  };
  const clusters = file.clusters?.map(packed);
  return { file: { ...packed(file), ...(clusters ? { clusters } : {}) }, certificates };
}
