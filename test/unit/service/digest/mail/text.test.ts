import { describe, expect, it } from 'vitest';
import { oneLine, toEnvelopeAddress } from '../../../../../src/service/digest/mail/text.ts';

describe('toEnvelopeAddress', () => {
  it.each([
    ['noc@example.com', 'noc@example.com'],
    ['First.Last+tag@Sub.Example.COM', 'First.Last+tag@sub.example.com'],
    ["o'hara_{x}@example.com", "o'hara_{x}@example.com"],
    ['ops@例子.cn', 'ops@xn--fsqu00a.cn'],
    ['ops@bücher.de', 'ops@xn--bcher-kva.de'],
    ['root@localhost', 'root@localhost'],
    [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
  ])('normalizes %s', (text, address) => {
    expect(toEnvelopeAddress(text)).toBe(address);
  });

  it.each([
    '',
    '@',
    'noc',
    '@example.com',
    'noc@',
    'a b@example.com',
    'a@b@example.com',
    '.a@example.com',
    'a..b@example.com',
    'a.@example.com',
    '"a b"@example.com',
    'a@example..com',
    'a@-example.com',
    'a@example.com.',
    'a@example.com/x',
    'a@example.com\r\nRCPT TO:<x@y.z>',
    'a@exam\u202eple.com',
    'a>@example.com',
    'a@[127.0.0.1]',
    'a@127.1',
    'a,b@example.com',
    '节点@example.com',
    'Name <a@example.com>',
    ' a@example.com',
    `${'a'.repeat(65)}@example.com`,
    `a@${'b.'.repeat(130)}com`,
  ])('returns null for %j', (text) => {
    expect(toEnvelopeAddress(text)).toBeNull();
  });
});

describe('oneLine', () => {
  it.each([
    ['  two\r\n\tlines\u2028here\u0085 ', 'two lines here'],
    ['\u202egnp.exe\u202c', 'gnp.exe'],
    ['\ufeffبيت 👩‍🚀 नमस्ते', 'بيت 👩‍🚀 नमस्ते'],
    ['=?utf-8?Q?=0A?=', '= ?utf-8?Q?=0A?='],
    ['\0a\x7fb', 'a b'],
    ['\ud800', '\ufffd'],
    ['12345678901', '123456789…'],
    ['节节节节节节节节节节', '节节节节节节节节节节'],
  ])('returns %j as one safe line', (text, line) => {
    expect(oneLine(text, text.startsWith('1') ? 10 : 30)).toBe(line);
  });
});
