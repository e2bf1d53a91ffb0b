import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { ConfigError } from '../../src/config/errors.ts';
import { configOfCluster, parseConfig } from '../../src/config/file.ts';
import { readInput } from '../../src/config/input.ts';
import { digestsOf, schedulesOf } from '../../src/config/schedules.ts';
import type { ConfigFile, ReportConfig } from '../../src/config/schema.ts';
import { resolveSettings } from '../../src/config/settings.ts';
import { INDICATORS } from '../../src/report/catalog/indicators/index.ts';

export type PrometheusConfig = NonNullable<ReportConfig['prometheus']>;

/** Used where there is no antrea-health.yaml yet, to try out packaging; never deployed. */
const EXAMPLE = 'examples/aws.yaml';

export type Configuration = {
  path: string;
  file: ConfigFile;
  /** Whether it is the example, for want of a file of one's own. */
  isExample: boolean;
};

/**
 * Reads and checks the configuration that a service is to have.
 * @throws ConfigError in one line
 */
export async function readConfiguration(path: string): Promise<Configuration> {
  const isExample = path === 'antrea-health.yaml' && !existsSync(path);
  const name = isExample ? EXAMPLE : path;
  const text = (await readInput(name, 'config')).toString('utf8');
  const file = parseConfig(text, name);
  try {
    for (const { config } of configsOf(file, name)) {
      const { caFile } = resolveSettings(config, INDICATORS).prometheus;
      if (caFile !== undefined) await readInput(caFile, 'prometheus.caFile');
    }
    schedulesOf(file);
    digestsOf(file);
  } catch (error) {
    if (!(error instanceof ConfigError) || error.message.startsWith(name)) throw error;
    throw new ConfigError(`${name}: ${error.message}`);
  }
  return { path: name, file, isExample };
}

/** What holds for each of the clusters. */
function configsOf(file: ConfigFile, name: string): { cluster: string; config: ReportConfig }[] {
  if (!file.clusters)
    throw new ConfigError(`${name}: clusters: list the clusters that reports are to be made of`);
  return file.clusters.map(({ name: cluster }) => ({
    cluster,
    config: configOfCluster(file, cluster, name).config,
  }));
}

/** How the Prometheus of each cluster is reached. */
export function prometheusOf({
  file,
  path,
}: Configuration): { cluster: string; prometheus: PrometheusConfig }[] {
  return configsOf(file, path).map(({ cluster, config }) => ({
    cluster,
    prometheus: config.prometheus ?? {},
  }));
}

/**
 * What a machine of one's own has and Lambda has not.
 * @throws ConfigError naming the cluster and the key
 */
export function checkForAws(configuration: Configuration): void {
  const { kmsKeyArn, secretKmsKeyArns = [] } = configuration.file.aws ?? {};
  for (const key of [...(kmsKeyArn === undefined ? [] : [kmsKeyArn]), ...secretKmsKeyArns]) {
    // Permissions for an alias permit nothing.
    if (!key.includes(':key/'))
      throw new ConfigError(
        `${configuration.path}: aws: ${key} is not the ARN of a key; an alias will not do`,
      );
  }
  const password = configuration.file.mail?.smtp?.password;
  if (password && ('file' in password || 'environment' in password))
    throw new ConfigError(
      `${configuration.path}: mail.smtp.password: on AWS secrets come from "parameter: …" or "secret: …"`,
    );
  if (configuration.file.mail?.smtp?.caFile !== undefined)
    throw new ConfigError(
      `${configuration.path}: mail.smtp.caFile: is for the command; on AWS use SES, or a server with a usual certificate`,
    );
  for (const { cluster, prometheus } of prometheusOf(configuration)) {
    const refuse = (key: string, why: string): never => {
      throw new ConfigError(`${configuration.path}: prometheus.${key} (of ${cluster}): ${why}`);
    };
    if (prometheus.capture !== undefined) refuse('capture', 'is for trying things out, not for AWS');
    if (prometheus.url === undefined) refuse('url', 'say where Prometheus is');
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

/**
 * The configuration as it goes beside the functions' code: what it names on this machine is taken along, and named by
 * where it will be.
 * @param folder of the code that uses it, when it runs
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
    // Only of services that run on this machine.
    if (prometheus.capture !== undefined) prometheus.capture = resolve(prometheus.capture);
    return { ...one, prometheus };
  };
  const clusters = file.clusters?.map(packed);
  return { file: { ...packed(file), ...(clusters ? { clusters } : {}) }, certificates };
}
