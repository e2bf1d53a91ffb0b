import type { RenderChat } from '../../service/digest/chat/channel.ts';
import {
  type ChatContent,
  type ChatItem,
  type ChatKind,
  type ChatLine,
  fitMessage,
} from '../../service/digest/chat/content.ts';

/**
 * A message with an Adaptive Card, as workflows of Teams take it:
 * https://learn.microsoft.com/en-us/connectors/teams/#microsoft-teams-webhook. Lines are RichTextBlocks, whose runs are
 * shown as they are ("Markdown is not supported"), unlike the text of a TextBlock.
 */

type TextRun = {
  type: 'TextRun';
  text: string;
  weight?: 'Bolder';
  size?: 'Large' | 'Medium' | 'Small';
  color?: Color;
  isSubtle?: true;
  fontType?: 'Monospace';
  selectAction?: OpenUrl;
};
type Color = 'Attention' | 'Warning' | 'Good' | 'Default';
type OpenUrl = { type: 'Action.OpenUrl'; title?: string; url: string };
type RichTextBlock = {
  type: 'RichTextBlock';
  inlines: TextRun[];
  spacing?: 'None' | 'Small' | 'Medium';
  separator?: true;
};
type Container = { type: 'Container'; style: 'emphasis'; items: RichTextBlock[] };

export type TeamsMessage = {
  type: 'message';
  attachments: [
    {
      contentType: 'application/vnd.microsoft.card.adaptive';
      contentUrl: null;
      content: {
        $schema: 'http://adaptivecards.io/schemas/adaptive-card.json';
        type: 'AdaptiveCard';
        version: '1.4';
        fallbackText: string;
        lang: string;
        body: (RichTextBlock | Container)[];
        actions?: OpenUrl[];
        msteams: { width: 'Full' };
      };
    },
  ];
};

/**
 * Bytes. "The message size limit is approximately 28 KB": https://learn.microsoft.com/en-us/connectors/teams/, known
 * issues. It includes what Teams adds, and some have measured a limit of 21 KB.
 */
const LARGEST_BODY = 20_000;

export const renderTeams: RenderChat = ({ view }) =>
  fitMessage(
    view,
    (content) => teamsMessage(content, view.language),
    (message) => Buffer.byteLength(JSON.stringify(message)) <= LARGEST_BODY,
  );

function teamsMessage(content: ChatContent, language: string): TeamsMessage {
  const { subject, verdict, origin, tally, note, sections, times, link, kind } = content;
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          fallbackText: subject,
          lang: language,
          body: [
            block([run(verdict, { weight: 'Bolder', size: 'Large', color: COLORS[kind] })]),
            block([run(origin, { isSubtle: true })], { spacing: 'None' }),
            block([run(tally)], { spacing: 'Small' }),
            ...note.map((line) => block([run(line)], { spacing: 'Small' })),
            ...sections.flatMap(({ heading, items, more }) => [
              block([run(heading, { weight: 'Bolder', size: 'Medium' })], {
                separator: true,
                spacing: 'Medium',
              }),
              ...items.flatMap(itemBlocks),
              ...(more === '' ? [] : [block([run(more)])]),
            ]),
            ...(times === '' ? [] : [block([run(times, { isSubtle: true, size: 'Small' })])]),
          ],
          ...(link !== null && {
            actions: [{ type: 'Action.OpenUrl', title: link.text, url: link.href }],
          }),
          msteams: { width: 'Full' },
        },
      },
    ],
  };
}

const COLORS: Readonly<Record<ChatKind, Color>> = {
  critical: 'Attention',
  warning: 'Warning',
  absent: 'Default',
  unknown: 'Default',
  healthy: 'Good',
};

function itemBlocks({ kind, lines, commands, link }: ChatItem): (RichTextBlock | Container)[] {
  const [title = [], ...others] = lines;
  return [
    block(lineRuns(title).map((one, index) => (index === 0 ? { ...one, color: COLORS[kind] } : one))),
    ...others.map((line) => block(lineRuns(line), { spacing: 'None' })),
    ...commands.flatMap(({ place, command }): (RichTextBlock | Container)[] => [
      ...(place === '' ? [] : [block([run(place)], { spacing: 'Small' })]),
      { type: 'Container', style: 'emphasis', items: [block([run(command, { fontType: 'Monospace' })])] },
    ]),
    ...(link === null
      ? []
      : [block([run(link.text, { selectAction: openUrl(link.href) })], { spacing: 'Small' })]),
  ];
}

function lineRuns(line: ChatLine): TextRun[] {
  return line.map(({ text, isBold, href }) =>
    run(text, {
      ...(isBold && { weight: 'Bolder' }),
      ...(href !== undefined && { selectAction: openUrl(href) }),
    }),
  );
}

const openUrl = (url: string): OpenUrl => ({ type: 'Action.OpenUrl', url });

function block(inlines: TextRun[], options: Omit<RichTextBlock, 'type' | 'inlines'> = {}): RichTextBlock {
  return { type: 'RichTextBlock', inlines, ...options };
}

function run(text: string, options: Omit<TextRun, 'type' | 'text'> = {}): TextRun {
  return { type: 'TextRun', text, ...options };
}
