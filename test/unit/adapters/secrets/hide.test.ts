import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hideSecrets } from '../../../../src/adapters/secrets/hide.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('a secret that a server repeats', () => {
  const password = 'pass word/ä+1"';
  const basic = `Basic ${base64(`reader:${password}`)}`;

  it.each([
    ['as sent', basic],
    ['without its scheme', base64(`reader:${password}`)],
    ['decoded', `reader:${password}`],
    ['the password alone', password],
    ['the password as in an address', encodeURIComponent(password)],
    ['the password as in a form', 'pass+word%2F%C3%A4%2B1%22'],
    ['the password in base64', base64(password)],
    ['the password in base64 without padding', base64(password).replace(/=+$/, '')],
    ['the password in JSON', JSON.stringify({ text: password })],
    ['the password in JSON in JSON', JSON.stringify(JSON.stringify({ text: password }))],
    ['the password in HTML', 'pass word/&auml;+1&quot;'.replace('&auml;', 'ä')],
    ['the password in HTML with numbers', 'pass&#32;word&#47;&#xE4;&#43;1&#x22;'],
    ['the password in hexadecimal digits', Buffer.from(password).toString('hex').toUpperCase()],
    ['the password in base64 for addresses', Buffer.from(password).toString('base64url')],
    ['the password in the middle of base64', base64(`\0reader\0${password}`).slice(8)],
  ])('is hidden %s', (_, text) => {
    const hidden = hideSecrets(`no: ${text}.`, [basic]);
    expect(hidden).toMatch(/\*\*\*/);
    expect(hidden).not.toMatch(/word|reader:|Basic [A-Za-z0-9+/]{8}|cmVhZGVy|cGFzcyB3b3Jk/);
  });

  it('is hidden in any text, in each of its forms', () => {
    const secret = fc.string({ minLength: 8, maxLength: 40 }).filter((text) => !text.includes('*'));
    fc.assert(
      fc.property(fc.string(), secret, fc.string(), (before, token, after) => {
        const forms = [token, encodeURIComponent(token), base64(token)];
        for (const form of forms)
          expect(hideSecrets(`${before}${form}${after}`, [`Bearer ${token}`])).not.toContain(form);
      }),
    );
  });

  it('is hidden if it is as long as headers can be, and so is a part of it', () => {
    const token = Array.from({ length: 1000 }, (_, index) => `-${index}_`).join('');
    expect(hideSecrets(`no: Bearer ${token}!`, [`Bearer ${token}`])).toBe('no: Bearer ***!');
    expect(hideSecrets(`no: ${token.slice(0, 3000)}`, [`Bearer ${token}`])).toMatch(/^no: \*{3}.{0,200}$/);
    expect(hideSecrets(`no: ${base64(token)}!`, [`Bearer ${token}`]).length).toBeLessThan(300);
  });

  it('leaves words alone that are as short as a secret must not be', () => {
    expect(hideSecrets('a bad gateway', ['bad'])).toBe('a bad gateway');
  });
});
