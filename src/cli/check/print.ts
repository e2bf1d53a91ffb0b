import { type CheckDocument, type CheckResult, STATES } from './result.ts';
import { counted } from './words.ts';

export type PrintOptions = {
  /** Marks instead of words, and lines no longer than the terminal is wide. */
  isTerminal: boolean;
  hasColours: boolean;
  columns: number;
};

type State = CheckResult['state'];

/** Codes of ANSI X3.64: green, yellow, red. */
const COLOURS: Readonly<Record<State, number>> = { ok: 32, note: 33, problem: 31 };
const BOLD = 1;
const MARKS: Readonly<Record<State, string>> = { ok: '✓', note: '!', problem: '✗' };
const LONGEST_MARK = Math.max(...STATES.map((state) => state.length));

/** Shorter lines than these are harder to read than ones that the terminal breaks. */
const NARROWEST_COLUMNS = 60;

/** The document as text for people. */
export function printDocument({ configuration, clusters }: CheckDocument, options: PrintOptions): string {
  const results = clusters.flatMap((one) => one.results);
  const width = Math.max(0, ...results.map(({ title }) => title.length));
  const ownText = configuration && counted(configuration.ownIndicators, 'own indicator');
  return [
    ...(configuration
      ? [`${configuration.file}: valid, ${counted(configuration.clusters, 'cluster')}, ${ownText}`]
      : []),
    ...clusters.flatMap(({ cluster, results: own }) => [
      ...(cluster === null ? [] : [paint(cluster, BOLD, options)]),
      ...own.flatMap((result) => printResult(result, width, options)),
    ]),
    ...(results.length > 0 ? [summary(results)] : []),
    '',
  ].join('\n');
}

function printResult(result: CheckResult, width: number, options: PrintOptions): string[] {
  const { state, title, detail, advice } = result;
  const word = options.isTerminal ? MARKS[state] : state.padEnd(LONGEST_MARK);
  const start = `${word} ${title.padEnd(width)}  `;
  const [first = '', ...rest] = wrap(detail, start.length, options);
  const indent = ' '.repeat(start.length);
  return [
    `${paint(word, COLOURS[state], options)}${start.slice(word.length)}${first}`,
    ...rest.map((line) => `${indent}${line}`),
    ...advice.flatMap(({ text, lines }) => [
      ...wrap(text, start.length + 2, options).map(
        (line, index) => `${indent}${index === 0 ? '→' : ' '} ${line}`,
      ),
      ...lines.map((line) => `${indent}    ${line}`),
    ]),
  ];
}

/** Only terminals have a width; a pipe gets one line for each result, to search in. */
function wrap(text: string, indent: number, { isTerminal, columns }: PrintOptions): string[] {
  if (!isTerminal) return [text];
  const room = Math.max(columns, NARROWEST_COLUMNS) - indent;
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= room)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function summary(results: readonly CheckResult[]): string {
  const count = (state: State) => results.filter((one) => one.state === state).length;
  const [notes, problems] = [count('note'), count('problem')];
  if (notes + problems === 0) return 'All in order.';
  const parts = [
    ...(problems > 0 ? [counted(problems, 'problem')] : ['No problems']),
    ...(notes > 0 ? [counted(notes, 'note')] : []),
  ];
  return `${parts.join(', ')}.`;
}

function paint(text: string, code: number, { hasColours }: PrintOptions): string {
  return hasColours ? `\u001b[${code}m${text}\u001b[0m` : text;
}
