import * as z from 'zod';
import { oneLine } from '../report/model/visible-text.ts';
import { configSchema } from './schema/config.ts';
import type { Path } from './source-locations.ts';
import { didYouMean, nearest } from './suggest.ts';

/** A problem that the schema finds in a configuration. */
export type Problem = {
  path: Path;
  message: string;
  /** The offset in the text of the value, if the problem is at one position. */
  offset?: number | undefined;
  /** Set when the key is not known; `meant` is the known key that it may be a misspelling of. */
  unknownKey?: { meant: string | undefined };
};

type Issue = z.core.$ZodIssue;
type UnknownKeys = z.core.$ZodIssueUnrecognizedKeys;

/** Describes the schema's issues without repeating values that may be secret. */
export function describeIssues(issues: readonly Issue[], data: unknown): Problem[] {
  const problems = issues.flatMap((issue) => describe(issue, [], data));
  const unknown = problems.filter((problem) => problem.unknownKey);
  // A missing key, or a problem of the object around it, can be due to a misspelt key.
  const isExplained = ({ path }: Problem) =>
    unknown.some((one) => isChildOf(one.path, path)) ||
    (valueAt(data, path) === undefined &&
      unknown.some((one) => isChildOf(one.path, path.slice(0, -1)) && one.unknownKey?.meant === path.at(-1)));
  return problems.filter((problem) => problem.unknownKey || !isExplained(problem));
}

function isChildOf(path: Path, parent: Path): boolean {
  return path.length === parent.length + 1 && parent.every((key, at) => path[at] === key);
}

/** Returns the most useful problems of an issue: for a union, those of the branch that was probably meant. */
function describe(issue: Issue, outer: Path, data: unknown): Problem[] {
  const path = [...outer, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => describeUnknownKey(path, key));
    case 'invalid_key':
      return [{ path, message: oneLine(issue.issues[0]?.message ?? issue.message) }];
    case 'invalid_type':
      if (isMissingKey(issue)) return [{ path, message: 'is missing' }];
      break;
    case 'invalid_value':
      return [{ path, message: describeValue(issue, valueAt(data, path)) }];
    case 'invalid_union': {
      const inside = describeUnion(issue, path, data);
      if (inside.length > 0) return inside;
    }
  }
  const offset: unknown = issue.code === 'custom' ? issue.params?.['offset'] : undefined;
  return [{ path, message: oneLine(issue.message), offset: typeof offset === 'number' ? offset : undefined }];
}

function describeUnknownKey(path: Path, key: string): Problem {
  const known = knownKeys(path);
  // A known key is valid in another branch of the union. It is not misspelled, so suggest nothing.
  const candidates = known.includes(key) ? [] : known;
  return {
    path: [...path, key],
    message: `is not a known key${didYouMean(key, candidates)}`,
    unknownKey: { meant: nearest(key, candidates) },
  };
}

function describeValue({ values, message }: z.core.$ZodIssueInvalidValue, value: unknown): string {
  const choices = values.filter((choice) => typeof choice === 'string');
  if (typeof value !== 'string' || choices.length === 0) return oneLine(message);
  const meant = didYouMean(value, choices);
  // zod's default message. Messages of our schemas begin with the kind of value, which is kept.
  if (message.startsWith('Invalid')) return `"${oneLine(value)}" is not one of ${choices.join(', ')}${meant}`;
  return meant === '' ? oneLine(message) : `"${oneLine(value)}" ${message.split(';')[0]}${meant}`;
}

/** Returns the problems inside a union's value; none when the value matches no branch at all. */
function describeUnion(issue: z.core.$ZodIssueInvalidUnion, path: Path, data: unknown): Problem[] {
  const branches = branchesOf(issue);
  // A branch with a missing required key is probably not the one that was meant.
  const meant = branches.filter((branch) => !branch.some(isMissingKey)).flat();
  const deepest = [...meant].sort((a, b) => b.path.length - a.path.length)[0];
  if (deepest && deepest.path.length > 0) return describe(deepest, path, data);
  const keys = meant.find(isUnknownKeys);
  if (keys) return describe(keys, path, data);
  // Every branch lacks a required key, perhaps because the key is misspelt. Then no branch knows the misspelt key.
  const unknown = branches.flatMap((branch) => branch.filter(isUnknownKeys).map((one) => one.keys));
  const [first = [], ...rest] = unknown;
  return first
    .filter((key) => rest.every((keys) => keys.includes(key)))
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

/** Returns the keys that an object at this path may have, including those of all branches of a union. */
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
