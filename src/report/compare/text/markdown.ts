import type { Verdict } from '../../model/report.ts';
import { oneLine } from '../../model/visible-text.ts';
import type { Phrase } from '../../render/kit/phrase.ts';
import type { Line } from './facts.ts';
import type { DifferenceView } from './view.ts';

const SYMBOLS: Readonly<Record<Verdict, string>> = {
  healthy: '✅',
  warning: '⚠️',
  critical: '❌',
  unknown: '❔',
};

const SEPARATOR = ' · ';

/** Returns the difference of two reports as Markdown, for pull requests and chats. */
export function differenceMarkdown({
  title,
  verdict,
  findings,
  notes,
  sections,
  unchanged,
}: DifferenceView): string {
  const blocks = [
    `### ${phraseText(title)}`,
    [lineText(verdict), plainText(findings), ...notes.map(plainText)].join('  \n'),
    ...sections.flatMap(({ heading, lines, more }) => [
      `**${phraseText(heading)}**`,
      [...lines.map(lineText), ...(more === '' ? [] : [plainText(more)])]
        .map((text) => `- ${text}`)
        .join('\n'),
    ]),
    plainText(unchanged),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function lineText({ mark, text, facts }: Line): string {
  const words = [phraseText(text), ...facts.map(plainText)].join(SEPARATOR);
  return mark === null ? words : `${SYMBOLS[mark]} ${words}`;
}

function phraseText(parts: Phrase): string {
  return parts
    .map(({ text, name, code }) => (name || code ? codeSpan(text) : escapeKeepingSpaces(text)))
    .join('');
}

/** Names are code, in which nothing is markup, a link or a mention. CommonMark 0.31.2, section 6.1. */
function codeSpan(text: string): string {
  const line = oneLine(text);
  if (line === '') return '';
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const room = /^`|`$/.test(line) ? ' ' : '';
  return `${fence}${room}${line}${room}${fence}`;
}

function plainText(text: string): string {
  return escapeKeepingSpaces(oneLine(text));
}

/** Escapes what would be markup. CommonMark 0.31.2, section 2.4. */
function escapeKeepingSpaces(text: string): string {
  return text.replace(/[\\`*_[\]<>#|~]/g, '\\$&');
}
