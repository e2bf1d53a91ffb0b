import { type Document, isMap, isNode, isScalar, isSeq, type LineCounter, Scalar, type YAMLSeq } from 'yaml';
import { ConfigError } from './errors.ts';

export type Path = (string | number)[];

/** Finds the lines of a file's keys and values. */
export type SourceLocations = {
  /** The line of a path's key; if only a part of the path is written in the file, because of an alias, that of the part. */
  lineOf(path: Path): number | undefined;
  /** The line of an offset in the text of a value; the line of its key when the offset is unknown. */
  lineIn(path: Path, offset: number | undefined): number | undefined;
  /** Whether the complete path is written in the file. */
  has(path: Path): boolean;
};

export function locateKeys(document: Document, lineCounter: LineCounter, text: string): SourceLocations {
  const toLine = (position: number | undefined) =>
    position === undefined ? undefined : lineCounter.linePos(position).line;
  return {
    lineOf: (path) => toLine(findNode(document, path).position),
    lineIn(path, offset) {
      const { position, node } = findNode(document, path);
      const inside = offset === undefined || !isScalar(node) ? undefined : positionInText(node, offset, text);
      return toLine(inside ?? position);
    },
    has: (path) => findNode(document, path).isComplete,
  };
}

/** Positions are offsets in the text of the file. */
function findNode(
  document: Document,
  path: Path,
): { position: number | undefined; node: unknown; isComplete: boolean } {
  let node: unknown = document.contents;
  let position = isNode(node) ? node.range?.[0] : undefined;
  let isComplete = true;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
      isComplete &&= pair !== undefined;
      position = (isScalar(pair?.key) ? pair.key.range?.[0] : undefined) ?? position;
      node = pair?.value;
    } else if (isSeq(node)) {
      const item = typeof part === 'number' ? node.items[part] : findItem(node, part);
      isComplete &&= item !== undefined;
      position = (isNode(item) ? item.range?.[0] : undefined) ?? position;
      node = item;
    } else {
      isComplete = false;
      node = undefined;
    }
  }
  return { position, node, isComplete };
}

/** Messages name schedules and digests by their name, and items without a unique one by their index. */
function findItem({ items }: YAMLSeq, part: string): unknown {
  const named = items.find((one) => isMap(one) && one.get('name') === part);
  return named ?? (/^\d+$/.test(part) ? items[Number(part)] : undefined);
}

/**
 * Returns the position in the file of an offset in a scalar's text; `undefined` when it cannot be found. YAML indents and
 * folds lines, so only characters other than white space are counted. The file contains them in the same order, unless
 * some are escaped.
 */
function positionInText({ value, range, type }: Scalar, offset: number, text: string): number | undefined {
  if (typeof value !== 'string' || !range) return undefined;
  const isBlock = type === Scalar.BLOCK_LITERAL || type === Scalar.BLOCK_FOLDED;
  // The text of a block begins in the line after its header, such as "|" or ">-  # comment".
  const header = isBlock ? text.indexOf('\n', range[0]) + 1 : range[0];
  const quote = type === Scalar.QUOTE_DOUBLE || type === Scalar.QUOTE_SINGLE ? 1 : 0;
  const written = text.slice(header + quote, range[1] - quote);
  const squeeze = (part: string) => part.replace(/\s/g, '');
  if (squeeze(written) !== squeeze(value)) return undefined;
  const wanted = squeeze(value.slice(0, offset)).length;
  // An offset at the end of the text is in its last line.
  let seen = 0;
  let last = header + quote;
  for (const { index, 0: character } of written.matchAll(/\S/g)) {
    last = header + quote + index;
    if (seen === wanted) break;
    seen += character.length;
  }
  return last;
}

/**
 * Returns a ConfigError whose message begins with the file and the line of the key that the message names; any other
 * error unchanged.
 * @param prefixes paths that the key may be below, the most likely first: the cluster, the top level
 */
export function withLocation(
  error: unknown,
  name: string,
  locations: SourceLocations,
  prefixes: readonly Path[],
): unknown {
  if (!(error instanceof ConfigError) || error.message.startsWith(`${name}:`)) return error;
  const [, key = ''] = /^([a-zA-Z][\w-]*(?:\.[\w-]+)*): /.exec(error.message) ?? [];
  const paths = prefixes.map((prefix) => [...prefix, ...key.split('.')]);
  const found = key === '' ? undefined : paths.find((path) => locations.has(path));
  if (!found) return error;
  return new ConfigError(`${name}:${locations.lineOf(found)}: ${error.message}`, { cause: error });
}
