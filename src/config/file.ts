import { type Document, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { oneLine } from '../report/model/visible-text.ts';
import { ConfigError } from './errors.ts';
import { readInput } from './input.ts';
import { describeIssues, type Problem } from './issues.ts';
import { type ConfigFile, configSchema } from './schema/config.ts';
import { locateKeys, type SourceLocations } from './source-locations.ts';
import { findValidPart, type ValidPart } from './valid-part.ts';

/** A configuration file: its name for messages, its content, and the lines of its keys. */
export type Config = { name: string; file: ConfigFile; locations: SourceLocations };

/** What `inspectConfig` finds in a file. */
export type InspectedConfig = {
  /** The content; `null` when there are problems. */
  file: ConfigFile | null;
  /** One line each, beginning with the file's name and, where known, the line; sorted by line. */
  problems: string[];
  locations: SourceLocations;
  /** The content without what the schema refuses, for finding further problems; `null` when nothing is left. */
  validPart: ValidPart | null;
};

/**
 * Reads a configuration file.
 * @param name the file's name in messages
 * @param option the option that names the file
 * @throws ConfigError in one line: the first problem
 */
export async function readConfigFile(
  path: string,
  { name = path, option = '--config' }: { name?: string; option?: string } = {},
): Promise<Config> {
  return parseConfig((await readInput(path, option)).toString('utf8'), name);
}

/**
 * Parses the text of a configuration file.
 * @param name the file's name in messages
 * @throws ConfigError in one line: the first problem
 */
export function parseConfig(text: string, name: string): Config {
  const { file, locations, problems } = inspectConfig(text, name);
  if (!file) throw new ConfigError(problems[0] ?? `${name}: is not a configuration`);
  return { name, file, locations };
}

/** The time for a map grows with the square of its keys. A configuration for a thousand clusters has some 8,000. */
const MOST_COLONS = 20_000;

/** Parses the text of a configuration file and returns all of its problems instead of throwing. */
export function inspectConfig(text: string, name: string): InspectedConfig {
  const lineCounter = new LineCounter();
  const isTooLarge = text.split(':').length > MOST_COLONS;
  const document = parseDocument(isTooLarge ? '' : text, { lineCounter, prettyErrors: false });
  const locations = locateKeys(document, lineCounter, text);
  const content = isTooLarge
    ? { problem: `${name}: has more than ${MOST_COLONS} keys` }
    : readContent(document, name, lineCounter);
  if ('problem' in content) return { file: null, problems: [content.problem], locations, validPart: null };
  const parsed = configSchema.safeParse(content.data);
  if (parsed.success)
    return { file: parsed.data, problems: [], locations, validPart: { file: parsed.data, missing: [] } };
  const problems = describeIssues(parsed.error.issues, content.data);
  return {
    file: null,
    problems: printProblems(problems, name, locations),
    locations,
    validPart: findValidPart(content.data, problems),
  };
}

/** Returns the document as plain data, or a problem that the schema would not find. */
function readContent(
  document: Document.Parsed,
  name: string,
  lineCounter: LineCounter,
): { data: unknown } | { problem: string } {
  const [syntaxError] = document.errors;
  if (syntaxError) {
    const { line, col } = lineCounter.linePos(syntaxError.pos[0]);
    // Some messages end with the text that could not be parsed, which may be a secret.
    const message = /call stack/.test(syntaxError.message)
      ? 'is nested too deeply'
      : oneLine(syntaxError.message).replace(/: ["!>|].*$/, '');
    return { problem: `${name}:${line}:${col}: ${message}` };
  }
  const forbidden = findForbidden(document);
  if (forbidden !== null)
    return { problem: `${name}:${lineCounter.linePos(forbidden.offset).line}: ${forbidden.message}` };
  try {
    return { data: document.toJS() ?? {} };
  } catch {
    return { problem: `${name}: has an alias (*name) without an anchor (&name), or too many aliases` };
  }
}

/** The tags of values that JSON has, too: `!!str 1` is a text. */
const JSON_TAGS: readonly string[] = ['str', 'int', 'float', 'bool', 'null'].map(
  (name) => `tag:yaml.org,2002:${name}`,
);

/** Returns the first part that would be dropped in silence, or become a value that JSON does not have. */
function findForbidden(document: Document.Parsed): { offset: number; message: string } | null {
  let found: { offset: number; message: string } | null = null;
  const refuseTag = (range: [number, number, number] | null | undefined) => {
    found = {
      offset: range?.[0] ?? 0,
      message: 'has a YAML tag (!…), which has no meaning here; remove it',
    };
    return visit.BREAK;
  };
  visit(document, {
    // zod ignores a key of this name.
    Pair(_, { key }) {
      if (!isScalar(key) || key.value !== '__proto__') return undefined;
      found = { offset: key.range?.[0] ?? 0, message: '__proto__: is not a known key' };
      return visit.BREAK;
    },
    // The content of a map or list with a tag such as !!omap or !!set would become another type, and so would !!binary.
    Collection: (_, { tag, range }) => (tag === undefined ? undefined : refuseTag(range)),
    Scalar: (_, { tag, range }) =>
      tag === undefined || JSON_TAGS.includes(tag) ? undefined : refuseTag(range),
  });
  return found;
}

/** Somebody who made more mistakes made one of them many times. */
const MOST_PROBLEMS = 100;

function printProblems(problems: readonly Problem[], name: string, locations: SourceLocations): string[] {
  const left = problems.length - MOST_PROBLEMS;
  return [
    ...problems
      .map(({ path, message, offset }) => {
        const key = path.length > 0 ? `${path.join('.')}: ` : '';
        return { line: locations.lineIn(path, offset), text: `${key}${message}` };
      })
      .sort((a, b) => (a.line ?? 0) - (b.line ?? 0))
      .slice(0, MOST_PROBLEMS)
      .map(({ line, text }) => oneLine(`${name}${line === undefined ? '' : `:${line}`}: ${text}`)),
    ...(left > 0 ? [`${name}: ${left} more problems`] : []),
  ];
}
