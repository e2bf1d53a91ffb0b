import type { RenderChat } from '../../service/digest/chat/channel.ts';
import {
  type ChatContent,
  type ChatItem,
  type ChatLine,
  type ChatLink,
  fitMessage,
} from '../../service/digest/chat/content.ts';

/**
 * A message of blocks: https://docs.slack.dev/reference/block-kit/blocks. Lines are rich text, whose elements are data:
 * Slack looks for no markup, mentions or emoji in them, so no text can mention people. Slack prefers rich text to mrkdwn,
 * which has no way to write an asterisk.
 */

type TextElement = { type: 'text'; text: string; style?: { bold: true } };
type LinkElement = { type: 'link'; url: string; text: string; style?: { bold: true } };
type Element = TextElement | LinkElement;
type RichText =
  | { type: 'rich_text_section'; elements: Element[] }
  | { type: 'rich_text_quote'; elements: Element[] }
  | { type: 'rich_text_preformatted'; elements: Element[] };
type Block =
  | { type: 'header'; text: { type: 'plain_text'; text: string; emoji: false } }
  | { type: 'rich_text'; elements: RichText[] }
  | { type: 'divider' };
export type SlackMessage = { text: string; blocks: Block[]; unfurl_links: false; unfurl_media: false };

/** https://docs.slack.dev/reference/block-kit/blocks: "up to 50 blocks in each message". */
const MOST_BLOCKS = 50;
/** Characters of all blocks as JSON. Slack documents no limit for rich text; this is that of its markdown block. */
const LONGEST_TEXT = 12_000;

export const renderSlack: RenderChat = ({ view }) =>
  fitMessage(
    view,
    slackMessage,
    ({ blocks }) => blocks.length <= MOST_BLOCKS && JSON.stringify(blocks).length <= LONGEST_TEXT,
  );

function slackMessage(content: ChatContent): SlackMessage {
  const { subject, verdict, origin, tally, note, sections, times, link } = content;
  return {
    // The text of notifications is mrkdwn: https://docs.slack.dev/messaging/formatting-message-text#escaping
    text: subject.replace(/[&<>]/g, (character) => ENTITIES[character as keyof typeof ENTITIES]),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: verdict, emoji: false } },
      richText([
        section([text(`${origin}\n${tally}`)]),
        ...(note.length === 0
          ? []
          : [{ type: 'rich_text_quote' as const, elements: [text(note.join('\n'))] }]),
      ]),
      // Slack leaves space between blocks only.
      ...sections.flatMap(({ heading, items, more }): Block[] => [
        { type: 'divider' },
        richText([section([text(heading, true)])]),
        ...items.map((item) => richText(itemElements(item))),
        ...(more === '' ? [] : [richText([section([text(more)])])]),
      ]),
      { type: 'divider' },
      ...lastBlock(times, link),
    ],
    unfurl_links: false,
    unfurl_media: false,
  };
}

const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;' } as const;

function lastBlock(times: string, link: ChatLink | null): Block[] {
  const elements = [
    ...(link === null ? [] : [linkElement(link, true)]),
    ...(times === '' ? [] : [text(link === null ? times : `\n${times}`)]),
  ];
  return elements.length === 0 ? [] : [richText([section(elements)])];
}

function itemElements({ lines, commands, link }: ChatItem): RichText[] {
  return [
    section(lines.flatMap((line, index) => [...(index === 0 ? [] : [text('\n')]), ...lineElements(line)])),
    ...commands.flatMap(({ place, command }): RichText[] => [
      ...(place === '' ? [] : [section([text(place)])]),
      { type: 'rich_text_preformatted', elements: [text(command)] },
    ]),
    ...(link === null ? [] : [section([linkElement(link)])]),
  ];
}

function lineElements(line: ChatLine): Element[] {
  return line.map((part) =>
    part.href === undefined
      ? text(part.text, part.isBold)
      : linkElement({ text: part.text, href: part.href }, part.isBold),
  );
}

const richText = (elements: RichText[]): Block => ({ type: 'rich_text', elements });
const section = (elements: Element[]): RichText => ({ type: 'rich_text_section', elements });

function text(content: string, isBold = false): TextElement {
  return { type: 'text', text: content, ...(isBold && { style: { bold: true } }) };
}

function linkElement({ text: content, href }: ChatLink, isBold = false): LinkElement {
  return { type: 'link', url: href, text: content, ...(isBold && { style: { bold: true } }) };
}
