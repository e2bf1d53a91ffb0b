import { describe, expect, it } from 'vitest';
import { type Credentials, openCredentials } from '../../../../src/adapters/aws/credentials.ts';
import { CredentialsError } from '../../../../src/adapters/aws/errors.ts';

const SECRET = 's3cret-value';
const MINUTE = 60_000;
const ROLE = 'arn:aws:iam::123456789012:role/reader';

/** Returns credentials whose key ID contains the number of the look-up. */
function counting(lifetime: number | undefined, clock: { now: number }) {
  let count = 0;
  const lookUp = async (): Promise<Credentials> => {
    count += 1;
    return {
      accessKeyId: `key-${count}`,
      secretAccessKey: SECRET,
      ...(lifetime === undefined ? {} : { expiration: new Date(clock.now + lifetime) }),
    };
  };
  return { lookUp, count: () => count };
}

describe('credentials', () => {
  it('are looked up once for simultaneous calls, and renewed five minutes before they expire', async () => {
    const clock = { now: 0 };
    const { lookUp } = counting(60 * MINUTE, clock);
    const credentials = openCredentials({ lookUp, now: () => clock.now });
    const keyAt = async (minute: number) => {
      clock.now = minute * MINUTE;
      return (await credentials()).accessKeyId;
    };
    const together = await Promise.all([keyAt(0), keyAt(0), keyAt(0)]);
    expect(together).toEqual(['key-1', 'key-1', 'key-1']);
    expect([await keyAt(54), await keyAt(55), await keyAt(109), await keyAt(110)]).toEqual([
      'key-1',
      'key-2',
      'key-2',
      'key-3',
    ]);
  });

  it('that never expire are looked up once', async () => {
    const clock = { now: 0 };
    const { lookUp, count } = counting(undefined, clock);
    const credentials = openCredentials({ lookUp, now: () => clock.now });
    await credentials();
    clock.now = Number.MAX_SAFE_INTEGER;
    await credentials();
    expect(count()).toBe(1);
  });

  it('are looked up again after a failure', async () => {
    let count = 0;
    const lookUp = async () => {
      count += 1;
      if (count === 1) throw Object.assign(new Error('x'), { name: 'CredentialsProviderError' });
      return { accessKeyId: 'a', secretAccessKey: SECRET };
    };
    const credentials = openCredentials({ lookUp });
    await expect(credentials()).rejects.toThrow(CredentialsError);
    expect(await credentials()).toMatchObject({ accessKeyId: 'a' });
  });

  const failing = (name: string, more: object = {}) =>
    Object.assign(new Error(`Command failed: get --password ${SECRET}\nmore`), { name, ...more });

  it.each<[string, unknown, string | undefined, RegExp]>([
    [
      'no credentials are found',
      failing('CredentialsProviderError'),
      undefined,
      /^no AWS credentials .* AWS_PROFILE/,
    ],
    [
      'the SSO session has expired',
      Object.assign(new Error('The SSO session has expired'), { name: 'CredentialsProviderError' }),
      undefined,
      /aws sso login/,
    ],
    [
      'the role does not trust the caller',
      failing('AccessDenied', { $metadata: { httpStatusCode: 403 } }),
      ROLE,
      /role\/reader .*sts:AssumeRole.* trust policy/,
    ],
    [
      'the keys have expired',
      failing('ExpiredTokenException', { $metadata: { httpStatusCode: 403 } }),
      ROLE,
      /refused the credentials \(ExpiredTokenException\)/,
    ],
    [
      'STS is not reachable',
      failing('Error', { code: 'ECONNREFUSED' }),
      ROLE,
      /role\/reader from AWS \(ECONNREFUSED\)/,
    ],
    [
      'the role ARN is invalid',
      failing('ValidationError', { $metadata: { httpStatusCode: 400 } }),
      ROLE,
      /role\/reader \(ValidationError\); check its ARN/,
    ],
    ['something other than an error is thrown', SECRET, undefined, /unknown error/],
  ])('fail with one line of advice without the secret when %s', async (_, error, roleArn, message) => {
    const credentials = openCredentials({ lookUp: () => Promise.reject(error), roleArn });
    const thrown: Error = await credentials().then(
      () => new Error('none'),
      (reason) => reason,
    );
    expect(thrown).toBeInstanceOf(CredentialsError);
    expect(thrown.message).toMatch(message);
    expect(thrown.message).not.toMatch(/\n/);
    expect(`${thrown.message}${thrown.stack}${JSON.stringify(thrown.cause) ?? ''}`).not.toContain(SECRET);
  });

  it('are not awaited longer than the time limit', async () => {
    const credentials = openCredentials({ lookUp: () => new Promise(() => {}), patienceMilliseconds: 20 });
    await expect(credentials()).rejects.toThrow(/within 0\.02 s/);
  });
});
