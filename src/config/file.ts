import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import { ConfigError } from './errors.ts';
import { type ConfigFile, configSchema, type ReportConfig } from './schema.ts';
import { PROOFS } from './settings.ts';

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
    // Some messages end with what was not understood, which may be a secret.
    const said = oneLine(syntax.message).replace(/: ["!>|].*$/, '');
    throw new ConfigError(`${name}:${line}:${col}: ${said}`);
  }
  const lineOf = (offset: number | undefined) =>
    offset === undefined ? '' : `:${lineCounter.linePos(offset).line}`;
  const parsed = configSchema.safeParse(contentOf(document, name, lineOf));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (!issue) throw new ConfigError(`${name}: is not a configuration`);
  const { path, said } = describe(issue);
  const key = path.length > 0 ? `${oneLine(path.join('.'))}: ` : '';
  throw new ConfigError(`${name}${lineOf(placeOf(document, path))}: ${key}${said}`);
}

/** The document as plain data. What zod would pass over in silence, or yaml fail at without a place, is said here. */
function contentOf(
  document: Document,
  name: string,
  lineOf: (offset: number | undefined) => string,
): unknown {
  visit(document, {
    Pair(_, { key }) {
      if (isScalar(key) && key.value === '__proto__')
        throw new ConfigError(`${name}${lineOf(key.range?.[0])}: __proto__: is not a known key`);
    },
  });
  try {
    return document.toJS() ?? {};
  } catch {
    throw new ConfigError(
      `${name}: has an alias (*name) without its anchor (&name), or far too many of them`,
    );
  }
}

type Path = (string | number)[];

/** Where in the text the key of a path stands, or as much of the path as is written there: not behind an alias. */
function placeOf(document: Document, path: Path): number | undefined {
  let node: unknown = document.contents;
  let place = isNode(node) ? node.range?.[0] : undefined;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
      place = (isScalar(pair?.key) ? pair.key.range?.[0] : undefined) ?? place;
      node = pair?.value;
    } else if (isSeq(node)) {
      const item = node.items[Number(part)];
      place = (isNode(item) ? item.range?.[0] : undefined) ?? place;
      node = item;
    }
  }
  return place;
}

/** The issue that tells a user most: in a union, the one of the branch that got furthest. */
function describe(issue: z.core.$ZodIssue, outer: Path = []): { path: Path; said: string } {
  const path = [...outer, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))];
  if (issue.code === 'unrecognized_keys')
    return { path: [...path, issue.keys[0] ?? ''], said: 'is not a known key' };
  if (issue.code === 'invalid_key') return { path, said: oneLine(issue.issues[0]?.message ?? issue.message) };
  if (issue.code === 'invalid_union') {
    // A branch that misses a key of its own is not the one that was meant.
    const meant = issue.errors.filter((branch) => !branch.some(isMissingKey)).flat();
    const deepest = [...meant].sort((a, b) => b.path.length - a.path.length)[0];
    if (deepest && deepest.path.length > 0) return describe(deepest, path);
    const keys = meant.find(({ code }) => code === 'unrecognized_keys');
    if (keys) return describe(keys, path);
  }
  return { path, said: oneLine(issue.message) };
}

function isMissingKey({ code, path, message }: z.core.$ZodIssue): boolean {
  return code === 'invalid_type' && path.length > 0 && message.endsWith('received undefined');
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
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
    throw new ConfigError(`--cluster: "${wanted}" is not among ${name}'s clusters: ${names.join(', ')}`);
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
        matchers: { ...shared?.matchers, ...special?.matchers },
        jobs: { ...shared?.jobs, ...special?.jobs },
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

function mergeIndicators(
  common: ReportConfig['indicators'] = {},
  own: ReportConfig['indicators'] = {},
): NonNullable<ReportConfig['indicators']> {
  const ids = [...new Set([...Object.keys(common), ...Object.keys(own)])];
  return Object.fromEntries(ids.map((id) => [id, { ...common[id], ...own[id] }]));
}
