import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { returnPath } from '../../../../src/service/sign-in/return-path.ts';

const ORIGIN = 'https://health.example.com';
const BASES = ['', '/antrea', '/a/b'];

/** What browsers read in unusual ways, hosts, and parts of real addresses. */
const PARTS = [
  ...[
    '/',
    '//',
    '\\',
    '/\\',
    '.',
    '..',
    '/./',
    '/../',
    '/.//',
    '%2e%2e/',
    '%2f',
    '%5c',
    '%09',
    ';',
    ':',
    '@',
    '?',
    '#',
  ],
  ...['\t', '\n', '\r', '\0', ' ', '\u2028', '\u3002', '／', 'é'],
  ...[
    'https:',
    'javascript:alert(1)',
    'data:text/html,x',
    'evil.example',
    'user@evil.example',
    '[::1]',
    '127.0.0.1',
  ],
  ...['antrea', 'a', 'b', 'reports', 'sign-in', 'sign-out', 'callback', 'cluster=prod', 'report.html'],
];

const anyPath = fc.oneof(
  fc
    .array(fc.oneof(fc.constantFrom(...PARTS), fc.string({ maxLength: 4 })), { maxLength: 12 })
    .map((all) => all.join('')),
  fc.string({ unit: 'binary' }),
  fc.webUrl(),
);
const anyBase = fc.constantFrom(...BASES);

describe('the path to return to', () => {
  it('stays on this host and below the base path, whatever is wanted', () => {
    fc.assert(
      fc.property(anyPath, anyBase, fc.boolean(), (text, base, isBelow) => {
        const path = returnPath(isBelow ? `${base}/${text}` : text, base);
        // As a browser reads it, in the answer to the callback.
        const url = new URL(path, `${ORIGIN}${base}/sign-in/callback`);
        expect(url.origin).toBe(ORIGIN);
        expect(url.pathname.startsWith(`${base}/`)).toBe(true);
        expect(`${url.pathname}${url.search}`).toBe(path);
        expect(url.pathname).not.toMatch(new RegExp(`^${base}/sign-(in|out)(/|$)`));
        // Nothing that would end the header Location.
        expect(path).toMatch(/^\/(?!\/)[\x21-\x7e]*$/);
        expect(path.length).toBeLessThanOrEqual(500 + 3 * 4);
      }),
      { numRuns: 3000 },
    );
  });

  it('is the wanted one for every address of the service', () => {
    const segment = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,20}$/);
    const query = fc.dictionary(segment, fc.string({ maxLength: 10 }), { maxKeys: 3 });
    fc.assert(
      fc.property(anyBase, fc.array(segment, { maxLength: 4 }), query, (base, segments, parameters) => {
        const text = new URLSearchParams(parameters).toString();
        const path = `${base}/${['reports', ...segments].join('/')}${text && `?${text}`}`;
        expect(returnPath(path, base)).toBe(path);
      }),
    );
  });

  it.each([
    ['//evil.example/reports', ''],
    ['/\\evil.example', ''],
    ['/.//evil.example', ''],
    ['/antrea/..//evil.example', '/antrea'],
    ['/\t/evil.example', ''],
    ['https://evil.example/reports', ''],
    ['/other/reports', '/antrea'],
    ['/antreareports', '/antrea'],
    ['/sign-in/callback?code=1', ''],
    ['/sign-out', ''],
    [`/reports?${'x'.repeat(500)}`, ''],
    ['reports', ''],
    ['', ''],
  ])('is the start instead of %j', (wanted, base) => {
    expect(returnPath(wanted, base)).toBe(`${base}/`);
  });
});
