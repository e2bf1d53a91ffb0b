import { createHash } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import { oneLine, toEnvelopeAddress } from './text.ts';
import { MailError } from './transport.ts';

/** A message as it goes over the wire. Composed from the same input it has the same bytes. */

export type Mailbox = { address: string; name?: string };

/** A picture that the HTML shows as `cid:…`. */
export type InlineImage = { cid: string; contentType: string; bytes: Uint8Array };

export type Attachment = { name: string; contentType: string; bytes: Uint8Array };

export type Message = {
  from: Mailbox;
  /** The addresses that are shown, not those who get it; nobody is shown when there is none. */
  to: readonly string[];
  replyTo?: string;
  subject: string;
  html: string;
  text: string;
  images: readonly InlineImage[];
  attachments: readonly Attachment[];
  date: Date;
  /**
   * Must be the same when the same message is sent again: mail systems may tell a duplicate by it. Brackets around it
   * may be left out. SES puts its own in its place, and its own date:
   * https://docs.aws.amazon.com/ses/latest/dg/header-fields.html
   */
  messageId: string;
  /** RFC 2919: looks like a domain, "daily.reports.example.com". */
  listId: string;
  /** BCP 47: "en", "zh-CN". */
  language: string;
  /** An address, mailto: or https:, at which readers leave the list. */
  listUnsubscribe?: string;
  /** Others; those that are made from the fields above are refused. */
  headers?: Readonly<Record<string, string>>;
};

/** More does not fit into any list of messages; a name of 300 characters is somebody's test or trick. */
const LONGEST_SUBJECT = 200;
const LONGEST_NAME = 100;

/** RFC 5322, 2.1.1: no line beyond 998; a value that cannot be folded must fit into one. */
const LONGEST_VALUE = 900;

/**
 * The message as 7-bit MIME: mixed > alternative > (plain, related > (html, images)), attachments; without attachments
 * there is no mixed around it, without images no related.
 * @throws MailError when an address or one of the fixed values is none
 */
export async function composeMessage(message: Message): Promise<Buffer> {
  const messageId = requireMatch(message.messageId.replace(/^<(.*)>$/, '$1'), MESSAGE_ID, 'Message-ID');
  const { from, replyTo } = message;
  const composer = new MailComposer({
    from: { address: requireAddress(from.address), name: oneLine(from.name ?? '', LONGEST_NAME) },
    to:
      message.to.length === 0
        ? NOBODY_SHOWN
        : message.to.map((address) => ({ address: requireAddress(address), name: '' })),
    ...(replyTo !== undefined && { replyTo: { address: requireAddress(replyTo), name: '' } }),
    subject: oneLine(message.subject, LONGEST_SUBJECT),
    date: message.date,
    messageId: `<${messageId}>`,
    headers: headersOf(message),
    text: withLineEnds(message.text),
    html: withLineEnds(message.html),
    attachments: [
      ...message.images.map(({ cid, contentType, bytes }) => ({
        cid: requireMatch(cid, CONTENT_ID, 'Content-ID'),
        contentType: requireMatch(contentType, CONTENT_TYPE, 'content type'),
        content: bufferOf(bytes),
        filename: false as const,
      })),
      ...message.attachments.map(({ name, contentType, bytes }) => ({
        filename: fileName(name),
        contentType: requireMatch(contentType, CONTENT_TYPE, 'content type'),
        content: bufferOf(bytes),
        contentDisposition: 'attachment' as const,
      })),
    ],
    // Base64 for text, too: no line of it can be taken for a boundary, which is not random here, nor be changed on
    // the way (trailing spaces, "From " at its beginning, lone dots).
    encoding: 'base64',
    baseBoundary: createHash('sha256').update(messageId).digest('hex').slice(0, 24),
    newline: '\r\n',
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}

/** An empty group, as RFC 5322 has it: "undisclosed-recipients:;". */
const NOBODY_SHOWN = 'undisclosed-recipients:;';

const ATOM = "[\\w!#$%&'*+/=?^`{|}~-]+";
const MESSAGE_ID = new RegExp(`^(?=.{3,250}$)${ATOM}(?:\\.${ATOM})*@${ATOM}(?:\\.${ATOM})*$`);
const CONTENT_ID = /^[\w.@-]{1,200}$/;
const CONTENT_TYPE = /^[a-z]+\/[a-z0-9.+-]{1,100}$/;
const LIST_ID = /^(?=.{1,255}$)[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i;
const LANGUAGE = /^[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}$/i;
const HEADER_NAME = /^[a-z][a-z0-9-]{0,60}$/i;

/** What is made from the message's fields; a header must not be there twice. */
const OWN_HEADERS =
  /^(?:from|sender|to|cc|bcc|reply-to|subject|date|message-id|list-id|list-unsubscribe|auto-submitted|mime-version|content-.*|return-path)$/i;

function headersOf(message: Message): { key: string; value: string }[] {
  const { listUnsubscribe, headers = {} } = message;
  const others = Object.entries(headers).map(([name, value]) => {
    if (OWN_HEADERS.test(name)) throw unfit(`the header ${name} is made from the message’s own fields`);
    return { key: requireMatch(name, HEADER_NAME, 'name of a header'), value: oneLine(value, LONGEST_VALUE) };
  });
  return [
    { key: 'List-Id', value: `<${requireMatch(message.listId, LIST_ID, 'List-Id')}>` },
    ...(listUnsubscribe === undefined
      ? []
      : [{ key: 'List-Unsubscribe', value: `<${unsubscribeAddress(listUnsubscribe)}>` }]),
    // RFC 3834: out-of-office replies stay away from it.
    { key: 'Auto-Submitted', value: 'auto-generated' },
    { key: 'Content-Language', value: requireMatch(message.language, LANGUAGE, 'language') },
    ...others,
  ];
}

function unsubscribeAddress(text: string): string {
  const address = URL.canParse(text) ? new URL(text).href : '';
  return requireMatch(address, /^(?:mailto|https):[!-;=?-~]{1,900}$/, 'address to unsubscribe at');
}

/** The last part of a path, without what file systems or headers take amiss; its ending stays. */
function fileName(text: string): string {
  const name = oneLine(text, Number.POSITIVE_INFINITY).replace(/[\\/:*?"<>|]/g, '_');
  const ending = /\.[A-Za-z0-9]{1,10}$/.exec(name)?.[0] ?? '';
  const stem = name.slice(0, name.length - ending.length);
  return `${oneLine(stem, LONGEST_NAME - ending.length) || 'attachment'}${ending}`;
}

/** RFC 2046, 4.1.1: the lines of text end in CRLF, in base64, too. */
function withLineEnds(text: string): string {
  return text.toWellFormed().replace(/\r\n?|\n/g, '\r\n');
}

/** The composer takes other arrays of bytes for options. */
function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function requireAddress(text: string): string {
  const address = toEnvelopeAddress(text);
  if (address === null) throw unfit(`${quoted(text)} is not an e-mail address`);
  return address;
}

function requireMatch(text: string, pattern: RegExp, what: string): string {
  if (!pattern.test(text)) throw unfit(`${quoted(text)} is not fit for a ${what}`);
  return text;
}

const unfit = (reason: string) =>
  new MailError(`the message cannot be composed: ${reason}`, { retry: false });

const quoted = (text: string) => JSON.stringify(oneLine(text, 80));
