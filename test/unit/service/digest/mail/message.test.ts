import fc from 'fast-check';
import PostalMime, { type Email } from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { composeMessage, type Message } from '../../../../../src/service/digest/mail/message.ts';
import { oneLine } from '../../../../../src/service/digest/mail/text.ts';
import { MailError } from '../../../../../src/service/digest/mail/transport.ts';
import { SAMPLE_MAIL } from '../../../../fixtures/sample-mail.ts';

const withCrLf = (text: string) => text.toWellFormed().replace(/\r\n?|\n/g, '\r\n');

/** The names of the headers of the message itself, in order. */
const headerNames = (raw: Buffer) =>
  (raw.toString('latin1').split('\r\n\r\n', 1)[0] ?? '')
    .split('\r\n')
    .filter((line) => !/^[ \t]/.test(line))
    .map((line) => line.split(':', 1)[0]);

const headerOf = (email: Email, name: string) => email.headers.find(({ key }) => key === name)?.value;

function expectFitForTheWire(raw: Buffer): void {
  const text = raw.toString('latin1');
  expect(text).toMatch(/^[\t\r\n\x20-\x7e]*$/);
  expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  expect(Math.max(...text.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998);
}

describe('composeMessage', () => {
  it('contains everything that it was composed from', async () => {
    const raw = await composeMessage(SAMPLE_MAIL);
    expectFitForTheWire(raw);
    const email = await PostalMime.parse(raw);
    expect(email.from).toMatchObject({ name: '集群健康报告', address: 'reports@example.com' });
    expect(email.to).toMatchObject([{ address: 'noc@example.com' }]);
    expect(email.replyTo).toMatchObject([{ address: 'team@example.com' }]);
    expect(email.subject).toBe(SAMPLE_MAIL.subject);
    expect(email.date).toBe('2026-03-04T06:00:07.000Z');
    expect(email.messageId).toBe(SAMPLE_MAIL.messageId);
    expect(headerOf(email, 'list-id')).toBe('<daily.antrea-health-report.example.com>');
    expect(headerOf(email, 'auto-submitted')).toBe('auto-generated');
    expect(headerOf(email, 'content-language')).toBe('zh-CN');
    expect(email.text).toBe(withCrLf(SAMPLE_MAIL.text));
    expect(email.html).toBe(withCrLf(SAMPLE_MAIL.html));
    const files = [...SAMPLE_MAIL.images, ...SAMPLE_MAIL.attachments];
    expect(email.attachments.map(({ content }) => Buffer.from(content as ArrayBuffer))).toEqual(
      files.map(({ bytes }) => Buffer.from(bytes)),
    );
    expect(email.attachments).toMatchObject([
      { mimeType: 'image/png', disposition: 'inline', contentId: '<score-1@digest>', related: true },
      { mimeType: 'image/png', disposition: 'inline', contentId: '<score-2@digest>', related: true },
      { mimeType: 'application/pdf', disposition: 'attachment', filename: '北京一号 2026-03-03.pdf' },
    ]);
  });

  it('nests images with the HTML and PDFs beside it', async () => {
    const typesOf = async (message: Message) => {
      const raw = (await composeMessage(message)).toString('latin1');
      return [...raw.matchAll(/^Content-Type: ([^;\r\n]+)/gm)].map(([, type]) => type);
    };
    const body = ['text/plain', 'multipart/related', 'text/html', 'image/png', 'image/png'];
    expect(await typesOf(SAMPLE_MAIL)).toEqual([
      'multipart/mixed',
      'multipart/alternative',
      ...body,
      'application/pdf',
    ]);
    expect(await typesOf({ ...SAMPLE_MAIL, attachments: [] })).toEqual(['multipart/alternative', ...body]);
    expect(await typesOf({ ...SAMPLE_MAIL, attachments: [], images: [] })).toEqual([
      'multipart/alternative',
      'text/plain',
      'text/html',
    ]);
  });

  it('returns the same bytes for the same input, and another boundary for another Message-ID', async () => {
    const raw = await composeMessage(SAMPLE_MAIL);
    expect(await composeMessage({ ...SAMPLE_MAIL })).toEqual(raw);
    const messageId = SAMPLE_MAIL.messageId.slice(1, -1);
    expect(await composeMessage({ ...SAMPLE_MAIL, messageId })).toEqual(raw);
    const boundaryOf = (bytes: Buffer) => /boundary="([^"]+)"/.exec(bytes.toString('latin1'))?.[1];
    const other = await composeMessage({ ...SAMPLE_MAIL, messageId: 'other@example.com' });
    expect(boundaryOf(other)).not.toBe(boundaryOf(raw));
  });

  it('encodes text, so that it cannot end its part', async () => {
    const boundary = /boundary="([^"]+)"/.exec((await composeMessage(SAMPLE_MAIL)).toString('latin1'))?.[1];
    const text = `before\r\n--${boundary}--\r\n--${boundary}\r\nContent-Type: text/html\r\n\r\n<script>`;
    const email = await PostalMime.parse(await composeMessage({ ...SAMPLE_MAIL, text }));
    expect(email.text).toBe(text);
    expect(email.attachments).toHaveLength(3);
  });

  it('has undisclosed recipients if none is to be shown', async () => {
    const raw = await composeMessage({ ...SAMPLE_MAIL, to: [] });
    expect(raw.toString('latin1')).toMatch(/^To: "?undisclosed-recipients"?:;\r$/m);
  });

  it('adds the optional headers', async () => {
    const email = await PostalMime.parse(
      await composeMessage({
        ...SAMPLE_MAIL,
        listUnsubscribe: 'mailto:team@example.com?subject=unsubscribe me',
        headers: { 'X-Report-Period': 'day' },
      }),
    );
    expect(headerOf(email, 'list-unsubscribe')).toBe('<mailto:team@example.com?subject=unsubscribe%20me>');
    expect(headerOf(email, 'x-report-period')).toBe('day');
  });

  it.each<[string, Partial<Message>]>([
    ['a sender', { from: { address: 'reports@example.com>\r\nBcc: x@example.com' } }],
    ['a shown recipient', { to: ['noc@example.com, other@example.com'] }],
    ['a reply address', { replyTo: 'nobody' }],
    ['a Message-ID', { messageId: 'a@b>\r\nBcc: <x@example.com' }],
    ['a List-Id', { listId: 'a b' }],
    ['a language', { language: 'en\r\nX: y' }],
    ['a Content-ID', { images: [{ cid: 'a b', contentType: 'image/png', bytes: new Uint8Array(1) }] }],
    ['a content type', { attachments: [{ name: 'a', contentType: 'a/b;c=d', bytes: new Uint8Array(1) }] }],
    ['an address to unsubscribe at', { listUnsubscribe: 'javascript:alert(1)' }],
    ['a header name', { headers: { 'X-A: b\r\nBcc': 'x' } }],
    ['a header beyond its fields', { headers: { 'LIST-ID': 'x' } }],
  ])('refuses a value that is not %s', async (_, change) => {
    const error = await composeMessage({ ...SAMPLE_MAIL, ...change }).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(MailError);
    expect(error).toMatchObject({ retry: false });
    expect((error as MailError).message).toMatch(/^the message cannot be composed: [^\r\n]+$/);
  });

  const nasty = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({ unit: 'grapheme', minLength: 250, maxLength: 300 }),
    // All 16-bit codes, including lone surrogates.
    fc
      .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 300 })
      .map((codes) => String.fromCharCode(...codes)),
    fc.constantFrom(
      'x\r\nBcc: thief@example.com',
      'x\n\n<script>',
      'x\rBcc: thief@example.com',
      'x\u2028Bcc: y\u0085z',
      '\u202egnp.exe',
      'prod\u200f\u2066\u2069',
      '=?utf-8?B?DQpCY2M6IHhAeQ==?=',
      '=?utf-8?Q?=0D=0ABcc:_x?=',
      '= ?=?utf-8?q?a?=',
      '"quoted\\" <a@b>, c@d',
      '(comment) ; name=x',
      'n'.repeat(300),
      '节'.repeat(300),
      '\0\x7f\x1b[31m',
      '<b>&amp;</b>',
    ),
  );
  const nastyText = fc.array(nasty, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(''));

  it('keeps its structure and headers for any names', async () => {
    const expected = headerNames(await composeMessage({ ...SAMPLE_MAIL, headers: { 'X-Cluster': 'x' } }));
    await fc.assert(
      fc.asyncProperty(nastyText, nastyText, nastyText, nastyText, async (subject, name, file, text) => {
        const raw = await composeMessage({
          ...SAMPLE_MAIL,
          from: { address: 'reports@example.com', name },
          subject: `prod ${subject}`,
          headers: { 'X-Cluster': `x${name}` },
          html: `<p>${text}`,
          text: `x${text}`,
          attachments: [{ name: file, contentType: 'application/pdf', bytes: new Uint8Array([1, 2, 3]) }],
        });
        expectFitForTheWire(raw);
        expect(headerNames(raw)).toEqual(expected);
        const email = await PostalMime.parse(raw);
        expect(email.subject).toBe(oneLine(`prod ${subject}`, 200));
        expect(email.from?.address).toBe('reports@example.com');
        expect(email.from?.name).toBe(oneLine(name, 100));
        expect(email.text).toBe(withCrLf(`x${text}`));
        expect(email.html).toBe(withCrLf(`<p>${text}`));
        expect(email.attachments).toHaveLength(3);
        const shown = [
          email.subject,
          email.from?.name,
          email.attachments[2]?.filename,
          headerOf(email, 'x-cluster'),
        ];
        for (const value of shown) expect(value).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
        expect(email.attachments[2]?.filename).toMatch(/^[^\\/:*?"<>|]{1,100}$/u);
      }),
      { numRuns: 300, seed: 4 },
    );
  });
});
