import type { z } from 'zod';
import { type Problem, valueAt } from './issues.ts';
import { type ConfigFile, configSchema } from './schema/config.ts';
import type { Path } from './source-locations.ts';

/** A file without what the schema finds wrong with it, so that what only shows in its whole can be looked for, too. */
export type SoundPart = {
  file: ConfigFile;
  /** What was left out, and keys that a misspelt one may have been meant as. */
  missing: readonly Path[];
};

/** Leaving something out may leave out what something else needs, which is then left out, too; but not for ever. */
const MOST_ROUNDS = 10;

/** The part of a file that is in order; `null` when there is none. */
export function soundPartOf(data: unknown, problems: readonly Problem[]): SoundPart | null {
  const rest: unknown = structuredClone(data);
  const meant: Path[] = problems.flatMap(({ path, unknownKey }) =>
    unknownKey?.meant === undefined ? [] : [[...path.slice(0, -1), unknownKey.meant]],
  );
  const removed: Path[] = [];
  let paths = problems.map(({ path }) => path);
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    for (const path of paths) {
      if (removed.some((gone) => gone.every((key, at) => path[at] === key))) continue;
      const gone = removeAt(rest, path);
      if (gone === null) return null;
      removed.push(gone);
    }
    const parsed = configSchema.safeParse(rest);
    if (parsed.success) return { file: parsed.data, missing: [...removed, ...meant] };
    paths = parsed.error.issues.flatMap(pathsOf);
  }
  return null;
}

function pathsOf(issue: z.core.$ZodIssue): Path[] {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
  return issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...path, key]) : [path];
}

/**
 * Removes the value at a path, or else the nearest one around it that is under a key: without an item of a list, those
 * after it would be found in other places than where they are written. Returns the path of what was removed; `null` when
 * that would be everything.
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

/** Whether something may be wrong only because of what was left out, such as the definition of an indicator. */
export function isConsequence(problem: string, missing: readonly Path[]): boolean {
  const [, key = ''] = /^([^\s:]+): /.exec(problem) ?? [];
  const [top, id] = key.split('.');
  if (top === 'indicators')
    return missing
      .map((path) => (path[0] === 'clusters' ? path.slice(2) : path))
      .some((path) => path[0] === 'indicators' && (path.length === 1 || path[1] === id));
  const isWhole = (name: string) => missing.some((path) => path.length === 1 && path[0] === name);
  return key.endsWith('.clusters') ? isWhole('clusters') : key === 'mail' && isWhole('mail');
}
