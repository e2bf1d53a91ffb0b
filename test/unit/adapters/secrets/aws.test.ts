/**
 * Parameter Store and Secrets Manager cannot run here. A small server speaks their protocol (AWS JSON 1.1): the requests
 * of the SDK and its parsing are real, and the responses follow AWS's documentation.
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openSecretStores } from '../../../../src/adapters/secrets/aws.ts';
import { UserError } from '../../../../src/report/model/user-error.ts';

const SECRET = 's3cret-value';
const MINUTE = 60_000;
const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 's3cret-key' };
const ARN = 'arn:aws:secretsmanager:ap-south-1:123456789012:secret:grafana-AbCdEf';

type Asked = { target: string; content: Record<string, unknown>; region: string | undefined };
type Answer = { status: number; body: string };

const parameter = (value: string) => ok({ Parameter: { Name: '/x', Type: 'SecureString', Value: value } });
const secret = (value: string) => ok({ Name: 'x', SecretString: value });
const ok = (content: object): Answer => ({ status: 200, body: JSON.stringify(content) });
const refusal = (type: string, status = 400): Answer => ({
  status,
  body: JSON.stringify({ __type: type, message: `no ${SECRET}`, Message: `no ${SECRET}` }),
});

let server: Server;
let endpoint: string;
let asked: Asked[] = [];
let answer: (asked: Asked) => Answer | Promise<Answer>;

beforeAll(async () => {
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const one = {
      target: String(request.headers['x-amz-target']),
      content: (await json(request)) as Record<string, unknown>,
      region: /Credential=\w+\/\d+\/([^/]+)/.exec(request.headers.authorization ?? '')?.[1],
    };
    asked.push(one);
    const { status, body } = await answer(one);
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(body);
  };
  server = createServer((request, response) => void take(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked = [];
});

const open = (now: () => number = Date.now) =>
  openSecretStores({ region: 'eu-central-1', client: { endpoint, credentials: KEYS, maxAttempts: 2 }, now });

async function failureOf(work: Promise<string>): Promise<UserError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  const failure = error as UserError;
  expect(failure.message).not.toMatch(/[\r\n]/);
  expect(`${failure.message}${failure.stack}${JSON.stringify(failure)}`).not.toContain('s3cret');
  expect(failure.cause).toBeUndefined();
  return failure;
}

describe('a request', () => {
  it('reads a parameter, decrypted', async () => {
    answer = () => parameter(SECRET);
    expect(await open().parameter('/antrea/token')).toBe(SECRET);
    expect(asked).toEqual([
      {
        target: 'AmazonSSM.GetParameter',
        content: { Name: '/antrea/token', WithDecryption: true },
        region: 'eu-central-1',
      },
    ]);
  });

  it('reads a secret in the region of its ARN', async () => {
    answer = () => secret(SECRET);
    expect(await open().secret(ARN)).toBe(SECRET);
    expect(asked).toEqual([
      { target: 'secretsmanager.GetSecretValue', content: { SecretId: ARN }, region: 'ap-south-1' },
    ]);
  });
});

describe('a value', () => {
  it('is cached for five minutes and then read again', async () => {
    let now = 0;
    let rotation = 1;
    answer = () => secret(`value-${rotation}`);
    const { secret: read } = open(() => now);
    expect(await read('grafana')).toBe('value-1');
    rotation = 2;
    now = 5 * MINUTE - 1;
    expect(await read('grafana')).toBe('value-1');
    now = 5 * MINUTE;
    expect(await read('grafana')).toBe('value-2');
    expect(asked).toHaveLength(2);
  });

  it('is read once for simultaneous calls with the same name', async () => {
    answer = ({ content }) => parameter(`of ${content['Name']}`);
    const { parameter: read } = open();
    const values = await Promise.all(['/a', '/b', '/a', '/a'].map((name) => read(name)));
    expect(values).toEqual(['of /a', 'of /b', 'of /a', 'of /a']);
    expect(asked).toHaveLength(2);
  });

  it('that was missing is read again', async () => {
    answer = () => refusal('ParameterNotFound');
    const { parameter: read } = open();
    await failureOf(read('/a'));
    answer = () => parameter(SECRET);
    expect(await read('/a')).toBe(SECRET);
  });

  it('of one store is not returned for the other', async () => {
    answer = ({ target }) => (target.startsWith('AmazonSSM') ? parameter('one') : secret('other'));
    const stores = open();
    expect([await stores.parameter('x'), await stores.secret('x')]).toEqual(['one', 'other']);
  });
});

describe('an error message, one line without AWS’s own message', () => {
  it.each<[string, 'parameter' | 'secret', Answer, RegExp]>([
    [
      'there is no parameter',
      'parameter',
      refusal('ParameterNotFound'),
      /^there is no parameter name in Parameter Store in eu-central-1; /,
    ],
    [
      'there is no secret',
      'secret',
      refusal('ResourceNotFoundException'),
      /^there is no secret name in Secrets Manager in eu-central-1; /,
    ],
    [
      'access to a parameter is denied',
      'parameter',
      refusal('AccessDeniedException'),
      /is denied; allow ssm:GetParameter on it, and kms:Decrypt/,
    ],
    [
      'access to a secret is denied',
      'secret',
      refusal('AccessDeniedException'),
      /is denied; allow secretsmanager:GetSecretValue on it, and kms:Decrypt/,
    ],
    [
      'the credentials are wrong',
      'secret',
      refusal('UnrecognizedClientException'),
      /^cannot read the secret name: AWS refused the credentials/,
    ],
    [
      'the secret is being deleted',
      'secret',
      refusal('InvalidRequestException'),
      /\(InvalidRequestException\); check it in the AWS console/,
    ],
    [
      'the secret is binary',
      'secret',
      ok({ Name: 'x', SecretBinary: Buffer.from(SECRET).toString('base64') }),
      /contains bytes; it must contain text/,
    ],
  ])('when %s', async (_, store, response, message) => {
    answer = () => response;
    const failure = await failureOf(open()[store]('name'));
    expect(failure.message).toMatch(message);
    expect(failure.retry).toBe(false);
  });

  it('when the response is invalid JSON, which Node’s own message would quote', async () => {
    answer = () => ({ status: 200, body: `{"SecretString": "${SECRET}` });
    expect((await failureOf(open().secret('name'))).message).toMatch(/does not return the secret name/);
  });

  it('when the store is busy also at the second try; the error is temporary', async () => {
    answer = () => refusal('ThrottlingException');
    const failure = await failureOf(open().parameter('name'));
    expect(failure).toMatchObject({ retry: true, message: expect.stringMatching(/ThrottlingException/) });
    expect(asked).toHaveLength(2);
  });

  it('when the store is not reachable; the error is temporary', async () => {
    const nobody = { endpoint: 'http://127.0.0.1:1', credentials: KEYS, maxAttempts: 1 };
    const failure = await failureOf(
      openSecretStores({ region: 'eu-central-1', client: nobody }).secret('name'),
    );
    expect(failure).toMatchObject({ retry: true, message: expect.stringMatching(/\(ECONNREFUSED\)/) });
  });
});

describe('on a machine without AWS configuration', () => {
  beforeEach(() => {
    for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) vi.stubEnv(name, undefined);
    vi.stubEnv('AWS_CONFIG_FILE', '/nowhere/config');
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nowhere/credentials');
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('names the missing region', async () => {
    expect((await failureOf(openSecretStores().parameter('/a'))).message).toMatch(
      /^the region of the parameter \/a is not known; set AWS_REGION/,
    );
  });

  it('names the missing credentials when the ARN contains the region', async () => {
    expect((await failureOf(openSecretStores().secret(ARN))).message).toMatch(
      /no AWS credentials were found; set AWS_PROFILE/,
    );
  });
});
