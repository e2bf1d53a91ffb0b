/**
 * A server that takes the messages of all chat channels as the documentation of each describes it: address, method,
 * headers, signature, form and limits. It answers as the channel would, or as a test wants.
 */
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { ChannelKind } from '../../src/config/schema/channels.ts';
import { findFault } from '../fixtures/chat-messages.ts';

export type ChatRequest = { kind: ChannelKind; url: URL; headers: IncomingHttpHeaders; body: string };
export type ChatAnswer = { status: number; headers?: Record<string, string>; body: string };

/** `lost`: the message is accepted, and its sender gets no answer. `cut`: the answer ends after its headers. */
export type Behaviour = ChatAnswer | 'accept' | 'lost' | 'cut';

export type ChatServer = {
  /** The environment with the addresses and secrets. */
  environment: Record<string, string>;
  /** Valid messages that were accepted. */
  accepted: ChatRequest[];
  /** All requests, each with what is wrong with it, or null. */
  requests: { kind: ChannelKind; fault: string | null }[];
  /** The next answers of a kind, in order; after them it accepts. */
  behaviours: Map<ChannelKind, Behaviour[]>;
  reset(): void;
  stop(): Promise<void>;
};

export const TOKEN = 'tokenQ7Zq2Xv9KdWm4';
export const SIGNING_SECRET = 'SECsigningQ7Zq2Xv9Kd';
export const WEBHOOK_KEY = Buffer.from('0123456789abcdefghijklmnopqrstuv');
export const API_KEY = 'apikeyQ7Zq2Xv9Kd';

/** The paths and parameters that the services give out, with the token of this test. */
const ADDRESSES: Readonly<Record<ChannelKind, string>> = {
  slack: `/services/T00000000/B00000000/${TOKEN}`,
  teams: `/powerautomate/automations/direct/workflows/1/triggers/manual/paths/invoke?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=${TOKEN}`,
  dingtalk: `/robot/send?access_token=${TOKEN}`,
  wecom: `/cgi-bin/webhook/send?key=${TOKEN}`,
  feishu: `/open-apis/bot/v2/hook/${TOKEN}`,
  webhook: `/hooks/${TOKEN}`,
};

const json = (content: object): ChatAnswer => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(content),
});

/** What each service answers when it has accepted a message. */
const SUCCESS: Readonly<Record<ChannelKind, ChatAnswer>> = {
  slack: { status: 200, body: 'ok' },
  teams: { status: 202, body: '' },
  dingtalk: json({ errcode: 0, errmsg: 'ok' }),
  wecom: json({ errcode: 0, errmsg: 'ok' }),
  feishu: json({ code: 0, msg: 'success', data: {}, StatusCode: 0, StatusMessage: 'success' }),
  webhook: { status: 204, body: '' },
};

/** What each service answers to a message that its documentation does not allow. */
const REFUSAL: Readonly<Record<ChannelKind, ChatAnswer>> = {
  slack: { status: 400, body: 'invalid_blocks' },
  teams: { status: 400, body: '{"error":{"code":"InvalidRequest"}}' },
  dingtalk: json({ errcode: 310000, errmsg: 'sign not match' }),
  wecom: json({ errcode: 40058, errmsg: 'markdown_v2.content exceed max length 4096' }),
  feishu: json({ code: 19021, msg: 'sign match fail or timestamp is not within one hour from current time' }),
  webhook: { status: 401, body: '' },
};

const hmac = (key: string | Buffer, content: string) =>
  createHmac('sha256', key).update(content).digest('base64');
const HOUR_SECONDS = 3600;
const isRecent = (seconds: number) => Math.abs(Date.now() / 1000 - seconds) < HOUR_SECONDS;

/** Returns what is wrong with the signature or the headers of a request, or null. */
const CHECKS: Partial<Record<ChannelKind, (request: ChatRequest) => string | null>> = {
  dingtalk({ url: { searchParams } }) {
    const timestamp = searchParams.get('timestamp') ?? '';
    if (!/^\d{13}$/.test(timestamp) || !isRecent(Number(timestamp) / 1000)) return `timestamp ${timestamp}`;
    return searchParams.get('sign') === hmac(SIGNING_SECRET, `${timestamp}\n${SIGNING_SECRET}`)
      ? null
      : 'sign';
  },
  feishu({ body }) {
    const { timestamp = '', sign } = JSON.parse(body);
    if (!/^\d{10}$/.test(timestamp) || !isRecent(Number(timestamp))) return `timestamp ${timestamp}`;
    return sign === hmac(`${timestamp}\n${SIGNING_SECRET}`, '') ? null : 'sign';
  },
  webhook({ headers, body }) {
    const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = headers;
    if (headers['x-api-key'] !== API_KEY) return 'X-Api-Key';
    if (!isRecent(Number(timestamp))) return `timestamp ${timestamp}`;
    return signature === `v1,${hmac(WEBHOOK_KEY, `${id}.${timestamp}.${body}`)}` ? null : 'signature';
  },
};

function faultOf(request: ChatRequest, method: string | undefined): string | null {
  if (method !== 'POST') return `method ${method}`;
  const { headers, kind, body } = request;
  if (!/^application\/json(?:; ?charset=utf-8)?$/.test(headers['content-type'] ?? '')) return 'content type';
  if (Number(headers['content-length']) !== Buffer.byteLength(body)) return 'content length';
  return findFault(kind, body) ?? CHECKS[kind]?.(request) ?? null;
}

export async function startChatServer(): Promise<ChatServer> {
  const accepted: ChatRequest[] = [];
  const requests: ChatServer['requests'] = [];
  const behaviours: ChatServer['behaviours'] = new Map();
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const [, kind, ...path] = (incoming.url ?? '').split('/') as [string, ChannelKind, ...string[]];
      const url = new URL(`/${path.join('/')}`, 'http://chat.invalid');
      const request = { kind, url, headers: incoming.headers, body: await text(incoming) };
      const expected = new URL(ADDRESSES[kind], 'http://chat.invalid');
      const isRight =
        url.pathname === expected.pathname &&
        [...expected.searchParams].every(([name, value]) => url.searchParams.get(name) === value);
      const fault = isRight ? faultOf(request, incoming.method) : `address ${url}`;
      requests.push({ kind, fault });
      const behaviour = fault === null ? (behaviours.get(kind)?.shift() ?? 'accept') : REFUSAL[kind];
      if (typeof behaviour === 'string') accepted.push(request);
      if (behaviour === 'lost') {
        incoming.socket.destroy();
        return;
      }
      if (behaviour === 'cut') {
        outgoing.writeHead(200, { 'content-length': 100 }).write('{');
        setImmediate(() => incoming.socket.destroy());
        return;
      }
      const { status, headers = {}, body } = behaviour === 'accept' ? SUCCESS[kind] : behaviour;
      outgoing.writeHead(status, headers).end(body);
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const addresses = Object.entries(ADDRESSES).map(([kind, path]) => [
    `${kind.toUpperCase()}_URL`,
    `${origin}/${kind}${path}`,
  ]);
  return {
    environment: {
      ...Object.fromEntries(addresses),
      SIGNING_SECRET,
      WEBHOOK_SECRET: `whsec_${WEBHOOK_KEY.toString('base64')}`,
      API_KEY,
    },
    accepted,
    requests,
    behaviours,
    reset() {
      accepted.length = 0;
      requests.length = 0;
      behaviours.clear();
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The channels of a configuration for this server. */
export const CHANNELS = `
channels:
  - { name: s, slack: { url: { environment: SLACK_URL } } }
  - { name: t, teams: { url: { environment: TEAMS_URL } } }
  - { name: d, dingtalk: { url: { environment: DINGTALK_URL }, signingSecret: { environment: SIGNING_SECRET } } }
  - { name: w, wecom: { url: { environment: WECOM_URL } } }
  - { name: f, feishu: { url: { environment: FEISHU_URL }, signingSecret: { environment: SIGNING_SECRET } } }
  - name: h
    webhook:
      url: { environment: WEBHOOK_URL }
      headers: { X-Api-Key: { environment: API_KEY } }
      signingSecret: { environment: WEBHOOK_SECRET }
`;
