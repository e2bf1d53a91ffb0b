/**
 * Fails if a comment (*.ts, *.mjs) or a document (*.md) contains words that are hard to understand. With `--report` it
 * lists these words and exits with 0.
 */
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Words that follow `own` only where it is a noun. */
const NO_NOUN =
  'and|or|but|that|which|where|when|while|if|as|so|than|in|on|at|by|to|for|from|with|without|of|below|above|is|are|was|were|has|have|had|can|may|must|does|do';

/** Words before `apart` where it means a distance. */
const DISTANCE =
  'seconds?|minutes?|hours?|days?|weeks?|months?|steps?|points?|m?s|min|h|far|further|close|moved?|moves|taken?|takes|pulled?';

type Rule = { pattern: RegExp; better: string };

/** Whole words; a space matches any white space, so that a line break hides nothing. */
export const RULES: readonly Rule[] = [
  rule('who(?:m|so)?ever', 'everybody who, each worker that'),
  rule(
    '(?<=(?:^|[.!?:;(])\\s*|\\b(?:of|says?|knows?|known|returns?|shows?|asks?) )whose',
    'the owner of: "the component that exposes these metrics"',
  ),
  rule(
    '(?<!\\b(?:some|any|each|all|none|one|both|most|many|two|half|either|neither) )of (?:which|whom)',
    'a sentence with a verb: "3 clusters, 1 of them failed", "where", "that"',
  ),
  rule('for want of', 'because … is missing, without'),
  rule(
    'so (?:many|much|few|often)(?! (?:as|that)\\b)(?![^.;:!?]* that\\b)',
    'a number, "up to n", "n times"',
  ),
  rule('so manieth', 'every n-th'),
  rule('tells?|telling|told', 'show, report, give, log; "by default" for "unless told otherwise"'),
  rule('learnt', 'found, read, collected'),
  rule('mend(?:s|ed|ing)?', 'fix, correct'),
  rule('dwell(?:s|ed|ing)?|dwelt', 'stay'),
  rule(`(?<!\\b(?:${DISTANCE}) )apart(?! from\\b)`, 'separately, per queue; "distinguish" for "tell apart"'),
  rule(
    `(?<!\\bon )(?:its|their|our|your|my|his|her|one['’]s) own(?=\\s*(?:[.,;:!?)]|$)| (?:${NO_NOUN})\\b)`,
    'a separate folder, the noun repeated',
  ),
  rule('beside', 'next to, with, in addition to'),
  rule('within (?:it|them)', 'in it, inside'),
  rule(
    '(?:is|are|was|were) to be (?:\\w+ed|done|made|put|set|read|found|sent|kept|left|given|shown)',
    'must, should',
  ),
  rule(
    'lest|whence|wherein|whereby|thereof|therein|albeit',
    'so that … not, where, by which it, of it, in it, although',
  ),
];

function rule(words: string, better: string): Rule {
  return { pattern: new RegExp(`\\b(?:${words.replaceAll(' ', '\\s+')})\\b`, 'gi'), better };
}

/** A comment or paragraph, and the line on which it begins. */
export type Prose = { line: number; text: string };

export type Problem = { line: number; words: string; better: string };

/** Returns the refused words of some prose in the order of their lines. */
export function findProblems(prose: readonly Prose[]): Problem[] {
  return prose
    .flatMap(({ line, text }) =>
      RULES.flatMap(({ pattern, better }) =>
        [...text.matchAll(pattern)].map((match) => ({
          line: line + countLines(text.slice(0, match.index)),
          words: match[0].replace(/\s+/g, ' '),
          better,
        })),
      ),
    )
    .sort((a, b) => a.line - b.line);
}

const countLines = (text: string) => text.split('\n').length - 1;

/**
 * Matches comments, and the tokens in which no comment can begin: strings, regular expressions, and the marks of
 * templates. A slash begins a regular expression if no operand precedes it.
 */
const TOKEN =
  /(?<line>\/\/[^\n]*(?:\n[ \t]*\/\/[^\n]*)*)|(?<block>\/\*[\s\S]*?\*\/)|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|(?<=(?:^|[=(,:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of|await|else))\s*)\/(?![*/])(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/|(?<brace>[`{}])/g;

/** Returns the comments of a TypeScript or JavaScript source, without their marks and quoted code. */
export function commentsOf(source: string): Prose[] {
  const comments: Prose[] = [];
  // For each open brace, whether it belongs to code or to an expression in a template.
  const open: ('code' | 'template')[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(source); match; match = TOKEN.exec(source)) {
    const { line, block, brace } = match.groups ?? {};
    const comment = line ?? block;
    if (comment !== undefined)
      comments.push({
        line: 1 + countLines(source.slice(0, match.index)),
        text: comment.replace(/^[ \t]*(?:\/\/+|\/\*+|\*+\/|\*)|\*+\/$/gm, '').replace(/`[^`\n]*`/g, 'code'),
      });
    else if (brace === '{') open.push('code');
    else if (brace === '`' || (brace === '}' && open.pop() === 'template'))
      TOKEN.lastIndex = skipTemplate(source, TOKEN.lastIndex, open);
  }
  return comments;
}

/** Returns where the text of a template ends: after its back-quote, or after the "${" of an expression. */
function skipTemplate(source: string, start: number, open: ('code' | 'template')[]): number {
  const end = /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*(`|\$\{)/y;
  end.lastIndex = start;
  const match = end.exec(source);
  if (match?.[1] === '${') open.push('template');
  return match ? end.lastIndex : source.length;
}

/** Returns the paragraphs of a Markdown document, without code and addresses. */
export function paragraphsOf(markdown: string): Prose[] {
  const keepLines = (text: string) => text.replace(/[^\n]+/g, '');
  const prose = markdown
    .replace(/^( *)(```+|~~~+)[\s\S]*?^\1\2[^\n]*$/gm, keepLines)
    .replace(/<!--[\s\S]*?-->/g, keepLines)
    .replace(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, (code) => `code${keepLines(code)}`)
    .replace(/\]\([^)\n]*\)|https?:\/\/\S+/g, ']')
    .replace(/\|/g, ' . ');
  let line = 1;
  return prose.split(/(\n\s*\n)/).flatMap((text) => {
    const paragraph = { line, text };
    line += countLines(text);
    return text.trim() === '' ? [] : [paragraph];
  });
}

function check(): number {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const folders = '{src,handlers,deploy,scripts,bench,test,templates,docs,examples}/**/*.{ts,js,mjs,md}';
  const files = globSync(['*.{ts,md}', folders], { cwd: root }).sort();
  const counts = new Map<string, number>();
  for (const file of files) {
    const text = readFileSync(`${root}${file}`, 'utf8');
    const problems = findProblems(file.endsWith('.md') ? paragraphsOf(text) : commentsOf(text));
    for (const { line, words, better } of problems)
      process.stdout.write(`${file}:${line}: "${words}": ${better}\n`);
    if (problems.length > 0) counts.set(file, problems.length);
  }
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  if (total > 0) process.stdout.write(`${total} places in ${counts.size} files use words that are refused\n`);
  return total;
}

if (import.meta.main) {
  const total = check();
  process.exitCode = total > 0 && !process.argv.includes('--report') ? 1 : 0;
}
