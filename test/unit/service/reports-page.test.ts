import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { parse } from 'parse5';
import { describe, expect, it } from 'vitest';
import { LANGUAGES, type Language } from '../../../src/report/model/indicator.ts';
import { scoreHistory } from '../../../src/report/render/kit/charts/score-history.ts';
import { visible } from '../../../src/report/render/kit/phrase.ts';
import type { ArchiveCluster, ArchivePage, ArchiveReport } from '../../../src/service/reports-page/page.ts';
import { createPeriods } from '../../../src/service/reports-page/period.ts';
import { renderArchive } from '../../../src/service/reports-page/render.ts';
import { archiveView } from '../../../src/service/reports-page/view.ts';
import { ARCHIVE_WORDS, STANDINGS } from '../../../src/service/reports-page/words.ts';
import { attribute, elementsOf, textOf } from '../report/render/elements.ts';

const seconds = (instant: string) => Date.parse(instant) / 1000;

const DAY = 86_400;
const END = seconds('2026-11-21T00:00:00Z');

function reportOf(cluster: string, changes: Partial<ArchiveReport> = {}): ArchiveReport {
  return {
    id: `id-20261121t000000z-0123abcd-en`,
    cluster,
    timeZone: 'UTC',
    period: { start: END - DAY, end: END },
    language: 'en',
    verdict: 'healthy',
    score: 100,
    complete: changes.verdict !== 'unknown',
    critical: 0,
    warning: 0,
    links: { html: '/reports/id/report.html', json: '/reports/id/report.json' },
    ...changes,
  };
}

/** So many days, the latest with the changes. */
function courseOf(name: string, changes: Partial<ArchiveReport> = {}, { days = 3, end = END } = {}) {
  return Array.from({ length: days }, (_, day) =>
    reportOf(name, {
      period: { start: end - (day + 1) * DAY, end: end - day * DAY },
      ...(day === 0 ? changes : {}),
    }),
  );
}

const clusterOf = (name: string, latest: readonly ArchiveReport[]): ArchiveCluster => ({
  name,
  link: `/reports?cluster=${name.length}`,
  latest,
});

function pageOf(clusters: readonly ArchiveCluster[], changes: Partial<ArchivePage> = {}): ArchivePage {
  return {
    cluster: null,
    clusters,
    reports: clusters.flatMap(({ latest }) => latest),
    first: null,
    next: null,
    otherLanguage: { language: 'zh-CN', link: '/reports?lang=zh-CN' },
    ...changes,
  };
}

const everyStanding = [
  clusterOf('fine', courseOf('fine')),
  clusterOf('silent', []),
  clusterOf('stopped', courseOf('stopped', {}, { end: END - 3 * DAY })),
  clusterOf('bad', courseOf('bad', { verdict: 'critical', score: 60, critical: 2 })),
  clusterOf('unclear', courseOf('unclear', { verdict: 'unknown', score: 90 })),
  clusterOf('worse', courseOf('worse', { verdict: 'critical', score: 40, critical: 3, warning: 1 })),
  clusterOf('so-so', courseOf('so-so', { verdict: 'warning', score: 90, warning: 1 })),
];

const rowsOf = (page: ArchivePage, language: Language = 'en') =>
  archiveView(page, language).clusters?.rows ?? [];

describe('the clusters', () => {
  it('stand worst first; neither silence nor doubt is health', () => {
    const rows = rowsOf(pageOf(everyStanding));
    expect(rows.map(({ cluster, status }) => [cluster.text[0]?.text, status.word])).toEqual([
      ['worse', 'Critical'],
      ['bad', 'Critical'],
      ['so-so', 'Warning'],
      ['silent', 'No report yet'],
      ['stopped', 'Out of date'],
      ['unclear', 'Unknown'],
      ['fine', 'Healthy'],
    ]);
    expect(rows.find(({ status }) => status.word === 'Out of date')?.when.detail).toBe(
      '3\u00a0d behind the newest',
    );
  });

  it('are counted at the top, whose mark is the worst of them', () => {
    const verdict = (page: ArchivePage) => archiveView(page, 'en').masthead.verdict;
    expect(verdict(pageOf(everyStanding))?.detail.replaceAll('\u00a0', ' ')).toBe(
      '2 critical, 1 with warnings, 1 without a report, 1 out of date, 1 unknown, 1 healthy.',
    );
    expect(verdict(pageOf(everyStanding))?.status.kind).toBe('critical');
    expect(verdict(pageOf(everyStanding.slice(0, 2)))?.status).toMatchObject({
      kind: 'no-data',
      word: 'No report yet',
    });
  });

  it('whose reports are of weeks are not behind those of days, until one is missing', () => {
    const weekly = (end: number) =>
      clusterOf('weekly', [reportOf('weekly', { period: { start: end - 7 * DAY, end } })]);
    const word = (end: number) =>
      rowsOf(pageOf([clusterOf('fine', courseOf('fine')), weekly(end)])).find(
        ({ cluster }) => cluster.text[0]?.text === 'weekly',
      )?.status.word;
    expect(word(END - 7 * DAY)).toBe('Healthy');
    expect(word(END - 14 * DAY)).toBe('Out of date');
  });

  it('have one point and one score for a period, in however many languages it was reported', () => {
    const [today, yesterday] = courseOf('two', { verdict: 'warning', score: 90, warning: 1 }, { days: 2 });
    if (!today || !yesterday) throw new Error('no reports');
    const inChinese = (report: ArchiveReport): ArchiveReport => ({
      ...report,
      language: 'zh-CN',
      links: { html: '/zh.html', pdf: '/zh.pdf' },
    });
    const latest = [today, inChinese(today), yesterday, inChinese(yesterday)];
    const [row] = rowsOf(pageOf([clusterOf('two', latest)]), 'zh-CN');
    expect(row?.change).toEqual({ text: '\u221210', isWorse: true });
    expect(row?.links.map(({ href }) => href)).toEqual(['/zh.html', '/zh.pdf']);
    expect(String(row?.course)).toContain('最近 2 份报告的评分：最早 100，最低 90，最新 90');
  });
});

describe('the course of a score', () => {
  const point = (score: number, verdict: ArchiveReport['verdict'] = 'healthy', complete = true) => ({
    score,
    verdict,
    complete,
  });
  const drawn = (scores: readonly number[], room: number) =>
    scoreHistory({ title: 'scores', points: scores.map((score) => point(score)), room });

  /** The corners of a path of M, l, h and v. */
  function corners(svg: string): [number, number][] {
    const path = /class="line" d="([^"]*)"/.exec(svg)?.[1] ?? '';
    let at: [number, number] = [0, 0];
    return [...path.matchAll(/([Mlhv])([-\d ]+)/g)].map(([, command, numbers = '']) => {
      const [a = 0, b = 0] = (numbers.match(/-?\d+/g) ?? []).map(Number);
      if (command === 'M') at = [a, b];
      if (command === 'l') at = [at[0] + a, at[1] + b];
      if (command === 'h') at = [at[0] + a, at[1]];
      if (command === 'v') at = [at[0], at[1] + a];
      return at;
    });
  }

  it('has 100 at the top, 0 at the bottom, and the newest at the right, whatever the scores are', () => {
    expect(drawn([100, 0, 73], 5)).toContain('viewBox="0 0 4 100"');
    expect(corners(drawn([100, 0, 73], 5))).toEqual([
      [2, 0],
      [3, 100],
      [4, 27],
    ]);
    expect(corners(drawn([90, 91], 30))).toEqual([
      [28, 10],
      [29, 9],
    ]);
  });

  it('is one line without gaps through as many reports as there is room for, the latest ones', () => {
    const scores = Array.from({ length: 40 }, (_, index) => (index * 37) % 101);
    const svg = drawn(scores, 30);
    expect(corners(svg).at(0)).toEqual([0, 100 - (scores[10] ?? 0)]);
    expect(corners(svg).at(-1)).toEqual([29, 100 - (scores[39] ?? 0)]);
    expect(svg.match(/class="line" d="([^"]*)"/)?.[1]?.match(/M/g)).toHaveLength(1);
    expect(svg.match(/M\d+ \d+h0/g)).toHaveLength(30);
  });

  it('colours the points by verdict and marks incomplete reports', () => {
    const points = [point(100), point(50, 'critical', false), point(90, 'unknown', false)];
    const svg = scoreHistory({ title: '<scores>', points, room: 3 });
    expect(svg).toContain('<title>&lt;scores&gt;</title>');
    expect(svg).toContain('class="point healthy" d="M0 0h0"');
    expect(svg).toContain('class="point critical" d="M1 50h0"');
    expect(svg).toContain('class="point unknown" d="M2 10h0"');
    expect(svg).toContain('class="hollow" d="M1 50h0M2 10h0"');
  });

  it('of a single report is its point at the right', () => {
    expect(drawn([80], 1)).toContain('viewBox="0 0 1 100"');
    expect(drawn([80], 1)).toContain('d="M1 20h0"');
  });
});

describe('a period', () => {
  const CASES: [string, string, string, string, Record<Language, string>][] = [
    [
      'a day, from midnight there',
      'Asia/Shanghai',
      '2026-11-19T16:00:00Z',
      '2026-11-20T16:00:00Z',
      { en: '20 Nov 2026', 'zh-CN': '2026年11月20日' },
    ],
    [
      'a day of 25 hours',
      'Europe/Berlin',
      '2026-10-24T22:00:00Z',
      '2026-10-25T23:00:00Z',
      { en: '25 Oct 2026', 'zh-CN': '2026年10月25日' },
    ],
    [
      'a day of 23 hours',
      'Europe/Berlin',
      '2026-03-28T23:00:00Z',
      '2026-03-29T22:00:00Z',
      { en: '29 Mar 2026', 'zh-CN': '2026年3月29日' },
    ],
    [
      'a day that starts at one, because there is no midnight',
      'Africa/Cairo',
      '2026-04-23T22:00:00Z',
      '2026-04-24T21:00:00Z',
      { en: '24 Apr 2026', 'zh-CN': '2026年4月24日' },
    ],
    [
      'a week',
      'Asia/Shanghai',
      '2026-11-15T16:00:00Z',
      '2026-11-22T16:00:00Z',
      { en: '16–22 Nov 2026', 'zh-CN': '2026年11月16日至11月22日' },
    ],
    [
      'a month with a change of clocks',
      'Europe/Berlin',
      '2026-09-30T22:00:00Z',
      '2026-10-31T23:00:00Z',
      { en: '1–31 Oct 2026', 'zh-CN': '2026年10月1日至10月31日' },
    ],
    [
      'midnight of elsewhere',
      'UTC',
      '2026-11-19T16:00:00Z',
      '2026-11-20T16:00:00Z',
      {
        en: '19 Nov, 16:00 – 20 Nov 2026, 16:00',
        'zh-CN': '2026年11月19日 16:00 – 11月20日 16:00',
      },
    ],
    [
      'some hours',
      'Asia/Shanghai',
      '2026-11-20T00:00:00Z',
      '2026-11-20T04:30:00Z',
      { en: '20 Nov 2026, 08:00 – 12:30', 'zh-CN': '2026年11月20日 08:00 – 12:30' },
    ],
  ];

  it.each(CASES)('is written as people read it: %s', (_, timeZone, start, end, said) => {
    const report = { timeZone, period: { start: seconds(start), end: seconds(end) } };
    for (const language of LANGUAGES) expect(createPeriods(language).text(report)).toBe(said[language]);
  });

  it('with hours has its time zone beside it where the page has several', () => {
    const period = { start: END - 3600, end: END };
    const hours = clusterOf('hours', [reportOf('hours', { period, timeZone: 'Asia/Shanghai' })]);
    const days = clusterOf('days', courseOf('days'));
    const several = archiveView(pageOf([hours, days]), 'en');
    expect(several.clusters?.rows.map(({ when }) => when.detail).toSorted()).toEqual([
      '',
      'Asia/Shanghai (GMT+8)',
    ]);
    expect(several.times).toBe('Days and times are in the time zone of each cluster.');
    const one = archiveView(pageOf([hours]), 'en');
    expect(one.clusters?.rows[0]?.when).toEqual({ text: '21 Nov 2026, 07:00 – 08:00', detail: '' });
    expect(one.times).toBe('Days and times are in Asia/Shanghai.');
  });
});

describe('the page', () => {
  it.each(LANGUAGES)('is whole and sound in %s', (language) => {
    const { html } = renderArchive(pageOf(everyStanding, { next: '/reports?after=1' }), { language });
    const elements = elementsOf(html);
    expect(attribute(elements[0] ?? fail(), 'lang')).toBe(language);
    expect(elements.filter(({ tagName }) => tagName === 'h1')).toHaveLength(1);
    for (const element of elements.filter((one) => attribute(one, 'role') === 'img'))
      expect(element.childNodes[0]?.nodeName, 'a picture has a title').toBe('title');
    expect(html).not.toMatch(/undefined|NaN|\[object |Infinity/);
    expect(html).not.toMatch(/<script|<link|<iframe|@import|@font-face|\ssrc=|\sstyle=|https?:/i);
  });

  it('takes only its own stylesheet, and cannot be framed', () => {
    const { html, headers } = renderArchive(pageOf(everyStanding), { language: 'en' });
    const elements = elementsOf(html);
    const style = elements.find(({ tagName }) => tagName === 'style') ?? fail();
    const hash = createHash('sha256').update(textOf(style)).digest('base64');
    const meta = elements.find((element) => attribute(element, 'http-equiv') !== undefined) ?? fail();
    expect(headers['content-security-policy']).toBe(`${attribute(meta, 'content')}; frame-ancestors 'none'`);
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src /);
    expect(headers['content-security-policy']).toContain(`style-src 'sha256-${hash}';`);
  });

  it('of five hundred clusters is sent in one answer', () => {
    const clusters = Array.from({ length: 500 }, (_, index) => {
      const name = `production-cluster-${index}`;
      const path = `/reports/${name}/${name}-20261121t000000z-0123abcd-en/report`;
      const links = { html: `${path}.html`, pdf: `${path}.pdf`, json: `${path}.json` };
      const latest = courseOf(name, {}, { days: 30 }).map((report, day) => ({
        ...report,
        links,
        score: (day * 37 + index) % 101,
        verdict: (['healthy', 'warning', 'critical'] as const)[(day + index) % 3] ?? 'healthy',
      }));
      return clusterOf(name, latest);
    });
    const reports = clusters.slice(0, 200).flatMap(({ latest }) => latest.slice(0, 1));
    const { html } = renderArchive(pageOf(clusters, { reports }), { language: 'en' });
    expect(html.length).toBeLessThan(1_100_000);
  });

  it('of one cluster has its score at the top and names it no more', () => {
    const bad = everyStanding.find(({ name }) => name === 'bad') ?? fail();
    const view = archiveView(pageOf([bad], { cluster: 'bad', all: '/reports' }), 'en');
    expect(view.masthead.heading.map(({ text }) => text)).toEqual(['bad']);
    expect(view.masthead.verdict?.detail.replaceAll('\u00a0', ' ')).toBe(
      'The latest report has: 2 critical.',
    );
    expect(view.masthead.facts.map(({ value, detail }) => [value, detail.replaceAll('\u00a0', ' ')])).toEqual(
      [
        ['60 / 100', ''],
        ['20 Nov 2026', '24 h, UTC'],
        ['\u221240', 'from 100, 19 Nov 2026'],
        ['', ''],
      ],
    );
    expect(view.masthead.all?.href).toBe('/reports');
    expect(view.clusters).toBeNull();
    expect(view.reports.rows.map(({ cluster }) => cluster)).toEqual([null, null, null]);
  });

  it('without any report says how to ask for one', () => {
    const page = pageOf([clusterOf('a "quoted" one', [])]);
    for (const language of LANGUAGES) {
      const text = textOf(parse(renderArchive(page, { language }).html));
      expect(text).toContain('POST /reports\n{"cluster": "a \\"quoted\\" one"}');
      expect(text).toContain(ARCHIVE_WORDS[language].standings.missing);
    }
  });

  it('that is the last one leads back', () => {
    const page = pageOf([], { first: '/reports?limit=50', reports: [reportOf('old')] });
    const view = archiveView(page, 'en');
    expect(view.paging).toEqual({
      next: null,
      first: { text: 'Back to the newest', href: '/reports?limit=50' },
    });
    expect([view.masthead.verdict, view.clusters, view.reports.ask]).toEqual([null, null, null]);
    expect(archiveView({ ...page, reports: [] }, 'en').reports.nothing).toBe('There are no older reports.');
  });

  it('says of a report without findings whether everything was seen, and of a verdict whether it is of a whole report', () => {
    const reports = [
      reportOf('a'),
      reportOf('a', { verdict: 'unknown' }),
      reportOf('a', { verdict: 'critical', critical: 2, warning: 1, complete: false }),
    ];
    const { rows } = archiveView(pageOf([], { reports }), 'en').reports;
    expect(rows.map(({ findings, remark }) => [findings.replaceAll('\u00a0', ' '), remark])).toEqual([
      ['none', ''],
      ['none seen', ''],
      ['2 critical, 1 warning', 'incomplete'],
    ]);
  });
});

describe('whatever names clusters have', () => {
  const PAYLOADS = [
    '<img src=x onerror=alert(1)>',
    '"><script>alert(1)</script>',
    "' onmouseover='alert(1)",
    '</title></style></svg><svg onload=alert(1)>',
    '{{constructor.constructor("return process")()}}',
    '&lt;b&gt; &#60;i> &amp;',
    'שלום-עולם\u200f',
    'evil\u202egnp.exe',
    'two\nlines\tand\u0000\u0007\u001b[31m',
    '\ud800\uffff',
    'x'.repeat(200),
    '   ',
  ];
  const hostile = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...PAYLOADS) },
    fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }),
  );

  /** What stands where; a name that is too long has its whole self in a title. */
  const skeletonOf = (html: string) =>
    elementsOf(html).map(
      ({ tagName, attrs, namespaceURI }) =>
        `${namespaceURI.split('/').at(-1)} ${tagName} ${attrs
          .map(({ name }) => name)
          .filter((name) => name !== 'title')
          .join(' ')}`,
    );

  const pagesOf = (cluster: string): ArchivePage[] => {
    const clusters = [clusterOf(cluster, courseOf(cluster))];
    return [
      pageOf(clusters),
      pageOf(clusters, { cluster }),
      pageOf([clusterOf(cluster, [])]),
      pageOf([], { reports: courseOf(cluster), first: '/reports' }),
    ];
  };

  it('the pages have the same elements with the same attributes, and show the names as text', () => {
    const harmless = pagesOf('a').map((page) => skeletonOf(renderArchive(page, { language: 'en' }).html));
    fc.assert(
      fc.property(hostile, fc.constantFrom(...LANGUAGES), (cluster, language) => {
        const htmls = pagesOf(cluster).map((page) => renderArchive(page, { language }).html);
        expect(htmls.map(skeletonOf)).toEqual(harmless);
        const heading = elementsOf(htmls[1] ?? '').find(({ tagName }) => tagName === 'h1') ?? fail();
        expect(textOf(heading)).toBe(visible(cluster));
        for (const html of htmls) {
          const names = elementsOf(html).filter(({ tagName }) => tagName === 'bdi');
          expect(names.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 100, examples: PAYLOADS.map((payload): [string, Language] => [payload, 'en']) },
    );
  });
});

describe('the words', () => {
  /** Every text of a language, with numbers and Latin names put in. */
  function textsOf(language: Language): string[] {
    const words = ARCHIVE_WORDS[language];
    const facts = { reports: 30, first: 100, latest: 87, lowest: 42, incomplete: 2 };
    return [
      ...Object.values(words).filter((word) => typeof word === 'string'),
      ...Object.values(words.standings),
      words.titleOfCluster('prod'),
      words.clusters(14),
      words.tally(STANDINGS.map((standing) => [standing, 2])),
      words.findings(2, 1),
      words.findingsOfLatest(words.findings(2, 0)),
      words.changeFrom(87, 'X'),
      words.behind(language === 'en' ? '4 d' : '4 天'),
      words.courseHeading(30),
      words.courseDescription(facts),
      words.courseDescription({ ...facts, reports: 1 }),
      words.times('Asia/Shanghai'),
    ].map((text) => text.replaceAll('\u00a0', ' '));
  }

  it('are English in English', () => {
    for (const text of textsOf('en')) expect(text).not.toMatch(/[\p{Script=Han}\u3000-\u303f\uff00-\uffef]/u);
  });

  it('are Chinese in Chinese, with its punctuation and spaces beside Latin letters and digits', () => {
    for (const text of textsOf('zh-CN')) {
      expect(text).toMatch(/\p{Script=Han}/u);
      expect(text).not.toMatch(/\p{Script=Han}[A-Za-z0-9]|[A-Za-z0-9%]\p{Script=Han}/u);
      expect(text).not.toMatch(/\p{Script=Han} ?[,.;:?!()]|[,.;:?!()] ?\p{Script=Han}/u);
      expect(text).not.toMatch(/ [\u3000-\u303f\uff00-\uffef]|[\u3000-\u303f\uff00-\uffef] | {2}/u);
      expect(text).not.toMatch(/\p{Script=Han} \p{Script=Han}/u);
    }
  });

  it('of every standing differ', () => {
    for (const language of LANGUAGES)
      expect(new Set(Object.values(ARCHIVE_WORDS[language].standings)).size).toBe(STANDINGS.length);
  });
});

describe('the module', () => {
  it('brings neither fonts, Chromium nor the catalog along', () => {
    const source = fileURLToPath(new URL('../../../src', import.meta.url));
    const found = new Set<string>();
    const follow = (file: string) => {
      if (found.has(file)) return;
      found.add(file);
      // Types are gone at run time.
      const imports = readFileSync(file, 'utf8').matchAll(/^import (?!type )[^;]*?'(\.[^']+)';/gm);
      for (const [, path = ''] of imports) follow(join(file, '..', path));
    };
    follow(join(source, 'service/reports-page/render.ts'));
    expect(found).toContain(join(source, 'report/render/kit/templates.ts'));
    expect([...found].filter((file) => /fonts|chromium|pdf|catalog|handlers/.test(file))).toEqual([]);
  });
});

function fail(): never {
  throw new Error('not found');
}
