import { describe, expect, it } from 'vitest';
import { embedFonts } from '../../../../src/report/render/print/fonts.ts';

/** What the rules say of each face, without its data. */
async function faces(text: string) {
  return [...(await embedFonts(text)).matchAll(/@font-face\{(.*)\}/g)].map(([, rule = '']) => ({
    family: /font-family:'(.*?)'/.exec(rule)?.[1],
    weight: Number(/font-weight:(\d+)/.exec(rule)?.[1]),
    range: /unicode-range:(.*)$/.exec(rule)?.[1],
    bytes: Buffer.from(/base64,([^)]*)/.exec(rule)?.[1] ?? '', 'base64'),
  }));
}

describe('embedFonts', () => {
  it('embeds three small Latin faces for an English text', async () => {
    const embedded = await faces('Antrea: 3 findings → 100 % ≥ “limit” – naïve…');
    expect(embedded.map(({ family, weight, range }) => [family, weight, range])).toEqual([
      ['Report Sans', 400, undefined],
      ['Report Sans', 600, undefined],
      ['Report Mono', 400, undefined],
    ]);
    for (const { bytes } of embedded) {
      expect(bytes.toString('latin1', 0, 4)).toBe('wOFF');
      expect(bytes.length).toBeLessThan(20_000);
    }
  });

  it('adds the Chinese faces for a Chinese text, also for punctuation that Plex has', async () => {
    const embedded = await faces('节点“内存”— 3 × 4…');
    expect(embedded.map(({ family, weight, range }) => [family, weight, range])).toEqual([
      ['Report Sans', 400, undefined],
      ['Report Sans', 600, undefined],
      ['Report Sans', 400, 'U+20-7e,U+d7'],
      ['Report Sans', 600, 'U+20-7e,U+d7'],
      ['Report Mono', 400, undefined],
    ]);
  });

  it('uses Noto for a symbol that Plex lacks, and no font for one that neither has', async () => {
    const english = await embedFonts('plain');
    expect(await faces('▲')).toHaveLength(5);
    expect((await embedFonts('plain \u{1f600}\n\t')) === english).toBe(true);
  });

  it('includes Chinese beyond the basic plane', async () => {
    expect(await faces('\u{20089}')).toHaveLength(5);
  });

  it('makes the same fonts from the same characters in any order', async () => {
    expect((await embedFonts('节点 ab')) === (await embedFonts('ba 点节节'))).toBe(true);
  });

  it('forbids synthesized faces, because Chromium prints a synthesized bold as Type 3', async () => {
    expect(await embedFonts('')).toContain(':root{font-synthesis:none}');
  });
});
