import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openFolderStore } from '../../src/adapters/folder/store.ts';
import { digestsOf, linkAddressOf } from '../../src/config/schedules.ts';
import { type ChannelKind, channelKinds } from '../../src/config/schema/channels.ts';
import { deliveriesOf } from '../../src/connect/deliveries.ts';
import { openSecretSources } from '../../src/connect/secrets.ts';
import { digestKey, readDigestState } from '../../src/service/archive/digests.ts';
import type { Store } from '../../src/service/archive/store.ts';
import type { Delivery } from '../../src/service/digest/delivery.ts';
import { type SendingContext, sendDigest } from '../../src/service/digest/send.ts';
import { findFault } from '../fixtures/chat-messages.ts';
import { findSecrets } from '../fixtures/planted-secrets.ts';
import { jobOfDay, serviceOf, storeReport } from '../fixtures/stored-reports.ts';
import {
  API_KEY,
  type Behaviour,
  CHANNELS,
  type ChatServer,
  SIGNING_SECRET,
  startChatServer,
  TOKEN,
  WEBHOOK_KEY,
} from './chat-server.ts';
import { type Outcome, runCommand } from './cli.ts';
import { immortal, type Life, mortal, mortalStore, withDigests } from './mortal.ts';
import { temporaryFolder } from './server.ts';
import { howMany } from './thorough.ts';

/** Sends digests to a server that validates the messages of each channel. */

const RUNS = howMany(15, 30);
const AT_ONCE = 20;

const CONFIG = `
prometheus: { url: "http://127.0.0.1:9" }
address: https://reports.example.com
clusters: [{ name: one }, { name: two }, { name: missing }]
${CHANNELS}
digests: [{ name: chat, period: day, channels: [s, t, d, w, f, h] }]
`;
const config = serviceOf(CONFIG);
const MORNING = new Date('2026-11-22T07:00:00Z');
const PERIOD = { start: '2026-11-21T00:00:00Z', end: '2026-11-22T00:00:00Z' };
const [digest] = digestsOf(config.file);
if (!digest) throw new Error('no digest');
const RECIPIENTS = digest.channels.map((channel) => `${channelKinds(channel)[0]}:${channel.name}`);

/** What must be nowhere. */
const SECRETS = {
  token: { middle: TOKEN },
  signingSecret: { middle: SIGNING_SECRET },
  apiKey: { middle: API_KEY },
  webhookKey: { middle: WEBHOOK_KEY.toString() },
};

let server: ChatServer;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let reports: Store;
beforeAll(async () => {
  server = await startChatServer();
  folder = await temporaryFolder('chat');
  reports = openFolderStore(join(folder.path, 'reports'));
  await storeReport(reports, jobOfDay(config, 'one', '2026-11-22'), { verdict: 'critical', score: 42 });
  await storeReport(reports, jobOfDay(config, 'two', '2026-11-22'), { verdict: 'healthy', score: 100 });
});
afterAll(async () => {
  await server?.stop();
  await reports?.close();
  await folder?.remove();
});

let digests: Store;
let count = 0;
beforeEach(() => {
  count += 1;
  digests = openFolderStore(join(folder.path, `digests-${count}`));
  server.reset();
});
afterEach(async () => {
  expect(server.requests.flatMap(({ kind, fault }) => (fault === null ? [] : [`${kind}: ${fault}`]))).toEqual(
    [],
  );
  await digests.close();
});

type Sender = { life?: Life; token?: string; minutes?: number; store?: Store; only?: string };

function contextOf({ life = immortal, token = 'first', minutes = 0, store = digests, only }: Sender) {
  if (!digest) throw new Error('no digest');
  const now = new Date(MORNING.getTime() + minutes * 60_000);
  const channels = digest.channels.filter(({ name }) => only === undefined || name === only);
  const deliveries = deliveriesOf({ to: [], channels }, undefined, openSecretSources(server.environment));
  const refused: string[] = [];
  const context: SendingContext = {
    ...{ config, digest, at: MORNING, now, token, seconds: 170, clock: () => now },
    address: linkAddressOf(config.file),
    store: mortalStore(withDigests(reports, store), life),
    deliveries: deliveries.map((delivery) => mortalDelivery(delivery, life)),
    onRefused: ({ recipient, reason }) => refused.push(`${recipient}: ${reason}`),
  };
  return context;
}

function mortalDelivery(delivery: Delivery, life: Life): Delivery {
  return {
    ...delivery,
    open: async (material) => {
      const opened = await delivery.open(material);
      const [name] = delivery.recipients;
      return { ...opened, send: (...all) => life.step(`send ${name}`, () => opened.send(...all)) };
    },
  };
}

const countOf = (kind: ChannelKind) => server.accepted.filter((request) => request.kind === kind).length;

async function failureOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason as Error,
  );
  if (error === null) throw new Error('did not fail');
  const places = new Map([['the error', `${error.message} ${error.stack} ${JSON.stringify(error)}`]]);
  expect(findSecrets(places, SECRETS)).toEqual([]);
  expect(error.cause).toBeUndefined();
  return error.message;
}

describe('a digest', () => {
  it('reaches each channel in its documented form, and only once', async () => {
    expect(await sendDigest(contextOf({}))).toEqual({
      ...{ outcome: 'sent', accepted: 6, refused: 0 },
      subject: '2 of 3 clusters need attention – 21 Nov 2026',
    });
    expect(await sendDigest(contextOf({ token: 'next', minutes: 5 }))).toEqual({ outcome: 'sent-before' });
    expect(server.accepted.map(({ kind }) => kind)).toEqual([
      'slack',
      'teams',
      'dingtalk',
      'wecom',
      'feishu',
      'webhook',
    ]);
    const state = await readDigestState(digests, { digest: 'chat', period: PERIOD });
    expect(state?.state).toMatchObject({ state: 'sent', accepted: RECIPIENTS });
  });

  it(`reaches each channel once in ${RUNS} runs of ${AT_ONCE} parallel senders, some of them killed`, async () => {
    const deaths: Record<string, number> = {};
    for (let run = 0; run < RUNS; run += 1) {
      const store = openFolderStore(join(folder.path, `run-${run}`));
      server.reset();
      const first =
        run % 5 === 0 ? immortal : mortal(6 + Math.floor(Math.random() * 18), Math.random() < 0.5);
      const lives = Array.from({ length: AT_ONCE }, (_, index) => (index === 0 ? first : immortal));
      const outcomes = await Promise.allSettled(
        lives.map((life, index) => sendDigest(contextOf({ life, token: `sender-${index}`, store }))),
      );
      for (const outcome of outcomes.slice(1))
        expect(outcome.status === 'rejected' ? outcome.reason : null).toBeNull();
      // Lambda or cron calls again when the claim of the dead sender has expired.
      const last = await sendDigest(contextOf({ token: 'next', minutes: 5, store }));
      expect(['sent', 'sent-before']).toContain(last.outcome);
      const death = first.deathAfter ?? 'nobody died';
      deaths[death] = (deaths[death] ?? 0) + 1;
      const counts = RECIPIENTS.map((recipient) => ({
        recipient,
        count: countOf(recipient.split(':')[0] as ChannelKind),
      }));
      expect(counts.filter((one) => one.count < 1)).toEqual([]);
      // The documented gap: the sender dies after the channel accepted the message and before that is recorded.
      const twice = counts.filter((one) => one.count > 1);
      const [again] = twice;
      expect(twice.length, death).toBeLessThanOrEqual(
        death.startsWith('after send') || death === 'before put' ? 1 : 0,
      );
      if (again && death.startsWith('after send')) expect(death).toBe(`after send ${again.recipient}`);
      expect(again?.count ?? 2).toBe(2);
      await store.close();
    }
    // With fewer the test would prove nothing.
    expect(Object.keys(deaths).length, JSON.stringify(deaths)).toBeGreaterThanOrEqual(howMany(3, 6));
  }, 600_000);

  const LIMITED: readonly (readonly [ChannelKind, Behaviour])[] = [
    ['slack', { status: 429, headers: { 'retry-after': '1' }, body: 'rate_limited' }],
    ['teams', { status: 429, body: '' }],
    [
      'dingtalk',
      { status: 200, body: '{"errcode":130101,"errmsg":"send too fast, exceed 20 times per minute"}' },
    ],
    ['wecom', { status: 200, body: '{"errcode":45009,"errmsg":"api freq out of limit"}' }],
    ['feishu', { status: 200, body: '{"code":11232,"msg":"frequency limited"}' }],
    ['webhook', { status: 503, body: '' }],
  ];
  it.each(LIMITED)('is sent again when %s does not accept it now', async (kind, behaviour) => {
    server.behaviours.set(kind, [behaviour, behaviour]);
    expect(await sendDigest(contextOf({}))).toMatchObject({ outcome: 'sent', accepted: 6 });
    expect(countOf(kind)).toBe(1);
    expect(server.requests.filter((request) => request.kind === kind)).toHaveLength(3);
  });

  it('is sent to the others when a channel refuses it, and later to that channel only', async () => {
    const refusals: readonly (readonly [ChannelKind, Behaviour, RegExp])[] = [
      [
        'slack',
        { status: 404, body: `no_service ${TOKEN}` },
        /^slack:s: its server refused the message \(404: no_service \*\*\*\); check that the webhook/,
      ],
      [
        'teams',
        {
          status: 200,
          body: 'Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 413 with ContextId x',
        },
        /^teams:t: its server refused the message \(413: /,
      ],
      [
        'dingtalk',
        { status: 200, body: `{"errcode":310000,"errmsg":"keywords not in content ${SIGNING_SECRET}"}` },
        /^dingtalk:d: .*310000: keywords not in content \*\*\*\); set signingSecret/,
      ],
      [
        'wecom',
        { status: 200, body: '{"errcode":93000,"errmsg":"invalid webhook url"}' },
        /^wecom:w: .*93000: invalid webhook url\); copy its address again/,
      ],
      [
        'feishu',
        { status: 400, body: '{"code":9499,"msg":"Bad Request","data":{}}' },
        /^feishu:f: its server refused the message \(9499: Bad Request\)/,
      ],
      [
        'webhook',
        { status: 302, headers: { location: 'http://127.0.0.1:9/login' }, body: API_KEY },
        /^webhook:h: its server redirects \(302\); check its address$/,
      ],
    ];
    for (const [index, [kind, behaviour, message]] of refusals.entries()) {
      server.reset();
      const store = openFolderStore(join(folder.path, `refused-${index}`));
      server.behaviours.set(kind, [behaviour]);
      expect(await failureOf(sendDigest(contextOf({ store })))).toMatch(message);
      expect(server.accepted).toHaveLength(5);
      const file = await readFile(
        join(folder.path, `refused-${index}`, digestKey({ digest: 'chat', period: PERIOD })),
      );
      expect(findSecrets(new Map([['the state', file]]), SECRETS)).toEqual([]);
      expect(await sendDigest(contextOf({ store, token: 'next' }))).toMatchObject({
        outcome: 'sent',
        accepted: 6,
      });
      expect(server.accepted).toHaveLength(6);
      expect(countOf(kind)).toBe(1);
      await store.close();
    }
  });

  it.each(RECIPIENTS)('is sent at most twice to %s when the answers are lost', async (recipient) => {
    const [kind = '', only = ''] = recipient.split(':');
    server.behaviours.set(kind as ChannelKind, ['lost', 'lost', 'lost']);
    expect(await failureOf(sendDigest(contextOf({ only })))).toMatch(
      new RegExp(`^${recipient}: its server gave no answer \\([A-Z_]+\\); the message may have arrived$`),
    );
    expect(server.accepted).toHaveLength(2);
  });

  it('is not sent again when only the rest of an answer is lost, unless the rest says whether it was accepted', async () => {
    for (const recipient of RECIPIENTS) {
      const [kind = ''] = recipient.split(':');
      server.behaviours.set(kind as ChannelKind, ['cut']);
    }
    expect(await sendDigest(contextOf({}))).toMatchObject({ outcome: 'sent', accepted: 6 });
    const counts = RECIPIENTS.map((recipient) => countOf(recipient.split(':')[0] as ChannelKind));
    expect(counts).toEqual([1, 1, 2, 2, 2, 1]);
  });

  it('has the same id for programs in each attempt, by which they find copies', async () => {
    server.behaviours.set('webhook', ['lost']);
    await sendDigest(contextOf({ only: 'h' }));
    const ids = server.accepted.map(({ headers }) => headers['webhook-id']);
    expect(ids).toEqual([`chat.${Date.parse(PERIOD.end) / 1000}.first`, ids[0]]);
  });
});

describe('antrea-health digest', () => {
  async function run(environment: Record<string, string>, ...more: string[]): Promise<Outcome> {
    const path = join(folder.path, `command-${count}`);
    await mkdir(path, { recursive: true });
    const file = join(path, 'config.yaml');
    await writeFile(file, CONFIG);
    const place = ['--config', file, '--archive', join(folder.path, 'reports')];
    const outcome = await runCommand(['digest', ...place, '--at', '2026-11-22T07:00Z', ...more], {
      PATH: process.env['PATH'],
      ...environment,
    });
    expect(findSecrets(new Map([['the output', JSON.stringify(outcome)]]), SECRETS)).toEqual([]);
    return outcome;
  }

  it('writes the message of each channel to a file without secrets, and sends it to one channel as a test', async () => {
    const out = join(folder.path, 'preview');
    const { code, stdout } = await run({}, '--dry-run', '--out', out);
    expect(code).toBe(0);
    const files = await readdir(stdout.trim());
    expect(files.sort()).toEqual(RECIPIENTS.map((recipient) => `${recipient.replace(':', '-')}.json`).sort());
    for (const name of files) {
      const content = JSON.parse(await readFile(join(stdout.trim(), name), 'utf8'));
      expect(findFault(name.split('-')[0] as ChannelKind, JSON.stringify(content))).toBeNull();
    }
    expect(server.requests).toEqual([]);
    expect(await run(server.environment, '--test-to', 'f')).toMatchObject({ code: 0, stdout: 'sent to f\n' });
    expect(server.accepted.map(({ kind }) => kind)).toEqual(['feishu']);
    expect(await run(server.environment, '--test-to', 'nowhere')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /^antrea-health: --test-to: "nowhere" is neither an address nor one of the channels/,
      ),
    });
  });

  it('names the key of a secret that is missing or wrong, and sends to the other channels', async () => {
    const { SLACK_URL: _, ...others } = server.environment;
    const wrong = {
      ...others,
      TEAMS_URL: `ftp://chat.example.com/${TOKEN}`,
      WECOM_URL: `http://chat.example.com/${TOKEN}`,
      WEBHOOK_SECRET: 'too short',
    };
    const { code, stderr } = await run(wrong);
    expect(stderr).toBe(
      'antrea-health: channels.s.slack.url: the environment variable SLACK_URL is not set\n',
    );
    expect(code).toBe(2);
    expect(server.accepted.map(({ kind }) => kind)).toEqual(['dingtalk', 'feishu']);
    const messages: Record<string, RegExp> = {
      t: /channels\.t\.teams\.url: the secret is not an https address; http is allowed for this machine only$/,
      w: /channels\.w\.wecom\.url: the secret is not an https address; http is allowed for this machine only$/,
      h: /channels\.h\.webhook\.signingSecret: must be "whsec_" and base64 of 24 to 64 bytes/,
    };
    for (const [name, message] of Object.entries(messages)) {
      const outcome = await run(wrong, '--test-to', name);
      expect(outcome.stderr.trim()).toMatch(message);
      expect(outcome.code).toBe(2);
    }
  });
});
