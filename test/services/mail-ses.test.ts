import { SESv2Client } from '@aws-sdk/client-sesv2';
import PostalMime from 'postal-mime';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../../scripts/offline/free-port.ts';
import { openSesTransport, type SesOptions } from '../../src/adapters/ses/transport.ts';
import { composeMessage } from '../../src/service/digest/mail/message.ts';
import { sendMail } from '../../src/service/digest/mail/send.ts';
import { MailError, type MailTransport } from '../../src/service/digest/mail/transport.ts';
import { SAMPLE_MAIL } from '../fixtures/sample-mail.ts';
import { type LocalSes, type SesAnswer, startSes } from './ses.ts';

const FROM = 'reports@example.com';
const SECRET = 's3cret-key';
const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: SECRET };
const raw = await composeMessage(SAMPLE_MAIL);

let ses: LocalSes;
const opened: MailTransport[] = [];

beforeAll(async () => {
  ses = await startSes();
});
beforeEach(() => ses.reset());
afterEach(async () => {
  for (const transport of opened.splice(0)) await transport.close();
});
afterAll(() => ses.stop());

function open(options: SesOptions = {}): MailTransport {
  const transport = openSesTransport({
    endpoint: ses.endpoint,
    region: 'eu-central-1',
    credentials: CREDENTIALS,
    ...options,
  });
  opened.push(transport);
  return transport;
}

const addresses = (count: number) => Array.from({ length: count }, (_, index) => `r${index}@example.com`);

const send = (transport: MailTransport, recipients: readonly string[] = ['a@example.com']) =>
  transport.send({ from: FROM, recipients, raw });

async function failureOf(work: Promise<unknown>): Promise<MailError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(MailError);
  const failure = error as MailError;
  expect(failure.message).toMatch(/^Amazon SES [^\r\n]+$/);
  expect(failure.message).not.toContain(SECRET);
  expect(failure.cause).toBeUndefined();
  return failure;
}

const THROTTLED: SesAnswer = {
  status: 429,
  name: 'TooManyRequestsException',
  message: 'Maximum sending rate exceeded.',
};

/** Returns these answers in order, one per request. */
function answerWith(...answers: SesAnswer[]): void {
  ses.answer = () => answers.shift();
}

describe('SES delivery', () => {
  it('transmits the message byte by byte', async () => {
    const outcome = await send(open({ configurationSetName: 'digests' }), ['a@example.com', 'b@example.com']);
    expect(outcome).toEqual({ accepted: ['a@example.com', 'b@example.com'], refused: [] });
    expect(ses.requests).toEqual([
      {
        recipients: ['a@example.com', 'b@example.com'],
        raw,
        parameters: { ConfigurationSetName: 'digests' },
      },
    ]);
    const email = await PostalMime.parse(ses.requests[0]?.raw ?? '');
    expect(email).toMatchObject({ subject: SAMPLE_MAIL.subject, messageId: SAMPLE_MAIL.messageId });
    expect(email.from?.name).toBe('集群健康报告');
    // The server has an independent parser.
    const [stored, ...others] = await ses.stored();
    expect(others).toEqual([]);
    expect(stored?.subject).toBe(SAMPLE_MAIL.subject);
    expect(stored?.from).toContain('集群健康报告');
    expect(stored?.body.text?.replaceAll('\r\n', '\n').trimEnd()).toBe(SAMPLE_MAIL.text.trimEnd());
    expect(stored?.body.html).toContain('北京<b>一号</b>');
    expect(stored?.attachments.map(({ content }) => Buffer.from(content, 'base64'))).toEqual(
      [...SAMPLE_MAIL.images, ...SAMPLE_MAIL.attachments].map(({ bytes }) => Buffer.from(bytes)),
    );
  });

  it('takes the sender from the message, because SES would drop the display name', async () => {
    const fromIdentityArn = 'arn:aws:ses:eu-central-1:123456789012:identity/example.com';
    await send(open({ fromIdentityArn }));
    expect(ses.requests[0]?.parameters).toEqual({ FromEmailAddressIdentityArn: fromIdentityArn });
  });

  it('sends envelopes of fifty recipients', async () => {
    const recipients = addresses(120);
    expect(await send(open(), recipients)).toEqual({ accepted: recipients, refused: [] });
    expect(ses.requests.map((asked) => asked.recipients.length)).toEqual([50, 50, 20]);
    expect(ses.requests.flatMap((asked) => asked.recipients)).toEqual(recipients);
  });

  it('uses a client of the caller and does not close it', async () => {
    const client = new SESv2Client({ endpoint: ses.endpoint, region: 'us-east-1', credentials: CREDENTIALS });
    const transport = openSesTransport({ client });
    await send(transport);
    await transport.close();
    expect((await send(transport)).accepted).toHaveLength(1);
    client.destroy();
  });
});

describe('SES recipients', () => {
  /** Refuses an envelope like SES: no recipient gets the message, and the answer does not name the bad address. */
  function refuseEnvelopesWith(bad: readonly string[]): void {
    ses.answer = ({ recipients }) =>
      recipients.some((recipient) => bad.includes(recipient))
        ? { status: 400, name: 'BadRequestException', message: 'Domain contains illegal character' }
        : undefined;
  }

  it.each([[['r0']], [['r49']], [['r50', 'r51', 'r119']], [['r7', 'r8', 'r31', 'r77']]])(
    'get the message although %j among 120 are bad',
    async (names) => {
      const bad = names.map((name) => `${name}@example.com`);
      refuseEnvelopesWith(bad);
      const recipients = addresses(120);
      const { accepted, refused } = await send(open(), recipients);
      expect(accepted).toEqual(recipients.filter((recipient) => !bad.includes(recipient)));
      expect(refused).toEqual(
        bad.map((recipient) => ({
          recipient,
          reason: 'SES does not accept the address (Domain contains illegal character)',
          retry: false,
        })),
      );
      // The envelope is halved, not sent recipient by recipient.
      expect(ses.requests.length).toBeLessThanOrEqual(3 + bad.length * 12);
      const sent = ses.requests
        .map((asked) => asked.recipients)
        .filter((to) => !to.some((one) => bad.includes(one)));
      expect(sent.flat()).toEqual(accepted);
    },
  );

  it('are all refused when all are bad', async () => {
    refuseEnvelopesWith(addresses(5));
    const { accepted, refused } = await send(open(), addresses(5));
    expect(accepted).toEqual([]);
    expect(refused.map(({ recipient }) => recipient)).toEqual(addresses(5));
    expect(ses.requests).toHaveLength(9);
  });

  it('that the sandbox has not verified are those that SES names', async () => {
    const unverified = ['R3@Example.com', 'r4@example.com'];
    ses.answer = ({ recipients }) => {
      const failed = unverified.filter((address) => recipients.includes(address.toLowerCase()));
      if (failed.length === 0) return undefined;
      const message = `Email address is not verified. The following identities failed the check in region EU-CENTRAL-1: ${failed.join(', ')}`;
      return { status: 400, name: 'MessageRejected', message };
    };
    const { accepted, refused } = await send(open(), addresses(6));
    expect(accepted).toEqual(['r0@example.com', 'r1@example.com', 'r2@example.com', 'r5@example.com']);
    expect(refused).toMatchObject([
      { recipient: 'r3@example.com', retry: false },
      { recipient: 'r4@example.com', reason: expect.stringMatching(/^the SES sandbox/), retry: false },
    ]);
    expect(ses.requests).toHaveLength(2);
  });

  it('of the first envelope stay accepted when a later envelope fails', async () => {
    const recipients = addresses(120);
    ses.answer = () => (ses.requests.length > 1 ? THROTTLED : undefined);
    const { accepted, refused } = await send(open(), recipients);
    expect(accepted).toEqual(recipients.slice(0, 50));
    expect(refused).toEqual(
      recipients.slice(50).map((recipient) => ({
        recipient,
        reason: 'Amazon SES is busy (429 TooManyRequestsException); try again later',
        retry: true,
        mayHaveArrived: false,
      })),
    );
  });
});

describe('SES failures', () => {
  /** SES's message about a resource for which the role has no permission. */
  const deniedOn = (resource: string) =>
    `User \`arn:aws:sts::111122223333:assumed-role/digest/digest' is not authorized to perform \`ses:SendRawEmail' on resource \`arn:aws:ses:eu-central-1:111122223333:${resource}'`;

  it.each<[string, number, string, RegExp, boolean]>([
    [
      'TooManyRequestsException',
      429,
      'Maximum sending rate exceeded.',
      /is busy \(429 TooManyRequestsException\)/,
      true,
    ],
    [
      'ThrottlingException',
      400,
      'Maximum sending rate exceeded.',
      /is busy \(400 ThrottlingException\); try again later$/,
      true,
    ],
    [
      'ThrottlingException',
      400,
      'Daily message quota exceeded.',
      /has reached its sending quota \(Daily message quota exceeded\.\); ask AWS for a higher one$/,
      true,
    ],
    ['LimitExceededException', 400, 'Too many.', /has reached its sending quota \(Too many\.\)/, true],
    ['InternalFailure', 500, 'Oops.', /is busy \(500 InternalFailure\); try again later$/, true],
    ['ServiceUnavailable', 503, 'Oops.', /is busy \(503 ServiceUnavailable\)/, true],
    [
      'AccountSuspendedException',
      400,
      'x',
      /has suspended sending for this account \(AccountSuspendedException\); see the account dashboard of SES in eu-central-1$/,
      false,
    ],
    [
      'SendingPausedException',
      400,
      'x',
      /has paused sending \(SendingPausedException\); resume it for the account and for the configuration set digests in eu-central-1$/,
      false,
    ],
    [
      'MailFromDomainNotVerifiedException',
      400,
      'x',
      /finds no MX record for the MAIL FROM domain of reports@example\.com/,
      false,
    ],
    [
      'NotFoundException',
      404,
      'x',
      /does not find the configuration set digests in eu-central-1 \(NotFoundException\); create it, or remove it from the configuration$/,
      false,
    ],
    [
      'MessageRejected',
      400,
      'Email address is not verified. The following identities failed the check in region EU-CENTRAL-1: reports@example.com',
      /has not verified reports@example\.com in eu-central-1; verify the address or its domain there/,
      false,
    ],
    ['MessageRejected', 400, 'Contains a virus\n.', /rejected the message \(Contains a virus \.\)$/, false],
    [
      'BadRequestException',
      400,
      'Line too long.',
      /refused the message \(400 BadRequestException: Line too long\.\)$/,
      false,
    ],
    [
      'AccessDeniedException',
      403,
      'User is not authorized to perform ses:SendRawEmail',
      /denied access \(AccessDeniedException\); allow ses:SendEmail and ses:SendRawEmail on the identity of reports@example\.com and on the configuration set digests$/,
      false,
    ],
    [
      'AccessDeniedException',
      403,
      deniedOn('identity/example.com'),
      /denied access \(AccessDeniedException\); allow ses:SendEmail and ses:SendRawEmail on the identity example\.com$/,
      false,
    ],
    [
      'AccessDeniedException',
      403,
      deniedOn('identity/noc@example.org'),
      /denied access \(AccessDeniedException\); allow ses:SendEmail and ses:SendRawEmail on the identity noc@example\.org too: while the account is in the SES sandbox, SES also checks the identities of recipients$/,
      false,
    ],
    [
      'AccessDeniedException',
      403,
      deniedOn('configuration-set/digests'),
      /denied access \(AccessDeniedException\); allow ses:SendEmail and ses:SendRawEmail on the configuration set digests$/,
      false,
    ],
    [
      'UnrecognizedClientException',
      403,
      'x',
      /did not accept the AWS credentials \(\w+\); check the keys$/,
      false,
    ],
    ['ExpiredTokenException', 403, 'x', /did not accept the AWS session \(\w+\); sign in again$/, false],
  ])('%s (%i, "%s")', async (name, status, message, expected, retry) => {
    ses.answer = () => ({ status, name, message });
    const error = await failureOf(send(open({ configurationSetName: 'digests' }), addresses(60)));
    expect(error.message).toMatch(expected);
    expect(error).toMatchObject({ retry, mayHaveArrived: false });
    // The SDK does not retry, and the envelope is not split.
    expect(ses.requests).toHaveLength(1);
  });

  it('reports a lost answer as possibly delivered', async () => {
    ses.answer = () => 'lose-answer';
    const error = await failureOf(send(open()));
    expect(error.message).toMatch(
      /gave no answer at http:\/\/127\.0\.0\.1:\d+ \(\w+\); the message may have arrived$/,
    );
    expect(error).toMatchObject({ retry: true, mayHaveArrived: true });
    expect(await ses.stored()).toHaveLength(1);
  });

  it('reports an unreachable endpoint', async () => {
    const error = await failureOf(
      send(open({ endpoint: `http://user:${SECRET}@127.0.0.1:${await freePort()}` })),
    );
    expect(error.message).toMatch(/cannot be reached at http:\/\/127\.0\.0\.1:\d+ \(ECONNREFUSED\)/);
    expect(error).toMatchObject({ retry: true, mayHaveArrived: false });
  });

  it('reports missing credentials without the messages of the credential providers', async () => {
    const credentials = () =>
      Promise.reject(
        Object.assign(new Error(`vault --token ${SECRET}`), { name: 'CredentialsProviderError' }),
      );
    const error = await failureOf(send(open({ credentials })));
    expect(error.message).toBe(
      'Amazon SES needs AWS credentials, and none were found; give the function a role, or set AWS_PROFILE',
    );
    expect(error.retry).toBe(false);
  });

  it('does not send a message that exceeds the limit of SES', async () => {
    const large = { from: FROM, recipients: ['a@example.com'], raw: new Uint8Array(40_000_001) };
    const error = await failureOf(open().send(large));
    expect(error.message).toBe(
      'Amazon SES accepts messages of up to 40 MB, but this one has 41 MB; attach fewer PDFs',
    );
    expect(error.retry).toBe(false);
    expect(ses.requests).toEqual([]);
  });
});

describe('SES retries', () => {
  const QUICK = { patienceMilliseconds: 120_000, firstPauseMilliseconds: 2 };

  it('wait with growing pauses while SES throttles, and send once', async () => {
    answerWith(THROTTLED, THROTTLED, { status: 500, name: 'InternalFailure', message: 'x' });
    const pauses: number[] = [];
    const delivery = await sendMail(open(), { from: FROM, raw }, ['a@example.com'], {
      ...QUICK,
      onPause: ({ milliseconds }) => pauses.push(milliseconds),
    });
    expect(delivery).toEqual({ accepted: ['a@example.com'], refused: [], acceptedBy: 'all' });
    expect(pauses).toEqual([2, 4, 8]);
    expect(await ses.stored()).toHaveLength(1);
  });

  it('send only to the remaining recipients', async () => {
    const recipients = addresses(120);
    let asked = 0;
    ses.answer = ({ recipients: to }) => {
      asked += 1;
      if (asked % 2 === 0) return THROTTLED;
      return to.includes('r60@example.com')
        ? { status: 400, name: 'BadRequestException', message: 'Illegal address' }
        : undefined;
    };
    const delivery = await sendMail(open(), { from: FROM, raw }, recipients, QUICK);
    expect(delivery.acceptedBy).toBe('some');
    expect(delivery.accepted.toSorted()).toEqual(
      recipients.filter((recipient) => recipient !== 'r60@example.com').toSorted(),
    );
    expect(delivery.refused).toMatchObject([{ recipient: 'r60@example.com', retry: false }]);
    const taken = (await ses.stored()).length;
    expect(taken).toBeLessThan(12);
    // No recipient is listed twice.
    expect(delivery.accepted).toHaveLength(new Set(delivery.accepted).size);
  });

  it('end after the given time with the reason', async () => {
    const transport = open();
    // The first message loads the SDK, which takes longer than the given time on a busy machine.
    await sendMail(transport, { from: FROM, raw }, ['a@example.com'], QUICK);
    const before = ses.requests.length;
    ses.answer = () => THROTTLED;
    const error = await failureOf(
      sendMail(transport, { from: FROM, raw }, ['a@example.com'], {
        patienceMilliseconds: 3_000,
        firstPauseMilliseconds: 20,
      }),
    );
    expect(error.message).toMatch(/is busy/);
    expect(error.retry).toBe(true);
    expect(ses.requests.length - before).toBeGreaterThan(1);
  });

  it('accept a possible second copy, but not a third', async () => {
    ses.answer = () => 'lose-answer';
    const error = await failureOf(sendMail(open(), { from: FROM, raw }, ['a@example.com'], QUICK));
    expect(error.mayHaveArrived).toBe(true);
    expect(await ses.stored()).toHaveLength(2);
  });
});
