/**
 * Amazon SES in this process: aws-ses-v2-local, which accepts SendEmail like AWS and parses the message. It has no limits,
 * identities or errors of SES, checks no signature, and drops the envelope of a raw message. A small fake proxy in front
 * of it therefore records requests and returns the errors that AWS documents; the SDK handles them as in production.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer, json } from 'node:stream/consumers';
import localSes from 'aws-ses-v2-local';

export type SesRequest = {
  recipients: string[];
  raw: Buffer;
  /** The other parameters of SendEmail. */
  parameters: Record<string, unknown>;
};

export type SesAnswer =
  /** An error of SES, which does not get the message. */
  | { status: number; name: string; message: string }
  /** SES handles the request, and the client gets no answer. */
  | 'lose-answer';

export type StoredMail = {
  subject: string;
  from: string;
  body: { text?: string; html?: string };
  attachments: { filename?: string; contentType: string; cid?: string; content: string }[];
};

export type LocalSes = {
  endpoint: string;
  /** Received requests, answered or not, oldest first. */
  requests: SesRequest[];
  /** Called before each request is passed on. */
  answer: (asked: SesRequest) => SesAnswer | undefined;
  /** Messages that the server behind the proxy accepted. */
  stored(): Promise<StoredMail[]>;
  reset(): Promise<void>;
  stop(): Promise<void>;
};

/** The package is CommonJS: Vitest unwraps its default export, Node does not. */
const startLocalSes = (localSes.default ?? localSes) as typeof localSes.default;

export async function startSes(): Promise<LocalSes> {
  const behind = await startLocalSes({ host: '127.0.0.1', port: 0 });
  const target = addressOf(behind);
  const noAnswer = () => undefined;
  const proxy = createServer((incoming, outgoing) => {
    pass(target, ses, incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const ses: LocalSes = {
    endpoint: addressOf(proxy),
    requests: [],
    answer: noAnswer,
    async stored() {
      const { emails } = (await (await fetch(`${target}/store`)).json()) as { emails: StoredMail[] };
      return emails;
    },
    async reset() {
      ses.requests = [];
      ses.answer = noAnswer;
      await fetch(`${target}/clear-store`, { method: 'POST' });
    },
    async stop() {
      for (const server of [proxy, behind]) {
        server.closeAllConnections();
        server.close();
        await once(server, 'close');
      }
    },
  };
  return ses;
}

const addressOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

async function pass(
  target: string,
  ses: LocalSes,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const sent = await buffer(incoming);
  const { Content, Destination, ...parameters } = JSON.parse(sent.toString('utf8')) as {
    Content: { Raw: { Data: string } };
    Destination: Record<string, string[]>;
  };
  const asked: SesRequest = {
    recipients: Object.values(Destination).flat(),
    raw: Buffer.from(Content.Raw.Data, 'base64'),
    parameters,
  };
  ses.requests.push(asked);
  const answer = ses.answer(asked);
  if (answer && answer !== 'lose-answer') {
    outgoing
      .writeHead(answer.status, { 'Content-Type': 'application/json', 'x-amzn-ErrorType': answer.name })
      .end(JSON.stringify({ message: answer.message }));
    return;
  }
  const { method, url: path, headers } = incoming;
  const onward = request(target, { method, path, headers });
  const answered: Promise<[IncomingMessage]> = once(onward, 'response') as never;
  onward.end(sent);
  const [reply] = await answered;
  const body = await json(reply);
  if (answer === 'lose-answer') incoming.socket.destroy();
  else
    outgoing
      .writeHead(reply.statusCode ?? 502, { 'Content-Type': 'application/json' })
      .end(JSON.stringify(body));
}
