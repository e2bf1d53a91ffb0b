/** A mail server in this process: nodemailer's smtp-server, which keeps the messages that it accepts. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

export type ReceivedMail = {
  from: string;
  to: string[];
  raw: Buffer;
  user: string | null;
  encrypted: boolean;
};

/** A refusal. */
export type Reply = { status: number; text: string };

export type SmtpBehaviour = {
  /** STARTTLS by default. */
  tls?: 'starttls' | 'implicit' | 'none';
  /** The login that the server requires; none by default. */
  login?: { user: string; password: string };
  greet?: () => Reply | undefined;
  answerLogin?: () => Reply | undefined;
  answerSender?: (address: string) => Reply | undefined;
  answerRecipient?: (address: string) => Reply | undefined;
  /** `hang-up` and `silence` accept the message without an answer; the connection ends or stays open. */
  answerMessage?: () => Reply | 'hang-up' | 'silence' | undefined;
  largestBytes?: number;
};

export type MailServer = {
  port: number;
  received: ReceivedMail[];
  /** Number of connections so far. */
  connections(): number;
  stop(): Promise<void>;
};

export const tlsFixture = (name: string) =>
  readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url), 'utf8');

export async function startSmtpServer(behaviour: SmtpBehaviour = {}): Promise<MailServer> {
  const { tls = 'starttls', login, largestBytes } = behaviour;
  const received: ReceivedMail[] = [];
  let connections = 0;
  const server = new SMTPServer({
    secure: tls === 'implicit',
    key: tlsFixture('server-key.pem'),
    cert: tlsFixture('server-cert.pem'),
    disabledCommands: [...(tls === 'none' ? ['STARTTLS'] : []), ...(login ? [] : ['AUTH'])],
    authOptional: !login,
    // Some office servers allow it, and a test needs a login over an unencrypted connection.
    allowInsecureAuth: true,
    disableReverseLookup: true,
    // Milliseconds that `stop` waits for clients.
    closeTimeout: 50,
    logger: false,
    ...(largestBytes && { size: largestBytes }),
    onConnect: (_, callback) => callback(errorOf(behaviour.greet?.())),
    onAuth({ username, password }, _, callback) {
      const own = behaviour.answerLogin?.();
      if (own) return callback(errorOf(own));
      const isRight = username === login?.user && password === login?.password;
      if (isRight) callback(null, { user: username });
      else callback(errorOf({ status: 535, text: '5.7.8 Authentication credentials invalid' }));
    },
    onMailFrom: ({ address }, _, callback) => callback(errorOf(behaviour.answerSender?.(address))),
    onRcptTo: ({ address }, _, callback) => callback(errorOf(behaviour.answerRecipient?.(address))),
    onData(stream, { envelope, user, secure }, callback) {
      buffer(stream).then((raw) => {
        const answer = behaviour.answerMessage?.();
        const isRefused = typeof answer === 'object';
        if (!isRefused && !stream.sizeExceeded)
          received.push({
            from: envelope.mailFrom ? envelope.mailFrom.address : '',
            to: envelope.rcptTo.map(({ address }) => address),
            raw,
            user: user ? String(user) : null,
            encrypted: secure,
          });
        if (answer === 'hang-up') for (const connection of server.connections) connection.close();
        else if (answer !== 'silence') callback(errorOf(answer));
      }, callback);
    },
  });
  server.server.on('connection', () => {
    connections += 1;
  });
  // Tests cut connections on purpose.
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  return {
    port: (server.server.address() as AddressInfo).port,
    received,
    connections: () => connections,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
      }),
  };
}

function errorOf(reply: Reply | undefined): Error | null {
  return reply ? Object.assign(new Error(reply.text), { responseCode: reply.status }) : null;
}
