import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { toStoreError } from '../../../../src/adapters/s3/errors.ts';

it('an error of S3 has no text of S3, which repeats the request, not even in its cause', () => {
  // S3 returns the canonical request with SignatureDoesNotMatch, and the SDK adds all fields to its error.
  const refused = Object.assign(new Error('x-amz-security-token:SECRET'), {
    name: 'SignatureDoesNotMatch',
    Code: 'SignatureDoesNotMatch',
    CanonicalRequest: 'GET\n/\n\nx-amz-security-token:SECRET',
    $metadata: { httpStatusCode: 403, requestId: 'R1', attempts: 2 },
  });
  const error = toStoreError(refused, { bucket: 'reports' }, 'get');
  expect(error.message).toContain('did not accept the AWS credentials (SignatureDoesNotMatch)');
  expect(inspect(error, { depth: 9 })).not.toContain('SECRET');
  // What the support of AWS asks for, and where the program failed.
  expect(inspect(error.cause)).toMatch(/S3: 403 SignatureDoesNotMatch, attempts: 2, request: R1\n +at /);
});

it('an error of S3 has no code that is none, since a server could repeat the key or the session there', () => {
  const codes = ['AKIAIOSFODNN7EXAMPLE', 'FwoGZXIvYXdzEBYaDK+/==', 'two\nlines', 'x'.repeat(100), ''];
  for (const Code of codes) {
    const refused = Object.assign(new Error(''), { name: Code, Code, $metadata: { httpStatusCode: 403 } });
    const error = toStoreError(refused, { bucket: 'reports' }, 'get');
    expect(error.message).toMatch(/^the bucket reports denied access \(an unknown code\)/);
  }
});
