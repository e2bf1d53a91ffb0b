import { AUTHENTICATION_KEYS } from '../adapters/prometheus/schema.ts';
import { clusterKey } from '../report/model/cluster-key.ts';
import { ConfigError } from './errors.ts';
import type { Config } from './file.ts';
import { mergeIndicators } from './indicators.ts';
import type { ConfigFile, ReportConfig } from './schema/config.ts';
import { resolveSettings, type Settings } from './settings.ts';
import { type Path, withLocation } from './source-locations.ts';
import { suggestion } from './suggest.ts';
import { mergeTargets } from './targets.ts';

export type Cluster = { name: string; key: string };

/**
 * Returns the clusters that a configuration file lists.
 * @throws ConfigError when it lists none
 */
export function clustersOf({ file, name }: Config): Cluster[] {
  if (!file.clusters) throw new ConfigError(`${name}: clusters: list the clusters that reports are made for`);
  return file.clusters.map((cluster) => ({ name: cluster.name, key: clusterKey(cluster.name) }));
}

/**
 * Returns the settings of a cluster.
 * @param cluster may be undefined when the file lists no clusters or only one
 * @throws ConfigError with file and line when there is no such cluster, or its configuration is wrong
 */
export function settingsOf(config: Config, cluster: string | undefined): Settings {
  const merged = configOfCluster(config, cluster).config;
  try {
    return resolveSettings(merged);
  } catch (error) {
    throw withLocation(error, config.name, config.locations, keyPrefixes(config.file, cluster));
  }
}

/** Returns the paths that a cluster's keys may be below in the file: its entry, then the top level. */
export function keyPrefixes(file: ConfigFile, cluster: string | undefined): Path[] {
  const index = file.clusters?.findIndex(({ name }) => name === cluster) ?? -1;
  return index < 0 ? [[]] : [['clusters', index], []];
}

/**
 * Returns the configuration of one cluster: the keys at the top level, overridden by those of its entry.
 * @param wanted the cluster's name; may be undefined when the file lists no clusters or only one
 * @throws ConfigError when the file lists clusters and none of them is chosen
 */
export function configOfCluster(
  config: Config,
  wanted: string | undefined,
): { cluster: string | undefined; config: ReportConfig } {
  const {
    clusters,
    schedules: _1,
    digests: _2,
    mail: _3,
    archive: _4,
    serve: _5,
    signIn: _6,
    aws: _7,
    ...common
  } = config.file;
  if (!clusters) return { cluster: wanted, config: common };
  const { name, ...override } = chooseCluster(clusters, wanted, config.name);
  return {
    cluster: name,
    config: {
      ...common,
      ...override,
      prometheus: mergePrometheus(common.prometheus, override.prometheus),
      indicators: mergeIndicators(common.indicators, override.indicators),
      coverage: {
        ...common.coverage,
        ...override.coverage,
        restarts: { ...common.coverage?.restarts, ...override.coverage?.restarts },
      },
    },
  };
}

type ClusterConfig = NonNullable<ConfigFile['clusters']>[number];

function chooseCluster(
  clusters: readonly ClusterConfig[],
  wanted: string | undefined,
  fileName: string,
): ClusterConfig {
  const names = clusters.map((cluster) => cluster.name);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) throw new ConfigError(`${fileName}: clusters: "${repeated}" is listed twice`);
  if (wanted === undefined && clusters.length > 1)
    throw new ConfigError(`--cluster: choose one of the clusters of ${fileName}: ${names.join(', ')}`);
  const found = wanted === undefined ? clusters[0] : clusters.find(({ name }) => name === wanted);
  if (found) return found;
  throw new ConfigError(
    `--cluster: "${wanted}" is not one of the clusters of ${fileName}${suggestion(wanted ?? '', names)}`,
  );
}

const NO_AUTHENTICATION = Object.fromEntries(AUTHENTICATION_KEYS.map((key) => [key, undefined]));

type PrometheusConfig = ReportConfig['prometheus'];

function mergePrometheus(common: PrometheusConfig, override: PrometheusConfig): PrometheusConfig {
  return {
    ...common,
    // A cluster's authentication replaces any other kind.
    ...(AUTHENTICATION_KEYS.some((key) => override?.[key]) ? NO_AUTHENTICATION : {}),
    // A cluster's Prometheus replaces the common capture.
    ...(override?.url ? { capture: undefined } : {}),
    ...override,
    headers: { ...common?.headers, ...override?.headers },
    ...mergeTargets(common, override),
  };
}
