import { describe, expect, it } from 'vitest';
import { LANGUAGES, type Language } from '../../../../src/report/model/indicator.ts';
import {
  CLUSTER_SUBJECT,
  type Finding,
  type Report,
  type ReportIndicator,
} from '../../../../src/report/model/report.ts';
import { createContext } from '../../../../src/report/render/create-context.ts';
import { type Phrase, plain } from '../../../../src/report/render/kit/phrase.ts';
import { lineLabel } from '../../../../src/report/render/kit/place.ts';
import { SHOWN_STATUSES, type ShownStatus } from '../../../../src/report/render/kit/words/facts.ts';
import {
  type IndicatorView,
  splitFirstSentence,
} from '../../../../src/report/render/sections/indicators/indicator.ts';
import { indicatorsView } from '../../../../src/report/render/sections/indicators/view.ts';
import { sampleReport } from '../../../fixtures/sample-report.ts';
import { NOTHING, withIndicator } from './changed-reports.ts';

const text = (phrase: Phrase) => plain(phrase).replaceAll('\u00a0', ' ');

const chaptersOf = (report: Report, language: Language = 'en') =>
  indicatorsView(createContext(report, language)).chapters;

function indicatorOf(report: Report, language: Language, title: string): IndicatorView {
  const found = chaptersOf(report, language)
    .flatMap(({ full, compact }) => [...full, ...compact.flat()])
    .find((indicator) => indicator.title === title);
  if (!found) throw new Error(`no indicator ${title}`);
  return found;
}

describe('an indicator', () => {
  const healthy = sampleReport({ condition: 'healthy' });
  const ID = 'proxy-sync-duration';
  const title = { en: 'Antrea Proxy sync duration', 'zh-CN': 'Antrea Proxy 同步耗时' };

  /** Absent indicators are in another section; explained.test.ts and silences.test.ts test two more. */
  const OTHERS: readonly ShownStatus[] = ['not-enabled', 'not-exposed', 'explained', 'silenced'];
  const STATUSES = SHOWN_STATUSES.filter((status) => !OTHERS.includes(status));

  const CASES: Record<
    Exclude<ShownStatus, 'not-enabled' | 'not-exposed' | 'explained' | 'silenced'>,
    { changes: Partial<ReportIndicator>; sentence: Record<Language, RegExp> }
  > = {
    critical: {
      changes: { status: 'critical' },
      sentence: { en: /^Highest reading: 53\.3 ms on node-05/, 'zh-CN': /^最高读数：node-05/ },
    },
    warning: { changes: { status: 'warning' }, sentence: { en: /^Highest reading/, 'zh-CN': /^最高读数/ } },
    healthy: { changes: {}, sentence: { en: /^Highest reading/, 'zh-CN': /^最高读数/ } },
    idle: {
      changes: { ...NOTHING, idle: true },
      sentence: { en: /^No activity in this period/, 'zh-CN': /^统计周期内无活动/ },
    },
    information: {
      changes: { judged: false, thresholds: {} },
      sentence: { en: /^Highest reading: 53\.3 ms/, 'zh-CN': /^最高读数/ },
    },
    'no-data': {
      changes: { ...NOTHING, status: 'no-data' },
      sentence: { en: /^No data/, 'zh-CN': /^没有数据/ },
    },
    'not-captured': {
      changes: { ...NOTHING, status: 'not-captured' },
      sentence: { en: /^The capture was recorded without/, 'zh-CN': /^录制文件中没有/ },
    },
    failed: {
      changes: { ...NOTHING, status: 'failed', reason: 'connection refused' },
      sentence: { en: /^The query failed/, 'zh-CN': /^查询失败/ },
    },
  };

  it.each(STATUSES.flatMap((status) => LANGUAGES.map((language) => [status, language] as const)))(
    'explains the status %s in %s',
    (status, language) => {
      const { changes, sentence } = CASES[status as keyof typeof CASES];
      const view = indicatorOf(withIndicator(healthy, ID, changes), language, title[language]);
      expect(view.status.kind).toBe(status);
      expect(text(view.sentence)).toMatch(sentence[language]);
      // Without data there is a sentence rather than an empty chart.
      expect(view.chart === null).toBe('series' in changes);
      expect(view.reason).toBe(changes.reason ?? '');
    },
  );

  it('has neither meaning nor steps without findings', () => {
    const view = indicatorOf(healthy, 'en', title.en);
    expect(chaptersOf(healthy).flatMap(({ full }) => full)).toEqual([]);
    expect([view.meaningBeside, view.meaningBelow, view.steps]).toEqual([null, null, null]);
    expect(view.readings?.rows).toHaveLength(5);
    expect(view.readings?.more).toBe('and 7 more within thresholds');
  });

  it('has neither chart nor table where no events happened', () => {
    const view = indicatorOf(healthy, 'en', 'OVS flow operation errors');
    expect(text(view.sentence)).toBe('None in the period.');
    expect([view.chart, view.readings]).toEqual([null, null]);
  });

  it('states thresholds with several conditions and with several occurrences', () => {
    const thresholds = (language: Language, heading: string) =>
      indicatorOf(healthy, language, heading).thresholds.replaceAll('\u00a0', ' ');
    expect(thresholds('zh-CN', '常驻内存')).toBe('高于 512 MiB 且高出平时水平 50% 以上持续 30 分钟为警告。');
    expect(thresholds('en', 'Resident memory')).toBe(
      'Warning above 512 MiB and 50% above the usual level for 30 min.',
    );
    expect(thresholds('zh-CN', 'OVS 流表操作失败')).toBe('高于 0 为警告；至少 3 次高于 0 为严重。');
    expect(thresholds('en', 'OVS flow operation errors')).toBe(
      'Warning above 0; critical above 0 at least 3 times.',
    );
  });

  it('is shown in full with findings or with missing readings', () => {
    const titles = (report: Report) =>
      chaptersOf(report).flatMap(({ full }) => full.map((view) => view.title));
    expect(titles(sampleReport())).toEqual([
      'NetworkPolicy sync duration',
      'OVS flow operation errors',
      'OVS flow count',
      'Local Pods',
    ]);
    const missing = [{ subject: 'node-13', component: 'agent' as const }];
    expect(titles(withIndicator(healthy, ID, { missing }))).toEqual([title.en]);
    // A failed query leaves nothing else to show.
    expect(titles(withIndicator(healthy, ID, { ...NOTHING, status: 'no-data' }))).toEqual([]);
  });

  it('is one of two columns of about equal height where it is compact', () => {
    const titles = chaptersOf(healthy).map(({ compact }) =>
      compact.map((column) => column.map((view) => view.title)),
    );
    expect(titles).toEqual([
      [
        ['Missing agents', 'Controller instances'],
        ['Agents without controller connection', 'Failed feature syncs'],
      ],
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
      [['Antrea Proxy sync duration'], ['Service count difference', 'Repeated Service syncs (5 min)']],
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

  it('has a sentence instead of a chart where all values are equal', () => {
    const view = indicatorOf(healthy, 'en', 'Controller instances');
    expect(text(view.sentence)).toBe('1 controller at the end of the period.');
    expect(view.chart).toBeNull();
    expect(indicatorOf(healthy, 'zh-CN', 'Goroutine 数量').chart).not.toBeNull();
  });

  it('names the values of earlier periods where it has one reading', () => {
    const sentence = (language: Language, heading: string) =>
      text(indicatorOf(healthy, language, heading).sentence);
    expect(sentence('en', 'DNS latency')).toBe(
      'Highest reading: 6.54 ms, Sat 15:35. 6.35 ms the day before, 6.15 ms a week before.',
    );
    expect(sentence('zh-CN', 'DNS 解析延迟')).toBe(
      '最高读数：6.54 ms，周六 15:35。前一天为 6.35 ms，一周前为 6.15 ms。',
    );
    // An unchanged 0 is not mentioned.
    expect(sentence('en', 'Missing agents')).toBe('None in the period.');
  });

  it('states the worst level and the level at the end', () => {
    const missing: Finding = {
      ...(sampleReport().findings[0] as Finding),
      indicator: 'missing-agents',
      subject: CLUSTER_SUBJECT,
      component: null,
      value: 2,
      unit: 'agents',
    };
    const report = withIndicator({ ...sampleReport(), findings: [missing] }, 'missing-agents', {
      status: 'critical',
    });
    const sentence = (language: Language, heading: string) =>
      text(indicatorOf(report, language, heading).sentence);
    expect(sentence('en', 'Missing agents')).toBe(
      '2 agents, Sun 06:50–09:00. 0 agents at the end of the period.',
    );
    expect(sentence('zh-CN', '缺失的 Agent')).toBe('曾为 2 个 Agent，周日 06:50–09:00。期末为 0 个 Agent。');
  });

  it('shows its numbers where this version does not know it', () => {
    const stranger = withIndicator(healthy, ID, { id: 'tunnel <mtu>' });
    const view = indicatorOf(stranger, 'en', 'tunnel <mtu>');
    expect(text(view.sentence)).toMatch(/^Highest reading/);
    expect(text(view.explanation)).toContain('does not know the indicator');
    expect(view.anchor).toMatch(/^indicator_[0-9a-f]{8}$/);
  });
});

describe('the first sentence of an explanation', () => {
  it.each([
    ['Time of a sync. More is worse.', 'Time of a sync.', 'More is worse.'],
    ['Since v2.5 of `a. b`, e.g. 3.14 of it! Then', 'Since v2.5 of `a. b`, e.g.', '3.14 of it! Then'],
    ['同步耗时。按节点统计。', '同步耗时。', '按节点统计。'],
    ['No stop, and an odd ` quote', 'No stop, and an odd ` quote', ''],
    ['', '', ''],
  ])('ends before the rest: %s', (explanation, first, rest) => {
    expect(splitFirstSentence(explanation)).toEqual([first, rest]);
  });
});

describe('tables of readings', () => {
  const tableOf = (report: Report, language: Language) =>
    chaptersOf(report, language)
      .flatMap(({ full, compact }) => [...full, ...compact.flat()])
      .find(({ anchor }) => anchor === 'local-pod-count')?.readings;

  it('have columns for the day before and a week before', () => {
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

  it('compare a week and a month with the one before', () => {
    const headings = (period: 'week' | 'month') =>
      tableOf(sampleReport({ period }), 'en')?.columns.map(({ heading }) => heading);
    expect(headings('week')).toEqual(['Highest', 'When', 'Week before']);
    expect(headings('month')).toEqual(['Highest', 'When', 'Month before']);
  });

  it('show the median where earlier values are unknown', () => {
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

describe('the name at the end of a line', () => {
  const context = createContext(sampleReport(), 'en');
  const CONTROLLER = 'antrea-controller';

  it.each([
    [CONTROLLER, { name: 'internalNetworkPolicy' }, true, 'NetworkPolicy queue'],
    [CONTROLLER, { name: 'internalNetworkPolicy' }, false, 'controller Netw…ueue'],
    ['node-04', { name: 'networkpolicyrule' }, false, 'node-04 rule queue'],
    ['node-04', { name: 'of-somebody' }, false, 'node-04 of-somebody'],
    ['a-node-with-a-very-long-name', { operation: 'delete' }, false, 'a-node-…g-name delete'],
    ['node-04', {}, true, 'node-04'],
  ])('fits: %s %o', (subject, labels, isOnly, label) => {
    expect(lineLabel(context, { subject, labels }, isOnly)).toBe(label);
  });
});

describe('a custom indicator', () => {
  const report = sampleReport();

  it('has the words of the user', () => {
    const view = indicatorOf(report, 'zh-CN', 'DNS 解析延迟');
    expect(view.lead).toEqual([
      { text: 'coredns', name: false, code: true },
      { text: ' 应答耗时的 99 分位数。', name: false, code: false },
    ]);
    expect(text(view.rest)).toBe('半数工单由此开始，因此单独列出。');
  });

  it('has no empty texts where the user wrote none', () => {
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
    const view = indicatorOf(found, 'en', 'Gateway sessions');
    expect(view).toMatchObject({ hasText: false, hasPair: false, steps: null, meaningBeside: null });
    expect(view.explanation).toEqual([]);
  });

  it('is not called a metric of Antrea where its query returned nothing', () => {
    const sentence = (changes: Partial<ReportIndicator>, language: Language, title: string) =>
      text(
        indicatorOf(withIndicator(report, 'dns-latency', { ...NOTHING, ...changes }), language, title)
          .sentence,
      );
    expect(sentence({ status: 'no-data' }, 'en', 'DNS latency')).toBe(
      'No data: the query returned nothing, so the indicator could not be evaluated.',
    );
    expect(sentence({ idle: true }, 'zh-CN', 'DNS 解析延迟')).toBe('统计周期内无活动：查询没有返回结果。');
  });

  it('has a title that cannot reverse the text around it', () => {
    const hebrew = 'זמן';
    const own = report.indicators.find(({ id }) => id === 'dns-latency')?.own;
    const turned = withIndicator(report, 'dns-latency', {
      own: own ? { ...own, title: { en: hebrew, 'zh-CN': hebrew } } : null,
    });
    expect(indicatorOf(turned, 'en', `\u2068${hebrew}\u2069`).anchor).toBe('dns-latency');
  });
});
