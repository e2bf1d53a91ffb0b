import { describe, expect, it } from 'vitest';
import { LANGUAGES, type Language } from '../../../../src/report/model/indicator.ts';
import {
  CLUSTER_SUBJECT,
  type Finding,
  type Report,
  type ReportIndicator,
} from '../../../../src/report/model/report.ts';
import { createContext } from '../../../../src/report/render/kit/context.ts';
import { type Phrase, plain } from '../../../../src/report/render/kit/phrase.ts';
import { lineLabel } from '../../../../src/report/render/kit/place.ts';
import { SHOWN_STATUSES, type ShownStatus } from '../../../../src/report/render/kit/words/words.ts';
import { type ReportView, reportView } from '../../../../src/report/render/report-view.ts';
import { headlineOf } from '../../../../src/report/render/sections/attention/headline.ts';
import { firstSentence, type IndicatorView } from '../../../../src/report/render/sections/indicators/view.ts';
import { sampleReport } from '../../../fixtures/sample-report.ts';

const text = (phrase: Phrase) => plain(phrase).replaceAll('\u00a0', ' ');

const NOTHING: Partial<ReportIndicator> = {
  value: null,
  subject: null,
  readings: [],
  series: [],
  envelope: null,
};

function withIndicator(report: Report, id: string, changes: Partial<ReportIndicator>): Report {
  return {
    ...report,
    indicators: report.indicators.map((one) => (one.id === id ? { ...one, ...changes } : one)),
  };
}

function sectionOf(view: ReportView, title: string): IndicatorView {
  const found = view.sections
    .flatMap(({ full, calm }) => [...full, ...calm.flat()])
    .find((one) => one.title === title);
  if (!found) throw new Error(`no section ${title}`);
  return found;
}

describe('a section', () => {
  const healthy = sampleReport({ condition: 'healthy' });
  const ID = 'proxy-sync-duration';
  const title = { en: 'Antrea Proxy sync duration', 'zh-CN': 'Antrea Proxy 同步耗时' };

  /** What is absent has no section, only a reason. */
  const ABSENT: readonly ShownStatus[] = ['not-enabled', 'not-exposed'];
  /** It takes an incident that says so: see explained.test.ts. */
  const OTHERS: readonly ShownStatus[] = [...ABSENT, 'explained'];
  const TOLD = SHOWN_STATUSES.filter((status) => !OTHERS.includes(status));

  /** What the document says, and what readers are told. */
  const CASES: Record<
    Exclude<ShownStatus, 'not-enabled' | 'not-exposed' | 'explained'>,
    { changes: Partial<ReportIndicator>; sentence: Record<Language, RegExp> }
  > = {
    critical: {
      changes: { status: 'critical' },
      sentence: { en: /^Highest 53\.3 ms on node-05/, 'zh-CN': /^最高值：node-05/ },
    },
    warning: { changes: { status: 'warning' }, sentence: { en: /^Highest/, 'zh-CN': /^最高值/ } },
    healthy: { changes: {}, sentence: { en: /^Highest/, 'zh-CN': /^最高值/ } },
    idle: {
      changes: { ...NOTHING, idle: true },
      sentence: { en: /^No activity in this period/, 'zh-CN': /^统计周期内无活动/ },
    },
    information: {
      changes: { judged: false, thresholds: {} },
      sentence: { en: /^Highest 53\.3 ms/, 'zh-CN': /^最高值/ },
    },
    'no-data': {
      changes: { ...NOTHING, status: 'no-data' },
      sentence: { en: /^No data/, 'zh-CN': /^没有数据/ },
    },
    failed: {
      changes: { ...NOTHING, status: 'failed', reason: 'connection refused' },
      sentence: { en: /^The query failed/, 'zh-CN': /^查询失败/ },
    },
  };

  it.each(TOLD.flatMap((status) => LANGUAGES.map((language) => [status, language] as const)))(
    'says what %s means, in %s',
    (status, language) => {
      const { changes, sentence } = CASES[status as keyof typeof CASES];
      const view = sectionOf(reportView(withIndicator(healthy, ID, changes), language), title[language]);
      expect(view.status.kind).toBe(status);
      expect(text(view.sentence)).toMatch(sentence[language]);
      // A sentence, and never an empty chart.
      expect(view.chart === null).toBe('series' in changes);
      expect(view.reason).toBe(changes.reason ?? '');
    },
  );

  it('stays short without findings', () => {
    const page = reportView(healthy, 'en');
    const view = sectionOf(page, title.en);
    expect(page.sections.flatMap(({ full }) => full)).toEqual([]);
    expect([view.meaningBeside, view.meaningBelow, view.steps]).toEqual([null, null, null]);
    expect(view.readings?.rows).toHaveLength(5);
    expect(view.readings?.more).toBe('and 7 more within thresholds');
  });

  it('of events that did not happen has neither chart nor table', () => {
    const view = sectionOf(reportView(healthy, 'en'), 'OVS flow operation errors');
    expect(text(view.sentence)).toBe('None in the period.');
    expect([view.chart, view.readings]).toEqual([null, null]);
  });

  it('says thresholds of several conditions and of several moments as people do', () => {
    const limits = (language: Language, heading: string) =>
      sectionOf(reportView(healthy, language), heading).limits.replaceAll('\u00a0', ' ');
    expect(limits('zh-CN', '常驻内存')).toBe('高于 512 MiB 且高出平时水平 50% 以上持续 30 分钟为警告。');
    expect(limits('en', 'Resident memory')).toBe(
      'Warning above 512 MiB and 50% above the usual level for 30 min.',
    );
    expect(limits('zh-CN', 'OVS 流表操作失败')).toBe('高于 0 为警告；至少在 3 个不同时刻高于 0 为严重。');
    expect(limits('en', 'OVS flow operation errors')).toBe(
      'Warning above 0; critical above 0 at 3 or more separate moments.',
    );
  });

  it('tells in full what has findings or was not seen of all', () => {
    const titles = (report: Report) =>
      reportView(report, 'en').sections.flatMap(({ full }) => full.map((view) => view.title));
    expect(titles(sampleReport())).toEqual([
      'NetworkPolicy sync duration',
      'OVS flow operation errors',
      'OVS flow count',
      'Local Pods',
    ]);
    const missing = [{ subject: 'node-13', component: 'agent' as const }];
    expect(titles(withIndicator(healthy, ID, { missing }))).toEqual([title.en]);
    // Of what could not be judged there is only that to say.
    expect(titles(withIndicator(healthy, ID, { ...NOTHING, status: 'no-data' }))).toEqual([]);
  });

  it('has its calm indicators in two columns of about the same height, in their order', () => {
    const { sections } = reportView(healthy, 'en');
    expect(sections.map(({ calm }) => calm.map((column) => column.map((view) => view.title)))).toEqual([
      [['Missing agents', 'Controller instances'], ['Agents without controller connection']],
      [
        [
          'NetworkPolicy sync duration',
          'AppliedToGroup sync duration',
          'AddressGroup sync duration',
          'Slow policy computations',
        ],
        [
          'Policy queue waiting time',
          'Policy queue backlog',
          'Failed policy computations',
          'Failed rules and routes',
          'Stuck workers',
        ],
      ],
      [['Antrea Proxy sync duration'], ['Service count difference']],
      [
        ['OVS flow operation latency', 'OVS flow operation errors', 'OVS flow operation error ratio'],
        ['OVS flow count', 'Dropped packet-in messages'],
      ],
      [['Local Pods']],
      [
        ['CPU usage', 'Resident memory', 'Virtual memory'],
        ['File descriptor usage', 'Goroutines'],
      ],
      [['DNS latency'], ['Gateway sessions']],
    ]);
  });

  it('draws no line that is the same everywhere and always, and says what it is', () => {
    const view = sectionOf(reportView(healthy, 'en'), 'Controller instances');
    expect(text(view.sentence)).toBe('1 controller at the end of the period.');
    expect(view.chart).toBeNull();
    expect(sectionOf(reportView(healthy, 'zh-CN'), 'Goroutine 数量').chart).not.toBeNull();
  });

  it('says of a number of the whole cluster what it is, and what it was', () => {
    const sentence = (language: Language, heading: string) =>
      text(sectionOf(reportView(healthy, language), heading).sentence);
    expect(sentence('en', 'DNS latency')).toBe(
      'Highest 6.54 ms, Sat 15:35. The day before 6.35 ms, a week before 6.15 ms.',
    );
    expect(sentence('zh-CN', 'DNS 解析延迟')).toBe(
      '最高值：6.54 ms，周六 15:35。前一天为 6.35 ms，一周前为 6.15 ms。',
    );
    // 0 as ever is no news.
    expect(sentence('en', 'Missing agents')).toBe('None in the period.');
  });

  it('of an indicator that this version does not know shows its numbers', () => {
    const stranger = withIndicator(healthy, ID, { id: 'tunnel <mtu>' });
    const view = sectionOf(reportView(stranger, 'en'), 'tunnel <mtu>');
    expect(text(view.sentence)).toMatch(/^Highest/);
    expect(text(view.explanation)).toContain('does not know this indicator');
    expect(view.anchor).toMatch(/^indicator-\d+$/);
  });
});

describe('the first sentence of an explanation', () => {
  it.each([
    ['Time of a sync. More is worse.', 'Time of a sync.', 'More is worse.'],
    ['Since v2.5 of `a. b`, e.g. 3.14 of it! Then', 'Since v2.5 of `a. b`, e.g.', '3.14 of it! Then'],
    ['同步耗时。按节点统计。', '同步耗时。', '按节点统计。'],
    ['No stop, and an odd ` quote', 'No stop, and an odd ` quote', ''],
    ['', '', ''],
  ])('of %s', (explanation, first, rest) => {
    expect(firstSentence(explanation)).toEqual([first, rest]);
  });
});

describe('tables of readings', () => {
  const tableOf = (report: Report, language: Language) =>
    reportView(report, language)
      .sections.flatMap(({ full, calm }) => [...full, ...calm.flat()])
      .find(({ anchor }) => anchor === 'local-pod-count')?.readings;

  it('say what it was the day before and a week before', () => {
    const table = tableOf(sampleReport(), 'en');
    expect(table?.columns).toEqual([
      { heading: 'Highest', isExtra: false },
      { heading: 'When', isExtra: false },
      { heading: 'Day before', isExtra: false },
      { heading: 'A week before', isExtra: true },
    ]);
    expect(table?.rows[0]?.cells.map((cell) => cell.text)).toEqual(['216', 'Sun 09:00', '210', '203']);
    expect(tableOf(sampleReport(), 'zh-CN')?.columns.map(({ heading }) => heading)).toEqual([
      '最高值',
      '时间',
      '前一天',
      '一周前',
    ]);
  });

  it('of a week and a month compare with the one before', () => {
    const headings = (period: 'week' | 'month') =>
      tableOf(sampleReport({ period }), 'en')?.columns.map(({ heading }) => heading);
    expect(headings('week')).toEqual(['Highest', 'When', 'Week before']);
    expect(headings('month')).toEqual(['Highest', 'When', 'Month before']);
  });

  it('give the median where nothing is known of earlier', () => {
    const report = sampleReport();
    const known = report.indicators.find(({ id }) => id === 'local-pod-count')?.readings ?? [];
    const unknown = withIndicator(report, 'local-pod-count', {
      readings: known.map((reading) => ({ ...reading, before: null, weekBefore: null })),
    });
    expect(tableOf(unknown, 'en')?.columns.map(({ heading }) => heading)).toEqual([
      'Highest',
      'When',
      'Median',
    ]);
  });
});

describe('the names at the ends of lines', () => {
  const context = createContext(sampleReport(), 'en');
  const CONTROLLER = 'antrea-controller';

  it.each([
    [CONTROLLER, { name: 'internalNetworkPolicy' }, true, 'NetworkPolicy queue'],
    [CONTROLLER, { name: 'internalNetworkPolicy' }, false, 'controller Netw…ueue'],
    ['node-04', { name: 'networkpolicyrule' }, false, 'node-04 rule queue'],
    ['node-04', { name: 'of-somebody' }, false, 'node-04 of-somebody'],
    ['a-node-with-a-very-long-name', { operation: 'delete' }, false, 'a-node-…g-name delete'],
    ['node-04', {}, true, 'node-04'],
  ])('of %s %o fit there', (subject, labels, isOnly, label) => {
    expect(lineLabel(context, { subject, labels }, isOnly)).toBe(label);
  });
});

describe('what is not measured', () => {
  const report = sampleReport();
  const row = (view: ReportView, title: string) =>
    view.overview.groups.flatMap(({ rows }) => rows).find((one) => one.title === title);

  it('has no row and no section, but a line each below the table', () => {
    const view = reportView(report, 'en');
    const lines = view.overview.absent.map(
      ({ label, items, separator, stop }) =>
        `${label} ${items.map(({ title }) => title).join(separator)}${stop}`,
    );
    expect(lines).toEqual([
      'Not enabled: Flow collector never connected, Flow collector reconnections, Denied connections, Connection tracking usage, Node CIDR usage.',
      'Not in this Antrea version: FQDN cache evictions, FQDN cache size, Connection tracking poll duration.',
    ]);
    expect(row(view, 'Denied connections')).toBeUndefined();
    expect(row(view, 'Local Pods')).toBeDefined();
    expect(reportView(report, 'zh-CN').overview.absent.map(({ label }) => label)).toEqual([
      '未启用：',
      '当前 Antrea 版本不提供：',
    ]);
  });

  it('is told with its reason, which several share', () => {
    const { absent } = reportView(report, 'en');
    expect(
      absent?.groups.map(({ status, why, items }) => [status.kind, text(why).slice(0, 14), items.length]),
    ).toEqual([
      ['not-enabled', 'Flow Exporter:', 4],
      ['not-enabled', 'Antrea’s Node ', 1],
      ['not-exposed', 'Since v2.5.3, ', 2],
      ['not-exposed', 'Since v2.5.0.', 1],
    ]);
    const all = {
      ...report,
      indicators: report.indicators.filter(({ status }) => !status.startsWith('not-')),
    };
    expect(reportView(all, 'en').absent).toBeNull();
  });
});

describe('a user’s own indicator', () => {
  const report = sampleReport();

  it('is told in the user’s words', () => {
    const view = sectionOf(reportView(report, 'zh-CN'), 'DNS 解析延迟');
    expect(view.lead).toEqual([
      { text: 'coredns', name: false, code: true },
      { text: ' 应答耗时的 99 分位数。', name: false, code: false },
    ]);
    expect(text(view.rest)).toBe('半数工单由此开始，因此单独列出。');
  });

  it('without words has no empty ones', () => {
    const bare = report.indicators.find(({ id }) => id === 'gateway-sessions');
    const finding: Finding = {
      ...(report.findings[0] as Finding),
      indicator: 'gateway-sessions',
      subject: 'node-01',
      component: null,
    };
    const found = withIndicator({ ...report, findings: [finding] }, 'gateway-sessions', {
      status: 'critical',
      readings: bare?.readings.slice(0, 1) ?? [],
    });
    const view = sectionOf(reportView(found, 'en'), 'Gateway sessions');
    expect(view).toMatchObject({ isTold: false, hasPair: false, steps: null, meaningBeside: null });
    expect(view.explanation).toEqual([]);
  });

  it('of which there is no answer is not said to be a metric of Antrea', () => {
    const sentence = (changes: Partial<ReportIndicator>, language: Language, title: string) =>
      text(
        sectionOf(
          reportView(withIndicator(report, 'dns-latency', { ...NOTHING, ...changes }), language),
          title,
        ).sentence,
      );
    expect(sentence({ status: 'no-data' }, 'en', 'DNS latency')).toBe(
      'No data: the query has no answer, so this could not be judged.',
    );
    expect(sentence({ idle: true }, 'zh-CN', 'DNS 解析延迟')).toBe('统计周期内无活动：查询没有返回结果。');
  });

  it('has a title that turns nothing around it', () => {
    const hebrew = 'זמן';
    const own = report.indicators.find(({ id }) => id === 'dns-latency')?.own;
    const turned = withIndicator(report, 'dns-latency', {
      own: own ? { ...own, title: { en: hebrew, 'zh-CN': hebrew } } : null,
    });
    const view = reportView(turned, 'en');
    expect(sectionOf(view, `\u2068${hebrew}\u2069`).anchor).toBe('dns-latency');
  });
});

describe('what is found in the cluster as a whole', () => {
  it('is said of the cluster, not of all targets or of a node', () => {
    const report = sampleReport();
    const [finding] = report.findings;
    if (finding === undefined) throw new Error('no finding');
    const missing: Finding = {
      ...finding,
      indicator: 'missing-agents',
      subject: CLUSTER_SUBJECT,
      component: null,
      value: 2,
      threshold: 1,
      unit: 'agents',
      condition: 'at-least',
    };
    const headline = (language: Language) =>
      text(headlineOf(createContext({ ...report, findings: [missing] }, language), [missing]));
    expect(headline('en')).toBe('Missing agents in the cluster reached 2; the threshold is 1');
    expect(headline('zh-CN')).toBe('集群中缺失的 Agent 达到 2，阈值为 1');
    const found = withIndicator({ ...report, findings: [missing] }, 'missing-agents', { status: 'critical' });
    const sentence = (language: Language, title: string) =>
      text(sectionOf(reportView(found, language), title).sentence);
    expect(sentence('en', 'Missing agents')).toBe(
      '2 agents, Sun 06:50–09:00. 0 agents at the end of the period.',
    );
    expect(sentence('zh-CN', '缺失的 Agent')).toBe('曾为 2 个 Agent，周日 06:50–09:00。期末为 0 个 Agent。');
  });
});

describe('what needs attention', () => {
  it('is said in one sentence with subject, value and limit', () => {
    const { attention } = reportView(sampleReport(), 'en');
    expect(attention.entries.map(({ headline }) => text(headline))).toEqual([
      'NetworkPolicy sync duration of the controller reached 1.93 s; the threshold is 1 s',
      'The agent on node-02 restarted 4 times; from 3 on it is critical',
      'OVS flow operation errors on node-07 (add): 14 failed bundles, where none is normal',
      'Local Pods on node-11 reached 216; the threshold is 215',
      'OVS flow count on node-03 fell to 3,012, more than 50% below the usual 7,870',
      'Nothing was scraped for 25 min; the threshold is 10 min',
      'The agent on node-09 was not scraped for 2 h 10 min; the threshold is 10 min',
      'The agents on node-09 and node-05 restarted once each; any restart is a warning',
    ]);
    expect(
      attention.entries.map(({ when }) => when.map((line) => line.replaceAll('\u00a0', ' ')))[0],
    ).toEqual(['since Sun 06:50', 'for 2 h 10 min']);
  });

  it('is said in Chinese as Chinese is written', () => {
    const { attention, masthead } = reportView(sampleReport(), 'zh-CN');
    expect(masthead.verdict.detail).toBe('有 8 项需要处理，其中 2 项期末仍未恢复。');
    expect(attention.entries.slice(0, 3).map(({ headline }) => text(headline))).toEqual([
      'Controller 的 NetworkPolicy 同步耗时达到 1.93 s，阈值为 1 s',
      'node-02 上的 Agent 重启 4 次，达到 3 次为严重',
      'node-07（add）的 OVS 流表操作失败：14 个失败事务，正常应为 0',
    ]);
  });

  it('is one entry where it is the same of many', () => {
    const nodeName = (index: number) => `ip-10-0-${index}.eu-central-1.compute.internal`;
    const { attention } = reportView(sampleReport({ nodes: 300, nodeName }), 'en');
    const rollout = attention.entries.at(-1);
    expect(attention.entries).toHaveLength(8);
    expect(rollout && text(rollout.headline)).toBe(
      'The agents on 300 nodes restarted once each; any restart is a warning',
    );
    expect(rollout?.strips.map(({ place }) => text(place ?? []))).toContain('ip-10-0-0');
    expect([rollout?.strips.length, rollout?.more]).toEqual([5, 'and 295 more']);
  });

  it('explains each indicator once', () => {
    const { attention } = reportView(sampleReport(), 'en');
    expect(attention.entries.map(({ isExplained }) => isExplained)).toEqual([
      ...Array(6).fill(true),
      false,
      false,
    ]);
  });
});

describe('the masthead', () => {
  const verdicts: [string, Partial<Report>, string][] = [
    ['healthy', { verdict: 'healthy', incidents: [] }, 'Nothing needs attention.'],
    ['unknown', { verdict: 'unknown', incidents: [] }, 'Nothing bad was seen, but not everything was.'],
  ];
  it.each(verdicts)('says %s in a sentence', (_, changes, sentence) => {
    expect(reportView({ ...sampleReport(), ...changes }, 'en').masthead.verdict.detail).toBe(sentence);
  });

  it('counts what is over and what is not', () => {
    const report = sampleReport();
    const detail = (incidents: Report['incidents']) =>
      reportView({ ...report, incidents }, 'en').masthead.verdict.detail;
    const [first] = report.incidents.filter(({ ongoing }) => ongoing);
    const over = report.incidents.filter(({ ongoing }) => !ongoing);
    expect(detail(first ? [first] : [])).toBe(
      'One thing needs attention; it was not over at the end of the period.',
    );
    expect(detail(over.slice(0, 1))).toBe('One thing needs attention; it is over.');
    expect(detail(over)).toMatch(/^\d things need attention; all are over\.$/);
  });

  it('says everything that is missing', () => {
    const report = sampleReport({ condition: 'healthy' });
    const broken = withIndicator(
      {
        ...report,
        complete: false,
        metrics: null,
        metricsReason: 'timed out',
        coverage: { ...report.coverage, known: false, reason: 'no series', agentsDesired: 14 },
        warnings: [{ text: 'partial response', query: 'up' }],
      },
      'cpu-usage',
      { ...NOTHING, status: 'failed', reason: 'refused' },
    );
    const missing = withIndicator(broken, 'local-pod-count', { ...NOTHING, status: 'no-data' });
    expect(reportView(missing, 'en').masthead.missing?.text).toBe(
      'How well the period was seen is not known: no series. The query for CPU usage failed. ' +
        'There is no data for Local Pods. At the end only 12 of 14 agents answered. ' +
        'Which metrics were there is not known: timed out. Prometheus gave 1 warning; its answers may be partial.',
    );
    expect(reportView(report, 'en').masthead.missing).toBeNull();
  });
});

describe('coverage', () => {
  it('tells what all targets missed once, and of each only its own', () => {
    const { coverage } = reportView(sampleReport(), 'en');
    expect(
      coverage.stretches.map(({ place, texts }) => [
        text(place),
        ...texts.map((one) => one.replaceAll('\u00a0', ' ')),
      ]),
    ).toEqual([
      ['all targets', 'Sat 20:10–20:35 not scraped (25 min)'],
      ['node-09', 'Sat 23:10–Sun 01:20 not scraped (2 h 10 min)', 'process start Sun 01:20'],
      ['node-02', 'process starts Sun 01:56, Sun 02:03, Sun 02:15 and 1 more'],
      ['node-05', 'process start Sun 01:20'],
    ]);
  });

  it('draws the worst targets and counts the others', () => {
    const { coverage } = reportView(sampleReport({ nodes: 300, nodeName: (index) => `n${index}` }), 'en');
    expect(coverage.targets).toHaveLength(30);
    expect(text(coverage.targets[0]?.place ?? [])).toBe('n8');
    expect(coverage.more).toBe('and 271 more targets, seen at least as well');
  });
});

describe('the metric reference', () => {
  it('says of metrics that were not there that they were not, rather than 0', () => {
    const { metrics } = reportView(sampleReport(), 'en');
    const rows = metrics.groups.flatMap(({ rows }) => rows);
    const row = (name: string) => rows.find((one) => one.name.join('') === name);
    expect(row('antrea_agent_fqdn_cache_size')).toMatchObject({ value: 'not exposed', isAbsent: true });
  });

  it('says of metrics of a feature that is off that it is off, rather than 0', () => {
    const value = (report: Report, language: Language) =>
      reportView(report, language)
        .metrics.groups.flatMap(({ rows }) => rows)
        .find((one) => one.name.join('') === 'antrea_agent_conntrack_total_connection_count');
    const off = sampleReport();
    expect(value(off, 'en')).toMatchObject({ value: 'feature off', isAbsent: true });
    expect(value(off, 'zh-CN')).toMatchObject({ value: '功能未启用' });
    const on = {
      ...off,
      metrics: (off.metrics ?? []).map((metric) =>
        metric.name === 'antrea_agent_conntrack_max_connection_count' ? { ...metric, high: 262_144 } : metric,
      ),
    };
    expect(value(on, 'en')).toMatchObject({ value: '0', isAbsent: false });
  });
});
