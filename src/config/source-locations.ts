import { type Document, isMap, isNode, isScalar, isSeq, type LineCounter, Scalar } from 'yaml';
import { ConfigError } from './errors.ts';

export type Path = (string | number)[];

/** The way back from what a file says to the lines where it says it. */
export type SourceLocations = {
  /** The line of a path's key, or of as much of the path as is written there: not behind an alias. */
  lineOf(path: Path): number | undefined;
  /** The line where a place in the text of a value is written; that of its key where this cannot be told. */
  lineIn(path: Path, offset: number | undefined): number | undefined;
  /** Whether all of the path is written there. */
  has(path: Path): boolean;
};

export function locateKeys(document: Document, lineCounter: LineCounter, text: string): SourceLocations {
  const toLine = (offset: number | undefined) =>
    offset === undefined ? undefined : lineCounter.linePos(offset).line;
  return {
    lineOf: (path) => toLine(find(document, path).place),
    lineIn(path, offset) {
      const { place, node } = find(document, path);
      const inside = offset === undefined || !isScalar(node) ? undefined : offsetIn(node, offset, text);
      return toLine(inside ?? place);
    },
    has: (path) => find(document, path).isWhole,
  };
}

function find(
  document: Document,
  path: Path,
): { place: number | undefined; node: unknown; isWhole: boolean } {
  let node: unknown = document.contents;
  let place = isNode(node) ? node.range?.[0] : undefined;
  let isWhole = true;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
      isWhole &&= pair !== undefined;
      place = (isScalar(pair?.key) ? pair.key.range?.[0] : undefined) ?? place;
      node = pair?.value;
    } else if (isSeq(node)) {
      // Messages call schedules and digests by their names.
      const item =
        typeof part === 'number'
          ? node.items[part]
          : node.items.find((one) => isMap(one) && one.get('name') === part);
      isWhole &&= item !== undefined;
      place = (isNode(item) ? item.range?.[0] : undefined) ?? place;
      node = item;
    } else {
      isWhole = false;
      node = undefined;
    }
  }
  return { place, node, isWhole };
}

/**
 * Where in the file a place in a text is written. YAML indents and folds lines, so what is counted is characters other
 * than white space: those stand in the file in the same order, unless something is escaped.
 */
function offsetIn({ value, range, type }: Scalar, offset: number, text: string): number | undefined {
  if (typeof value !== 'string' || !range) return undefined;
  const isBlock = type === Scalar.BLOCK_LITERAL || type === Scalar.BLOCK_FOLDED;
  // A block begins in the line after its sign: "|" or ">-  # comment".
  const header = isBlock ? text.indexOf('\n', range[0]) + 1 : range[0];
  const quote = type === Scalar.QUOTE_DOUBLE || type === Scalar.QUOTE_SINGLE ? 1 : 0;
  const written = text.slice(header + quote, range[1] - quote);
  const squeeze = (part: string) => part.replace(/\s/g, '');
  if (squeeze(written) !== squeeze(value)) return undefined;
  const wanted = squeeze(value.slice(0, offset)).length;
  // What is at the end of a text, or missing there, is looked for in its last line.
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
 * Names the file and the line of the key that a message of this program begins with.
 * @param under where the key may stand, the most likely place first: in a cluster, at the top level
 */
export function withLocation(
  error: unknown,
  name: string,
  places: SourceLocations,
  under: readonly Path[],
): unknown {
  if (!(error instanceof ConfigError) || error.message.startsWith(`${name}:`)) return error;
  const [, key = ''] = /^([a-zA-Z][\w-]*(?:\.[\w-]+)*): /.exec(error.message) ?? [];
  const paths = under.map((outer) => [...outer, ...key.split('.')]);
  const found = key === '' ? undefined : paths.find((path) => places.has(path));
  if (!found) return error;
  return new ConfigError(`${name}:${places.lineOf(found)}: ${error.message}`, { cause: error });
}
