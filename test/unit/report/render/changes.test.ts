import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AntreaVersion } from '../../../../src/report/model/antrea-version.ts';
import { LANGUAGES, type Language } from '../../../../src/report/model/indicator.ts';
import type { Report } from '../../../../src/report/model/report.ts';
import type { Change, Comparison } from '../../../../src/report/model/report-analysis.ts';
import { createContext } from '../../../../src/report/render/create-context.ts';
import { type Phrase, plain } from '../../../../src/report/render/kit/phrase.ts';
import { template } from '../../../../src/report/render/kit/templates.ts';
import { type ChangesView, changesView } from '../../../../src/report/render/sections/changes/view.ts';
import { CHANGE_WORDS } from '../../../../src/report/render/sections/changes/words.ts';
import { mastheadView } from '../../../../src/report/render/sections/masthead/view.ts';
import { depthReport } from '../../../fixtures/depth-report.ts';
import { clock, dip, incident, restart, step, TREND } from '../../../fixtures/report-parts.ts';
import { sampleReport } from '../../../fixtures/sample-report.ts';
import { elementsOf } from './elements.ts';

const text = (phrase: Phrase) => plain(phrase).replaceAll('\u00a0', ' ');
const viewOf = (report: Report, language: Language = 'en') => changesView(createContext(report, language));

const linesOf = (changes: Partial<Report>, language: Language = 'en') =>
  viewOf({ ...depthReport(), resolved: [], changes: [], ...changes }, language)?.lines.map((line) =>
    [line.label, text(line.text), line.when.replaceAll('\u00a0', ' ')].join(' | '),
  );

describe('the section about changes', () => {
  it('is left out without changes', () => {
    expect(viewOf(sampleReport())).toBeNull();
    expect(viewOf({ ...depthReport(), resolved: [], changes: [] })).toBeNull();
  });

  const LINES: Record<Language, string[]> = {
    en: [
      'Resolved | File descriptor usage on node-07 (was critical, 91.9%) | 20 Nov 13:20–14:00',
      ' | Local Pods on node-05 and node-06 (was a warning) | 20 Nov 09:00–18:00',
      'New level | OVS flow count on node-05 rose from 3,100 to 5,400 (+74%) and has stayed there so far | 17 Nov 14:00',
      ' | CPU usage on 8 nodes rose (+70% to +77%) and has stayed there so far, since their restart; largest change on node-12, from 0.2 cores to 0.35 cores | Sat 16:02–16:30',
      'Trend | Resident memory on node-07: +12 MiB per day (95% confidence +11 MiB to +13 MiB), from 210 MiB to 540 MiB | since 26 Oct 2026',
    ],
    'zh-CN': [
      '已恢复 | node-07 的文件描述符使用率（此前为严重，91.9%） | 11月20日 13:20–14:00',
      ' | node-05、node-06 的本地 Pod 数（此前为警告） | 11月20日 09:00–18:00',
      '水平变化 | node-05 的 OVS 流表项数由 3,100 升至 5,400（+74%），至今保持该水平 | 11月17日 14:00',
      ' | 8 个节点的 CPU 用量上升（+70% 至 +77%），至今保持该水平，始于进程重启；变化最大的是 node-12，由 0.2 核升至 0.35 核 | 周六 16:02–16:30',
      '趋势 | node-07 的常驻内存日均 +12 MiB（95% 置信区间 +11 MiB 至 +13 MiB），已由 210 MiB 升至 540 MiB | 自 2026年10月26日起',
    ],
  };

  it.each(LANGUAGES)('has one line per change in %s', (language) => {
    const { resolved, changes } = depthReport();
    expect(linesOf({ resolved, changes }, language)).toEqual(LINES[language]);
  });

  it('leaves out a new level that a finding already shows', () => {
    const found = dip('node-05', 'Sun 03:00', 'Sun 09:00', { severity: 'warning' });
    const about = (change: Partial<Change>, subject = 'node-05') =>
      linesOf({ findings: [found], changes: [step(subject, change)] })?.length ?? 0;
    expect(about({ at: clock('Sun 02:00') })).toBe(0);
    expect(about({ at: clock('Sun 08:00') })).toBe(0);
    // The report shows a level change at a time or of a node, component or indicator that the finding does not cover.
    expect(about({ at: clock('19 02:00') })).toBe(1);
    expect(about({ at: clock('Sun 02:00') }, 'node-06')).toBe(1);
    expect(about({ at: clock('Sun 02:00'), component: 'controller' })).toBe(1);
    expect(about({ at: clock('Sun 02:00'), indicator: 'cpu-usage', unit: 'cores' })).toBe(1);
    const trend = { ...TREND, indicator: 'ovs-flow-count', subject: 'node-05', at: clock('Sun 02:00') };
    expect(linesOf({ findings: [found], changes: [trend] })).toHaveLength(1);
  });

  it('joins changes of several nodes at about the same time and in the same direction', () => {
    const changes = [
      step('a'),
      step('b', { at: clock('17 15:30') }),
      step('c', { at: clock('17 17:20') }),
      step('d', { at: clock('18 02:00') }),
      step('e', { before: 5400, after: 3100, deviations: -11 }),
    ];
    expect(linesOf({ changes })?.map((line) => line.split(' | ')[1])).toEqual([
      'OVS flow count on a, b and c rose (+74%) and has stayed there so far; largest change on a, from 3,100 to 5,400',
      'OVS flow count on d rose from 3,100 to 5,400 (+74%) and has stayed there so far',
      'OVS flow count on e fell from 5,400 to 3,100 (−43%) and has stayed there so far',
    ]);
  });

  it('shows falls, growth from zero and growth by a factor', () => {
    const changes = [
      step('a', { before: 0, after: 12 }),
      step('b', { before: 100, after: 1230, at: clock('18 14:00') }),
      { ...TREND, perDay: { value: -3 * 2 ** 20, low: -4 * 2 ** 20, high: -2 * 2 ** 20 }, after: 2e8 },
    ];
    expect(linesOf({ changes })?.map((line) => line.split(' | ')[1])).toEqual([
      'OVS flow count on a rose from 0 to 12 and has stayed there so far',
      'OVS flow count on b rose from 100 to 1,230 (×12.3) and has stayed there so far',
      'Resident memory on node-07: −3 MiB per day (95% confidence −4 MiB to −2 MiB), from 210 MiB to 191 MiB',
    ]);
    expect(linesOf({ changes: changes.slice(2) }, 'zh-CN')).toEqual([
      '趋势 | node-07 的常驻内存日均 −3 MiB（95% 置信区间 −4 MiB 至 −2 MiB），已由 210 MiB 降至 191 MiB | 自 2026年10月26日起',
    ]);
  });

  it('counts changes that do not fit', () => {
    const changes = Array.from({ length: 20 }, (_, index) =>
      step(`node-${index}`, { at: clock(`${index + 1} 14:00`) }),
    );
    const view = viewOf({ ...depthReport(), resolved: [], changes });
    expect([view?.lines.length, view?.more]).toEqual([12, 'and 8 more']);
  });
});

describe('queries about earlier periods that failed', () => {
  const unanswered: Report['unanswered'] = [
    { about: 'usual-level', indicators: ['ovs-flow-count'], reason: 'refused.' },
    {
      about: 'before',
      indicators: ['ovs-flow-count', 'goroutines', 'cpu-usage', 'local-pod-count'],
      reason: 'refused.',
    },
    { about: 'week-before', indicators: ['cpu-usage'], reason: 'timed out' },
  ];

  it.each([
    [
      'en' as const,
      'OVS flow count, Goroutines, CPU usage and 1 more indicator could not be compared with the day before (refused). CPU usage could not be compared with a week ago (timed out).',
    ],
    [
      'zh-CN' as const,
      'OVS 流表项数、Goroutine 数量和 CPU 用量等 4 项指标未能与前一天对比（refused）。CPU 用量未能与一周前同期对比（timed out）。',
    ],
  ])('are named in %s', (language, sentences) => {
    const report = { ...sampleReport(), comparisons: [], unanswered };
    expect(viewOf(report, language)?.compared).toBe(sentences);
  });
});

describe('queries of the history that failed', () => {
  const history = {
    questions: 42,
    unanswered: [
      { questions: 3, indicators: ['goroutines'], reason: 'query timed out.' },
      { questions: 1, indicators: ['cpu-usage'], reason: 'HTTP 422 <b>' },
    ],
  };

  it.each([
    [
      'en' as const,
      '3 of 42 queries for the previous weeks failed (query timed out), so changes and capacity forecasts may be missing. 1 of 42 queries for the previous weeks failed (HTTP 422 <b>), so changes and capacity forecasts may be missing.',
    ],
    [
      'zh-CN' as const,
      '前几周历史数据的 42 项查询中有 3 项失败（query timed out），变化和容量预测可能不全。前几周历史数据的 42 项查询中有 1 项失败（HTTP 422 <b>），变化和容量预测可能不全。',
    ],
  ])('are mentioned even without changes in %s', (language, sentence) => {
    const report = { ...sampleReport(), comparisons: [], history };
    const view = viewOf(report, language);
    expect(view).toMatchObject({ compared: sentence, lines: [] });
    const html = template('sections/changes/section.hbs')({ ...view, anchor: 'changes' });
    expect(html).toContain('HTTP 422 &lt;b&gt;');
    expect(elementsOf(html).map(({ tagName }) => tagName)).not.toContain('li');
  });
});

describe('the compared periods', () => {
  const day = (kind: Comparison['kind'], date: string, changes: Partial<Comparison> = {}): Comparison => ({
    kind,
    start: clock(`${date} 00:00`),
    end: clock(`${Number(date) + 1} 00:00`),
    known: true,
    reason: null,
    ...changes,
  });
  const whole = { ...depthReport().period, start: clock('20 00:00'), end: clock('21 00:00') };
  const CASES: [string, Comparison[], Record<Language, string>][] = [
    ['nothing', [], { en: '', 'zh-CN': '' }],
    [
      'both',
      [day('before', '19'), day('week-before', '13')],
      { en: 'Compared with Thu 19 Nov and Fri 13 Nov.', 'zh-CN': '对比 11月19日 周四、11月13日 周五。' },
    ],
    [
      'no data',
      [day('before', '19', { known: false }), day('week-before', '13')],
      {
        en: 'Compared with Fri 13 Nov. Prometheus has no data from the day before.',
        'zh-CN': '对比 11月13日 周五。Prometheus 中没有前一天的数据。',
      },
    ],
    [
      'a refusal',
      [day('week-before', '13', { known: false, reason: 'query timed out.' })],
      {
        en: 'Not compared with a week ago: query timed out.',
        'zh-CN': '未能与一周前同期对比：query timed out。',
      },
    ],
  ];

  it.each(CASES)('are named: %s', (_, comparisons, sentences) => {
    for (const language of LANGUAGES)
      expect(viewOf({ ...depthReport(), period: whole, comparisons }, language)?.compared).toBe(
        sentences[language],
      );
  });

  it('have hours unless they are whole days', () => {
    expect(viewOf(depthReport())?.compared).toBe(
      'Compared with 20 Nov, 09:00 – 21 Nov 2026, 09:00 and 14 Nov, 09:00 – 15 Nov 2026, 09:00.',
    );
  });
});

describe('whatever changes there are', () => {
  const amount = fc.double({ noNaN: true, noDefaultInfinity: true });
  const change: fc.Arbitrary<Change> = fc.record({
    indicator: fc.constantFrom('ovs-flow-count', 'resident-memory', 'strange <b>'),
    subject: fc.constantFrom('node-01', 'antrea-controller', 'cluster', ' <i>', ''),
    component: fc.constantFrom('agent', 'controller', null),
    labels: fc.constantFrom({}, { ip_family: 'v4' }),
    unit: fc.constantFrom('flows', 'bytes', 'ratio'),
    kind: fc.constantFrom('step', 'trend'),
    at: fc.constantFrom(clock('17 14:00'), clock('17 15:00'), clock('Sat 10:00')),
    before: amount,
    after: amount,
    perDay: fc.option(fc.record({ value: amount, low: amount, high: amount })),
    deviations: amount,
    explainedBy: fc.constantFrom('restart', null),
  });

  it('the section has one list item per line', () => {
    const page = template<ChangesView & { anchor: string }>('sections/changes/section.hbs');
    fc.assert(
      fc.property(
        fc.array(change, { minLength: 1, maxLength: 12 }),
        fc.constantFrom(...LANGUAGES),
        (all, language) => {
          const view = viewOf({ ...depthReport(), resolved: [], changes: all }, language);
          if (view === null) throw new Error('no changes');
          const html = page({ ...view, anchor: 'changes' });
          expect(html).not.toMatch(/undefined|NaN|\[object |Infinity|<b>|<i>/);
          const rows = elementsOf(html).filter(({ tagName }) => tagName === 'li');
          expect(rows).toHaveLength(view.lines.length);
          expect(view.lines.length).toBeLessThanOrEqual(all.length);
          const subjects = new Set(all.map(({ subject }) => subject));
          if (view.lines.length === 1 && subjects.size === 1) expect(rows).toHaveLength(1);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('the masthead', () => {
  const detail = (report: Report, language: Language) =>
    mastheadView(createContext(report, language)).verdict.detail.replaceAll('\u00a0', ' ');

  it('counts new and resolved incidents since the period before', () => {
    expect(detail(depthReport(), 'en')).toBe(
      '6 incidents, 2 still ongoing. Since the day before: 2 new, 2 resolved.',
    );
    expect(detail(depthReport(), 'zh-CN')).toBe(
      '共 6 个事件，其中 2 个仍在持续。与前一天相比，新增 2 项，恢复 2 项。',
    );
  });

  const of = (compared: 'new' | 'unchanged' | null, changes: Partial<Report> = {}): Report => {
    const findings = [restart('a', 'Sun 03:12', { compared })];
    return { ...depthReport(), findings, incidents: [incident(findings, [0])], resolved: [], ...changes };
  };
  const over = '1 incident, over by the end.';
  const CASES: [string, Report, string, string][] = [
    [
      'new',
      of('new'),
      `${over} Since the day before: 1 new.`,
      '共 1 个事件，已结束。与前一天相比，新增 1 项。',
    ],
    [
      'not new',
      of('unchanged'),
      `${over} Since the day before: nothing new.`,
      '共 1 个事件，已结束。与前一天相比，无新增。',
    ],
    ['not known', of(null), over, '共 1 个事件，已结束。'],
    ['not compared', of('new', { comparisons: [] }), over, '共 1 个事件，已结束。'],
    [
      'nothing left',
      { ...depthReport(), verdict: 'healthy', incidents: [] },
      'No problems found. Since the day before: 2 resolved.',
      '未发现问题。与前一天相比，恢复 2 项。',
    ],
  ];

  it.each(CASES)('compares with the period before: %s', (_, report, english, chinese) => {
    expect([detail(report, 'en'), detail(report, 'zh-CN')]).toEqual([english, chinese]);
  });

  const VERSIONS: [AntreaVersion['from'], AntreaVersion['before'], string | null, string | null][] = [
    ['2.5.0', null, '2.5.0 or later', '2.5.0 或更高'],
    ['1.13.0', '2.5.0', 'between 1.13.0 and 2.4', '介于 1.13.0 与 2.4 之间'],
    ['2.4.0', '2.5.0', '2.4', '2.4'],
    ['1.13.0', '1.13.1', '1.13.0', '1.13.0'],
    ['1.13.0', '2.0.0', '1.13.0 or later, before 2.0', '1.13.0 或更高，低于 2.0'],
    [null, '1.4.0', 'before 1.4', '低于 1.4'],
    [null, null, null, null],
  ];

  it.each(VERSIONS)('shows the Antrea release: from %s, before %s', (from, before, english, chinese) => {
    const report = { ...depthReport(), antrea: { from, before, evidence: [] } };
    for (const [language, release] of [
      ['en', english],
      ['zh-CN', chinese],
    ] as const) {
      const { facts } = mastheadView(createContext(report, language));
      const fact = facts.find(({ label }) => label === 'Antrea');
      expect(fact === undefined ? null : text(fact.value)).toBe(release);
      expect(facts).toHaveLength(release === null ? 4 : 5);
    }
  });
});

describe('the Chinese words', () => {
  it('have Chinese characters, punctuation and spacing', () => {
    const words = CHANGE_WORDS['zh-CN'];
    const all = [
      words.heading,
      words.resolvedLabel,
      words.stepLabel,
      words.trendLabel,
      words.comparedWith(['X', 'Y']),
      ...(['day', 'week', 'month', 'period', 'week-before'] as const).flatMap((before) => [
        words.notCompared(before, null),
        words.notCompared(before, 'timed out'),
      ]),
      words.more(3),
    ];
    for (const one of all) {
      expect(one).toMatch(/\p{Script=Han}/u);
      expect(one).not.toMatch(/\p{Script=Han}[A-Za-z0-9]|[A-Za-z0-9%]\p{Script=Han}/u);
      expect(one).not.toMatch(/\p{Script=Han} \p{Script=Han}|\p{Script=Han}[,.;:]/u);
    }
  });
});
