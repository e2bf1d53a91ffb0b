import { visible } from '../../report/model/visible-text.ts';
import { COLOUR, paint } from '../terminal.ts';
import { type CheckDocument, type CheckResult, STATES } from './result.ts';
import { counted } from './words.ts';

export type PrintOptions = {
  /** Whether to print symbols instead of words and to wrap lines. */
  isTerminal: boolean;
  hasColours: boolean;
  /** Width of the terminal in characters. */
  columns: number;
};

type State = CheckResult['state'];

const COLOURS: Readonly<Record<State, number>> = {
  ok: COLOUR.green,
  note: COLOUR.yellow,
  problem: COLOUR.red,
};
const SYMBOLS: Readonly<Record<State, string>> = { ok: '✓', note: '!', problem: '✗' };
const LONGEST_STATE = Math.max(...STATES.map((state) => state.length));

/** Shorter lines are harder to read than lines that the terminal wraps. */
const MIN_COLUMNS = 60;

/** Returns the document as text for people. */
export function printDocument({ configuration, clusters }: CheckDocument, options: PrintOptions): string {
  const allResults = clusters.flatMap(({ results }) => results);
  const width = Math.max(0, ...allResults.map(({ title }) => title.length));
  return [
    ...(configuration
      ? [
          `${configuration.file}: valid, ${counted(configuration.clusters, 'cluster')}, ${counted(configuration.ownIndicators, 'custom indicator')}`,
        ]
      : []),
    ...clusters.flatMap(({ cluster, results }) => [
      ...(cluster === null ? [] : [paint(visible(cluster), COLOUR.bold, options.hasColours)]),
      ...results.flatMap((result) => printResult(result, width, options)),
    ]),
    ...(allResults.length > 0 ? [summarize(allResults)] : []),
    '',
  ].join('\n');
}

function printResult(result: CheckResult, width: number, options: PrintOptions): string[] {
  const { state } = result;
  const [title, detail] = [visible(result.title), visible(result.detail)];
  const label = options.isTerminal ? SYMBOLS[state] : state.padEnd(LONGEST_STATE);
  const start = `${label} ${title.padEnd(width)}  `;
  const [first = '', ...rest] = wrap(detail, start.length, options);
  const indent = ' '.repeat(start.length);
  return [
    `${paint(label, COLOURS[state], options.hasColours)}${start.slice(label.length)}${first}`,
    ...rest.map((line) => `${indent}${line}`),
    ...result.advice.flatMap(({ text, lines }) => [
      ...wrap(visible(text), start.length + 2, options).map(
        (line, index) => `${indent}${index === 0 ? '→' : ' '} ${line}`,
      ),
      ...lines.map((line) => `${indent}    ${visible(line)}`),
    ]),
  ];
}

/** Without a terminal, each result is one line, so that it can be searched. */
function wrap(text: string, indent: number, { isTerminal, columns }: PrintOptions): string[] {
  if (!isTerminal) return [text];
  const width = Math.max(columns, MIN_COLUMNS) - indent;
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function summarize(results: readonly CheckResult[]): string {
  const count = (state: State) => results.filter((result) => result.state === state).length;
  const [notes, problems] = [count('note'), count('problem')];
  const parts = [
    ...(problems > 0 ? [counted(problems, 'problem')] : ['No problems']),
    ...(notes > 0 ? [counted(notes, 'note')] : []),
  ];
  return `${parts.join(', ')}.`;
}
