import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { parse } from 'parse5';
import { describe, expect, it } from 'vitest';
import { LANGUAGES, type Language } from '../../../src/report/model/indicator.ts';
import { scoreHistory } from '../../../src/report/render/kit/charts/score-history.ts';
import { name, plain, visible } from '../../../src/report/render/kit/phrase.ts';
import type { PageForm } from '../../../src/service/page-frame/form.ts';
import type { PageLinks } from '../../../src/service/page-frame/frame.ts';
import { FRAME_WORDS } from '../../../src/service/page-frame/words.ts';
import { CLUSTER_STATUSES } from '../../../src/service/reports-page/cluster-status.ts';
import type {
  PageCluster,
  PageReport,
  ReportsPage,
  UnfinishedReport,
} from '../../../src/service/reports-page/page.ts';
import { createPeriodFormatter } from '../../../src/service/reports-page/period.ts';
import { renderReportsPage } from '../../../src/service/reports-page/render.ts';
import { reportsPageView } from '../../../src/service/reports-page/view.ts';
import { REPORTS_PAGE_WORDS } from '../../../src/service/reports-page/words.ts';
import { HOSTILE_TEXT, PAYLOADS } from '../../fixtures/hostile-text.ts';
import { attribute, elementsOf, textOf } from '../report/render/elements.ts';

const seconds = (instant: string) => Date.parse(instant) / 1000;

const DAY = 86_400;
const END = seconds('2026-11-21T00:00:00Z');

function reportOf(cluster: string, changes: Partial<PageReport> = {}): PageReport {
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
    clusterLink: '/reports/id',
    comparison: '/reports/id/compare?second=id',
    ...changes,
  };
}

/** One report per day, newest first; `changes` apply to the newest. */
function dailyReports(name: string, changes: Partial<PageReport> = {}, { days = 3, end = END } = {}) {
  return Array.from({ length: days }, (_, day) =>
    reportOf(name, {
      period: { start: end - (day + 1) * DAY, end: end - day * DAY },
      ...(day === 0 ? changes : {}),
    }),
  );
}

const clusterOf = (
  name: string,
  latest: readonly PageReport[],
  changes: Partial<PageCluster> = {},
): PageCluster => ({
  name,
  link: `/reports/${name.length}`,
  latest,
  unfinished: [],
  missed: [],
  ...changes,
});

const formOf = (names: readonly string[]): PageForm => ({
  action: '/reports',
  clusters: names.map((name) => ({ name, key: `key-${name.length}` })),
  hasPeriods: true,
  chosen: { cluster: `key-${names[0]?.length}`, period: 'day', language: '' },
  error: null,
});

const LINKS: PageLinks = {
  clusters: '/',
  reports: '/reports',
  cluster: null,
  languages: [{ language: 'zh-CN', link: '/reports?lang=zh-CN' }],
};

/** The page of all clusters. */
function pageOf(clusters: readonly PageCluster[], changes: Partial<ReportsPage> = {}): ReportsPage {
  return {
    now: END + 9 * 3600,
    cluster: null,
    clusters,
    reports: null,
    first: null,
    next: null,
    hasNoCluster: false,
    form: formOf(clusters.map(({ name }) => name)),
    comparison: null,
    links: LINKS,
    ...changes,
  };
}

/** The page of one cluster. */
const pageOfOne = (cluster: PageCluster, changes: Partial<ReportsPage> = {}): ReportsPage =>
  pageOf([cluster], {
    cluster: cluster.name,
    reports: cluster.latest,
    comparison: { action: '/compare', language: null },
    ...changes,
  });

/** The list of all reports. */
const listOf = (reports: readonly PageReport[], changes: Partial<ReportsPage> = {}): ReportsPage =>
  pageOf([], { reports, form: null, ...changes });

const missedDay = { period: { start: END - DAY, end: END }, timeZone: 'UTC', at: END + 6 * 3600 };

function unfinishedOf(changes: Partial<UnfinishedReport> = {}): UnfinishedReport {
  return {
    id: 'id-20261121t000000z-0123abcd-en',
    state: 'failed',
    reason: 'no answer',
    since: END + 6 * 3600,
    period: { start: END - DAY, end: END },
    timeZone: 'UTC',
    language: 'en',
    link: '/reports/x/id',
    isLate: false,
    ...changes,
  };
}

const everyStatus = [
  clusterOf('fine', dailyReports('fine')),
  clusterOf('silent', []),
  clusterOf('stopped', dailyReports('stopped', {}, { end: END - 3 * DAY }), { missed: [missedDay] }),
  clusterOf('bad', dailyReports('bad', { verdict: 'critical', score: 60, critical: 2 })),
  clusterOf('unclear', dailyReports('unclear', { verdict: 'unknown', score: 90 })),
  clusterOf('worse', dailyReports('worse', { verdict: 'critical', score: 40, critical: 3, warning: 1 })),
  clusterOf('so-so', dailyReports('so-so', { verdict: 'warning', score: 90, warning: 1 })),
];

const rowsOf = (page: ReportsPage, language: Language = 'en') =>
  reportsPageView(page, language).clusters?.rows ?? [];

describe('the list of clusters', () => {
  it('starts with the worst, and calls no cluster without a recent, complete report healthy', () => {
    const rows = rowsOf(pageOf(everyStatus));
    expect(rows.map(({ cluster, status }) => [cluster.text[0]?.text, status.word])).toEqual([
      ['worse', 'Critical'],
      ['bad', 'Critical'],
      ['so-so', 'Warning'],
      ['silent', 'No report yet'],
      ['stopped', 'Out of date'],
      ['unclear', 'Unknown'],
      ['fine', 'Healthy'],
    ]);
    const stopped = rows.find(({ status }) => status.word === 'Out of date');
    expect(stopped?.period.detail).toBe('ended 3\u00a0d ago');
    expect(stopped?.activity.map(({ kind, text }) => [kind, text])).toEqual([
      [
        'missed',
        'No report for 20 Nov 2026. It was due on 21 Nov 2026, 06:00, and nothing has requested it.',
      ],
    ]);
  });

  it('is counted per status at the top of the page, beside the worst status', () => {
    const verdict = (page: ReportsPage) => reportsPageView(page, 'en').masthead.verdict;
    expect(verdict(pageOf(everyStatus))?.detail.replaceAll('\u00a0', ' ')).toBe(
      '2 critical, 1 with warnings, 1 without a report, 1 out of date, 1 unknown, 1 healthy.',
    );
    expect(verdict(pageOf(everyStatus))?.status.kind).toBe('critical');
    expect(verdict(pageOf(everyStatus.slice(0, 2)))?.status).toMatchObject({
      kind: 'no-data',
      word: 'No report yet',
    });
  });

  it('says what is under way or failed, and leaves out failures that a later report has settled', () => {
    const late = unfinishedOf({ isLate: true, period: { start: END - 8 * DAY, end: END - DAY } });
    const old = unfinishedOf({ period: { start: END - 3 * DAY, end: END - 2 * DAY } });
    const running = unfinishedOf({ state: 'running', reason: null });
    const retried = unfinishedOf({ state: 'queued', reason: 'out of memory' });
    const failed = unfinishedOf({ period: { start: END, end: END + 3600 } });
    const rows = rowsOf(
      pageOf([
        clusterOf('fine', dailyReports('fine')),
        clusterOf('new', [], { unfinished: [retried] }),
        clusterOf('late', dailyReports('late'), { unfinished: [old, late] }),
        clusterOf('busy', dailyReports('busy'), { unfinished: [running, old] }),
        clusterOf('unlucky', dailyReports('unlucky'), { unfinished: [failed] }),
      ]),
    );
    const textOfLine = ({ text, reason }: { text: string; reason: readonly { text: string }[] | null }) =>
      [text, ...(reason ?? []).map((part) => part.text)].join(' ');
    expect(
      rows.map(({ cluster, status, activity }) => [
        cluster.text[0]?.text,
        status.word,
        activity.map(textOfLine),
      ]),
    ).toEqual([
      ['new', 'No report yet', ['Queued since 21 Nov 2026, 06:00 the last attempt failed:  out of memory']],
      ['late', 'Out of date', ['Failed on 21 Nov 2026, 06:00 no answer']],
      ['unlucky', 'Healthy', ['Failed on 21 Nov 2026, 06:00 no answer']],
      ['busy', 'Healthy', ['Being made since 21 Nov 2026, 06:00']],
      ['fine', 'Healthy', []],
    ]);
  });

  it.each([
    ['en', '1 critical finding silenced', 'No problems found. 1 critical finding is silenced.'],
    ['zh-CN', '已静默 1 项严重发现', '未发现问题。已静默 1 项严重发现。'],
  ] as const)(
    'says in %s that a healthy cluster has silenced findings, critical ones first',
    (language, text, sentence) => {
      const silenced = (critical: number, warning: number) => ({ silenced: { critical, warning } });
      const quiet = clusterOf('quiet', dailyReports('quiet', silenced(1, 0)));
      const clusters = [
        clusterOf('fine', dailyReports('fine')),
        clusterOf('known', dailyReports('known', silenced(0, 1))),
        quiet,
      ];
      const rows = rowsOf(pageOf(clusters), language).map((row) => [row.cluster.text[0]?.text, row.silenced]);
      expect(rows).toEqual([
        ['quiet', text],
        ['fine', ''],
        ['known', expect.stringContaining('1')],
      ]);
      expect(renderReportsPage(pageOf(clusters), { language }).html).toContain(`<small>${text}</small>`);
      const own = reportsPageView(pageOfOne(quiet), language);
      expect(own.masthead.verdict?.detail).toBe(sentence);
      expect(own.reports?.rows.map((row) => row.silenced)).toEqual([text, '', '']);
      expect(renderReportsPage(listOf(quiet.latest), { language }).html).toContain(`<small>${text}</small>`);
    },
  );

  it('has one point and one score per period for reports in two languages', () => {
    const [today, yesterday] = dailyReports(
      'two',
      { verdict: 'warning', score: 90, warning: 1 },
      { days: 2 },
    );
    if (!today || !yesterday) throw new Error('no reports');
    const inChinese = (report: PageReport): PageReport => ({
      ...report,
      language: 'zh-CN',
      links: { html: '/zh.html', pdf: '/zh.pdf' },
    });
    const latest = [today, inChinese(today), yesterday, inChinese(yesterday)];
    const [row] = rowsOf(pageOf([clusterOf('two', latest)]), 'zh-CN');
    expect(row?.change).toEqual({ text: '\u221210', isWorse: true });
    expect(row?.links.map(({ href }) => href)).toEqual(['/zh.html', '/zh.pdf']);
    expect(String(row?.scoreHistory)).toContain('最近 2 份报告的评分：最早 100，最低 90，最新 90');
  });
});

describe('the score history', () => {
  const point = (score: number, verdict: PageReport['verdict'] = 'healthy', complete = true) => ({
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

  it('spans 0 to 100 whatever the scores are, with the newest report on the right', () => {
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

  it('is one line without gaps through the latest reports that it has room for', () => {
    const scores = Array.from({ length: 40 }, (_, index) => (index * 37) % 101);
    const svg = drawn(scores, 30);
    expect(corners(svg).at(0)).toEqual([0, 100 - (scores[10] ?? 0)]);
    expect(corners(svg).at(-1)).toEqual([29, 100 - (scores[39] ?? 0)]);
    expect(svg.match(/class="line" d="([^"]*)"/)?.[1]?.match(/M/g)).toHaveLength(1);
    expect(svg.match(/M\d+ \d+h0/g)).toHaveLength(30);
  });

  it('colours the points by verdict and draws those of incomplete reports hollow', () => {
    const points = [point(100), point(50, 'critical', false), point(90, 'unknown', false)];
    const svg = scoreHistory({ title: '<scores>', points, room: 3 });
    expect(svg).toContain('<title>&lt;scores&gt;</title>');
    expect(svg).toContain('class="point healthy" d="M0 0h0"');
    expect(svg).toContain('class="point critical" d="M1 50h0"');
    expect(svg).toContain('class="point unknown" d="M2 10h0"');
    expect(svg).toContain('class="hollow" d="M1 50h0M2 10h0"');
  });

  it('is a point on the right for a single report', () => {
    expect(drawn([80], 1)).toContain('viewBox="0 0 1 100"');
    expect(drawn([80], 1)).toContain('d="M1 20h0"');
  });
});

describe('a period', () => {
  const CASES: [string, string, string, string, Record<Language, string>][] = [
    [
      'a day between midnights of the cluster',
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
      'a day that starts at 01:00 because clocks skip midnight',
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
      'a month in which clocks change',
      'Europe/Berlin',
      '2026-09-30T22:00:00Z',
      '2026-10-31T23:00:00Z',
      { en: '1–31 Oct 2026', 'zh-CN': '2026年10月1日至10月31日' },
    ],
    [
      'a day between midnights of another time zone',
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

  it.each(CASES)('is written in words for %s', (_, timeZone, start, end, texts) => {
    const report = { timeZone, period: { start: seconds(start), end: seconds(end) } };
    for (const language of LANGUAGES)
      expect(createPeriodFormatter(language).text(report)).toBe(texts[language]);
  });

  it('with hours names its time zone if the page shows several', () => {
    const period = { start: END - 3600, end: END };
    const hours = clusterOf('hours', [reportOf('hours', { period, timeZone: 'Asia/Shanghai' })]);
    const days = clusterOf('days', dailyReports('days'));
    const several = reportsPageView(pageOf([hours, days]), 'en');
    expect(
      several.clusters?.rows.map(({ period: { detail } }) => detail.replaceAll('\u00a0', ' ')).toSorted(),
    ).toEqual(['Asia/Shanghai (GMT+8), ended 9 h ago', 'ended 9 h ago']);
    expect(several.times).toBe('Dates and times are in the time zone of each cluster.');
    const one = reportsPageView(pageOf([hours]), 'en');
    expect(one.clusters?.rows[0]?.period).toEqual({
      text: '21 Nov 2026, 07:00 – 08:00',
      detail: 'ended 9\u00a0h ago',
    });
    expect(one.times).toBe('Dates and times are in Asia/Shanghai.');
  });
});

describe('the page', () => {
  it.each(LANGUAGES)('is valid HTML without scripts or external content in %s', (language) => {
    const { html } = renderReportsPage(pageOf(everyStatus), { language });
    const elements = elementsOf(html);
    expect(attribute(elements[0] ?? fail(), 'lang')).toBe(language);
    expect(elements.filter(({ tagName }) => tagName === 'h1')).toHaveLength(1);
    for (const element of elements.filter((one) => attribute(one, 'role') === 'img'))
      expect(element.childNodes[0]?.nodeName, 'a picture has a title').toBe('title');
    expect(html).not.toMatch(/undefined|NaN|\[object |Infinity/);
    expect(html).not.toMatch(/<script|<link|<iframe|@import|@font-face|\ssrc=|\sstyle=|https?:/i);
  });

  it('allows only its own stylesheet and no frame around it', () => {
    const { html, headers } = renderReportsPage(pageOf(everyStatus), { language: 'en' });
    const elements = elementsOf(html);
    const style = elements.find(({ tagName }) => tagName === 'style') ?? fail();
    const hash = createHash('sha256').update(textOf(style)).digest('base64');
    const meta = elements.find((element) => attribute(element, 'http-equiv') !== undefined) ?? fail();
    expect(headers['content-security-policy']).toBe(`${attribute(meta, 'content')}; frame-ancestors 'none'`);
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src /);
    expect(headers['content-security-policy']).toContain(`style-src 'sha256-${hash}';`);
  });

  it('stays below 1.1 MB for 500 clusters', () => {
    const clusters = Array.from({ length: 500 }, (_, index) => {
      const name = `production-cluster-${index}`;
      const path = `/reports/${name}/${name}-20261121t000000z-0123abcd-en/report`;
      const links = { html: `${path}.html`, pdf: `${path}.pdf`, json: `${path}.json` };
      const latest = dailyReports(name, {}, { days: 30 }).map((report, day) => ({
        ...report,
        links,
        score: (day * 37 + index) % 101,
        verdict: (['healthy', 'warning', 'critical'] as const)[(day + index) % 3] ?? 'healthy',
      }));
      return clusterOf(name, latest);
    });
    const { html } = renderReportsPage(pageOf(clusters), { language: 'en' });
    expect(html.length).toBeLessThan(1_100_000);
  });

  it('of one cluster shows its score at the top and does not repeat its name', () => {
    const bad = everyStatus.find(({ name }) => name === 'bad') ?? fail();
    const view = reportsPageView(pageOfOne(bad), 'en');
    expect(view.masthead.heading.map(({ text }) => text)).toEqual(['bad']);
    expect(view.masthead.verdict?.detail.replaceAll('\u00a0', ' ')).toBe(
      'Incidents in the latest report: 2 critical.',
    );
    expect(view.masthead.facts.map(({ value, detail }) => [value, detail.replaceAll('\u00a0', ' ')])).toEqual(
      [
        ['60 / 100', ''],
        ['20 Nov 2026', '24 h, UTC'],
        ['\u221240', 'from 100 (19 Nov 2026)'],
        ['', ''],
      ],
    );
    expect(view.masthead.frame.links.map(({ href }) => href)).toEqual(['/', '/reports', '#request']);
    expect(view.clusters).toBeNull();
    expect(view.reports?.rows.map(({ cluster }) => cluster)).toEqual([null, null, null]);
    expect(view.comparison?.fields.map(({ options }) => options.findIndex((one) => one.isChosen))).toEqual([
      1, 0,
    ]);
  });

  it('links to itself in every other language, named in that language', () => {
    const languages = LANGUAGES.filter((language) => language !== 'en').map((language) => ({
      language,
      link: `/reports?lang=${language}`,
    }));
    const shown = (links: PageLinks) => reportsPageView(listOf([], { links }), 'en').masthead.frame.languages;
    expect(shown({ ...LINKS, languages })).toEqual([
      { text: '中文', href: '/reports?lang=zh-CN', code: 'zh-CN' },
    ]);
    expect(shown({ ...LINKS, languages: [] })).toEqual([]);
  });

  it('without any report says so and has the form to request one', () => {
    const cluster = clusterOf('a "quoted" one', []);
    for (const language of LANGUAGES) {
      const { html } = renderReportsPage(pageOfOne(cluster), { language });
      expect(textOf(parse(html))).toContain(REPORTS_PAGE_WORDS[language].statuses.missing);
      expect(textOf(parse(html))).toContain(REPORTS_PAGE_WORDS[language].nothingYet);
      const form = elementsOf(html).find(({ tagName }) => tagName === 'form') ?? fail();
      expect([attribute(form, 'method'), attribute(form, 'action')]).toEqual(['post', '/reports']);
    }
  });

  it('links the last page back to the first', () => {
    const page = listOf([reportOf('old')], { first: '/reports?limit=50' });
    const view = reportsPageView(page, 'en');
    expect(view.paging).toEqual({
      next: null,
      first: { text: 'Back to the newest reports', href: '/reports?limit=50' },
    });
    expect([view.masthead.verdict, view.clusters, view.form]).toEqual([null, null, null]);
    expect(reportsPageView({ ...page, reports: [] }, 'en').reports?.nothing).toBe(
      'There are no older reports.',
    );
  });

  it('marks incomplete reports, with and without incidents', () => {
    const reports = [
      reportOf('a'),
      reportOf('a', { verdict: 'unknown' }),
      reportOf('a', { verdict: 'critical', critical: 2, warning: 1, complete: false }),
    ];
    const rows = reportsPageView(listOf(reports), 'en').reports?.rows;
    expect(rows?.map(({ incidents, remark }) => [incidents.replaceAll('\u00a0', ' '), remark])).toEqual([
      ['none', ''],
      ['none found', ''],
      ['2 critical, 1 warning', 'incomplete'],
    ]);
  });
});

describe('cluster names from outside', () => {
  /** The elements and their attributes, except for the titles of names that are too long. */
  const skeletonOf = (html: string) =>
    elementsOf(html).map(
      ({ tagName, attrs, namespaceURI }) =>
        `${namespaceURI.split('/').at(-1)} ${tagName} ${attrs
          .map(({ name }) => name)
          .filter((name) => name !== 'title')
          .join(' ')}`,
    );

  const pagesOf = (cluster: string): ReportsPage[] => {
    const unfinished = [
      unfinishedOf({ reason: cluster }),
      unfinishedOf({ state: 'queued', reason: cluster }),
    ];
    const one = clusterOf(cluster, dailyReports(cluster), { unfinished, missed: [missedDay] });
    const error = { field: null, reason: cluster };
    return [
      pageOf([one, clusterOf(cluster, [])]),
      pageOfOne(one, { form: { ...formOf([cluster]), error } }),
      pageOfOne(clusterOf(cluster, [])),
      listOf(dailyReports(cluster), { first: '/reports' }),
    ];
  };

  it('change no element and no attribute, and are shown as text', () => {
    const harmless = pagesOf('a').map((page) => skeletonOf(renderReportsPage(page, { language: 'en' }).html));
    fc.assert(
      fc.property(HOSTILE_TEXT, fc.constantFrom(...LANGUAGES), (cluster, language) => {
        const htmls = pagesOf(cluster).map((page) => renderReportsPage(page, { language }).html);
        expect(htmls.map(skeletonOf)).toEqual(harmless);
        const heading = elementsOf(htmls[1] ?? '').find(({ tagName }) => tagName === 'h1') ?? fail();
        expect(textOf(heading)).toBe(visible(cluster));
        for (const html of htmls) {
          const names = elementsOf(html).filter(({ tagName }) => tagName === 'bdi');
          expect(names.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 40, examples: PAYLOADS.map((payload): [string, Language] => [payload, 'en']) },
    );
  });
});

describe('the words', () => {
  function formTexts(language: Language): string[] {
    const { form, allClusters, allReports, titleOf } = FRAME_WORDS[language];
    const { periods, errors, refused, unavailable, ...others } = form;
    return [
      ...Object.values(others),
      ...Object.values(periods),
      ...Object.values(errors),
      ...[refused('X'), unavailable, allClusters, allReports, titleOf('X')],
    ];
  }

  /** Every text of a language, with numbers and Latin names in it. */
  function textsOf(language: Language): string[] {
    const words = REPORTS_PAGE_WORDS[language];
    const facts = { reports: 30, first: 100, latest: 87, lowest: 42, incomplete: 2 };
    return [
      ...Object.values(words).filter((word) => typeof word === 'string'),
      ...Object.values(words.statuses),
      words.clusters(14),
      words.tally(CLUSTER_STATUSES.map((status) => [status, 2])),
      words.incidents(2, 1),
      words.latestIncidents(words.incidents(2, 0)),
      words.changeFrom(87, 'X'),
      words.age(language === 'en' ? '4 d' : '4 天'),
      ...Object.values(words.states).map((state) => state(language === 'en' ? '21 Nov' : '06:00')),
      plain(words.lastAttempt(name('X'))),
      words.missed('X', 'Y'),
      ...formTexts(language),
      words.scoreHistoryHeading(30),
      words.scoreHistoryDescription(facts),
      words.scoreHistoryDescription({ ...facts, reports: 1 }),
      words.times('Asia/Shanghai'),
    ].map((text) => text.replaceAll('\u00a0', ' '));
  }

  it('are English without Chinese characters', () => {
    for (const text of textsOf('en')) expect(text).not.toMatch(/[\p{Script=Han}\u3000-\u303f\uff00-\uffef]/u);
  });

  it('are Chinese with Chinese punctuation, and with spaces around Latin letters and digits', () => {
    for (const text of textsOf('zh-CN')) {
      expect(text).toMatch(/\p{Script=Han}/u);
      expect(text).not.toMatch(/\p{Script=Han}[A-Za-z0-9]|[A-Za-z0-9%]\p{Script=Han}/u);
      expect(text).not.toMatch(/\p{Script=Han} ?[,.;:?!()]|[,.;:?!()] ?\p{Script=Han}/u);
      expect(text).not.toMatch(/ [\u3000-\u303f\uff00-\uffef]|[\u3000-\u303f\uff00-\uffef] | {2}/u);
      expect(text).not.toMatch(/\p{Script=Han} \p{Script=Han}/u);
    }
  });

  it('differ for every status', () => {
    for (const language of LANGUAGES)
      expect(new Set(Object.values(REPORTS_PAGE_WORDS[language].statuses)).size).toBe(
        CLUSTER_STATUSES.length,
      );
  });
});

describe('the module', () => {
  it('loads neither fonts, Chromium nor the catalog', () => {
    const source = fileURLToPath(new URL('../../../src', import.meta.url));
    const found = new Set<string>();
    const follow = (file: string) => {
      if (found.has(file)) return;
      found.add(file);
      // Imports of types are not loaded.
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
