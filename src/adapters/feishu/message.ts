import type { RenderChat } from '../../service/digest/chat/channel.ts';
import {
  type ChatContent,
  type ChatItem,
  type ChatKind,
  fitMessage,
} from '../../service/digest/chat/content.ts';
import { itemParagraphs, type MarkdownDialect } from '../../service/digest/chat/markdown.ts';

/** A card (JSON 1.0): https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot */

type PlainText = { tag: 'plain_text'; content: string };
type Element =
  | { tag: 'markdown'; content: string }
  | { tag: 'div'; text: PlainText }
  | { tag: 'hr' }
  | { tag: 'note'; elements: PlainText[] }
  | { tag: 'action'; actions: { tag: 'button'; text: PlainText; type: 'primary'; url: string }[] };
export type FeishuMessage = {
  msg_type: 'interactive';
  card: {
    config: { wide_screen_mode: true };
    header: { template: Template; title: PlainText };
    elements: Element[];
  };
};
type Template = 'red' | 'orange' | 'grey' | 'green';

/** Bytes of the request: "发送消息时，请求体的数据大小不能超过 20 KB", from the same document, read as 20,000. */
const LARGEST_BODY = 20_000;
/** Bytes that the time and the signature take. */
const SIGNATURE_BYTES = 100;

export const renderFeishu: RenderChat = ({ view }) =>
  fitMessage(
    view,
    feishuMessage,
    (message) => Buffer.byteLength(JSON.stringify(message)) <= LARGEST_BODY - SIGNATURE_BYTES,
  );

/**
 * The component for Markdown:
 * https://open.feishu.cn/document/uAjLw4CM/ukzMukzMukzM/feishu-cards/card-components/content-components/rich-text. It lists
 * the characters that are written as entities.
 */
const DIALECT: MarkdownDialect = {
  escape: (text) =>
    text
      .replace(/[&<>~!*/\\[\]()#:+"'`$_{}|@=-]/g, (character) => `&#${character.charCodeAt(0)};`)
      // An ordered list.
      .replace(/^(\d+)\./, '$1&#46;'),
  lineBreak: '\n',
  heading: (text) => `**${text}**`,
  // Tags such as <at> may have a meaning within code too.
  code: (command) => (/```|<\/?[a-z]/i.test(command) ? null : `\`\`\`\n${command}\n\`\`\``),
};

const TEMPLATES: Readonly<Record<ChatKind, Template>> = {
  critical: 'red',
  warning: 'orange',
  absent: 'grey',
  unknown: 'grey',
  healthy: 'green',
};

function feishuMessage(content: ChatContent): FeishuMessage {
  const { kind, verdict, origin, tally, note, sections, times, link } = content;
  return {
    msg_type: 'interactive',
    card: {
      config: { wide_screen_mode: true },
      header: { template: TEMPLATES[kind], title: plainText(verdict) },
      elements: [
        div([origin, tally].join('\n')),
        ...(note.length === 0 ? [] : [div(note.join('\n'))]),
        ...sections.flatMap(({ heading, items, more }): Element[] => [
          { tag: 'hr' },
          markdown([DIALECT.heading(DIALECT.escape(heading))]),
          ...items.map(itemElement),
          ...(more === '' ? [] : [div(more)]),
        ]),
        ...(link === null ? [] : [button(link.text, link.href)]),
        ...(times === '' ? [] : [{ tag: 'note' as const, elements: [plainText(times)] }]),
      ],
    },
  };
}

const itemElement = (item: ChatItem): Element => markdown(itemParagraphs(DIALECT, item));

const markdown = (paragraphs: readonly string[]): Element => ({
  tag: 'markdown',
  content: paragraphs.join('\n'),
});
const plainText = (content: string): PlainText => ({ tag: 'plain_text', content });
const div = (content: string): Element => ({ tag: 'div', text: plainText(content) });
const button = (text: string, url: string): Element => ({
  tag: 'action',
  actions: [{ tag: 'button', text: plainText(text), type: 'primary', url }],
});
