import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LANGUAGES, type Language } from '../../../../src/report/model/indicator.ts';
import { shorten } from '../../../../src/report/render/kit/place.ts';
import type { Digest } from '../../../../src/service/digest/digest.ts';
import { mailSafe } from '../../../../src/service/digest/mail-safe.ts';
import { renderDigest } from '../../../../src/service/digest/render.ts';
import { clock, step } from '../../../fixtures/report-parts.ts';
import { sampleReport } from '../../../fixtures/sample-report.ts';
import { type Element, elementsOf, textOf } from '../../report/render/elements.ts';
import { absent, digestOf, hasClass, reported, withoutPoints, withoutSpace, withReport } from './sample.ts';

const isolates = (given: string) => given.replace(/[\u2068\u2069]/g, '');

describe('names from outside', () => {
  const PAYLOADS = [
    '<img src=x onerror=alert(1)>',
    '"><script>alert(1)</script>',
    "' onmouseover='alert(1)",
    '</title></style><svg onload=alert(1)>',
    '{{constructor}} <% x %> <#if x> }} {{',
    '{{',
    '"JUICE_CODE_BLOCK_0_" JUICE_STYLE_0_',
    '&lt;b&gt; &#60;i> &amp;',
    '--> ]]> <!-- <![endif]-->',
    'שלום-עולם\u200f',
    'evil\u202egnp.exe \u2067 \u2069\u202e',
    'two\nlines\r\nBcc: all@example.com\tand\u0000\u0007\u001b[31m\u2028',
    '\ud800\uffff',
    'x'.repeat(300),
    '节点，一号'.repeat(60),
    '   ',
    '',
  ];
  const hostile = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...PAYLOADS) },
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({ unit: 'grapheme', maxLength: 300 }),
  );

  function digestWith(given: string, language: Language): Digest {
    const report = withoutPoints({
      ...sampleReport({ nodes: 5, nodeName: (index) => `${index} ${given}`, cluster: given }),
      metrics: [],
    });
    const own = { en: given, 'zh-CN': given };
    const [first] = report.indicators;
    const [capacity] = report.capacity.filter(({ fullInDays }) => fullInDays !== null);
    if (!first || !capacity) throw new Error('no indicator or no capacity');
    const at = clock('Sat 16:00');
    const changes = {
      indicators: [
        ...report.indicators,
        { ...first, id: 'own-one', own: { title: own, explanation: own, impact: own, nextSteps: [] } },
      ],
      changes: [
        step(`0 ${given}`, { at, labels: { operation: given } }),
        step(given, { at, indicator: 'own-one' }),
      ],
      capacity: [{ ...capacity, subject: given, limit: { ...capacity.limit, id: given } }],
    };
    return digestOf(
      [
        withReport(
          reported(given, 'critical', { report, links: { html: `https://example.com/${given}` } }),
          changes,
        ),
        withReport(reported(`${given}2`, 'healthy'), changes),
        absent(`${given}3`, 'failed', `no: ${given}`),
      ],
      {
        language,
        // With a prefix, because a note of spaces only is left out.
        note: `note ${given}`,
        attached: [{ cluster: given, name: given, bytes: 1 }],
        leftOut: [{ cluster: given, name: given, bytes: 1 }],
      },
    );
  }

  /** Elements whose number depends on the words, lines and long names. */
  const isVariable = (element: Element) => element.tagName === 'br' || hasClass(element, 'whole');
  const skeletonOf = (html: string) =>
    elementsOf(html)
      .filter((element) => !isVariable(element))
      .map(
        ({ tagName, attrs, namespaceURI }) =>
          `${namespaceURI.split('/').at(-1)} ${tagName} ${attrs.map(({ name }) => name).filter((name) => name !== 'title')}`,
      );

  it('change no element of the message and no direction of text', async () => {
    const harmlessOnes = new Map<Language, string[]>();
    for (const language of LANGUAGES)
      harmlessOnes.set(language, skeletonOf((await renderDigest(digestWith('a', language))).html));
    await fc.assert(
      fc.asyncProperty(hostile, fc.constantFrom(...LANGUAGES), async (given, language) => {
        const { html, text: part, subject } = await renderDigest(digestWith(given, language));
        expect(skeletonOf(html)).toEqual(harmlessOnes.get(language));
        expect(subject).toBe(
          language === 'en'
            ? '2 of 3 clusters need attention – 21 Nov 2026'
            : '3 个集群中有 2 个需要处理 – 2026年11月21日',
        );
        const shown = shorten(mailSafe(given), 48) || '–';
        const bold = elementsOf(html).find(({ tagName }) => tagName === 'h3');
        expect(bold && textOf(bold)).toBe(shown);
        expect(withoutSpace(isolates(part))).toContain(withoutSpace(shown));
        // Titles of user-defined indicators may have isolates, but every element closes those that it opens.
        expect(html).not.toMatch(/[\u061c\u200e\u200f\u202a-\u202e\u2066\u2067]/);
        for (const element of elementsOf(html)) expect(openIsolates(textOf(element))).toBe(0);
        expect(part).not.toMatch(/[\u061c\u200e\u200f\u202a-\u202e\u2066\u2067]/);
        for (const line of isolatesByLine(part)) expect(line).toBe(0);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there
        expect(html + part).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
        expect(part.isWellFormed() && html.isWellFormed()).toBe(true);
      }),
      { numRuns: 40, examples: PAYLOADS.map((payload): [string, Language] => [payload, 'en']) },
    );
  });

  /** The number of isolates that the text opens and does not close. */
  function openIsolates(block: string): number {
    return (block.match(/\u2068/g)?.length ?? 0) - (block.match(/\u2069/g)?.length ?? 0);
  }

  function isolatesByLine(part: string): number[] {
    return part.split('\n\n').map(openIsolates);
  }
});

describe('text from outside', () => {
  it('has its control characters written out', () => {
    expect(mailSafe('evil\u202egnp.exe\u0007')).toBe('evil\\u202egnp.exe\\x07');
  });
});
