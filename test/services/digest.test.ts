import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import PostalMime from 'postal-mime';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openFolderStore } from '../../src/adapters/folder/store.ts';
import { readDigestState } from '../../src/service/archive/digests.ts';
import type { Store } from '../../src/service/archive/store.ts';
import { jobOfDay, serviceOf, storeReport } from '../fixtures/stored-reports.ts';
import { type Outcome, runCommand } from './cli.ts';
import { temporaryFolder } from './server.ts';
import { type LocalSes, startSes } from './ses.ts';
import { type MailServer, type SmtpBehaviour, startSmtpServer } from './smtp.ts';

/** Runs `antrea-health digest` against a mail server and SES. */

const certificates = fileURLToPath(new URL('../fixtures/tls/', import.meta.url));
const PERIOD = { start: '2026-11-21T00:00:00Z', end: '2026-11-22T00:00:00Z' };

let folder: { path: string; remove(): Promise<void> };
let archive: string;
let store: Store;
let server: MailServer | undefined;
let ses: LocalSes;

beforeAll(async () => {
  ses = await startSes();
});
afterAll(() => ses?.stop());
beforeEach(async () => {
  folder = await temporaryFolder('digest');
  archive = join(folder.path, 'archive');
  store = openFolderStore(archive);
  const config = serviceOf(configText('{ host: localhost }'));
  await storeReport(store, jobOfDay(config, 'prod', '2026-11-21'), { verdict: 'healthy', score: 100 });
  await storeReport(store, jobOfDay(config, 'prod', '2026-11-22'), { verdict: 'critical', score: 42 });
  await ses.reset();
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
  await store.close();
  await folder.remove();
});

function configText(smtp: string | null): string {
  return `
prometheus: { url: "http://127.0.0.1:9" }
clusters: [{ name: prod }, { name: test }]
mail: { from: health@example.com, address: "https://reports.example.com"${smtp ? `, smtp: ${smtp}` : ''} }
digests:
  - { name: operators, period: day, to: [noc@example.com, boss@example.com] }
`;
}

async function run(smtp: string | null, ...more: string[]): Promise<Outcome> {
  const file = join(folder.path, 'config.yaml');
  await writeFile(file, configText(smtp));
  return runCommand(
    ['digest', '--config', file, '--archive', archive, '--at', '2026-11-22T07:00Z', ...more],
    {
      ...{ PATH: process.env['PATH'], SMTP_PASSWORD: 'right', WRONG_PASSWORD: 'wr0ng-secret' },
      ...{ AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
      AWS_ENDPOINT_URL_SESV2: ses.endpoint,
    },
  );
}

async function listen(behaviour: SmtpBehaviour = {}): Promise<string> {
  server = await startSmtpServer({ login: { user: 'health', password: 'right' }, ...behaviour });
  return smtpOf('SMTP_PASSWORD');
}

const smtpOf = (password: string) =>
  `{ host: 127.0.0.1, port: ${server?.port}, user: health, password: { environment: ${password} }, caFile: "${certificates}server-cert.pem" }`;

const stateNow = async () => (await readDigestState(store, { digest: 'operators', period: PERIOD }))?.state;

/** Expects exit code 1, one line without a secret, and no wait before the next run. */
async function expectReleased({ code, stderr }: Outcome, reason: RegExp): Promise<void> {
  expect(stderr).toMatch(reason);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(stderr).not.toContain('wr0ng-secret');
  expect(code).toBe(1);
  expect(await stateNow()).toMatchObject({
    state: 'failed',
    claim: null,
    reason: expect.stringMatching(reason),
  });
}

describe('antrea-health digest', () => {
  it('sends once by SMTP, encrypted and with a login', async () => {
    const smtp = await listen();
    const first = await run(smtp);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toBe('sent to 2: All 2 clusters need attention – 21 Nov 2026\n');
    expect(await run(smtp)).toEqual({ code: 0, stdout: 'already sent\n', stderr: '' });
    expect(server?.received).toHaveLength(1);
    const [mail] = server?.received ?? [];
    expect(mail).toMatchObject({
      encrypted: true,
      user: 'health',
      to: ['noc@example.com', 'boss@example.com'],
    });
    const message = await PostalMime.parse(mail?.raw ?? '');
    expect(message.text).toContain('There is no report for this period');
    expect(message.text).toContain('Running out: Local Pods on ');
    expect(message.html).toContain('https://reports.example.com/reports/prod/');
    expect(message.attachments.map(({ mimeType }) => mimeType)).toContain('image/png');
    expect(message.headers.map(({ key }) => key)).toEqual(
      expect.arrayContaining(['date', 'message-id', 'list-id', 'auto-submitted']),
    );
  });

  it('previews a message and sends a sample without recording either', async () => {
    const smtp = await listen();
    const shown = await run(smtp, '--dry-run', '--out', folder.path);
    expect(shown.code).toBe(0);
    const page = await readFile(join(shown.stdout.trim(), 'digest.html'), 'utf8');
    expect(page).toContain('data:image/png;base64,');
    expect(page).not.toContain('cid:');
    expect((await PostalMime.parse(await readFile(join(shown.stdout.trim(), 'digest.eml')))).subject).toMatch(
      /^All 2/,
    );
    expect(server?.received).toHaveLength(0);
    expect(await run(smtp, '--test-to', 'me@example.com')).toMatchObject({
      code: 0,
      stdout: 'sent to me@example.com\n',
    });
    expect(server?.received[0]?.to).toEqual(['me@example.com']);
    expect(await stateNow()).toBeUndefined();
  });

  it('names a refused address and sends to the others', async () => {
    const smtp = await listen({
      answerRecipient: (address) =>
        address.startsWith('boss') ? { status: 550, text: '5.1.1 no such user' } : undefined,
    });
    const { code, stdout, stderr } = await run(smtp);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/^sent to 1: /) });
    expect(stderr).toMatch(/^antrea-health: boss@example\.com: .*no such user.*\n$/);
    expect(await stateNow()).toMatchObject({ state: 'sent', accepted: ['noc@example.com'] });
  });

  it('reports a wrong login, and sends after the login is fixed', async () => {
    await listen();
    await expectReleased(await run(smtpOf('WRONG_PASSWORD')), /login|password/i);
    expect((await run(smtpOf('SMTP_PASSWORD'))).code).toBe(0);
    expect(server?.received).toHaveLength(1);
  });

  it('reports an unreachable server, and sends when the server is back', async () => {
    const smtp = await listen();
    await server?.stop();
    await expectReleased(await run(smtp), /ECONNREFUSED|cannot be reached|connect/i);
  });

  it('retries after SES throttles it', async () => {
    let asked = 0;
    ses.answer = () => {
      asked += 1;
      return asked <= 2
        ? { status: 429, name: 'TooManyRequestsException', message: 'Maximum sending rate exceeded.' }
        : undefined;
    };
    const { code, stdout } = await run(null);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/^sent to 2: /) });
    expect(asked).toBe(3);
  });

  it('reports the reason why SES refuses a message', async () => {
    ses.answer = () => ({
      status: 400,
      name: 'MessageRejected',
      message:
        'Email address is not verified. The following identities failed the check in region EU-CENTRAL-1: health@example.com',
    });
    await expectReleased(await run(null), /not verified|verify/i);
    ses.answer = () => undefined;
    expect((await run(null)).code).toBe(0);
  });
});
