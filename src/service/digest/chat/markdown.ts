import type { ChatContent, ChatItem, ChatLine, ChatLink } from './content.ts';

/** How a channel writes Markdown. Each has its own subset, and its own way to write characters of the syntax. */
export type MarkdownDialect = {
  /** Returns one line of text so that no character of it is syntax. */
  escape(text: string): string;
  /** Joins lines of one paragraph. */
  lineBreak: string;
  heading(text: string): string;
  /** Returns a command as a paragraph; null if the channel cannot show it as it is. */
  code(command: string): string | null;
};

/** Returns the paragraphs of an item. */
export function itemParagraphs(dialect: MarkdownDialect, { lines, commands, link }: ChatItem): string[] {
  const shown = commands.flatMap(({ place, command }) => {
    const code = dialect.code(command);
    return code === null ? [] : [...(place === '' ? [] : [dialect.escape(place)]), code];
  });
  return [
    lines.map((line) => markdownLine(dialect, line)).join(dialect.lineBreak),
    ...shown,
    ...(link === null ? [] : [markdownLink(dialect, link)]),
  ];
}

/** Returns the paragraphs after the verdict. */
export function bodyParagraphs(dialect: MarkdownDialect, content: ChatContent): string[] {
  const { origin, tally, note, sections, times, link } = content;
  const { heading, lineBreak } = dialect;
  return [
    [origin, tally].map(dialect.escape).join(lineBreak),
    ...(note.length === 0 ? [] : [`> ${note.map(dialect.escape).join(`${lineBreak}> `)}`]),
    ...sections.flatMap((section) => [
      heading(dialect.escape(section.heading)),
      ...section.items.flatMap((item) => itemParagraphs(dialect, item)),
      ...(section.more === '' ? [] : [dialect.escape(section.more)]),
    ]),
    ...(link === null ? [] : [markdownLink(dialect, link)]),
    ...(times === '' ? [] : [dialect.escape(times)]),
  ];
}

/** Links of the content have no characters that end a link in Markdown. */
function markdownLink(dialect: MarkdownDialect, { text, href }: ChatLink): string {
  return `[${dialect.escape(text)}](${href})`;
}

function markdownLine(dialect: MarkdownDialect, line: ChatLine): string {
  return line
    .map(({ text, isBold, href }) => {
      const written = href === undefined ? dialect.escape(text) : markdownLink(dialect, { text, href });
      return isBold ? `**${written}**` : written;
    })
    .join('');
}

/** Characters of Markdown and HTML, and characters that look similar and have no meaning. */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  ...{ '*': '＊', '`': '｀', '[': '［', ']': '］', '<': '＜', '>': '＞', '\\': '＼', '~': '～', '|': '｜' },
  ...{ '#': '＃', '-': '－', '+': '＋', '=': '＝', '.': '．', '&': '＆', _: '＿' },
};
/** An underscore within a word, as in the names of metrics, emphasizes nothing. */
const ANYWHERE = /[*`[\]<>\\~|]|&(?=#?\w+;)|(?<!\w)_+|_+(?!\w)/g;
/** Headings, lists and lines. */
const AT_START = /^(?:[#=+-]+|\d+\.)/;

/** Replaces characters of Markdown and HTML with similar ones, for channels whose syntax has no way to write them. */
export function withLookAlikes(text: string): string {
  const replace = (found: string) => [...found].map((one) => LOOK_ALIKES[one] ?? one).join('');
  return text.replace(AT_START, replace).replace(ANYWHERE, replace);
}
