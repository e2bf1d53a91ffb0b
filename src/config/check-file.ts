import { configOfCluster, keyPrefixes } from './clusters.ts';
import { ConfigError, withFallback } from './errors.ts';
import { type Config, inspectConfig } from './file.ts';
import { readInput } from './input.ts';
import { digestsOf, schedulesOf } from './schedules.ts';
import { resolveSettings, type Settings } from './settings.ts';
import { signInOf } from './sign-in.ts';
import { type Path, withLocation } from './source-locations.ts';
import { isConsequence } from './valid-part.ts';

/** The settings of one cluster; `cluster` is undefined when neither the file nor the command names it. */
export type ClusterSettings = { cluster: string | undefined; settings: Settings };

export type CheckedFile = {
  /** `null` when the schema refuses the file. */
  config: Config | null;
  /** The settings of every cluster, or of the wanted one; empty when there are problems. */
  clusters: ClusterSettings[];
  /** One line each, without duplicates, sorted by their line in the file. */
  problems: string[];
};

/**
 * Finds all problems of a configuration file. What the schema refuses is left out of the file to find the problems of
 * the rest.
 * @param wanted the cluster to check; all clusters when undefined
 * @throws ConfigError when the file cannot be read
 */
export async function checkConfigFile(name: string, wanted: string | undefined): Promise<CheckedFile> {
  const text = (await readInput(name, '--config')).toString('utf8');
  const { file, problems: refused, locations, validPart } = inspectConfig(text, name);
  const config = file && { name, file, locations };
  if (!validPart) return { config, clusters: [], problems: refused };
  const { clusters, problems: found } = checkSettings(
    { name, file: validPart.file, locations },
    wanted,
    validPart.missing,
  );
  const problems = [...new Set([...refused, ...found])].sort((a, b) => compareLines(a, b, name));
  return { config, clusters: problems.length > 0 ? [] : clusters, problems };
}

/** Problems without a line come last. */
function compareLines(a: string, b: string, name: string): number {
  const lineOf = (problem: string) =>
    (problem.startsWith(`${name}:`) && Number.parseInt(problem.slice(name.length + 1), 10)) || Infinity;
  return lineOf(a) - lineOf(b) || 0;
}

/** Resolves the settings of the clusters, the schedules, the digests and signing in, and returns the problems with their lines. */
function checkSettings(
  { name, file, locations }: Config,
  wanted: string | undefined,
  missing: readonly Path[],
): Pick<CheckedFile, 'clusters' | 'problems'> {
  const problems: string[] = [];
  const seen = new Set<string>();
  const addProblems = (found: readonly string[], prefixes: readonly Path[]) => {
    for (const problem of found.filter((one) => !isConsequence(one, missing))) {
      seen.add(problem);
      const { message } = withLocation(new ConfigError(problem), name, locations, prefixes) as ConfigError;
      const isAboutFile = /^[a-z][\w.-]*: /i.test(message) && !message.startsWith(`${name}:`);
      problems.push(isAboutFile ? `${name}: ${message}` : message);
    }
  };
  const names =
    wanted === undefined && file.clusters ? file.clusters.map((cluster) => cluster.name) : [wanted];
  const clusters = [...new Set(names)].flatMap((cluster): ClusterSettings[] => {
    const found: string[] = [];
    const onProblem = (problem: string) => found.push(problem);
    const chosen = withFallback(() => configOfCluster({ name, file, locations }, cluster), null, onProblem);
    const settings = chosen && resolveSettings(chosen.config, onProblem);
    addProblems(found, keyPrefixes(file, chosen?.cluster));
    return chosen && settings ? [{ cluster: chosen.cluster, settings }] : [];
  });
  const found: string[] = [];
  const onProblem = (problem: string) => found.push(problem);
  schedulesOf(file, onProblem);
  digestsOf(file, onProblem);
  signInOf(file, onProblem);
  // A schedule can use the time zone of its clusters, whose problem was found there, with its line.
  addProblems(
    found.filter((problem) => !seen.has(problem)),
    [[]],
  );
  return { clusters, problems };
}
