import { ConfigError } from '../config/errors.ts';
import { configOfCluster } from '../config/file.ts';
import type { ConfigFile } from '../config/schema.ts';
import { resolveSettings, type Settings } from '../config/settings.ts';
import { INDICATORS } from '../report/catalog/indicators/index.ts';
import { clusterKey } from '../report/model/cluster-key.ts';

/** The service's configuration and the name of its file, for messages. */
export type ServiceConfig = { file: ConfigFile; name: string };

export type Cluster = { name: string; key: string };

/** The configured clusters: nobody can ask for another one. */
export function clustersOf({ file, name }: ServiceConfig): Cluster[] {
  if (!file.clusters) throw new ConfigError(`${name}: clusters: list the clusters that reports are made of`);
  return file.clusters.map((cluster) => ({ name: cluster.name, key: clusterKey(cluster.name) }));
}

/** @throws ConfigError when the configuration has none of that name, or is wrong for it */
export function settingsOf({ file, name }: ServiceConfig, cluster: string): Settings {
  return resolveSettings(configOfCluster(file, cluster, name).config, INDICATORS);
}
