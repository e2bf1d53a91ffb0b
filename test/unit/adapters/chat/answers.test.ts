import { describe, expect, it } from 'vitest';
import { checkStatus } from '../../../../src/adapters/post/answers.ts';
import { readTarget } from '../../../../src/adapters/post/target.ts';
import { openSecretSources } from '../../../../src/connect/secrets.ts';
import { SendError } from '../../../../src/service/digest/outcome.ts';

const target = (url: string) => readTarget({ environment: 'URL' }, openSecretSources({ URL: url }), 'x.url');

describe('the address of a channel', () => {
  it.each([
    'https://hooks.slack.com/services/T/B/x',
    'http://127.0.0.1:8080/x',
    'http://localhost/x',
    'http://[::1]:80/x',
  ])('can be %s', async (url) => {
    expect((await target(`${url}#x\n`)).url).toBe(new URL(url).href);
  });

  it.each([
    ['http://hooks.slack.com/s3cret', 'is not an https address'],
    ['http://127.0.0.1.example.com/s3cret', 'is not an https address'],
    ['http://localhost.example.com/s3cret', 'is not an https address'],
    ['ftp://example.com/s3cret', 'is not an https address'],
    ['s3cret', 'is not an https address'],
    ['https://me:s3cret@example.com/', 'contains a user name or password'],
  ])('cannot be %s', async (url, message) => {
    const error: Error = await target(url).catch((reason) => reason);
    expect(error).toMatchObject({ name: 'ConfigError', message: expect.stringContaining(message) });
    expect(error.message).toMatch(/^x\.url: /);
    expect(error.message).not.toContain('s3cret');
  });
});

describe('the status of an answer', () => {
  const failureOf = (status: number, text: string | null = null): SendError | null => {
    try {
      checkStatus({ status, text, waitMilliseconds: 7000 }, { secrets: ['tokentoken'] });
      return null;
    } catch (error) {
      expect(error).toBeInstanceOf(SendError);
      return error as SendError;
    }
  };

  it.each([200, 202, 204])('is success: %d', (status) => {
    expect(failureOf(status)).toBeNull();
  });

  it.each([
    [429, { retry: true, mayHaveArrived: false, waitMilliseconds: 7000 }],
    [503, { retry: true, mayHaveArrived: false, waitMilliseconds: 7000 }],
    [500, { retry: true, mayHaveArrived: true }],
    [502, { retry: true, mayHaveArrived: true }],
    [504, { retry: true, mayHaveArrived: true }],
    [301, { retry: false, mayHaveArrived: false }],
    [400, { retry: false, mayHaveArrived: false }],
    [404, { retry: false, mayHaveArrived: false }],
    [413, { retry: false, mayHaveArrived: false }],
  ])('says whether the message may be sent again: %d', (status, expected) => {
    expect(failureOf(status)).toMatchObject(expected);
  });

  it('is explained in one line with what the server said, without secrets, markup and control characters', () => {
    const text = `<html>\n<b>no tokentoken</b>\u001b[31m\u202e ${'x'.repeat(500)}`;
    expect(failureOf(403, text)?.message).toMatch(
      /^its server refused the message \(403: no \*\*\* \[31m x+…\); check its address$/,
    );
  });
});
