import * as z from 'zod';
import { configSchema } from './schema/config.ts';
import type { Path } from './source-locations.ts';
import { didYouMean, nearest } from './suggest.ts';

/** What is wrong at one place of a configuration, in words, as the schema finds it. */
export type Problem = {
  path: Path;
  said: string;
  /** Where in the text of the value, when at one place. */
  offset?: number | undefined;
  /** The key is not known; `meant` is the one that it may be a misspelling of. */
  unknownKey?: { meant: string | undefined };
};

type Issue = z.core.$ZodIssue;
type UnknownKeys = z.core.$ZodIssueUnrecognizedKeys;

/** Says what the schema finds wrong with data, without repeating values that may be secret. */
export function describeIssues(issues: readonly Issue[], data: unknown): Problem[] {
  const problems = issues.flatMap((issue) => describe(issue, [], data));
  const unknown = problems.filter((problem) => problem.unknownKey);
  // What an object or one of its keys lacks may be there under a misspelt key.
  const isExplained = ({ path }: Problem) =>
    unknown.some((one) => isChildOf(one.path, path)) ||
    (valueAt(data, path) === undefined &&
      unknown.some((one) => isChildOf(one.path, path.slice(0, -1)) && one.unknownKey?.meant === path.at(-1)));
  return problems.filter((problem) => problem.unknownKey || !isExplained(problem));
}

function isChildOf(path: Path, parent: Path): boolean {
  return path.length === parent.length + 1 && parent.every((key, at) => path[at] === key);
}

/** The problems of an issue that tell a user most: in a union, those of the branch that got furthest. */
function describe(issue: Issue, outer: Path, data: unknown): Problem[] {
  const path = [...outer, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => describeUnknownKey(path, key));
    case 'invalid_key':
      return [{ path, said: oneLine(issue.issues[0]?.message ?? issue.message) }];
    case 'invalid_type':
      if (isMissingKey(issue)) return [{ path, said: 'is missing' }];
      break;
    case 'invalid_value':
      return [{ path, said: describeValue(issue, valueAt(data, path)) }];
    case 'invalid_union': {
      const inside = describeUnion(issue, path, data);
      if (inside.length > 0) return inside;
    }
  }
  const offset: unknown = issue.code === 'custom' ? issue.params?.['offset'] : undefined;
  return [{ path, said: oneLine(issue.message), offset: typeof offset === 'number' ? offset : undefined }];
}

function describeUnknownKey(path: Path, key: string): Problem {
  const known = knownKeys(path);
  // In a union, a key of another branch is spelt as it should be.
  const candidates = known.includes(key) ? [] : known;
  return {
    path: [...path, key],
    said: `is not a known key${didYouMean(key, candidates)}`,
    unknownKey: { meant: nearest(key, candidates) },
  };
}

function describeValue({ values, message }: z.core.$ZodIssueInvalidValue, value: unknown): string {
  const choices = values.filter((choice) => typeof choice === 'string');
  if (typeof value !== 'string' || choices.length === 0) return oneLine(message);
  const meant = didYouMean(value, choices);
  // zod's own words begin so; those of a schema of ours may say what kind of value it is.
  if (message.startsWith('Invalid')) return `"${oneLine(value)}" is not one of ${choices.join(', ')}${meant}`;
  return meant === '' ? oneLine(message) : `"${oneLine(value)}" ${message.split(';')[0]}${meant}`;
}

/** What is wrong inside of a union's value; nothing when the value as a whole is of no branch. */
function describeUnion(issue: z.core.$ZodIssueInvalidUnion, path: Path, data: unknown): Problem[] {
  const branches = branchesOf(issue);
  // A branch that misses a key of its own is not the one that was meant.
  const meant = branches.filter((branch) => !branch.some(isMissingKey)).flat();
  const deepest = [...meant].sort((a, b) => b.path.length - a.path.length)[0];
  if (deepest && deepest.path.length > 0) return describe(deepest, path, data);
  const keys = meant.find(isUnknownKeys);
  if (keys) return describe(keys, path, data);
  // No branch has what it needs: it may be there under a misspelt key, which then no branch knows.
  const unknown = branches.flatMap((branch) => branch.filter(isUnknownKeys).map((one) => one.keys));
  const [first = [], ...others] = unknown;
  return first
    .filter((key) => others.every((list) => list.includes(key)))
    .map((key) => describeUnknownKey(path, key))
    .filter(({ unknownKey }) => unknownKey?.meant !== undefined);
}

function branchesOf({ errors }: z.core.$ZodIssueInvalidUnion): Issue[][] {
  return errors.flatMap((branch) => {
    const [only] = branch;
    return branch.length === 1 && only?.code === 'invalid_union' && only.path.length === 0
      ? branchesOf(only)
      : [branch];
  });
}

function isUnknownKeys(issue: Issue): issue is UnknownKeys {
  return issue.code === 'unrecognized_keys' && issue.path.length === 0;
}

function isMissingKey({ code, path, message }: Issue): boolean {
  return code === 'invalid_type' && path.length > 0 && message.endsWith('received undefined');
}

export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

export function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) => (value as Record<string, unknown> | null | undefined)?.[key],
    data,
  );
}

type JsonSchema = {
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
};

let jsonSchema: JsonSchema | undefined;

/** The keys that an object at this place of the file may have, those of all branches of a union. */
function knownKeys(path: Path): string[] {
  jsonSchema ??= z.toJSONSchema(configSchema, { io: 'input' }) as JsonSchema;
  const branches = (schema: JsonSchema): JsonSchema[] => [schema, ...(schema.anyOf ?? []).flatMap(branches)];
  const inside = path.reduce<JsonSchema[]>(
    (schemas, key) =>
      schemas.flatMap(({ properties, additionalProperties, items }) => {
        const { [key]: property } = properties ?? {};
        const other = typeof additionalProperties === 'object' ? additionalProperties : items;
        const next = property ?? other;
        return next ? branches(next) : [];
      }),
    branches(jsonSchema),
  );
  return [...new Set(inside.flatMap(({ properties }) => Object.keys(properties ?? {})))];
}
