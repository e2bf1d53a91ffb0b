import { plain } from '../../report/render/kit/phrase.ts';
import type { DigestLink, DigestStatus } from './context.ts';
import type { DigestCommand, TopFinding } from './findings.ts';
import type { News } from './highlights.ts';
import type { ClusterLine } from './rows.ts';
import type { DigestView } from './view.ts';
import { COLUMNS, columnsOf, wrap } from './wrap.ts';

/** The digest as plain text: what the page says, in its order. */
export function digestText(view: DigestView): string {
  const blocks = [
    wrap(`${view.kicker} – ${view.period}`),
    [wrap(view.verdict.text), wrap(view.tally.map(({ word }) => word).join(view.comma))].join('\n'),
    view.note.map((line) => wrap(line, '| ')).join('\n'),
    ...attentionBlocks(view),
    ...findingBlocks(view),
    ...(view.healthy === null ? [] : [headed(view.healthy.heading), linesOf(view, view.healthy.lines)]),
    wrap(view.moreChanges),
    ...view.attachments.map((phrase) => wrap(plain(phrase))),
    view.all === null ? '' : `${view.all.text}${view.words.colon}${view.all.address}`,
    [view.times, plain(view.footer), view.noTracking]
      .filter((text) => text !== '')
      .map((text) => wrap(text))
      .join('\n'),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

const headed = (heading: string) => `${heading}\n${'-'.repeat(columnsOf(heading))}`;

function attentionBlocks(view: DigestView): string[] {
  if (view.attention === null) return [];
  const { heading, rows, more, lines } = view.attention;
  return [
    headed(heading),
    ...rows.map((row) =>
      [
        titleOf(view, row),
        ...[...(row.said === null ? [] : [row.said]), ...row.details].map((phrase) =>
          wrap(plain(phrase), INDENT),
        ),
        ...newsOf(view, row.news),
        ...(row.chart === null ? [] : [wrap(row.chart.description, INDENT)]),
        ...row.links.map((link) => addressOf(view, link)),
      ].join('\n'),
    ),
    more === '' ? '' : wrap(more),
    linesOf(view, lines),
  ];
}

function findingBlocks(view: DigestView): string[] {
  if (view.findings === null) return [];
  const { heading, entries, more, firstStep } = view.findings;
  return [headed(heading), ...entries.map((entry) => findingOf(view, firstStep, entry)), wrap(more)];
}

function findingOf(
  view: DigestView,
  firstStep: string,
  { status, cluster, headline, fresh, when, step, link }: TopFinding,
): string {
  return [
    wrap(marked(view, status, plain(headline)), '', INDENT),
    wrap([plain(cluster.text), fresh, when].filter((text) => text !== '').join(view.comma), INDENT),
    ...(step === null
      ? []
      : [
          wrap(`${firstStep}${view.words.colon}${plain(step.text)}`, INDENT),
          ...step.commands.map(commandOf),
        ]),
    ...(link === null ? [] : [addressOf(view, link)]),
  ].join('\n');
}

const INDENT = '  ';

function marked(view: DigestView, { glyph, word }: DigestStatus, text: string): string {
  return word === '' ? `${glyph} ${text}` : `${glyph} ${word}${view.words.colon}${text}`;
}

function titleOf(view: DigestView, { status, cluster, score, period }: ClusterLine): string {
  const facts = [score === null ? '' : view.words.scoreIs(score.value), score?.change ?? '', period].filter(
    (fact) => fact !== '',
  );
  return wrap(marked(view, status, [plain(cluster.text), ...facts].join(view.comma)), '', INDENT);
}

function linesOf(view: DigestView, lines: readonly (ClusterLine & { news?: News | null })[]): string {
  return lines
    .flatMap((line) => [
      titleOf(view, line),
      ...newsOf(view, line.news ?? null),
      ...(line.cluster.href === null ? [] : [`${INDENT}${line.cluster.href}`]),
    ])
    .join('\n');
}

function newsOf(view: DigestView, news: News | null): string[] {
  if (news === null) return [];
  return [
    ...news.lines.map(({ label, text, when }) => {
      const said = [plain(text), when].filter((part) => part !== '').join(view.comma);
      return wrap(`${label}${view.words.colon}${said}`, INDENT);
    }),
    ...(news.more === '' ? [] : [wrap(news.more, INDENT)]),
  ];
}

function addressOf(view: DigestView, { text, address }: DigestLink): string {
  return `${INDENT}${text}${view.words.colon}${address}`;
}

function commandOf({ place, words, note }: DigestCommand): string {
  return [
    ...(place === null ? [] : [wrap(plain(place), INDENT)]),
    note === '' ? brokenCommand(words.map(({ text, space }) => text + space)) : wrap(note, INDENT),
  ].join('\n');
}

const COMMAND_INDENT = '    ';

/** In lines that a shell takes as one: parted between its words, but no option from its value. */
function brokenCommand(words: readonly string[]): string {
  const lines: string[] = [];
  let line = '';
  for (const [index, word] of words.entries()) {
    const isBound = /^(-\w|\|) +$/.test(words[index - 1] ?? '');
    const next = /^(-\w|\|) +$/.test(word) ? (words[index + 1] ?? '') : '';
    if (
      line !== '' &&
      !isBound &&
      columnsOf(`${COMMAND_INDENT}${line}${word}${next}`.trimEnd()) > COLUMNS - 2
    ) {
      lines.push(`${line}\\`);
      line = '  ';
    }
    line += word;
  }
  return [...lines, line].map((one) => `${COMMAND_INDENT}${one.trimEnd()}`).join('\n');
}
