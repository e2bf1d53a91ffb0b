import { type Document, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { ConfigError } from './errors.ts';
import { mergeIndicators } from './indicators.ts';
import { describeIssues, oneLine } from './issues.ts';
import { type ConfigFile, configSchema, type ReportConfig } from './schema.ts';
import { PROOFS } from './settings.ts';
import { type SoundPart, soundPartOf } from './sound-part.ts';
import { locateKeys, type SourceLocations } from './source-locations.ts';
import { suggestion } from './suggest.ts';
import { mergeTargets } from './targets.ts';

/** A file that was read: what it says, or all that is wrong with it, a line each that names the place. */
export type ReadConfig = {
  file: ConfigFile | null;
  /** In the order of the file's lines. */
  problems: string[];
  places: SourceLocations;
  /** What is left of a file with problems, to look for more; `null` without problems and when nothing is left. */
  findSoundPart: () => SoundPart | null;
};

/**
 * Reads a configuration file's text.
 * @param name the file's name, for messages
 * @throws ConfigError in one line that names the place
 */
export function parseConfig(text: string, name: string): ConfigFile {
  const { file, problems } = readConfig(text, name);
  if (!file) throw new ConfigError(problems[0] ?? `${name}: is not a configuration`);
  return file;
}

/** The same, with every problem rather than the first, and with the way back from keys to lines. */
export function readConfig(text: string, name: string): ReadConfig {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const places = locateKeys(document, lineCounter, text);
  const findSoundPart = () => null;
  const refused = (problem: string) => ({ file: null, problems: [problem], places, findSoundPart });
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
  if (parsed.success) return { file: parsed.data, problems: [], places, findSoundPart };
  const found = describeIssues(parsed.error.issues, content.data);
  const problems = found
    .map(({ path, said, offset }) => {
      const key = path.length > 0 ? `${oneLine(path.join('.'))}: ` : '';
      return { line: places.lineIn(path, offset), said: `${key}${said}` };
    })
    .sort((a, b) => (a.line ?? 0) - (b.line ?? 0))
    .map(({ line, said }) => `${name}${line === undefined ? '' : `:${line}`}: ${said}`);
  return { file: null, problems, places, findSoundPart: () => soundPartOf(content.data, found) };
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

const WITHOUT_PROOF = Object.fromEntries(PROOFS.map((key) => [key, undefined]));

/** The settings of one cluster: what the file says for all, with what it says for this one on top. */
export function configOfCluster(
  file: ConfigFile,
  wanted: string | undefined,
  name: string,
): { cluster: string | undefined; config: ReportConfig } {
  const { clusters, schedules: _1, digests: _2, mail: _3, aws: _4, ...common } = file;
  if (!clusters) return { cluster: wanted, config: common };
  const names = clusters.map((cluster) => cluster.name);
  const repeated = names.find((one, index) => names.indexOf(one) !== index);
  if (repeated !== undefined) throw new ConfigError(`${name}: clusters: "${repeated}" is listed twice`);
  if (wanted === undefined && clusters.length > 1)
    throw new ConfigError(`--cluster: say which of ${name}'s clusters: ${names.join(', ')}`);
  const found = wanted === undefined ? clusters[0] : clusters.find((cluster) => cluster.name === wanted);
  if (!found)
    throw new ConfigError(
      `--cluster: "${wanted}" is not among ${name}'s clusters${suggestion(wanted ?? '', names)}`,
    );
  const { name: cluster, ...own } = found;
  const shared = common.prometheus;
  const special = own.prometheus;
  return {
    cluster,
    config: {
      ...common,
      ...own,
      prometheus: {
        ...shared,
        // One way to prove who asks takes the place of the others.
        ...(PROOFS.some((key) => special?.[key]) ? WITHOUT_PROOF : {}),
        // A live Prometheus takes the place of the capture that the others have.
        ...(special?.url ? { capture: undefined } : {}),
        ...special,
        headers: { ...shared?.headers, ...special?.headers },
        ...mergeTargets(shared, special),
      },
      indicators: mergeIndicators(common.indicators, own.indicators),
      coverage: {
        ...common.coverage,
        ...own.coverage,
        restarts: { ...common.coverage?.restarts, ...own.coverage?.restarts },
      },
    },
  };
}
