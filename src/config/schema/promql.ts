import type { SyntaxNode, Tree } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { didYouMean } from '../suggest.ts';

/**
 * Checks a query template with the grammar of the Prometheus project itself, before anybody is asked. What a grammar
 * cannot know, such as whether a function wants a range, the server says.
 */

/** What is wrong, and where in the query if it is at one place. */
export type Fault = { said: string; offset: number | null };

/**
 * What stands for a placeholder while the grammar looks at it. As long as the placeholder itself, so that a place in
 * what is parsed is the same place in what was written.
 */
const STAND_INS: Readonly<Record<string, (length: number) => string>> = {
  agents: matcher,
  controllers: matcher,
  components: matcher,
  others: matcher,
  nodeLabel: (length) => 'n'.repeat(length),
  window: seconds,
  span: seconds,
  interval: seconds,
  step: seconds,
};

/** The names that a query of one's own may use; gather's `substitute` puts the cluster's values in. */
export const PLACEHOLDERS: readonly string[] = Object.keys(STAND_INS);

function matcher(length: number): string {
  return `m="${'m'.repeat(length - 4)}"`;
}

function seconds(length: number): string {
  return `${'1'.padStart(length - 1, '0')}s`;
}

/** As gather's `substitute` finds them: $1 and ${name} of label_replace are none. */
const PLACEHOLDER = /\$([a-zA-Z]+)/g;

/** What lezer takes for a space and Prometheus does not; it comes along with what is copied from web pages. */
const FOREIGN_SPACE = /[\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

/** The first thing that is wrong with a query; `null` when it is the text of an instant vector. */
export function faultOf(query: string): Fault | null {
  const unknown = [...query.matchAll(PLACEHOLDER)].find(([, name = '']) => !Object.hasOwn(STAND_INS, name));
  if (unknown) {
    const known = PLACEHOLDERS.map((name) => `$${name}`);
    const meant = didYouMean(unknown[0], known) || `; there are ${known.join(', ')}`;
    return { said: `${unknown[0]} is not a placeholder${meant}`, offset: unknown.index };
  }
  const text = withStandIns(query);
  const tree = parser.parse(text);
  const plain = withoutTexts(text, tree);
  if (plain.trim() === '') return { said: 'is empty', offset: null };
  const error = firstError(tree) ?? FOREIGN_SPACE.exec(plain)?.index;
  if (error !== undefined) return syntaxFault(query, tree, error);
  // With a Prometheus of its own a cluster needs no matchers.
  const bare = firstError(parser.parse(withStandIns(query, 'others')));
  if (bare !== undefined)
    return {
      said: `$others may stand for nothing, which leaves a comma too many ${placeIn(query, bare)}; write it last in its braces`,
      offset: bare,
    };
  const kind = kindOf(tree.topNode.firstChild);
  return kind === 'instant vector' ? null : { said: WRONG_KIND[kind], offset: null };
}

function withStandIns(query: string, blank?: string): string {
  return query.replace(PLACEHOLDER, (found, name: string) =>
    name === blank ? ' '.repeat(found.length) : (STAND_INS[name]?.(found.length) ?? found),
  );
}

/** The text with blanks for its comments and something plain for its strings. */
function withoutTexts(text: string, tree: Tree): string {
  let rest = text;
  tree.iterate({
    enter({ name, from, to }) {
      const filler = { StringLiteral: '_', LineComment: ' ' }[name];
      if (filler) rest = rest.slice(0, from) + filler.repeat(to - from) + rest.slice(to);
    },
  });
  return rest;
}

function firstError(tree: Tree): number | undefined {
  let first: number | undefined;
  tree.iterate({
    enter({ type, from }) {
      if (type.isError) first = Math.min(from, first ?? from);
    },
  });
  return first;
}

function syntaxFault(query: string, tree: Tree, at: number): Fault {
  // A stand-in may be wrong in its middle; nobody wrote that middle.
  const standIn = [...query.matchAll(PLACEHOLDER)].find(
    ({ index, 0: found }) => index <= at && at < index + found.length,
  );
  const offset = standIn?.index ?? at;
  const rest = query.slice(offset);
  if (/^[ \t\r\n]*$/.test(rest)) {
    const open = openString(query, tree);
    return {
      said:
        open === undefined ? 'the query ends too early' : `a string is not closed ${placeIn(query, open)}`,
      offset: open ?? query.trimEnd().length,
    };
  }
  const token = /^(?:[$\w:.]+|[^\s])/u.exec(rest)?.[0].slice(0, 40);
  const called = /([a-zA-Z_][\w:]*)\s*$/.exec(query.slice(0, offset))?.[1];
  if (token === '(' && called !== undefined) {
    const start = query.lastIndexOf(called, offset);
    return {
      said: `\`${called}\` ${placeIn(query, start)} is not a function of PromQL`,
      offset: start,
    };
  }
  return { said: `unexpected ${nameOf(token ?? rest)} ${placeIn(query, offset)}`, offset };
}

/** Where a string begins that goes on to the query's end. */
function openString(query: string, tree: Tree): number | undefined {
  let found: number | undefined;
  tree.iterate({
    enter({ name, from, to }) {
      const text = query.slice(from, to);
      if (name === 'StringLiteral' && (text.length < 2 || text.at(-1) !== text[0])) found = from;
    },
  });
  return found;
}

function nameOf(token: string): string {
  const [character = ''] = token;
  return FOREIGN_SPACE.test(character) || character < ' '
    ? `character U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
    : `\`${token}\``;
}

function placeIn(query: string, offset: number): string {
  const before = query.slice(0, offset).split('\n');
  const column = (before.at(-1)?.length ?? 0) + 1;
  const isOneLine = !query.trimEnd().includes('\n');
  return isOneLine
    ? `at column ${column} of the query`
    : `at line ${before.length}, column ${column} of the query`;
}

type Kind = 'instant vector' | 'range vector' | 'scalar' | 'string';

const WRONG_KIND: Readonly<Record<Exclude<Kind, 'instant vector'>, string>> = {
  'range vector':
    'is a range vector; a function such as rate() or max_over_time() makes an instant vector of it',
  scalar: 'is a scalar; vector() makes an instant vector of it',
  string: 'is a string; an indicator needs an instant vector',
};

const SCALAR_FUNCTIONS = ['Scalar', 'Time', 'Pi', 'StartFn', 'EndFn', 'Range', 'Step'];

/** What an expression is evaluated to, as far as that shows without knowing the types that functions take. */
function kindOf(node: SyntaxNode | null): Kind {
  switch (node?.name) {
    case 'StringLiteral':
      return 'string';
    case 'NumberDurationLiteral':
      return 'scalar';
    case 'MatrixSelector':
    case 'SubqueryExpr':
      return 'range vector';
    case 'FunctionCall':
      return SCALAR_FUNCTIONS.includes(node.firstChild?.firstChild?.name ?? '') ? 'scalar' : 'instant vector';
    case 'BinaryExpr': {
      const kinds = node.getChildren('Expr').map(kindOf);
      // Operators take neither strings nor ranges; two scalars make a scalar.
      const refused = kinds.find((kind) => kind === 'string' || kind === 'range vector');
      return refused ?? (kinds.every((kind) => kind === 'scalar') ? 'scalar' : 'instant vector');
    }
    case 'ParenExpr':
    case 'UnaryExpr':
    case 'OffsetExpr':
    case 'StepInvariantExpr':
    case 'AnchoredExpr':
    case 'SmoothedExpr':
      return kindOf(node.getChild('Expr'));
    default:
      return 'instant vector';
  }
}
