import { createHash } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import { oneLine, quoted, toEnvelopeAddress } from './text.ts';
import { MailError } from './transport.ts';

export type Mailbox = { address: string; name?: string | undefined };

/** An image that the HTML refers to as `cid:…`. */
export type InlineImage = { cid: string; contentType: string; bytes: Uint8Array };

export type Attachment = { name: string; contentType: string; bytes: Uint8Array };

export type Message = {
  from: Mailbox;
  /** The addresses in the header To, which need not be the recipients; may be empty. */
  to: readonly string[];
  replyTo?: string | undefined;
  subject: string;
  html: string;
  text: string;
  images: readonly InlineImage[];
  attachments: readonly Attachment[];
  date: Date;
  /**
   * Must be the same when the same message is sent again, so that mail systems can find the duplicate. The angle
   * brackets are optional. SES replaces it and the date:
   * https://docs.aws.amazon.com/ses/latest/dg/header-fields.html
   */
  messageId: string;
  /** RFC 2919: looks like a domain, "daily.reports.example.com". */
  listId: string;
  /** BCP 47: "en", "zh-CN". */
  language: string;
  /** A mailto: or https: URL at which readers can leave the list. */
  listUnsubscribe?: string | undefined;
  /** Further headers; those that the fields above set are refused. */
  headers?: Readonly<Record<string, string>> | undefined;
};

/** Characters. Lists of messages show less; longer names are tests or attacks. */
const LONGEST_SUBJECT = 200;
const LONGEST_NAME = 100;

/** RFC 5322, 2.1.1: lines have at most 998 characters; a value that cannot be folded must fit into one. */
const LONGEST_VALUE = 900;

/**
 * Returns the message as 7-bit MIME: mixed > alternative > (plain, related > (html, images)), attachments. Without
 * attachments there is no mixed part, without images no related part. The same input gives the same bytes.
 * @throws MailError if an address or a value with a fixed syntax is invalid
 */
export async function composeMessage(message: Message): Promise<Buffer> {
  const { from, replyTo } = message;
  const messageId = requireMatch(message.messageId.replace(/^<(.*)>$/, '$1'), MESSAGE_ID, 'Message-ID');
  const composer = new MailComposer({
    from: { address: requireAddress(from.address), name: oneLine(from.name ?? '', LONGEST_NAME) },
    to: message.to.length === 0 ? UNDISCLOSED : message.to.map(mailbox),
    replyTo: replyTo === undefined ? undefined : mailbox(replyTo),
    subject: oneLine(message.subject, LONGEST_SUBJECT),
    date: message.date,
    messageId: `<${messageId}>`,
    headers: buildHeaders(message),
    text: withCrLf(message.text),
    html: withCrLf(message.html),
    attachments: [...message.images.map(imagePart), ...message.attachments.map(attachmentPart)],
    // Base64 for text too: no line of it can equal the boundary, which is predictable here, and no server changes it
    // (trailing spaces, "From " at the start of a line, single dots).
    encoding: 'base64',
    baseBoundary: createHash('sha256').update(messageId).digest('hex').slice(0, 24),
    newline: '\r\n',
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}

const mailbox = (address: string) => ({ address: requireAddress(address), name: '' });

function imagePart({ cid, contentType, bytes }: InlineImage) {
  return {
    cid: requireMatch(cid, CONTENT_ID, 'Content-ID'),
    contentType: requireMatch(contentType, CONTENT_TYPE, 'content type'),
    content: toBuffer(bytes),
    filename: false as const,
  };
}

function attachmentPart({ name, contentType, bytes }: Attachment) {
  return {
    filename: fileName(name),
    contentType: requireMatch(contentType, CONTENT_TYPE, 'content type'),
    content: toBuffer(bytes),
    contentDisposition: 'attachment' as const,
  };
}

/** An empty group (RFC 5322, 3.4). */
const UNDISCLOSED = 'undisclosed-recipients:;';

const ATOM = "[\\w!#$%&'*+/=?^`{|}~-]+";
const MESSAGE_ID = new RegExp(`^(?=.{3,250}$)${ATOM}(?:\\.${ATOM})*@${ATOM}(?:\\.${ATOM})*$`);
const CONTENT_ID = /^[\w.@-]{1,200}$/;
const CONTENT_TYPE = /^[a-z]+\/[a-z0-9.+-]{1,100}$/;
const LIST_ID = /^(?=.{1,255}$)[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i;
const LANGUAGE = /^[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}$/i;
const HEADER_NAME = /^[a-z][a-z0-9-]{0,60}$/i;
const UNSUBSCRIBE_URL = /^(?:mailto|https):[!-;=?-~]{1,900}$/;

/** Headers that the fields of the message set; a header must not appear twice. */
const RESERVED_HEADERS =
  /^(?:from|sender|to|cc|bcc|reply-to|subject|date|message-id|list-id|list-unsubscribe|auto-submitted|mime-version|content-.*|return-path)$/i;

function buildHeaders(message: Message): { key: string; value: string }[] {
  const { listUnsubscribe } = message;
  const further = Object.entries(message.headers ?? {}).map(([name, value]) => {
    if (RESERVED_HEADERS.test(name)) throw invalid(`the header ${name} is set by a field of the message`);
    return { key: requireMatch(name, HEADER_NAME, 'header name'), value: oneLine(value, LONGEST_VALUE) };
  });
  return [
    { key: 'List-Id', value: `<${requireMatch(message.listId, LIST_ID, 'List-Id')}>` },
    ...(listUnsubscribe === undefined
      ? []
      : [{ key: 'List-Unsubscribe', value: `<${unsubscribeUrl(listUnsubscribe)}>` }]),
    // RFC 3834: prevents automatic replies such as out-of-office notices.
    { key: 'Auto-Submitted', value: 'auto-generated' },
    { key: 'Content-Language', value: requireMatch(message.language, LANGUAGE, 'language tag') },
    ...further,
  ];
}

function unsubscribeUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text).href : '';
  return requireMatch(url, UNSUBSCRIBE_URL, 'URL to unsubscribe');
}

/** Returns a file name without characters that file systems or headers do not allow; it keeps its extension. */
function fileName(text: string): string {
  const name = oneLine(text, Number.POSITIVE_INFINITY).replace(/[\\/:*?"<>|]/g, '_');
  const extension = /\.[A-Za-z0-9]{1,10}$/.exec(name)?.[0] ?? '';
  const stem = name.slice(0, name.length - extension.length);
  return `${oneLine(stem, LONGEST_NAME - extension.length) || 'attachment'}${extension}`;
}

/** RFC 2046, 4.1.1: lines of text end in CRLF, also within base64. */
function withCrLf(text: string): string {
  return text.toWellFormed().replace(/\r\n?|\n/g, '\r\n');
}

/** MailComposer takes other byte arrays for an object of options. */
function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function requireAddress(text: string): string {
  const address = toEnvelopeAddress(text);
  if (address === null) throw invalid(`${quoted(text)} is not an e-mail address`);
  return address;
}

function requireMatch(text: string, pattern: RegExp, what: string): string {
  if (!pattern.test(text)) throw invalid(`${quoted(text)} is not a valid ${what}`);
  return text;
}

const invalid = (reason: string) =>
  new MailError(`the message cannot be composed: ${reason}`, { retry: false });
