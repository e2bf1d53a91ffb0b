import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { ConfigError } from './errors.ts';
import { type ConfigFile, configSchema, type ReportConfig } from './schema.ts';

/**
 * Reads a configuration file's text.
 * @param name the file's name, for messages
 * @throws ConfigError in one line that names the place
 */
export function parseConfig(text: string, name: string): ConfigFile {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const [syntax] = document.errors;
  if (syntax) {
    const { line, col } = lineCounter.linePos(syntax.pos[0]);
    throw new ConfigError(`${name}:${line}:${col}: ${oneLine(syntax.message)}`);
  }
  const parsed = configSchema.safeParse(document.toJS() ?? {});
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (!issue) throw new ConfigError(`${name}: is not a configuration`);
  const { path, said } = describe(issue);
  const node = document.getIn(path, true) as { range?: [number, number, number] } | undefined;
  const line = node?.range ? `:${lineCounter.linePos(node.range[0]).line}` : '';
  throw new ConfigError(`${name}${line}: ${path.length > 0 ? `${path.join('.')}: ` : ''}${said}`);
}

type Path = (string | number)[];

/** The issue that tells a user most: in a union, the one of the branch that got furthest. */
function describe(issue: z.core.$ZodIssue, outer: Path = []): { path: Path; said: string } {
  const path = [...outer, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))];
  if (issue.code === 'unrecognized_keys')
    return { path: [...path, issue.keys[0] ?? ''], said: 'is not a known key' };
  if (issue.code === 'invalid_union') {
    const deepest = issue.errors.flat().sort((a, b) => b.path.length - a.path.length)[0];
    if (deepest && deepest.path.length > 0) return describe(deepest, path);
    const keys = issue.errors.flat().find(({ code }) => code === 'unrecognized_keys');
    if (keys) return describe(keys, path);
  }
  return { path, said: oneLine(issue.message) };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** The settings of one cluster: what the file says for all, with what it says for this one on top. */
export function configOfCluster(
  file: ConfigFile,
  wanted: string | undefined,
  name: string,
): { cluster: string | undefined; config: ReportConfig } {
  const { clusters, ...common } = file;
  if (!clusters) return { cluster: wanted, config: common };
  const names = clusters.map((cluster) => cluster.name);
  const repeated = names.find((one, index) => names.indexOf(one) !== index);
  if (repeated !== undefined) throw new ConfigError(`${name}: clusters: "${repeated}" is listed twice`);
  if (wanted === undefined && clusters.length > 1)
    throw new ConfigError(`--cluster: say which of ${name}'s clusters: ${names.join(', ')}`);
  const found = wanted === undefined ? clusters[0] : clusters.find((cluster) => cluster.name === wanted);
  if (!found)
    throw new ConfigError(`--cluster: "${wanted}" is not among ${name}'s clusters: ${names.join(', ')}`);
  const { name: cluster, ...own } = found;
  return {
    cluster,
    config: {
      ...common,
      ...own,
      prometheus: { ...common.prometheus, ...own.prometheus },
      indicators: mergeIndicators(common.indicators, own.indicators),
      coverage: {
        ...common.coverage,
        ...own.coverage,
        restarts: { ...common.coverage?.restarts, ...own.coverage?.restarts },
      },
    },
  };
}

function mergeIndicators(
  common: ReportConfig['indicators'] = {},
  own: ReportConfig['indicators'] = {},
): NonNullable<ReportConfig['indicators']> {
  const ids = [...new Set([...Object.keys(common), ...Object.keys(own)])];
  return Object.fromEntries(ids.map((id) => [id, { ...common[id], ...own[id] }]));
}
