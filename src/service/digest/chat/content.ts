import { type Phrase, phrase, plain } from '../../../report/render/kit/phrase.ts';
import type { StatusMark } from '../cluster-status.ts';
import type { DigestLink } from '../context.ts';
import type { Highlight } from '../highlights.ts';
import { cut } from '../mail-safe.ts';
import type { ClusterLine } from '../rows.ts';
import type { DigestCommand, TopIncident } from '../top-incidents.ts';
import type { DigestView } from '../view.ts';

/**
 * The content of a digest for a chat channel: less than the e-mail has, in parts that each channel maps to its own form.
 * Every text is one line without markup and not empty, unless it says so; a channel need only escape it.
 */

/** The worst status of what an item or a message is about. */
export type ChatKind = StatusMark['kind'];

/** A piece of a line. Only the addresses of reports become links. */
export type ChatText = { text: string; isBold?: true; href?: string };
export type ChatLine = readonly ChatText[];
export type ChatLink = { text: string; href: string };

/** What belongs together: a cluster, an incident, or the changes of a cluster. */
export type ChatItem = {
  kind: ChatKind;
  lines: readonly ChatLine[];
  /** Shell commands, each with the place where it runs, which may be empty. */
  commands: readonly { place: string; command: string }[];
  link: ChatLink | null;
};

/** `more` says that there are more than these items, or is empty. */
export type ChatSection = { heading: string; items: readonly ChatItem[]; more: string };

export type ChatContent = {
  /** Of all clusters. */
  kind: ChatKind;
  /** For notifications and lists of messages: the verdict and the period. */
  subject: string;
  verdict: string;
  /** What the message is, and its period. */
  origin: string;
  tally: string;
  /** Lines of the configuration. */
  note: readonly string[];
  sections: readonly ChatSection[];
  /** The time zones of the times; may be empty. */
  times: string;
  link: ChatLink | null;
};

/** What a screen of a chat shows; the reports and the e-mail have the others. */
const MOST_CLUSTERS = 10;
const MOST_INCIDENTS = 3;
const MOST_CHANGES = 3;

/** An incident of many nodes has a command for each. */
const MOST_COMMANDS = 2;
/** Characters. A command that is cut would not run, so longer ones are in the report only. */
const LONGEST_COMMAND = 1000;

/** Characters of the note, and of lines and details with text from outside, such as a reason. */
const LONGEST_NOTE = 300;
const LONGEST_LINE = 300;
const LONGEST_DETAIL = 140;

/** Characters. Names of clusters are part of links, where a Chinese character takes nine. Longer links are left out. */
const LONGEST_LINK = 1000;

/**
 * The order in which items are left out, the highest rank first: changes, then clusters and incidents in turn, so that
 * two clusters and the worst incident stay longest.
 */
const RANKS = {
  clusters: (index: number) => 2 * index,
  incidents: (index: number) => 2 * index + 3,
  changes: (index: number) => 100 + index,
} as const;

/**
 * Returns a message with as much of the digest as the limits of a channel allow: the least important items are left out,
 * and the message says so.
 */
export function fitMessage<T>(
  view: DigestView,
  render: (content: ChatContent) => T,
  isWithinLimits: (message: T) => boolean,
): T {
  let below = CHANGES_END;
  let message = render(chatContent(view, below));
  while (below > 0 && !isWithinLimits(message)) {
    below -= 1;
    message = render(chatContent(view, below));
  }
  return message;
}

const CHANGES_END = RANKS.changes(MOST_CHANGES);

/** @param below items with this rank or a higher one are left out */
export function chatContent(view: DigestView, below = CHANGES_END): ChatContent {
  const { words } = view;
  const [worst] = view.tally;
  const sections = [clusterSection(view, below), incidentSection(view, below), changeSection(view, below)];
  return {
    kind: worst?.kind ?? 'unknown',
    subject: line(view.subject),
    verdict: line(view.verdict),
    origin: line(`${view.kicker}${words.colon}${view.period}`),
    tally: line(view.tally.map(({ glyph, word }) => `${glyph} ${word}`).join(view.comma)),
    note: shortNote(view.note),
    sections: sections.filter(({ items, more }) => items.length > 0 || more !== ''),
    times: line(view.times),
    link: toLink(view.allReports),
  };
}

const line = (text: string) => cut(text, LONGEST_LINE);

function shortNote(note: readonly string[]): string[] {
  const text = note.join('\n');
  const short = text.length > LONGEST_NOTE ? `${[...text].slice(0, LONGEST_NOTE).join('')}…` : text;
  return short
    .split('\n')
    .map(line)
    .filter((one) => one !== '');
}

function toLink(link: DigestLink | null): ChatLink | null {
  const href = safeHref(link?.href ?? null);
  return link === null || href === null ? null : { text: line(link.text), href };
}

/** Percent-encodes what is legal in an address but ends a link in Markdown, such as brackets. */
function safeHref(href: string | null): string | null {
  if (href === null || !URL.canParse(href)) return null;
  const safe = new URL(href).href.replace(
    /[()<>[\]{}"'`*\\|^]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return safe.length <= LONGEST_LINK ? safe : null;
}

const bold = (text: string, href: string | null): ChatText => ({
  text,
  isBold: true,
  ...(href !== null && { href }),
});

/** Leaves out empty texts, and lines without a text: names can be empty. */
function withText(lines: readonly ChatLine[]): ChatLine[] {
  return lines.map((parts) => parts.filter(({ text }) => text !== '')).filter((parts) => parts.length > 0);
}

function pickItems<T>(
  entries: readonly T[],
  most: number,
  rank: (index: number) => number,
  below: number,
): readonly T[] {
  return entries.slice(0, most).filter((_, index) => rank(index) < below);
}

function clusterSection({ attention, words, comma }: DigestView, below: number): ChatSection {
  if (attention === null) return { heading: '', items: [], more: '' };
  const picked = pickItems(attention.rows, MOST_CLUSTERS, RANKS.clusters, below);
  const leftOut = attention.rows.length + attention.lines.length - picked.length;
  return {
    heading: attention.heading,
    items: picked.map((row) => ({
      kind: row.status.kind,
      lines: withText([
        clusterTitle(row, words.scoreOf, comma),
        ...[...(row.headline === null ? [] : [row.headline]), ...joinDetails(row.details)].map(toLine),
      ]),
      commands: [],
      link: null,
    })),
    more: leftOut === 0 ? '' : words.moreClusters(leftOut),
  };
}

/** The time of the worst incident and the number of the others, or the reason why there is no report. */
function joinDetails(details: readonly Phrase[]): Phrase[] {
  const short = details.map((detail) => cut(plain(detail), LONGEST_DETAIL));
  return short.length === 0 ? [] : [phrase`${short.join(' · ')}`];
}

const toLine = (phrase: Phrase): ChatLine => [{ text: line(plain(phrase)) }];

function clusterTitle(row: ClusterLine, scoreOf: (score: string) => string, comma: string): ChatLine {
  const { status, cluster, score, period, silenced } = row;
  const scored = score === null ? '' : scoreOf(score.value);
  const facts = [status.word, scored, score?.change ?? '', period, silenced].filter((fact) => fact !== '');
  return [
    { text: `${status.glyph} ` },
    bold(line(plain(cluster.text)), safeHref(cluster.href)),
    { text: facts.map((fact) => `${comma}${fact.replace(/\s/g, ' ')}`).join('') },
  ];
}

function incidentSection({ topIncidents, words, comma }: DigestView, below: number): ChatSection {
  if (topIncidents === null) return { heading: '', items: [], more: '' };
  const { heading, entries, firstStep, more } = topIncidents;
  const picked = pickItems(entries, MOST_INCIDENTS, RANKS.incidents, below);
  return {
    heading,
    items: picked.map((incident) => incidentItem(incident, `${firstStep}${words.colon}`, comma)),
    more: picked.length < entries.length || more !== '' ? words.moreIncidentsInReports : '',
  };
}

function incidentItem(incident: TopIncident, firstStep: string, comma: string): ChatItem {
  const { status, cluster, headline, newLabel, when, step, link } = incident;
  const facts = [plain(cluster.text), newLabel, when].filter((fact) => fact !== '');
  const commands = step?.commands.slice(0, MOST_COMMANDS) ?? [];
  const notes = commands.filter(({ note }) => note !== '');
  return {
    kind: status.kind,
    lines: withText([
      [{ text: `${status.glyph} ` }, bold(line(plain(headline)), null)],
      [{ text: line(facts.join(comma)) }],
      ...(step === null ? [] : [[{ text: line(`${firstStep}${plain(step.text)}`) }]]),
      ...notes.map(({ note }) => [{ text: line(note) }]),
    ]),
    commands: commands
      .map(toCommand)
      .filter(({ command }) => command !== '' && command.length <= LONGEST_COMMAND),
    link: toLink(link),
  };
}

function toCommand({ place, words }: DigestCommand): ChatItem['commands'][number] {
  return {
    place: place === null ? '' : line(plain(place)),
    command: words
      .map(({ text, space }) => text + space)
      .join('')
      .replace(/\s*[\n\u2028\u2029]\s*/g, ' ')
      .trim(),
  };
}

type Highlighted = { row: ClusterLine; highlight: Highlight };

function changeSection(view: DigestView, below: number): ChatSection {
  const { attention, healthy, words, comma } = view;
  const rows = [...(attention?.rows ?? []), ...(healthy?.lines ?? [])];
  const all = rows.flatMap((row) =>
    (row.highlights?.lines ?? []).map((highlight): Highlighted => ({ row, highlight })),
  );
  const sorted = all.sort((a, b) => b.highlight.urgency - a.highlight.urgency);
  const picked = pickItems(sorted, MOST_CHANGES, RANKS.changes, below);
  return {
    heading: words.changesAndCapacity,
    items: picked.map(({ row, highlight: { label, text, when } }) => ({
      kind: row.status.kind,
      lines: withText([
        [
          { text: `${row.status.glyph} ` },
          bold(line(plain(row.cluster.text)), safeHref(row.cluster.href)),
          {
            text: line(
              `${words.colon}${label}${words.colon}${[plain(text), when].filter((part) => part !== '').join(comma)}`,
            ),
          },
        ],
      ]),
      commands: [],
      link: null,
    })),
    more: picked.length < all.length || view.moreHighlights !== '' ? words.moreHighlights : '',
  };
}
