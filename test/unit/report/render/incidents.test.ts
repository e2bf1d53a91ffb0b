import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CAUSE_RULES } from '../../../../src/report/catalog/causes/index.ts';
import { LANGUAGES, type Language, UNITS } from '../../../../src/report/model/indicator.ts';
import { type Finding, type Report, reportSchema } from '../../../../src/report/model/report.ts';
import type { Incident } from '../../../../src/report/model/report-analysis.ts';
import { createContext } from '../../../../src/report/render/create-context.ts';
import { type Phrase, plain } from '../../../../src/report/render/kit/phrase.ts';
import { template } from '../../../../src/report/render/kit/templates.ts';
import type { IncidentView } from '../../../../src/report/render/sections/incidents/incident-view.ts';
import { type IncidentList, incidentList } from '../../../../src/report/render/sections/incidents/view.ts';
import { INCIDENT_WORDS } from '../../../../src/report/render/sections/incidents/words.ts';
import { depthReport } from '../../../fixtures/depth-report.ts';
import { clock, dip, finding, incident, restart } from '../../../fixtures/report-parts.ts';
import { sampleReport } from '../../../fixtures/sample-report.ts';
import { attribute, elementsOf } from './elements.ts';

const text = (phrase: Phrase) => plain(phrase).replaceAll('\u00a0', ' ');
const spaces = (all: readonly string[]) => all.map((one) => one.replaceAll('\u00a0', ' '));

const listOf = (report: Report, language: Language = 'en') => incidentList(createContext(report, language));

/** A report with one incident of all the findings. */
function only(findings: Finding[], changes: Partial<Incident> = {}, report: Partial<Report> = {}): Report {
  const indices = [...findings.keys()];
  return { ...depthReport(), findings, incidents: [incident(findings, indices, changes)], ...report };
}

function incidentOf(report: Report, language: Language = 'en'): IncidentView {
  const [view] = listOf(report, language).incidents;
  if (!view) throw new Error('no incident');
  return view;
}

const errors = (subject: string, changes: Partial<Finding> = {}) =>
  finding({
    indicator: 'ovs-flow-operation-errors',
    subject,
    unit: 'failed-bundles',
    value: 8,
    threshold: 0,
    stretches: [['Sun 03:14', 'Sun 03:19']],
    ...changes,
  });

describe('the list of incidents', () => {
  const HEADLINES: Record<Language, string[]> = {
    en: [
      'NetworkPolicy sync duration of the controller reached 1.93 s (threshold 1 s)',
      'The agent on node-03 restarted once; then there were 8 failed bundles',
      'Local Pods on node-11 reached 216 (threshold 215)',
      'The agents on 8 nodes restarted once each',
      'CPU usage on node-02 reached 1.4 cores (threshold 1 core); at the same time its Antrea Proxy sync duration reached 420 ms (threshold 100 ms)',
      'No target was scraped for 25 min (threshold 10 min)',
    ],
    'zh-CN': [
      'Controller 的 NetworkPolicy 同步耗时达到 1.93 s（阈值 1 s）',
      'node-03 上的 Agent 重启 1 次，随后出现 OVS 流表操作失败（8 个失败事务）',
      'node-11 的本地 Pod 数达到 216（阈值 215）',
      '8 个节点上的 Agent 各重启 1 次',
      'node-02 的 CPU 用量达到 1.4 核（阈值 1 核），同时 Antrea Proxy 同步耗时达到 420 ms（阈值 100 ms）',
      '全部目标有 25 分钟没有采集到数据（阈值 10 分钟）',
    ],
  };

  it.each(LANGUAGES)('has a headline for each incident in %s', (language) => {
    const { incidents } = listOf(depthReport(), language);
    expect(incidents.map(({ headline }) => text(headline))).toEqual(HEADLINES[language]);
    expect(incidents.map(({ breakdown }) => breakdown !== null)).toEqual([
      false,
      true,
      false,
      true,
      true,
      false,
    ]);
  });

  it('is made from a valid document', () => {
    reportSchema.parse(depthReport());
  });

  it('shows an incident whose findings the document lacks', () => {
    const lost = { ...depthReport(), findings: [], incidents: depthReport().incidents.slice(0, 1) };
    const { headline, status, when } = incidentOf(lost);
    expect([text(headline), status.kind, spaces(when)]).toEqual([
      'An incident whose details are missing from the report file',
      'critical',
      ['since Sun 06:50', 'for 2 h 10 min'],
    ]);
  });
});

describe('an incident with several groups of findings', () => {
  const [, english] = listOf(depthReport()).incidents;
  const [, chinese] = listOf(depthReport(), 'zh-CN').incidents;

  it('has a bar per group, with the severity or the cause', () => {
    const rows = (view: IncidentView | undefined) =>
      view?.breakdown?.rows.map(({ title, status, causedBy, anchor }) => [
        title,
        status?.word ?? causedBy,
        anchor,
      ]);
    expect(rows(english)).toEqual([
      ['Process restarts', 'Warning', 'coverage'],
      ['OVS flow count', 'caused by the restart', 'ovs-flow-count'],
      ['OVS flow operation errors', 'Critical', 'ovs-flow-operation-errors'],
    ]);
    expect(rows(chinese)?.map(([, word]) => word)).toEqual(['警告', '由重启引起', '严重']);
  });

  it('has a timeline that names each day once', () => {
    const moments = (view: IncidentView | undefined) =>
      view?.breakdown?.moments.map((moment) => `${moment.time} ${text(moment.text)}`);
    expect(moments(english)).toEqual([
      'Sun 03:12 process start, OVS flow count fell to 0',
      '03:14 4 failed bundles',
      '03:22 OVS flow count back to normal',
      '04:30 1 failed bundle',
      '06:05 3 failed bundles',
    ]);
    expect(moments(chinese)).toEqual([
      '周日 03:12 进程启动，OVS 流表项数降至 0',
      '03:14 4 个失败事务',
      '03:22 OVS 流表项数恢复正常',
      '04:30 1 个失败事务',
      '06:05 3 个失败事务',
    ]);
  });

  it('names events of many nodes once, with the time from the first node to the last', () => {
    const { breakdown: rollout } = listOf(depthReport()).incidents[3] ?? {};
    expect(rollout?.rows.map(({ title, place }) => [title, place])).toEqual([
      ['Process restarts', '8 nodes'],
      ['OVS flow count', '5 nodes'],
    ]);
    expect(rollout?.moments.map((moment) => `${moment.time} ${text(moment.text)}`)).toEqual([
      'Sat 16:02–16:30 process start on 8 nodes',
      '16:02–16:18 OVS flow count on 5 nodes fell to 0',
      '16:09–16:25 OVS flow count on 5 nodes back to normal',
    ]);
  });

  it('has a reason for each known rule, and none for unknown rules', () => {
    const reasonOf = (id: string) => CAUSE_RULES.find((rule) => rule.id === id)?.reason.en ?? 'missing';
    expect(text(english?.breakdown?.reasons ?? [])).toBe(
      `${reasonOf('agent-restart-flow-count')} ${reasonOf('agent-restart-flow-errors')}`,
    );
    const strange = only([restart('a', 'Sun 03:12'), dip('a', 'Sun 03:12', 'Sun 03:20')], {
      links: [{ cause: 0, effect: 1, rule: 'the-moon', explained: true }],
    });
    expect(incidentOf(strange).breakdown?.reasons).toEqual([]);
  });

  it('has a first step for its first group, and for further critical groups that nothing explains', () => {
    expect(text(english?.firstStep?.text ?? [])).toMatch(/^If the agents of all nodes restarted/);
    expect(english?.furtherSteps.map((step) => [step.title, text(step.text), step.commands.length])).toEqual([
      ['OVS flow operation errors', 'Look for the failed operations in the agent’s log.', 1],
    ]);
    const [, , , rollout] = listOf(depthReport()).incidents;
    expect(rollout?.furtherSteps).toEqual([]);
  });

  it('names the two worst following groups in their order, and counts the others', () => {
    const findings = [
      restart('node-03', 'Sun 03:12'),
      dip('node-03', 'Sun 03:12', 'Sun 03:20'),
      finding({
        indicator: 'cpu-usage',
        subject: 'node-03',
        unit: 'cores',
        value: 1.4,
        threshold: 1,
        stretches: [['Sun 03:13', 'Sun 03:30']],
      }),
      errors('node-03', { severity: 'critical' }),
      finding({
        indicator: 'proxy-sync-duration',
        subject: 'node-03',
        unit: 'milliseconds',
        value: 420,
        threshold: 100,
        severity: 'critical',
        stretches: [['Sun 03:16', 'Sun 03:30']],
      }),
    ];
    // The flow count is explained.
    const links = [1, 2, 3, 4].map((effect) => ({ cause: 0, effect, rule: 'x', explained: effect === 1 }));
    expect(text(incidentOf(only(findings, { links })).headline)).toBe(
      'The agent on node-03 restarted once; then there were 8 failed bundles, and its Antrea Proxy sync duration reached 420 ms (threshold 100 ms); and 1 more',
    );
    expect(text(incidentOf(only(findings, { links }), 'zh-CN').headline)).toBe(
      'node-03 上的 Agent 重启 1 次，随后出现 OVS 流表操作失败（8 个失败事务），Antrea Proxy 同步耗时达到 420 ms（阈值 100 ms），另有 1 项异常',
    );
  });

  it('says "then" only of what began later, or after a restart', () => {
    const headlineOf = (from: string) => {
      const [gap, effect] = [
        finding({
          ...{
            indicator: 'scrape-coverage',
            subject: 'node-1',
            unit: 'seconds',
            value: 7200,
            threshold: 600,
          },
          stretches: [['Sun 04:00', 'Sun 06:00']],
        }),
        dip('node-1', from, 'Sun 06:00'),
      ];
      const links = [{ cause: 0, effect: 1, rule: 'x', explained: false }];
      return text(incidentOf(only([gap, effect], { links })).headline);
    };
    expect(headlineOf('Sun 04:00')).toContain('; at the same time its OVS flow count fell to 0');
    expect(headlineOf('Sun 04:10')).toContain('; then its OVS flow count fell to 0');
  });

  it('names the places of following groups where they differ', () => {
    const nodes = ['a', 'b'];
    const restarts = nodes.map((node) => restart(node, 'Sun 03:12'));
    const link = (effect: number) => ({ cause: 0, effect, rule: 'x', explained: false });
    const both = [...restarts, ...nodes.map((node) => dip(node, 'Sun 03:12', 'Sun 03:20'))];
    expect(text(incidentOf(only(both, { links: [link(2), link(3)] })).headline)).toBe(
      'The agents on a and b restarted once each; then their OVS flow count fell as low as 0 (threshold 1)',
    );
    const one = [...restarts, errors('b')];
    expect(text(incidentOf(only(one, { links: [link(2)] })).headline)).toBe(
      'The agents on a and b restarted once each; then there were 8 failed bundles on b',
    );
    expect(text(incidentOf(only(one, { links: [link(2)] }), 'zh-CN').headline)).toBe(
      'a、b 上的 Agent 各重启 1 次，随后出现 b 的 OVS 流表操作失败（8 个失败事务）',
    );
  });
});

describe('an outage', () => {
  const findings = [
    finding({
      indicator: 'scrape-coverage',
      subject: 'prometheus',
      component: null,
      unit: 'seconds',
      value: 1500,
      threshold: 600,
      condition: 'at-least',
      stretches: [['Sat 20:10', 'Sat 20:35']],
    }),
    finding({
      indicator: 'missing-agents',
      subject: 'cluster',
      component: null,
      unit: 'agents',
      value: 12,
      threshold: 0,
      severity: 'critical',
      stretches: [['Sat 20:10', 'Sat 20:36']],
    }),
    restart('node-01', 'Sat 20:34'),
    restart('node-02', 'Sat 20:34'),
  ];
  const report = only(findings, {
    severity: 'warning',
    links: [1, 2, 3].map((effect) => ({ cause: 0, effect, rule: 'x', explained: effect === 1 })),
    timeline: [
      { at: clock('Sat 20:10'), kind: 'start', finding: 0, subject: 'prometheus', value: null },
      { at: clock('Sat 20:10'), kind: 'start', finding: 1, subject: 'cluster', value: 12 },
      { at: clock('Sat 20:34'), kind: 'restart', finding: 2, subject: 'node-01', value: null },
      { at: clock('Sat 20:34'), kind: 'restart', finding: 3, subject: 'node-02', value: null },
      { at: clock('Sat 20:35'), kind: 'end', finding: 0, subject: 'prometheus', value: null },
      { at: clock('Sat 20:36'), kind: 'end', finding: 1, subject: 'cluster', value: null },
    ],
  });

  it('has no places, because it concerns the whole cluster', () => {
    const textsIn = (language: Language) => {
      const { headline, breakdown } = incidentOf(report, language);
      return [
        text(headline),
        breakdown?.moments.map((moment) => `${moment.time} ${text(moment.text)}`).join(' · '),
        breakdown?.rows[1]?.causedBy,
      ];
    };
    expect(textsIn('en')).toEqual([
      'No target was scraped for 25 min; then the agents on node-01 and node-02 restarted once each',
      'Sat 20:10 scraping stopped, 12 agents missing · 20:34 process start on node-01 and node-02 · 20:35 scraping resumed · 20:36 no agents missing',
      'caused by the scrape gap',
    ]);
    expect(textsIn('zh-CN')).toEqual([
      '全部目标有 25 分钟没有采集到数据，随后 node-01、node-02 上的 Agent 各重启 1 次',
      '周六 20:10 采集中断，12 个 Agent 缺失 · 20:34 node-01、node-02 进程启动 · 20:35 采集恢复 · 20:36 不再缺失 Agent',
      '由采集中断引起',
    ]);
  });
});

describe('an incident with one group of findings', () => {
  it('has one sentence and one bar for both severities of one place', () => {
    const level = (severity: Finding['severity'], value: number, from: string, to: string) =>
      finding({
        indicator: 'cpu-usage',
        subject: 'node-03',
        unit: 'cores',
        value,
        threshold: severity === 'critical' ? 2 : 1,
        severity,
        stretches: [[from, to]],
      });
    const findings = [
      level('critical', 2.4, 'Sun 03:20', 'Sun 03:40'),
      level('warning', 1.6, 'Sun 03:00', 'Sun 04:00'),
    ];
    const view = incidentOf(only(findings));
    expect([text(view.headline), view.breakdown, spaces(view.when)]).toEqual([
      'CPU usage on node-03 reached 2.4 cores (threshold 2 cores)',
      null,
      ['Sun 03:00–04:00', 'for 1 h'],
    ]);
    expect(view.bars).toHaveLength(1);
    const bar = String(view.bars[0]?.bar);
    expect(bar.match(/class="episode (warning|critical)"/g)).toEqual([
      'class="episode warning"',
      'class="episode critical"',
    ]);
  });

  it('has the words of a custom indicator', () => {
    const words = (one: string) => ({ en: one, 'zh-CN': one });
    const base = sampleReport();
    const own = {
      title: words('Queue depth'),
      explanation: words(''),
      impact: words(''),
      nextSteps: [{ text: words('Call the team') }],
    };
    const report = only(
      [
        finding({
          indicator: 'own-queue',
          subject: 'node-03',
          unit: 'items',
          value: 9,
          threshold: 5,
          stretches: [['Sun 03:00', 'Sun 04:00']],
        }),
      ],
      {},
      {
        indicators: base.indicators.map((one, index) =>
          index === 0 ? { ...one, id: 'own-queue', own } : one,
        ),
      },
    );
    const view = incidentOf(report);
    expect([text(view.headline), view.hasImpact, text(view.firstStep?.text ?? [])]).toEqual([
      'Queue depth on node-03 reached 9 (threshold 5)',
      false,
      'Call the team',
    ]);
  });
});

describe('the comparison of an incident with earlier periods', () => {
  const day = depthReport();
  const weekly = { ...day.period, start: '2026-11-15T08:00:00Z' };
  const hours = { ...day.period, start: '2026-11-21T20:00:00Z' };
  const known = (compared: Finding['compared'], weekBefore: boolean | null = false) => [
    restart('a', 'Sun 03:12', { compared, weekBefore }),
  ];
  const two = (a: Finding['compared'], b: Finding['compared']) => [
    restart('a', 'Sun 03:12', { compared: a }),
    restart('b', 'Sun 03:12', { compared: b }),
  ];
  const CASES: [string, Finding[], Report['period'], Record<Language, string[]>][] = [
    ['unknown', known(null, null), day.period, { en: [], 'zh-CN': [] }],
    ['new', known('new'), day.period, { en: ['new'], 'zh-CN': ['新增'] }],
    ['worse', known('worse'), day.period, { en: ['worse than the day before'], 'zh-CN': ['比前一天严重'] }],
    ['better', known('better'), day.period, { en: ['better than the day before'], 'zh-CN': ['比前一天轻'] }],
    [
      'the same, and a week ago',
      known('unchanged', true),
      day.period,
      { en: ['also the day before', 'also a week ago'], 'zh-CN': ['前一天也有', '一周前也有'] },
    ],
    [
      'every week',
      known('new', true),
      day.period,
      { en: ['not the day before, but a week ago'], 'zh-CN': ['前一天没有，一周前有'] },
    ],
    [
      'known of a week ago only',
      known(null, true),
      day.period,
      { en: ['also a week ago'], 'zh-CN': ['一周前也有'] },
    ],
    [
      'of a week',
      known('worse', true),
      weekly,
      { en: ['worse than the week before'], 'zh-CN': ['比前一周严重'] },
    ],
    ['of hours', known('unchanged'), hours, { en: ['also the period before'], 'zh-CN': ['上一周期也有'] }],
    [
      'new in part',
      two('new', 'worse'),
      day.period,
      { en: ['1 of 2 new'], 'zh-CN': ['2 个中有 1 个为新增'] },
    ],
    [
      'worse in part',
      two('unchanged', 'worse'),
      day.period,
      { en: ['worse than the day before'], 'zh-CN': ['比前一天严重'] },
    ],
  ];

  it.each(CASES)('is in words: %s', (_, findings, period, words) => {
    for (const language of LANGUAGES)
      expect(incidentOf(only(findings, {}, { period }), language).compared.map((one) => one.text)).toEqual(
        words[language],
      );
  });
});

describe('whatever incidents there are', () => {
  const [first, last] = [Date.parse(clock('Sat 09:00')), Date.parse(clock('Sun 09:00'))];
  const instant = fc
    .integer({ min: first - 86_400_000, max: last })
    .map((at) => new Date(Math.floor(at / 1000) * 1000).toISOString().replace('.000', ''));
  const stretch = fc.tuple(instant, instant).map(([a, b]) => (a < b ? [a, b] : [b, a]) as [string, string]);
  const findings = fc
    .array(
      fc.record({
        indicator: fc.constantFrom(
          'process-restarts',
          'scrape-coverage',
          'ovs-flow-count',
          'ovs-flow-operation-errors',
          'strange <b>',
        ),
        subject: fc.constantFrom(
          'node-01',
          'node-02',
          'antrea-controller',
          'cluster',
          'prometheus',
          ' <i>',
          '',
        ),
        component: fc.constantFrom('agent', 'controller', null),
        severity: fc.constantFrom('warning', 'critical'),
        value: fc.double({ noNaN: true, noDefaultInfinity: true }),
        unit: fc.constantFrom(...UNITS),
        threshold: fc.double({ noNaN: true, noDefaultInfinity: true }),
        condition: fc.constantFrom('above', 'at-least', 'below'),
        usual: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
        labels: fc.constantFrom({}, { operation: 'add' }),
        stretch,
        ongoing: fc.boolean(),
        compared: fc.constantFrom('new', 'worse', 'unchanged', 'better', null),
        weekBefore: fc.constantFrom(true, false, null),
      }),
      { minLength: 1, maxLength: 12 },
    )
    .map((all) =>
      all.map(({ stretch: [start, end], ...one }): Finding => {
        const durationSeconds = (Date.parse(end) - Date.parse(start)) / 1000;
        return { ...one, start, end, durationSeconds, episodes: [{ start, end, value: one.value }] };
      }),
    );

  const reports = findings.chain((all) => {
    // Also findings that are not there.
    const index = fc.nat({ max: all.length });
    const one: fc.Arbitrary<Incident> = fc
      .record({
        severity: fc.constantFrom('warning', 'critical'),
        stretch,
        ongoing: fc.boolean(),
        findings: fc.array(index, { minLength: 1, maxLength: 6 }),
        links: fc.array(
          fc.record({
            cause: index,
            effect: index,
            rule: fc.constantFrom(...CAUSE_RULES.map(({ id }) => id), 'unknown'),
            explained: fc.boolean(),
          }),
          { maxLength: 4 },
        ),
        timeline: fc.array(
          fc.record({
            at: instant,
            kind: fc.constantFrom('start', 'end', 'restart', 'events'),
            finding: index,
            subject: fc.constant('node-01'),
            value: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
          }),
          { maxLength: 6 },
        ),
      })
      .map(({ stretch: [start, end], ...rest }) => ({ ...rest, start, end }));
    return fc
      .array(one, { maxLength: 6 })
      .map((incidents): Report => ({ ...BASE, findings: all, incidents }));
  });
  const BASE = depthReport();

  it('the page shows each once, with complete sentences', () => {
    const page = template<IncidentList>('sections/incidents/list.hbs');
    fc.assert(
      fc.property(reports, fc.constantFrom(...LANGUAGES), (report, language) => {
        reportSchema.parse(report);
        const view = listOf(report, language);
        expect(view.incidents).toHaveLength(report.incidents.length);
        const html = page(view);
        const articles = elementsOf(html).filter(({ tagName }) => tagName === 'article');
        expect(articles).toHaveLength(report.incidents.length);
        expect(html).not.toMatch(/undefined|NaN|\[object |Infinity|<b>|<i>/);
        for (const { headline } of view.incidents) expect(text(headline)).not.toMatch(/^\s*$|; ;|，，|;$/);
        for (const one of elementsOf(html).filter((element) => attribute(element, 'href')))
          expect(attribute(one, 'href')).toMatch(/^#([a-z0-9-]+|incident_[0-9a-f]{8}(_[2-6])?)$/);
      }),
      { numRuns: 150 },
    );
  });
});

describe('the Chinese words', () => {
  it('have Chinese characters, punctuation and spacing', () => {
    const words = INCIDENT_WORDS['zh-CN'];
    const all = [
      words.unknown,
      words.timeline,
      words.why,
      ...(['restarts', 'not-scraped', 'level'] as const).flatMap((kind) => [
        words.causedBy({ kind, title: 'CPU 用量', isCustom: false }),
        words.causedByFirst({ kind }),
      ]),
      words.seeAlso('由重启引起'),
      words.ongoing,
      words.isNew,
      words.someNew(2, 5),
      words.weekBefore,
      ...(['day', 'week', 'month', 'period'] as const).flatMap((before) => [
        words.worse(before),
        words.better(before),
        words.unchanged(before),
        words.onlyWeekBefore(before),
        words.sinceBefore(2, 1, before),
      ]),
    ];
    for (const one of all) {
      expect(one).toMatch(/\p{Script=Han}/u);
      expect(one).not.toMatch(/\p{Script=Han}[A-Za-z0-9]|[A-Za-z0-9%]\p{Script=Han}/u);
      expect(one).not.toMatch(/\p{Script=Han} \p{Script=Han}|\p{Script=Han}[,.;:]/u);
    }
  });
});
