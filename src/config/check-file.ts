import { configOfCluster, keysOf } from './clusters.ts';
import { ConfigError, noting } from './errors.ts';
import { type Config, parseConfig, readConfig } from './file.ts';
import { readInput } from './input.ts';
import { digestsWith, schedulesWith } from './schedules.ts';
import { type Settings, settingsWith } from './settings.ts';
import { type Path, withLocation } from './source-locations.ts';
import { isConsequence } from './valid-part.ts';

/**
 * Reads a configuration file.
 * @param names what messages call the file, and the option that names it
 * @throws ConfigError in one line: the first thing that is wrong
 */
export async function readConfigFile(
  path: string,
  { name = path, option = '--config' }: { name?: string; option?: string } = {},
): Promise<Config> {
  return parseConfig((await readInput(path, option)).toString('utf8'), name);
}

/** The settings of one cluster of a file; `cluster` is undefined when neither file nor command names it. */
export type ClusterSettings = { cluster: string | undefined; settings: Settings };

/** A cluster whose configuration is in order. */
export type Checked = { cluster: string | undefined; settings: Settings; source: Config | null };

/**
 * Reads a file for `check`: the settings of every cluster, or of the wanted one, and everything that is wrong with the
 * file, each thing once and in the order of its lines. What the schema refuses is left out to find what else is wrong.
 * With problems, there are no settings.
 */
export async function checkConfigFile(
  name: string,
  wanted: string | undefined,
): Promise<{ source: Config | null; clusters: ClusterSettings[]; problems: string[] }> {
  const text = (await readInput(name, '--config')).toString('utf8');
  const { file: whole, problems, locations, findSoundPart } = readConfig(text, name);
  const source = whole && { name, file: whole, locations };
  const sound = findSoundPart();
  const file = whole ?? sound?.file;
  if (!file) return { source: null, clusters: [], problems };
  const found = settingsProblems({ name, file, locations }, wanted, sound?.missing ?? []);
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
  { name, file, locations }: Config,
  wanted: string | undefined,
  missing: readonly Path[],
): { clusters: ClusterSettings[]; problems: string[] } {
  const problems: string[] = [];
  const seen = new Set<string>();
  const note = (found: readonly string[], under: readonly Path[]) => {
    for (const problem of found.filter((one) => !isConsequence(one, missing))) {
      seen.add(problem);
      const { message } = withLocation(new ConfigError(problem), name, locations, under) as ConfigError;
      const isAboutFile = /^[a-z][\w.-]*: /i.test(message) && !message.startsWith(`${name}:`);
      problems.push(isAboutFile ? `${name}: ${message}` : message);
    }
  };
  const names =
    wanted === undefined && file.clusters ? file.clusters.map((cluster) => cluster.name) : [wanted];
  const clusters = [...new Set(names)].flatMap((one): ClusterSettings[] => {
    const found: string[] = [];
    const chosen = noting(found, () => configOfCluster({ name, file, locations }, one), null);
    const settings = chosen && settingsWith(found, chosen.config);
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
