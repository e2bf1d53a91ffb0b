import type { SyntaxNode, Tree } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { didYouMean } from '../suggest.ts';

/** A problem of a query, with its offset in the query if it is at one position. */
export type QueryProblem = { message: string; offset: number | null };

/**
 * The text that replaces each placeholder before a query is parsed. It has the length of the placeholder, so that
 * offsets in the parsed text are offsets in the query.
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

/** The placeholders of a custom query, without "$"; `substitute` in report/promql replaces them. */
export const PLACEHOLDERS: readonly string[] = Object.keys(STAND_INS);

/** The name is in quotes, so that letters right before the placeholder are an error and not the beginning of the name. */
function matcher(length: number): string {
  return `"m"="${'m'.repeat(length - 6)}"`;
}

function seconds(length: number): string {
  return `${'1'.padStart(length - 1, '0')}s`;
}

/** The same pattern as in `substitute`: $1 and ${name} of label_replace are not placeholders. */
const PLACEHOLDER = /\$([a-zA-Z]+)/g;

/** Characters that lezer treats as a space and Prometheus does not. Text copied from web pages can contain them. */
const FOREIGN_SPACE = /[\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

/**
 * Checks a query with the grammar of the Prometheus project, without a server. Only a server finds what a grammar cannot
 * find, for example whether a function requires a range.
 * @returns the first problem; `null` when the query is valid and returns an instant vector
 */
export function findQueryProblem(query: string): QueryProblem | null {
  try {
    return findProblem(query);
  } catch (error) {
    // The parser calls itself for each level. How many fit on the stack depends on who called it.
    if (error instanceof RangeError) return { message: 'is nested too deeply', offset: null };
    throw error;
  }
}

function findProblem(query: string): QueryProblem | null {
  const unknown = [...query.matchAll(PLACEHOLDER)].find(([, name = '']) => !Object.hasOwn(STAND_INS, name));
  if (unknown) {
    const known = PLACEHOLDERS.map((name) => `$${name}`);
    const advice = didYouMean(unknown[0], known) || `; the placeholders are ${known.join(', ')}`;
    return { message: `${unknown[0]} is not a placeholder${advice}`, offset: unknown.index };
  }
  const text = withStandIns(query);
  const tree = parser.parse(text);
  const plain = withoutStringsAndComments(text, tree);
  if (plain.trim() === '') return { message: 'is empty', offset: null };
  const error = firstError(tree) ?? FOREIGN_SPACE.exec(plain)?.index;
  if (error !== undefined) return describeSyntaxError(query, tree, error);
  // $others is empty for a cluster that has its own Prometheus.
  const errorWhenEmpty = firstError(parser.parse(withStandIns(query, 'others')));
  if (errorWhenEmpty !== undefined)
    return {
      message: `$others can be empty, which leaves an extra comma ${describePosition(query, errorWhenEmpty)}; write it last in the braces`,
      offset: errorWhenEmpty,
    };
  const kind = kindOf(tree.topNode.firstChild);
  return kind === 'instant vector' ? null : { message: WRONG_KIND[kind], offset: null };
}

/** @param blank the name of a placeholder to replace by spaces */
function withStandIns(query: string, blank?: string): string {
  return query.replace(PLACEHOLDER, (found, name: string) =>
    name === blank ? ' '.repeat(found.length) : (STAND_INS[name]?.(found.length) ?? found),
  );
}

/** Replaces comments by spaces and strings by underscores. */
function withoutStringsAndComments(text: string, tree: Tree): string {
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

function describeSyntaxError(query: string, tree: Tree, position: number): QueryProblem {
  // An error inside a stand-in is at the placeholder that the author wrote.
  const standIn = [...query.matchAll(PLACEHOLDER)].find(
    ({ index, 0: found }) => index <= position && position < index + found.length,
  );
  const offset = standIn?.index ?? position;
  const rest = query.slice(offset);
  if (/^[ \t\r\n]*$/.test(rest)) {
    const open = openString(query, tree);
    return {
      message:
        open === undefined
          ? 'the query ends too early'
          : `a string is not closed ${describePosition(query, open)}`,
      offset: open ?? query.trimEnd().length,
    };
  }
  const token = /^(?:[$\w:.]+|[^\s])/u.exec(rest)?.[0].slice(0, 40);
  const called = /([a-zA-Z_][\w:]*)\s*$/.exec(query.slice(0, offset))?.[1];
  if (token === '(' && called !== undefined) {
    const start = query.lastIndexOf(called, offset);
    return {
      message: `\`${called}\` ${describePosition(query, start)} is not a function of PromQL`,
      offset: start,
    };
  }
  return { message: `unexpected ${describeToken(token ?? rest)} ${describePosition(query, offset)}`, offset };
}

/** Returns the offset of a string that has no closing quote. */
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

function describeToken(token: string): string {
  const [character = ''] = token;
  return FOREIGN_SPACE.test(character) || character < ' '
    ? `character U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
    : `\`${token}\``;
}

function describePosition(query: string, offset: number): string {
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
    'is a range vector; use a function such as rate() or max_over_time() to get an instant vector',
  scalar: 'is a scalar; use vector() to get an instant vector',
  string: 'is a string; an indicator requires an instant vector',
};

const SCALAR_FUNCTIONS = ['Scalar', 'Time', 'Pi', 'StartFn', 'EndFn', 'Range', 'Step'];

/** Returns the type of an expression, as far as it can be determined without the parameter types of functions. */
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
      // Operators accept neither strings nor range vectors; two scalars give a scalar.
      const invalid = kinds.find((kind) => kind === 'string' || kind === 'range vector');
      return invalid ?? (kinds.every((kind) => kind === 'scalar') ? 'scalar' : 'instant vector');
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
