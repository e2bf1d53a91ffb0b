import type { RenderChat } from '../../service/digest/chat/channel.ts';
import { type ChatContent, fitMessage } from '../../service/digest/chat/content.ts';
import { bodyParagraphs, type MarkdownDialect, withLookAlikes } from '../../service/digest/chat/markdown.ts';

/**
 * A message of the type markdown_v2: https://developer.work.weixin.qq.com/document/path/91770. Unlike the type markdown it
 * has code, and no mentions and colours, so no text can mention people. Clients before 4.1.36 show it as plain text.
 */
export type WecomMessage = { msgtype: 'markdown_v2'; markdown_v2: { content: string } };

/** Bytes of the content in UTF-8, from the same document. */
const LONGEST_CONTENT = 4096;

const DIALECT: MarkdownDialect = {
  escape: withLookAlikes,
  lineBreak: '\n',
  heading: (text) => `## ${text}`,
  code: (command) => (command.includes('```') ? null : `\`\`\`\n${command}\n\`\`\``),
};

export const renderWecom: RenderChat = ({ view }) =>
  fitMessage(
    view,
    wecomMessage,
    ({ markdown_v2: { content } }) => Buffer.byteLength(content) <= LONGEST_CONTENT,
  );

function wecomMessage(content: ChatContent): WecomMessage {
  const paragraphs = [`# ${DIALECT.escape(content.verdict)}`, ...bodyParagraphs(DIALECT, content)];
  return { msgtype: 'markdown_v2', markdown_v2: { content: paragraphs.join('\n\n') } };
}
