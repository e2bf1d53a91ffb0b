import type { RenderChat } from '../../service/digest/chat/channel.ts';
import { type ChatContent, fitMessage } from '../../service/digest/chat/content.ts';
import { bodyParagraphs, type MarkdownDialect, withLookAlikes } from '../../service/digest/chat/markdown.ts';

/**
 * A message of the type markdown: https://open.dingtalk.com/document/robots/custom-robot-access. It has no `at`, so no
 * text can mention people.
 */
export type DingtalkMessage = { msgtype: 'markdown'; markdown: { title: string; text: string } };

/** Bytes: the robot answers "message too long, exceed 20000 bytes". */
const LARGEST_BODY = 20_000;

/**
 * The documented subset has headings, quotes, emphasis, links, images and lists. It has no code, so commands are only in
 * the report. A backslash before an underscore is what prometheus-webhook-dingtalk sends.
 */
const DIALECT: MarkdownDialect = {
  escape: (text) => withLookAlikes(text).replaceAll('_', '\\_'),
  // A line end alone is no break.
  lineBreak: '  \n',
  heading: (text) => `### ${text}`,
  code: () => null,
};

export const renderDingtalk: RenderChat = ({ view }) =>
  fitMessage(view, dingtalkMessage, (message) => Buffer.byteLength(JSON.stringify(message)) <= LARGEST_BODY);

function dingtalkMessage(content: ChatContent): DingtalkMessage {
  const paragraphs = [`## ${DIALECT.escape(content.verdict)}`, ...bodyParagraphs(DIALECT, content)];
  return { msgtype: 'markdown', markdown: { title: content.subject, text: paragraphs.join('\n\n') } };
}
