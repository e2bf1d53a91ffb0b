import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  openSigner,
  regionOfWorkspace,
  type SignableRequest,
} from '../../../../src/adapters/aws/signature.ts';
import { expectedAuthorization, signedHeaders } from '../../../fixtures/signature-check.ts';

/** From AWS's published test suite for Signature Version 4 (aws-sig-v4-test-suite). */
const SUITE = {
  region: 'us-east-1',
  service: 'service',
  now: () => new Date('2015-08-30T12:36:00Z'),
  keys: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' },
};

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

describe('a signature', () => {
  it.each<[string, Partial<SignableRequest>, string]>([
    ['get-vanilla', {}, '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
    [
      'get-vanilla-query-order-key-case',
      { url: 'https://example.amazonaws.com/?Param2=value2&Param1=value1' },
      'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
    ],
    ['post-vanilla', { method: 'POST' }, '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
    [
      'post-x-www-form-urlencoded',
      { method: 'POST', headers: FORM, body: 'Param1=value1' },
      'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
    ],
  ])('matches AWS’s test suite for %s', async (_, change, signature) => {
    const request = {
      method: 'GET',
      url: 'https://example.amazonaws.com/',
      headers: {},
      body: '',
      ...change,
    };
    const sign = openSigner({ ...SUITE, credentials: async () => SUITE.keys });
    const { authorization, ...others } = await sign(request);
    expect(others).toEqual({ 'x-amz-date': '20150830T123600Z' });
    const names = request.headers === FORM ? 'content-type;host;x-amz-date' : 'host;x-amz-date';
    expect(authorization).toBe(
      `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=${names}, Signature=${signature}`,
    );
  });

  it('equals the signature of another implementation for any request', async () => {
    const word = fc.stringMatching(/^[a-z0-9]{1,12}$/);
    const printable = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/);
    const path = fc.webPath({ size: 'small' });
    // @smithy/signature-v4 stores parameters in a plain object, where the name __proto__ is special. Prometheus's API has
    // no such parameter.
    const parameter = fc.string({ minLength: 1 }).filter((name) => name !== '__proto__');
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          method: fc.constantFrom('GET', 'POST'),
          host: fc.tuple(fc.domain(), fc.option(fc.integer({ min: 1, max: 65_535 }))),
          path: fc.tuple(path, fc.constantFrom('', '/节点 x', "/(a)'b!*", '/a%20b%2Fc', '/a//b', '/')),
          query: fc.array(fc.tuple(parameter, fc.string({ unit: 'binary' })), {
            maxLength: 4,
          }),
          headers: fc.dictionary(
            fc.constantFrom('content-type', 'Accept', 'X-Amz-Meta', 'x-scope-orgid', 'User-Agent'),
            printable,
          ),
          body: fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme', maxLength: 500 })),
          time: fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }),
          accessKeyId: word,
          secretAccessKey: printable,
          sessionToken: fc.option(printable, { nil: undefined }),
          region: fc.constantFrom('eu-central-1', 'cn-north-1', 'us-gov-west-1'),
        }),
        async ({ host: [name, port], query, time, sessionToken, region, ...given }) => {
          const url = new URL(
            `https://${name}${port === null ? '' : `:${port}`}${given.path.join('') || '/'}`,
          );
          for (const [key, value] of query) url.searchParams.append(key, value);
          const { method, headers, body, accessKeyId, secretAccessKey } = given;
          const keys = {
            accessKeyId,
            secretAccessKey,
            ...(sessionToken === undefined ? {} : { sessionToken }),
          };
          const sign = openSigner({ region, credentials: async () => keys, now: () => time });
          const added = await sign({ method, url: url.href, headers, body });
          const arrived = Object.fromEntries(
            Object.entries({ ...headers, ...added, host: url.host }).map(([key, value]) => [
              key.toLowerCase(),
              value,
            ]),
          );
          expect(added['x-amz-security-token']).toBe(sessionToken);
          expect(added['authorization']).toBe(
            expectedAuthorization(
              { method, path: `${url.pathname}${url.search}`, headers: arrived, body },
              { accessKeyId, secretAccessKey },
              { region, service: 'aps' },
            ),
          );
          // Only the headers that AWS requires to be signed: a proxy may change others.
          expect(signedHeaders(arrived)).toEqual(
            Object.keys(arrived)
              .filter((key) => key === 'host' || key === 'content-type' || key.startsWith('x-amz-'))
              .sort(),
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  it('differs a minute later', async () => {
    let minute = 0;
    const now = () => new Date(Date.UTC(2026, 10, 21, 6, minute++));
    const sign = openSigner({ region: 'eu-central-1', credentials: async () => SUITE.keys, now });
    const request = { method: 'POST', url: 'https://host/api/v1/query', headers: FORM, body: 'query=up' };
    const [first, second] = [await sign(request), await sign(request)];
    expect([first['x-amz-date'], second['x-amz-date']]).toEqual(['20261121T060000Z', '20261121T060100Z']);
    expect(first['authorization']).not.toBe(second['authorization']);
  });
});

describe('the region of a workspace', () => {
  it.each([
    ['https://aps-workspaces.eu-central-1.amazonaws.com/workspaces/ws-1', 'eu-central-1'],
    ['https://aps-workspaces.cn-north-1.amazonaws.com.cn/workspaces/ws-1', 'cn-north-1'],
    ['https://aps-workspaces-fips.us-gov-west-1.amazonaws.com/workspaces/ws-1', 'us-gov-west-1'],
    [
      'https://vpce-0a1b-2c3d.aps-workspaces.ap-southeast-2.vpce.amazonaws.com/workspaces/ws-1',
      'ap-southeast-2',
    ],
    ['https://APS-Workspaces.eu-west-1.amazonaws.com:443/workspaces/ws-1', 'eu-west-1'],
    ['https://aps-workspaces.eu-west-1.amazonaws.com.evil.example/workspaces/ws-1', undefined],
    ['https://not-aps-workspaces.eu-west-1.amazonaws.com/', undefined],
    ['http://localhost:9090/aps-workspaces.eu-west-1.amazonaws.com', undefined],
    ['https://prometheus.eu-west-1.amazonaws.com/', undefined],
  ])('of %s is %s', (url, region) => expect(regionOfWorkspace(url)).toBe(region));
});
