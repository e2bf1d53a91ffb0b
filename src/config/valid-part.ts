import type { z } from 'zod';
import { type Problem, valueAt } from './issues.ts';
import { type ConfigFile, configSchema } from './schema/config.ts';
import type { Path } from './source-locations.ts';

/** A configuration file without what the schema refuses, so that the rest can be checked. */
export type ValidPart = {
  file: ConfigFile;
  /** The paths that were left out, and the correct paths of misspelt keys. */
  missing: readonly Path[];
};

/** Upper bound on rounds: leaving a key out may leave out what another key requires, which the next round removes. */
const MAX_ROUNDS = 10;

/** Returns the part of a file that the schema accepts; `null` when nothing is left. */
export function findValidPart(data: unknown, problems: readonly Problem[]): ValidPart | null {
  const rest: unknown = structuredClone(data);
  const correctPaths: Path[] = problems.flatMap(({ path, unknownKey }) =>
    unknownKey?.meant === undefined ? [] : [[...path.slice(0, -1), unknownKey.meant]],
  );
  const removed: Path[] = [];
  let paths = problems.map(({ path }) => path);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    for (const path of paths) {
      if (removed.some((outer) => outer.every((key, index) => path[index] === key))) continue;
      const removedPath = removeAt(rest, path);
      if (removedPath === null) return null;
      removed.push(removedPath);
    }
    const parsed = configSchema.safeParse(rest);
    if (parsed.success) return { file: parsed.data, missing: [...removed, ...correctPaths] };
    paths = parsed.error.issues.flatMap(pathsOf);
  }
  return null;
}

function pathsOf(issue: z.core.$ZodIssue): Path[] {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
  return issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...path, key]) : [path];
}

/**
 * Removes the value at a path, or the nearest value around it that has a key: removing an item of a list would change
 * the index of the items after it, and with it their lines. Returns the path of what was removed; `null` when that would
 * be everything.
 */
function removeAt(data: unknown, path: Path): Path | null {
  for (let length = path.length; length > 0; length -= 1) {
    const key = path[length - 1] ?? '';
    const parent = valueAt(data, path.slice(0, length - 1));
    if (typeof parent !== 'object' || parent === null || Array.isArray(parent)) continue;
    if (!Object.hasOwn(parent, key)) continue;
    delete (parent as Record<string, unknown>)[key];
    return path.slice(0, length);
  }
  return null;
}

/** Whether a problem may exist only because something is missing, for example the definition of an indicator. */
export function isConsequence(problem: string, missing: readonly Path[]): boolean {
  const [, key = ''] = /^([^\s:]+): /.exec(problem) ?? [];
  const [top, id] = key.split('.');
  if (top === 'indicators')
    return missing
      .map((path) => (path[0] === 'clusters' ? path.slice(2) : path))
      .some((path) => path[0] === 'indicators' && (path.length === 1 || path[1] === id));
  const isMissing = (name: string) => missing.some((path) => path.length === 1 && path[0] === name);
  // A digest names clusters and channels.
  const [named] = /(?<=\.)(?:clusters|channels)$/.exec(key) ?? [];
  if (named !== undefined) return isMissing(named);
  return (key === 'mail' || key === 'address') && isMissing(key);
}
