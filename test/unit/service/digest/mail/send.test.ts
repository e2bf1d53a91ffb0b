import { describe, expect, it } from 'vitest';
import { sendMail } from '../../../../../src/service/digest/mail/send.ts';
import {
  MailError,
  type MailTransport,
  type OutgoingMail,
  splitIntoEnvelopes,
} from '../../../../../src/service/digest/mail/transport.ts';
import { endWith, type SendOutcome } from '../../../../../src/service/digest/outcome.ts';

const MESSAGE = { from: 'Reports@Example.com', raw: new Uint8Array([1]) };
const MINUTE = 60_000;

/** A transport that gives the answers in order, the last one for ever, and keeps what it was asked to send. */
function scripted(...answers: (((mail: OutgoingMail) => SendOutcome) | MailError)[]) {
  const asked: OutgoingMail[] = [];
  const transport: MailTransport = {
    async send(mail) {
      asked.push(mail);
      const answer = answers[Math.min(asked.length, answers.length) - 1];
      if (!answer || answer instanceof Error) throw answer ?? new Error('no answer is left');
      return answer(mail);
    },
    close() {},
  };
  return { transport, asked };
}

const accept = ({ recipients }: OutgoingMail): SendOutcome => ({ accepted: [...recipients], refused: [] });
const busy = new MailError('busy', { retry: true });

const QUICK = { patienceMilliseconds: MINUTE, firstPauseMilliseconds: 1 };

describe('sendMail', () => {
  it('sends to normalized addresses and returns them as they were given', async () => {
    const { transport, asked } = scripted(accept);
    const recipients = ['A.b@EXAMPLE.com', 'A.b@example.COM', 'ops@例子.cn', 'no body@example.com', ''];
    const delivery = await sendMail(transport, MESSAGE, recipients, QUICK);
    expect(asked).toEqual([
      { ...MESSAGE, from: 'Reports@example.com', recipients: ['A.b@example.com', 'ops@xn--fsqu00a.cn'] },
    ]);
    expect(delivery).toEqual({
      accepted: ['A.b@EXAMPLE.com', 'A.b@example.COM', 'ops@例子.cn'],
      refused: ['no body@example.com', ''].map((recipient) => ({
        recipient,
        reason: 'is not an e-mail address',
        retry: false,
      })),
      acceptedBy: 'some',
    });
  });

  it('sends nothing without valid recipients', async () => {
    const { transport, asked } = scripted();
    expect(await sendMail(transport, MESSAGE, ['nobody'], QUICK)).toMatchObject({ acceptedBy: 'nobody' });
    expect(await sendMail(transport, MESSAGE, [], QUICK)).toMatchObject({ accepted: [], refused: [] });
    expect(asked).toEqual([]);
  });

  it('returns who was refused until the time limit and may be tried later', async () => {
    const later = (mail: OutgoingMail): SendOutcome => ({
      accepted: mail.recipients.filter((recipient) => recipient.startsWith('a')),
      refused: mail.recipients
        .filter((recipient) => !recipient.startsWith('a'))
        .map((recipient) => ({ recipient, reason: '451 later', retry: true })),
    });
    const { transport, asked } = scripted(later);
    const options = { patienceMilliseconds: MINUTE, firstPauseMilliseconds: 2 * MINUTE };
    const delivery = await sendMail(transport, MESSAGE, ['a@x.com', 'b@x.com'], options);
    expect(delivery).toEqual({
      accepted: ['a@x.com'],
      refused: [{ recipient: 'b@x.com', reason: '451 later', retry: true }],
      acceptedBy: 'some',
    });
    expect(asked).toHaveLength(1);
  });

  it('keeps who was accepted before the server failed', async () => {
    const half = ({ recipients }: OutgoingMail) =>
      endWith(busy, { accepted: [recipients[0] ?? ''], refused: [] }, recipients.slice(1));
    const suspended = new MailError('suspended', { retry: false });
    const { transport, asked } = scripted(half, suspended);
    expect(await sendMail(transport, MESSAGE, ['a@x.com', 'b@x.com'], QUICK)).toEqual({
      accepted: ['a@x.com'],
      refused: [{ recipient: 'b@x.com', reason: 'suspended', retry: false, mayHaveArrived: false }],
      acceptedBy: 'some',
    });
    expect(asked.map(({ recipients }) => recipients)).toEqual([['a@x.com', 'b@x.com'], ['b@x.com']]);
  });

  it('throws the last error if nobody was accepted, and defects at once', async () => {
    const { transport } = scripted(busy, new MailError('wrong password', { retry: false }));
    await expect(sendMail(transport, MESSAGE, ['a@x.com', 'nobody'], QUICK)).rejects.toThrow(
      'wrong password',
    );
    const defect = new TypeError('a defect of the transport');
    const broken = scripted(() => {
      throw defect;
    });
    await expect(sendMail(broken.transport, MESSAGE, ['a@x.com'], QUICK)).rejects.toBe(defect);
    await expect(sendMail(transport, { ...MESSAGE, from: 'no\nbody' }, ['a@x.com'], QUICK)).rejects.toThrow(
      'the sender "no body" is not an e-mail address',
    );
  });

  it('doubles each pause, and starts again with the first after a success', async () => {
    const oneMore = ({ recipients }: OutgoingMail) =>
      endWith(busy, { accepted: [recipients[0] ?? ''], refused: [] }, recipients.slice(1));
    const { transport } = scripted(busy, busy, oneMore, busy, accept);
    const pauses: number[] = [];
    await sendMail(transport, MESSAGE, ['a@x.com', 'b@x.com', 'c@x.com'], {
      ...QUICK,
      onPause: ({ milliseconds }) => pauses.push(milliseconds),
    });
    expect(pauses).toEqual([1, 2, 1, 2]);
  });

  it('stops at the second lost answer, whatever other failures there were', async () => {
    const lost = new MailError('no answer', { retry: true, mayHaveArrived: true });
    const { transport, asked } = scripted(lost, busy, busy, lost, accept);
    await expect(sendMail(transport, MESSAGE, ['a@x.com'], QUICK)).rejects.toBe(lost);
    expect(asked).toHaveLength(4);
  });
});

describe('splitIntoEnvelopes', () => {
  it('keeps the order and every recipient', () => {
    expect(splitIntoEnvelopes([], 2)).toEqual([]);
    expect(splitIntoEnvelopes(['a', 'b'], 2)).toEqual([['a', 'b']]);
    expect(splitIntoEnvelopes(['a', 'b', 'c'], 2)).toEqual([['a', 'b'], ['c']]);
  });
});
