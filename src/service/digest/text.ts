import { plain } from '../../report/render/kit/phrase.ts';
import type { StatusMark } from './cluster-status.ts';
import type { DigestLink } from './context.ts';
import type { ClusterHighlights } from './highlights.ts';
import type { ClusterLine } from './rows.ts';
import type { DigestCommand, TopIncident } from './top-incidents.ts';
import type { DigestView } from './view.ts';
import { COLUMNS, columnsOf, wrap } from './wrap.ts';

/** Returns the digest as plain text, with the content and the order of the HTML. */
export function digestText(view: DigestView): string {
  const blocks = [
    wrap(`${view.kicker} – ${view.period}`),
    [wrap(view.verdict), wrap(view.tally.map(({ word }) => word).join(view.comma))].join('\n'),
    view.note.map((line) => wrap(line, '| ')).join('\n'),
    ...attentionBlocks(view),
    ...incidentBlocks(view),
    ...(view.healthy === null
      ? []
      : [underlined(view.healthy.heading), clusterLines(view, view.healthy.lines)]),
    wrap(view.moreHighlights),
    ...view.attachments.map((phrase) => wrap(plain(phrase))),
    view.allReports === null ? '' : `${view.allReports.text}${view.words.colon}${view.allReports.address}`,
    [view.times, plain(view.words.footer), view.words.noTracking]
      .filter((text) => text !== '')
      .map((text) => wrap(text))
      .join('\n'),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

const underlined = (heading: string) => `${heading}\n${'-'.repeat(columnsOf(heading))}`;

function attentionBlocks(view: DigestView): string[] {
  if (view.attention === null) return [];
  const { heading, rows, more, lines } = view.attention;
  return [
    underlined(heading),
    ...rows.map((row) =>
      [
        titleLine(view, row),
        ...[...(row.headline === null ? [] : [row.headline]), ...row.details].map((phrase) =>
          wrap(plain(phrase), INDENT),
        ),
        ...highlightLines(view, row.highlights),
        ...(row.chart === null ? [] : [wrap(row.chart.description, INDENT)]),
        ...row.links.map((link) => linkLine(view, link)),
      ].join('\n'),
    ),
    more === '' ? '' : wrap(more),
    clusterLines(view, lines),
  ];
}

function incidentBlocks(view: DigestView): string[] {
  if (view.topIncidents === null) return [];
  const { heading, entries, more, firstStep } = view.topIncidents;
  return [underlined(heading), ...entries.map((entry) => incidentBlock(view, firstStep, entry)), wrap(more)];
}

function incidentBlock(view: DigestView, firstStep: string, incident: TopIncident): string {
  const { status, cluster, headline, when, step, defect, link } = incident;
  return [
    wrap(withStatus(view, status, plain(headline)), '', INDENT),
    wrap(
      [plain(cluster.text), incident.newLabel, when].filter((text) => text !== '').join(view.comma),
      INDENT,
    ),
    ...(step === null
      ? []
      : [
          wrap(`${firstStep}${view.words.colon}${plain(step.text)}`, INDENT),
          ...step.commands.map(commandLines),
        ]),
    ...(defect.length === 0 ? [] : [wrap(plain(defect), INDENT)]),
    ...(link === null ? [] : [linkLine(view, link)]),
  ].join('\n');
}

const INDENT = '  ';

function withStatus(view: DigestView, { glyph, word }: StatusMark, text: string): string {
  return word === '' ? `${glyph} ${text}` : `${glyph} ${word}${view.words.colon}${text}`;
}

function titleLine(view: DigestView, { status, cluster, score, period, silenced }: ClusterLine): string {
  const scored = score === null ? '' : view.words.scoreOf(score.value);
  const facts = [scored, score?.change ?? '', period, silenced].filter((fact) => fact !== '');
  return wrap(withStatus(view, status, [plain(cluster.text), ...facts].join(view.comma)), '', INDENT);
}

function clusterLines(
  view: DigestView,
  lines: readonly (ClusterLine & { highlights?: ClusterHighlights | null })[],
): string {
  return lines
    .flatMap((line) => [
      titleLine(view, line),
      ...highlightLines(view, line.highlights ?? null),
      ...(line.cluster.href === null ? [] : [`${INDENT}${line.cluster.href}`]),
    ])
    .join('\n');
}

function highlightLines(view: DigestView, highlights: ClusterHighlights | null): string[] {
  if (highlights === null) return [];
  return [
    ...highlights.lines.map(({ label, text, when }) => {
      const sentence = [plain(text), when].filter((part) => part !== '').join(view.comma);
      return wrap(`${label}${view.words.colon}${sentence}`, INDENT);
    }),
    ...(highlights.more === '' ? [] : [wrap(highlights.more, INDENT)]),
  ];
}

function linkLine(view: DigestView, { text, address }: DigestLink): string {
  return `${INDENT}${text}${view.words.colon}${address}`;
}

function commandLines({ place, words, note }: DigestCommand): string {
  return [
    ...(place === null ? [] : [wrap(plain(place), INDENT)]),
    note === '' ? wrapCommand(words.map(({ text, space }) => text + space)) : wrap(note, INDENT),
  ].join('\n');
}

const COMMAND_INDENT = '    ';

/** Wraps a command with backslashes, so that a shell reads it as one. Keeps options and pipes with the next word. */
function wrapCommand(words: readonly string[]): string {
  const lines: string[] = [];
  let line = '';
  for (const [index, word] of words.entries()) {
    const followsOption = BINDS_NEXT.test(words[index - 1] ?? '');
    const next = BINDS_NEXT.test(word) ? (words[index + 1] ?? '') : '';
    if (
      line !== '' &&
      !followsOption &&
      columnsOf(`${COMMAND_INDENT}${line}${word}${next}`.trimEnd()) > COLUMNS - 2
    ) {
      lines.push(`${line}\\`);
      line = '  ';
    }
    line += word;
  }
  return [...lines, line].map((text) => `${COMMAND_INDENT}${text.trimEnd()}`).join('\n');
}

/** An option of one letter, or a pipe. */
const BINDS_NEXT = /^(-\w|\|) +$/;
