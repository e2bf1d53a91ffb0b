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
 * Returns the clusters that the service knows.
 * @throws ConfigError when the file lists none
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
    throw withLocation(error, config.name, config.locations, keysOf(config.file, cluster));
  }
}

/** Where a cluster's keys may stand in the file: with the cluster itself, and at the top level. */
export function keysOf(file: ConfigFile, cluster: string | undefined): Path[] {
  const index = file.clusters?.findIndex(({ name }) => name === cluster) ?? -1;
  return index < 0 ? [[]] : [['clusters', index], []];
}

const WITHOUT_AUTHENTICATION = Object.fromEntries(AUTHENTICATION_KEYS.map((key) => [key, undefined]));

/** The settings of one cluster: what the file says for all, with what it says for this one on top. */
export function configOfCluster(
  { file, name }: Config,
  wanted: string | undefined,
): { cluster: string | undefined; config: ReportConfig } {
  const { clusters, schedules: _1, digests: _2, mail: _3, aws: _4, ...common } = file;
  if (!clusters) return { cluster: wanted, config: common };
  const names = clusters.map((cluster) => cluster.name);
  const repeated = names.find((one, index) => names.indexOf(one) !== index);
  if (repeated !== undefined) throw new ConfigError(`${name}: clusters: "${repeated}" is listed twice`);
  if (wanted === undefined && clusters.length > 1)
    throw new ConfigError(`--cluster: say which of ${name}'s clusters: ${names.join(', ')}`);
  const found = wanted === undefined ? clusters[0] : clusters.find((cluster) => cluster.name === wanted);
  if (!found)
    throw new ConfigError(
      `--cluster: "${wanted}" is not among ${name}'s clusters${suggestion(wanted ?? '', names)}`,
    );
  const { name: cluster, ...own } = found;
  const shared = common.prometheus;
  const special = own.prometheus;
  return {
    cluster,
    config: {
      ...common,
      ...own,
      prometheus: {
        ...shared,
        // One way to prove who asks takes the place of the others.
        ...(AUTHENTICATION_KEYS.some((key) => special?.[key]) ? WITHOUT_AUTHENTICATION : {}),
        // A live Prometheus takes the place of the capture that the others have.
        ...(special?.url ? { capture: undefined } : {}),
        ...special,
        headers: { ...shared?.headers, ...special?.headers },
        ...mergeTargets(shared, special),
      },
      indicators: mergeIndicators(common.indicators, own.indicators),
      coverage: {
        ...common.coverage,
        ...own.coverage,
        restarts: { ...common.coverage?.restarts, ...own.coverage?.restarts },
      },
    },
  };
}
