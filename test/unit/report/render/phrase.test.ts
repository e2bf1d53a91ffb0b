import { describe, expect, it } from 'vitest';
import { spacedText } from '../../../../src/report/render/kit/languages/chinese.ts';
import { name, phrase, plain, visible, withCode } from '../../../../src/report/render/kit/phrase.ts';
import { shorten } from '../../../../src/report/render/kit/place.ts';

describe('names in sentences', () => {
  it('are isolated where they are written right to left', () => {
    expect(plain(phrase`on ${name('node-1')}.`)).toBe('on node-1.');
    expect(plain(phrase`on ${name('שלום')}.`)).toBe('on \u2068שלום\u2069.');
    expect(plain(phrase`on ${name('a\u202eb')}.`)).toBe('on \u2068a\u202eb\u2069.');
  });

  it('have invisible characters written out', () => {
    expect(visible('a\u0000b\u001b[0m\u0085\ufffe\ud800')).toBe('a\\x00b\\x1b[0m\\x85\\ufffe\ufffd');
    expect(visible('tabs\tand\r\nlines')).toBe('tabs\tand\nlines');
  });

  it('are marked as code by back-quotes', () => {
    expect(withCode('see `up` now').map(({ text, code }) => [text, code])).toEqual([
      ['see ', false],
      ['up', true],
      [' now', false],
    ]);
  });

  it('are shortened in the middle, where wide characters count twice', () => {
    expect(shorten('node-1', 20)).toBe('node-1');
    expect(shorten('a-very-long-name-of-a-node-17', 15)).toBe('a-very-…node-17');
    expect(shorten('华东生产集群第一号节点', 11)).toBe('华东生…节点');
  });
});

describe('Chinese sentences', () => {
  it('have a space between Chinese and Latin, and none next to full-width punctuation', () => {
    expect(spacedText`${'Controller'}的${'NetworkPolicy 同步耗时'}达到${'1.9 s'}，阈值为${'1 s'}`).toBe(
      'Controller 的 NetworkPolicy 同步耗时达到 1.9 s，阈值为 1 s',
    );
    expect(spacedText`${'本地 Pod 数'} ${'达到'} ${240}`).toBe('本地 Pod 数达到 240');
    expect(spacedText`${'node-1'}（${'add'}）的 ${'错误'}`).toBe('node-1（add）的错误');
    expect(spacedText`${'12'}/${'14'} 个`).toBe('12/14 个');
  });

  it('do not change names', () => {
    expect(spacedText`在${name('  ')}上`).toContain('  ');
    expect(spacedText`${name('node 一')}的`).toBe('node 一的');
  });
});
