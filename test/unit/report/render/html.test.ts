import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LANGUAGES, type Language } from '../../../../src/report/model/indicator.ts';
import { type Report, reportSchema } from '../../../../src/report/model/report.ts';
import { pageHeader, renderHtml, renderPage } from '../../../../src/report/render/html.ts';
import { visible } from '../../../../src/report/render/kit/phrase.ts';
import { fired } from '../../../fixtures/report-parts.ts';
import { type SampleOptions, sampleReport } from '../../../fixtures/sample-report.ts';
import { attribute, elementsOf, textOf } from './elements.ts';

const SAMPLES: Record<string, SampleOptions> = {
  unwell: {},
  healthy: { condition: 'healthy' },
  monthly: { period: 'month' },
  large: { nodes: 300, nodeName: (index) => `ip-10-0-${index}.eu-central-1.compute.internal` },
};

const withoutFonts = (html: string) => html.replace(/base64,[^)]*/g, '');

/** The script is the same for all reports. */
const withoutScript = (html: string) => html.replace(/<script>[\s\S]*<\/script>\n/, '');

/** Their number depends on the words of names and on the room for labels. */
const VARIABLE = ['word', 'line', 'missing'];

/** Returns the elements in order with the names of their attributes. */
const skeletonOf = (html: string) =>
  elementsOf(html)
    .filter((element) => !VARIABLE.includes(attribute(element, 'class') ?? ''))
    .map(
      ({ tagName, attrs, namespaceURI }) =>
        `${namespaceURI.split('/').at(-1)} ${tagName} ${attrs.map(({ name }) => name).join(' ')}`,
    );

describe.each(Object.entries(SAMPLES))('the page of the %s cluster', (_, options) => {
  const report = sampleReport(options);

  it('comes from a valid document', () => {
    reportSchema.parse(report);
  });

  it.each(LANGUAGES)('has a valid structure in %s', async (language) => {
    const html = await renderHtml(report, { language });
    const elements = elementsOf(html);
    const root = elements.find(({ tagName }) => tagName === 'html');
    expect(html.startsWith('<!doctype html>\n')).toBe(true);
    expect(root && attribute(root, 'lang')).toBe(language);

    const levels = elements.flatMap(({ tagName }) => (/^h\d$/.test(tagName) ? [Number(tagName[1])] : []));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    for (const [index, level] of levels.entries())
      expect(level).toBeLessThanOrEqual((levels[index - 1] ?? 0) + 1);

    const ids = elements.flatMap((element) => attribute(element, 'id') ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    for (const element of elements.filter(({ tagName }) => tagName === 'a'))
      expect(ids).toContain(attribute(element, 'href')?.slice(1));

    for (const element of elements.filter(({ tagName }) => tagName === 'svg'))
      if (attribute(element, 'role') === 'img')
        expect(element.childNodes[0]?.nodeName, 'a picture has a title').toBe('title');
    expect(withoutFonts(withoutScript(html))).not.toMatch(/undefined|NaN|\[object |Infinity/);
  });

  it('loads nothing, and allows only its own script and stylesheet', async () => {
    const html = await renderHtml(report, { language: 'en' });
    const elements = elementsOf(html);
    const hashesOf = (name: string) =>
      elements
        .filter(({ tagName }) => tagName === name)
        .map((element) => createHash('sha256').update(textOf(element)).digest('base64'));
    const [[script, ...otherScripts], [style, ...otherStyles]] = [hashesOf('script'), hashesOf('style')];
    expect([otherScripts, otherStyles]).toEqual([[], []]);
    const policy = elements.find((element) => attribute(element, 'http-equiv') !== undefined);
    expect(policy && attribute(policy, 'content')).toBe(
      `default-src 'none'; script-src 'sha256-${script}'; style-src 'sha256-${style}'; ` +
        "font-src data:; img-src data:; base-uri 'none'; form-action 'none'",
    );
    expect(html.match(/<script/gi)).toHaveLength(1);
    expect(html).not.toMatch(/<link|<iframe|@import|\ssrc=|https?:/i);
    expect(html.match(/url\((?!data:font\/|"?#)/g)).toBeNull();
    expect(elements.filter((element) => attribute(element, 'style') !== undefined)).toEqual([]);
  });

  it('has no script for the printer', async () => {
    const { html, printable } = await renderPage(report, { language: 'en' });
    expect(printable).not.toMatch(/<script|script-src/i);
    expect(withoutScript(html).replace(/ script-src &#x27;\S*/, '')).toBe(printable);
  });

  it('is small', async () => {
    const html = await renderHtml(report, { language: 'zh-CN' });
    expect(withoutFonts(html).length).toBeLessThan(390_000);
  });
});

describe('whatever names a cluster has', () => {
  const PAYLOADS = [
    '<img src=x onerror=alert(1)>',
    '"><script>alert(1)</script>',
    "' onmouseover='alert(1)",
    '</title></style></svg><svg onload=alert(1)>',
    '{{constructor.constructor("return process")()}}',
    '&lt;b&gt; &#60;i> &amp;',
    '`code` $(id) $HOME \\',
    '--> ]]> <!-- <?xml ?>',
    'שלום-עולם\u200f',
    'evil\u202egnp.exe',
    'two\nlines\tand\u0000\u0007\u001b[31m',
    '\ud800\uffff',
    '节点-一号，（华东）',
    'x'.repeat(300),
    '   ',
    '',
  ];
  const hostile = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...PAYLOADS) },
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({ unit: 'grapheme', maxLength: 40 }),
  );

  /** Returns the same document with all names from outside replaced; a number keeps them distinct. */
  function withNames(names: readonly string[]): Report {
    const name = (index: number) => names[index % names.length] ?? '';
    const report = sampleReport({
      nodes: 5,
      // The number comes first, so that the order of the nodes is always the same.
      nodeName: (index) => `${index} ${name(index)}`,
      cluster: name(0),
      period: 'week',
    });
    // In custom texts back-quotes mark code, and the first sentence of an explanation is shown separately.
    const text = (index: number) => {
      const one = `${index} ${name(index).replaceAll(/[`.!?。！？]/g, '_')}`;
      return { en: one, 'zh-CN': one };
    };
    return {
      ...report,
      id: name(1),
      generator: { name: name(2), version: name(3) },
      capacity: report.capacity.map((one, index) => ({
        ...one,
        labels: relabel({ zone: 'a' }),
        limit: { ...one.limit, id: index === 0 ? name(index) : one.limit.id },
      })),
      indicators: report.indicators.map((indicator, index) => ({
        ...indicator,
        own: indicator.own && {
          title: text(index),
          explanation: text(index + 1),
          impact: text(index + 2),
          nextSteps: [{ text: text(index + 3), command: `echo ${name(index)}` }],
        },
        reason: indicator.reason === null ? null : `refused: ${name(index)}`,
        query: name(index + 1),
        readings: indicator.readings.map((reading) => ({ ...reading, labels: relabel(reading.labels) })),
        series: indicator.series.map((series) => ({ ...series, labels: relabel(series.labels) })),
      })),
      findings: report.findings.map((finding) => ({ ...finding, labels: relabel(finding.labels) })),
      coverage: {
        ...report.coverage,
        targets: report.coverage.targets.map((target, index) => ({
          ...target,
          instances: [`${target.node};${name(index)}-pod`],
          pods: [`${name(index)}-pod`],
        })),
      },
      warnings: report.warnings.map(() => ({ text: name(0), query: name(1) })),
      alerts: {
        ...{ evaluatedFrom: report.period.start, more: 0 },
        fired: [fired(name(0), `0 ${name(0)}`, ['Sat 10:00', 'Sat 11:00'], { severity: `1 ${name(1)}` })],
      },
      alertsReason: name(2),
      incidents: report.incidents.map((one) => ({ ...one, alerts: [{ alert: 0, from: one.start }] })),
    };

    function relabel(labels: Record<string, string>): Record<string, string> {
      return Object.fromEntries(
        Object.entries(labels).map(([label, value]) => [label, `${value} ${name(value.length)}`]),
      );
    }
  }

  it('the page has the same elements and attributes, and shows the names as text', async () => {
    const harmless = skeletonOf(await renderHtml(withNames(['a']), { language: 'en' }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(hostile, { minLength: 1, maxLength: 5 }),
        fc.constantFrom(...LANGUAGES),
        async (names, language) => {
          const html = await renderHtml(withNames(names), { language });
          expect(skeletonOf(html)).toEqual(harmless);
          const heading = elementsOf(html).find(({ tagName }) => tagName === 'h1');
          expect(heading && textOf(heading)).toBe(visible(names[0] ?? ''));
        },
      ),
      { numRuns: 24, examples: PAYLOADS.map((payload): [string[], Language] => [[payload], 'en']) },
    );
  });
});

describe('the header of printed pages', () => {
  const report = sampleReport();
  const period = (start: string, end: string) => ({ ...report.period, start, end, timeZone: 'UTC' });
  const PERIODS: [ReturnType<typeof period>, Record<Language, string>][] = [
    [
      period('2026-11-20T00:00:00Z', '2026-11-21T00:00:00Z'),
      { en: 'Fri 20 Nov 2026', 'zh-CN': '2026年11月20日 周五' },
    ],
    [
      period('2026-11-20T08:00:00Z', '2026-11-20T20:00:00Z'),
      { en: '20 Nov 2026', 'zh-CN': '2026年11月20日' },
    ],
    [
      period('2026-12-25T06:00:00Z', '2027-01-01T06:00:00Z'),
      { en: '25 Dec 2026 – 1 Jan 2027', 'zh-CN': '2026年12月25日至2027年1月1日' },
    ],
  ];

  it.each(PERIODS)('has the cluster and the day, or the days: %o', (days, text) => {
    const of = { ...report, cluster: 'example', period: days };
    expect(pageHeader(of, 'en')).toBe(`example – Antrea health report, ${text.en}`);
    expect(pageHeader(of, 'zh-CN')).toBe(`example – Antrea 健康报告，${text['zh-CN']}`);
  });

  it('is one short line for any name', () => {
    const header = pageHeader({ ...report, cluster: `two\nlines\u0007 ${'x'.repeat(300)}` }, 'en');
    expect(header).toMatch(/^two lines\\x07 x+…x+ – Antrea health report, /);
    expect(header.length).toBeLessThan(120);
  });
});
