import { type Document, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { ConfigError } from './errors.ts';
import { describeIssues, oneLine } from './issues.ts';
import { type ConfigFile, configSchema } from './schema/config.ts';
import { locateKeys, type SourceLocations } from './source-locations.ts';
import { type SoundPart, soundPartOf } from './valid-part.ts';

/** A file that was read: what it says, or all that is wrong with it, a line each that names the place. */
export type ReadConfig = {
  file: ConfigFile | null;
  /** In the order of the file's lines. */
  problems: string[];
  locations: SourceLocations;
  /** What is left of a file with problems, to look for more; `null` without problems and when nothing is left. */
  findSoundPart: () => SoundPart | null;
};

/** A configuration file, and the way back from its keys to its lines. */
export type Config = { name: string; file: ConfigFile; locations: SourceLocations };

/**
 * Reads a configuration file's text.
 * @param name the file's name, for messages
 * @throws ConfigError in one line that names the place
 */
export function parseConfig(text: string, name: string): Config {
  const { file, locations, problems } = readConfig(text, name);
  if (!file) throw new ConfigError(problems[0] ?? `${name}: is not a configuration`);
  return { name, file, locations };
}

/** The same, with every problem rather than the first, and with the way back from keys to lines. */
export function readConfig(text: string, name: string): ReadConfig {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const locations = locateKeys(document, lineCounter, text);
  const findSoundPart = () => null;
  const refused = (problem: string) => ({ file: null, problems: [problem], locations, findSoundPart });
  const [syntax] = document.errors;
  if (syntax) {
    const { line, col } = lineCounter.linePos(syntax.pos[0]);
    // Some messages end with what was not understood, which may be a secret.
    const said = oneLine(syntax.message).replace(/: ["!>|].*$/, '');
    return refused(`${name}:${line}:${col}: ${said}`);
  }
  const content = contentOf(document, name, lineCounter);
  if ('problem' in content) return refused(content.problem);
  const parsed = configSchema.safeParse(content.data);
  if (parsed.success) return { file: parsed.data, problems: [], locations, findSoundPart };
  const found = describeIssues(parsed.error.issues, content.data);
  const problems = found
    .map(({ path, said, offset }) => {
      const key = path.length > 0 ? `${oneLine(path.join('.'))}: ` : '';
      return { line: locations.lineIn(path, offset), said: `${key}${said}` };
    })
    .sort((a, b) => (a.line ?? 0) - (b.line ?? 0))
    .map(({ line, said }) => `${name}${line === undefined ? '' : `:${line}`}: ${said}`);
  return { file: null, problems, locations, findSoundPart: () => soundPartOf(content.data, found) };
}

/** The document as plain data. What zod would pass over in silence, or yaml fail at without a place, is said here. */
function contentOf(
  document: Document,
  name: string,
  lineCounter: LineCounter,
): { data: unknown } | { problem: string } {
  let trap: number | undefined;
  visit(document, {
    Pair(_, { key }) {
      if (!isScalar(key) || key.value !== '__proto__') return undefined;
      trap = lineCounter.linePos(key.range?.[0] ?? 0).line;
      return visit.BREAK;
    },
  });
  if (trap !== undefined) return { problem: `${name}:${trap}: __proto__: is not a known key` };
  try {
    return { data: document.toJS() ?? {} };
  } catch {
    return { problem: `${name}: has an alias (*name) without its anchor (&name), or far too many of them` };
  }
}
