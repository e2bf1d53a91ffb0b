import { INDICATORS } from '../catalog/indicators/index.ts';
import { ConfigError } from '../config/errors.ts';
import { configOfCluster, readConfig } from '../config/file.ts';
import { readInput } from '../config/input.ts';
import { type Path, type Places, withPlace } from '../config/places.ts';
import type { ConfigFile } from '../config/schema.ts';
import { resolveSettings, type Settings } from '../config/settings.ts';

/** A configuration file that was read for the command, and the way back to its lines. */
export type ConfigSource = { name: string; file: ConfigFile; places: Places };

/** @throws ConfigError in one line, the first thing that is wrong */
export async function readConfigFile(name: string): Promise<ConfigSource> {
  const { source, problems } = await tryConfigFile(name);
  if (!source) throw new ConfigError(problems[0] ?? `${name}: is not a configuration`);
  return source;
}

/** The same, with everything that is wrong, a line each. */
export async function tryConfigFile(
  name: string,
): Promise<{ source: ConfigSource | null; problems: string[] }> {
  const text = (await readInput(name, '--config')).toString('utf8');
  const { file, problems, places } = readConfig(text, name);
  return { source: file && { name, file, places }, problems };
}

/**
 * What the file says for a cluster.
 * @throws ConfigError with file and line
 */
export function settingsOfCluster(
  { name, file, places }: ConfigSource,
  cluster: string | undefined,
): Settings {
  const { config } = configOfCluster(file, cluster, name);
  try {
    return resolveSettings(config, INDICATORS);
  } catch (error) {
    throw withPlace(error, name, places, keysOf(file, cluster));
  }
}

/** Where a cluster's keys may stand in the file: with the cluster itself, and at the top level. */
export function keysOf(file: ConfigFile, cluster: string | undefined): Path[] {
  const index = file.clusters?.findIndex(({ name }) => name === cluster) ?? -1;
  return index < 0 ? [[]] : [['clusters', index], []];
}
