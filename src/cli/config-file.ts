import { ConfigError, noting } from '../config/errors.ts';
import { configOfCluster, readConfig } from '../config/file.ts';
import { readInput } from '../config/input.ts';
import { digestsWith, schedulesWith } from '../config/schedules.ts';
import type { ConfigFile } from '../config/schema.ts';
import { resolveSettings, type Settings, settingsWith } from '../config/settings.ts';
import { isConsequence } from '../config/sound-part.ts';
import { type Path, type SourceLocations, withLocation } from '../config/source-locations.ts';
import { INDICATORS } from '../report/catalog/indicators/index.ts';

/** A configuration file that was read for the command, and the way back to its lines. */
export type ConfigSource = { name: string; file: ConfigFile; places: SourceLocations };

/** @throws ConfigError in one line, the first thing that is wrong */
export async function readConfigFile(name: string): Promise<ConfigSource> {
  const { source, problems } = await tryConfigFile(name);
  if (!source) throw new ConfigError(problems[0] ?? `${name}: is not a configuration`);
  return source;
}

async function tryConfigFile(name: string) {
  const text = (await readInput(name, '--config')).toString('utf8');
  const { file, problems, places, findSoundPart } = readConfig(text, name);
  return { source: file && { name, file, places }, problems, places, findSoundPart };
}

/** The settings of one cluster of a file; `cluster` is undefined when neither file nor command names it. */
export type ClusterSettings = { cluster: string | undefined; settings: Settings };

/** A cluster whose configuration is in order. */
export type Checked = { cluster: string | undefined; settings: Settings; source: ConfigSource | null };

/**
 * Reads a file for `check`: the settings of every cluster, or of the wanted one, and everything that is wrong with the
 * file, each thing once and in the order of its lines. What the schema refuses is left out to find what else is wrong.
 * With problems, there are no settings.
 */
export async function checkConfigFile(
  name: string,
  wanted: string | undefined,
): Promise<{ source: ConfigSource | null; clusters: ClusterSettings[]; problems: string[] }> {
  const { source, problems, places, findSoundPart } = await tryConfigFile(name);
  const sound = findSoundPart();
  const file = source?.file ?? sound?.file;
  if (!file) return { source: null, clusters: [], problems };
  const found = settingsProblems({ name, file, places }, wanted, sound?.missing ?? []);
  const all = [...new Set([...problems, ...found.problems])];
  const lineOf = (problem: string) =>
    problem.startsWith(`${name}:`) ? Number.parseInt(problem.slice(name.length + 1), 10) : Number.NaN;
  return {
    source,
    clusters: all.length > 0 ? [] : found.clusters,
    // What has no line comes last.
    problems: all.sort((a, b) => (lineOf(a) || Infinity) - (lineOf(b) || Infinity) || 0),
  };
}

/** The settings of the clusters, and what only shows when they are worked out, each with its line. */
function settingsProblems(
  { name, file, places }: ConfigSource,
  wanted: string | undefined,
  missing: readonly Path[],
): { clusters: ClusterSettings[]; problems: string[] } {
  const problems: string[] = [];
  const seen = new Set<string>();
  const note = (found: readonly string[], under: readonly Path[]) => {
    for (const problem of found.filter((one) => !isConsequence(one, missing))) {
      seen.add(problem);
      const { message } = withLocation(new ConfigError(problem), name, places, under) as ConfigError;
      const isAboutFile = /^[a-z][\w.-]*: /i.test(message) && !message.startsWith(`${name}:`);
      problems.push(isAboutFile ? `${name}: ${message}` : message);
    }
  };
  const names =
    wanted === undefined && file.clusters ? file.clusters.map((cluster) => cluster.name) : [wanted];
  const clusters = [...new Set(names)].flatMap((one): ClusterSettings[] => {
    const found: string[] = [];
    const chosen = noting(found, () => configOfCluster(file, one, name), null);
    const settings = chosen && settingsWith(found, chosen.config, INDICATORS);
    note(found, keysOf(file, chosen?.cluster));
    return chosen && settings ? [{ cluster: chosen.cluster, settings }] : [];
  });
  const found: string[] = [];
  schedulesWith(found, file);
  digestsWith(found, file);
  // A time zone that a schedule takes from its clusters was found there, with its line.
  note(
    found.filter((problem) => !seen.has(problem)),
    [[]],
  );
  return { clusters, problems };
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
    throw withLocation(error, name, places, keysOf(file, cluster));
  }
}

/** Where a cluster's keys may stand in the file: with the cluster itself, and at the top level. */
export function keysOf(file: ConfigFile, cluster: string | undefined): Path[] {
  const index = file.clusters?.findIndex(({ name }) => name === cluster) ?? -1;
  return index < 0 ? [[]] : [['clusters', index], []];
}
