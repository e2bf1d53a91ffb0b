import PostalMime from 'postal-mime';
import { afterEach, describe, expect, it } from 'vitest';
import { freePort } from '../../scripts/offline/free-port.ts';
import { openSmtpTransport, type SmtpOptions } from '../../src/adapters/smtp/transport.ts';
import { composeMessage } from '../../src/service/digest/mail/message.ts';
import { sendMail } from '../../src/service/digest/mail/send.ts';
import { MailError, type MailTransport } from '../../src/service/digest/mail/transport.ts';
import type { SendOutcome } from '../../src/service/digest/outcome.ts';
import { SAMPLE_MAIL } from '../fixtures/sample-mail.ts';
import { type MailServer, type Reply, type SmtpBehaviour, startSmtpServer, tlsFixture } from './smtp.ts';

const HOST = '127.0.0.1';
const FROM = 'reports@example.com';
const PASSWORD = 'correct horse';
const LOGIN = { user: 'reports', password: PASSWORD };
const certificateAuthority = tlsFixture('server-cert.pem');
const raw = await composeMessage(SAMPLE_MAIL);

const opened: { stop(): unknown }[] = [];
afterEach(async () => {
  for (const { stop } of opened.splice(0)) await stop();
});

async function start(behaviour: SmtpBehaviour = {}): Promise<MailServer> {
  const server = await startSmtpServer(behaviour);
  opened.push(server);
  return server;
}

function open(options: Omit<SmtpOptions, 'host'>): MailTransport {
  const transport = openSmtpTransport({ host: HOST, certificateAuthority, ...options });
  opened.push({ stop: () => transport.close() });
  return transport;
}

const send = (transport: MailTransport, recipients = ['a@example.com']): Promise<SendOutcome> =>
  transport.send({ from: FROM, recipients, raw });

async function failureOf(work: Promise<unknown>): Promise<MailError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(MailError);
  const failure = error as MailError;
  expect(failure.message).not.toMatch(/[\r\n]/);
  expect(failure.message).not.toContain(PASSWORD);
  expect(failure.cause).toBeUndefined();
  return failure;
}

describe('SMTP delivery', () => {
  it('transmits the message byte by byte, with STARTTLS and a login', async () => {
    const server = await start({ login: LOGIN });
    const outcome = await send(open({ port: server.port, ...LOGIN }), ['a@example.com', 'b@example.com']);
    expect(outcome).toEqual({ accepted: ['a@example.com', 'b@example.com'], refused: [] });
    expect(server.received).toEqual([
      { from: FROM, to: ['a@example.com', 'b@example.com'], raw, user: LOGIN.user, encrypted: true },
    ]);
    const email = await PostalMime.parse(server.received[0]?.raw ?? '');
    expect(email.subject).toBe(SAMPLE_MAIL.subject);
    expect(email.from?.name).toBe('集群健康报告');
    expect(email.attachments.map(({ content }) => Buffer.from(content as ArrayBuffer))).toEqual(
      [...SAMPLE_MAIL.images, ...SAMPLE_MAIL.attachments].map(({ bytes }) => Buffer.from(bytes)),
    );
  });

  it.each([
    ['implicit', true],
    ['none', false],
  ] as const)('the same with tls: %s', async (tls, encrypted) => {
    const server = await start({ tls, login: LOGIN });
    expect((await send(open({ port: server.port, tls, ...LOGIN }))).accepted).toEqual(['a@example.com']);
    expect(server.received).toMatchObject([{ encrypted, raw, user: LOGIN.user }]);
  });

  it('uses no encryption with tls: none, even if the server offers it', async () => {
    const server = await start();
    await send(open({ port: server.port, tls: 'none' }));
    expect(server.received).toMatchObject([{ encrypted: false, user: null }]);
  });

  it('sends envelopes of a hundred recipients', async () => {
    const server = await start();
    const recipients = Array.from({ length: 230 }, (_, index) => `r${index}@example.com`);
    const outcome = await send(open({ port: server.port }), recipients);
    expect(outcome).toEqual({ accepted: recipients, refused: [] });
    expect(server.received.map(({ to }) => to.length)).toEqual([100, 100, 30]);
    expect(server.received.flatMap(({ to }) => to)).toEqual(recipients);
  });
});

describe('SMTP recipients', () => {
  const NOBODY: Reply = { status: 550, text: '5.1.1 nobody\nhere' };
  const LATER: Reply = { status: 451, text: '4.7.1 greylisted, come again' };

  it('get the message although another one is refused', async () => {
    const server = await start({ answerRecipient: (to) => (to.startsWith('bad') ? NOBODY : undefined) });
    const outcome = await send(open({ port: server.port }), [
      'a@example.com',
      'bad@example.com',
      'c@example.com',
    ]);
    expect(outcome).toEqual({
      accepted: ['a@example.com', 'c@example.com'],
      refused: [
        { recipient: 'bad@example.com', reason: expect.stringMatching(/^550 5\.1\.1 nobody/), retry: false },
      ],
    });
    expect(outcome.refused[0]?.reason).not.toMatch(/[\r\n]/);
    expect(server.received).toMatchObject([{ to: ['a@example.com', 'c@example.com'] }]);
  });

  it('are all refused, some of them temporarily', async () => {
    const server = await start({ answerRecipient: (to) => (to.startsWith('bad') ? NOBODY : LATER) });
    const { accepted, refused } = await send(open({ port: server.port }), [
      'a@example.com',
      'bad@example.com',
    ]);
    expect(accepted).toEqual([]);
    expect(refused).toMatchObject([
      { recipient: 'a@example.com', reason: '451 4.7.1 greylisted, come again', retry: true },
      { recipient: 'bad@example.com', retry: false },
    ]);
    expect(server.received).toEqual([]);
  });

  it('that are greylisted get the message after a pause, the others once and at once', async () => {
    const known = new Set(['known@example.com']);
    const server = await start({
      answerRecipient(to) {
        if (known.has(to)) return undefined;
        known.add(to);
        return LATER;
      },
    });
    const pauses: unknown[] = [];
    const delivery = await sendMail(
      open({ port: server.port }),
      { from: FROM, raw },
      ['new@example.com', 'known@example.com', 'nobody'],
      { patienceMilliseconds: 120_000, firstPauseMilliseconds: 5, onPause: (pause) => pauses.push(pause) },
    );
    expect(delivery).toEqual({
      accepted: ['known@example.com', 'new@example.com'],
      refused: [{ recipient: 'nobody', reason: 'is not an e-mail address', retry: false }],
      acceptedBy: 'some',
    });
    expect(pauses).toEqual([{ reason: '451 4.7.1 greylisted, come again', milliseconds: 5, waiting: 1 }]);
    expect(server.received.map(({ to }) => to)).toEqual([['known@example.com'], ['new@example.com']]);
  });

  it('of the first envelope stay accepted when the second envelope fails', async () => {
    let messages = 0;
    const server = await start({
      answerMessage() {
        messages += 1;
        return messages > 1 ? { status: 452, text: '4.3.1 out of space' } : undefined;
      },
    });
    const recipients = Array.from({ length: 250 }, (_, index) => `r${index}@example.com`);
    const { accepted, refused } = await send(open({ port: server.port }), recipients);
    expect(accepted).toEqual(recipients.slice(0, 100));
    expect(refused.map(({ recipient }) => recipient)).toEqual(recipients.slice(100));
    expect(refused[0]).toEqual({
      recipient: 'r100@example.com',
      reason: `the mail server ${HOST}:${server.port} refused the message (452 4.3.1 out of space)`,
      retry: true,
      mayHaveArrived: false,
    });
  });
});

describe('SMTP failures', () => {
  type Case = {
    behaviour: SmtpBehaviour;
    options?: Partial<SmtpOptions>;
    expected: RegExp;
    retry: boolean;
  };

  it.each<[string, Case]>([
    [
      'a wrong password',
      {
        behaviour: { login: { ...LOGIN, password: 'another' } },
        options: LOGIN,
        expected: /does not accept the user or the password \(535\); check both$/,
        retry: false,
      },
    ],
    [
      'a server that repeats the password',
      {
        behaviour: { login: LOGIN, answerSender: () => ({ status: 550, text: `no: ${PASSWORD}` }) },
        options: LOGIN,
        expected: /does not accept mail from reports@example\.com \(550 no: \*\*\*\)/,
        retry: false,
      },
    ],
    [
      'a server that cannot look up logins now',
      {
        behaviour: { login: LOGIN, answerLogin: () => ({ status: 454, text: '4.7.0 later' }) },
        options: LOGIN,
        expected: /cannot check the login now \(454\); try again later$/,
        retry: true,
      },
    ],
    [
      'a login where there is none',
      {
        behaviour: {},
        options: LOGIN,
        expected: /offers no login \(50\d\); remove user and password/,
        retry: false,
      },
    ],
    [
      'no login where there is one',
      {
        behaviour: { login: LOGIN },
        expected: /requires a login \(530 .*\); set user and password$/,
        retry: false,
      },
    ],
    [
      'a certificate that is not trusted',
      {
        behaviour: {},
        options: { certificateAuthority: tlsFixture('other-cert.pem') },
        expected: /has a certificate of an unknown authority \([A-Z_]+\); set caFile to its certificate$/,
        retry: false,
      },
    ],
    [
      'the same with implicit TLS',
      {
        behaviour: { tls: 'implicit' },
        options: { tls: 'implicit', certificateAuthority: tlsFixture('other-cert.pem') },
        expected: /has a certificate of an unknown authority \([A-Z_]+\); set caFile to its certificate$/,
        retry: false,
      },
    ],
    [
      'a certificate of another name',
      {
        behaviour: {},
        options: { host: 'localhost' },
        expected:
          /^the mail server localhost:\d+ has a certificate for another name \(ERR_TLS_CERT_ALTNAME_INVALID\)/,
        retry: false,
      },
    ],
    [
      'no STARTTLS',
      {
        behaviour: { tls: 'none' },
        expected:
          /offers no encryption \(50\d .*\); set tls to implicit and use that port, or set tls to none$/,
        retry: false,
      },
    ],
    [
      'implicit TLS at a port for STARTTLS',
      {
        behaviour: {},
        options: { tls: 'implicit' },
        expected: /does not start with TLS \(\w+\); set tls to required, or use its port for implicit TLS$/,
        retry: false,
      },
    ],
    [
      'STARTTLS at a port for implicit TLS',
      {
        behaviour: { tls: 'implicit' },
        options: { greetingLimitMilliseconds: 150 },
        expected:
          /sends no greeting; set tls to implicit if this is a port for implicit TLS, else try again later$/,
        retry: true,
      },
    ],
    [
      'a sender that is not allowed',
      {
        behaviour: { answerSender: () => ({ status: 553, text: '5.7.1 not yours' }) },
        expected: /does not accept mail from reports@example\.com \(553 5\.7\.1 not yours\); use a sender/,
        retry: false,
      },
    ],
    [
      'a message that is refused for what is in it',
      {
        behaviour: { answerMessage: () => ({ status: 554, text: '5.7.1 looks like spam' }) },
        expected: /refused the message \(554 5\.7\.1 looks like spam\)$/,
        retry: false,
      },
    ],
    [
      'a message that is too large',
      {
        behaviour: { largestBytes: 10_000 },
        expected: /does not accept messages of this size; attach fewer PDFs$/,
        retry: false,
      },
    ],
    [
      'a server that is going down',
      {
        behaviour: { greet: () => ({ status: 421, text: '4.3.2 shutting down' }) },
        expected: /accepts no mail now \(421 4\.3\.2 shutting down\)$/,
        retry: true,
      },
    ],
    [
      'a server that bars this machine',
      {
        behaviour: { greet: () => ({ status: 554, text: '5.7.1 go away' }) },
        expected: /accepts no mail from this machine \(554 5\.7\.1 go away\)$/,
        retry: false,
      },
    ],
  ])('%s', async (_, { behaviour, options, expected, retry }) => {
    const server = await start(behaviour);
    const error = await failureOf(send(open({ port: server.port, ...options })));
    expect(error.message).toMatch(expected);
    expect(error.message).toMatch(/^the mail server \S+:\d+ /);
    expect(error).toMatchObject({ retry, mayHaveArrived: false });
    expect(server.received).toEqual([]);
  });

  it('do not send a password over an unencrypted connection', async () => {
    let logins = 0;
    const server = await start({
      tls: 'none',
      login: LOGIN,
      answerLogin() {
        logins += 1;
        return undefined;
      },
    });
    await failureOf(send(open({ port: server.port, ...LOGIN })));
    expect(logins).toBe(0);
  });

  it('name a port without a server', async () => {
    const error = await failureOf(send(open({ port: await freePort() })));
    expect(error.message).toMatch(/cannot be reached \(ECONNREFUSED\); check host, port and network$/);
    expect(error).toMatchObject({ retry: true, mayHaveArrived: false });
  });

  it('name a host without an address', async () => {
    const error = await failureOf(send(open({ host: 'mail.invalid', port: 587 } as SmtpOptions)));
    expect(error.message).toMatch(
      /^the mail server mail\.invalid:587 cannot be found by its name \(\w+\); check the host name/,
    );
    expect(error.retry).toBe(true);
  });

  it('end with the signal of the caller when the answer does not come', async () => {
    const patience = new AbortController();
    const server = await start({
      answerMessage() {
        patience.abort(new DOMException('the time is over', 'TimeoutError'));
        return 'silence';
      },
    });
    const transport = open({ port: server.port });
    const { signal } = patience;
    const error = await failureOf(
      transport.send({ from: FROM, recipients: ['a@example.com'], raw }, { signal }),
    );
    expect(error.message).toMatch(
      /did not accept the message within the time limit; the message may have arrived$/,
    );
    expect(error).toMatchObject({ retry: true, mayHaveArrived: true });
  });
});

describe('a lost SMTP answer', () => {
  it('is reported as possibly delivered', async () => {
    const server = await start({ answerMessage: () => 'hang-up' });
    const error = await failureOf(send(open({ port: server.port })));
    expect(error.message).toMatch(/gave no answer \(\w+\); the message may have arrived$/);
    expect(error).toMatchObject({ retry: true, mayHaveArrived: true });
    expect(server.received).toHaveLength(1);
  });

  it('causes one retry with the same Message-ID', async () => {
    let messages = 0;
    const server = await start({
      answerMessage() {
        messages += 1;
        return messages === 1 ? 'hang-up' : undefined;
      },
    });
    const options = { patienceMilliseconds: 120_000, firstPauseMilliseconds: 5 };
    const delivery = await sendMail(
      open({ port: server.port }),
      { from: FROM, raw },
      ['a@example.com'],
      options,
    );
    expect(delivery).toEqual({ accepted: ['a@example.com'], refused: [], acceptedBy: 'all' });
    const emails = await Promise.all(server.received.map((mail) => PostalMime.parse(mail.raw)));
    expect(emails.map(({ messageId }) => messageId)).toEqual([SAMPLE_MAIL.messageId, SAMPLE_MAIL.messageId]);
  });

  it('causes no further retries', async () => {
    const server = await start({ answerMessage: () => 'hang-up' });
    const options = { patienceMilliseconds: 120_000, firstPauseMilliseconds: 5 };
    const error = await failureOf(
      sendMail(open({ port: server.port }), { from: FROM, raw }, ['a@example.com'], options),
    );
    expect(error.retry).toBe(true);
    expect(server.received).toHaveLength(2);
  });
});

describe('SMTP retries', () => {
  it('wait until a server has restarted', async () => {
    let connections = 0;
    const server = await start({
      greet() {
        connections += 1;
        return connections < 4 ? { status: 421, text: '4.3.2 starting' } : undefined;
      },
    });
    const pauses: number[] = [];
    const delivery = await sendMail(open({ port: server.port }), { from: FROM, raw }, ['a@example.com'], {
      patienceMilliseconds: 120_000,
      firstPauseMilliseconds: 2,
      onPause: ({ milliseconds }) => pauses.push(milliseconds),
    });
    expect(delivery.acceptedBy).toBe('all');
    expect(pauses).toEqual([2, 4, 8]);
    expect(server.received).toHaveLength(1);
  });

  it('do not happen after a wrong password', async () => {
    const server = await start({ login: LOGIN });
    const transport = open({ port: server.port, user: LOGIN.user, password: 'wrong' });
    const work = sendMail(transport, { from: FROM, raw }, ['a@example.com'], {
      patienceMilliseconds: 60_000,
    });
    expect((await failureOf(work)).retry).toBe(false);
    expect(server.connections()).toBe(1);
  });
});
