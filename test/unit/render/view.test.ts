import { describe, expect, it } from 'vitest';
import { LANGUAGES, type Language } from '../../../src/model/indicator.ts';
import type { Report, ReportIndicator } from '../../../src/model/report.ts';
import { SHOWN_STATUSES, type ShownStatus } from '../../../src/render/locales/words.ts';
import { type Phrase, plain } from '../../../src/render/phrase.ts';
import type { IndicatorView } from '../../../src/render/view/indicator.ts';
import { type ReportView, reportView } from '../../../src/render/view/report.ts';
import { sampleReport } from '../../fixtures/sample-report.ts';

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
  const found = view.sections.flatMap(({ indicators }) => indicators).find((one) => one.title === title);
  if (!found) throw new Error(`no section ${title}`);
  return found;
}

describe('a section', () => {
  const healthy = sampleReport({ condition: 'healthy' });
  const ID = 'proxy-sync-duration';
  const title = { en: 'Antrea Proxy sync duration', 'zh-CN': 'Antrea Proxy 同步耗时' };

  /** What the document says, and what readers are told. */
  const CASES: Record<
    ShownStatus,
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
      sentence: { en: /^Highest.*Given for information/, 'zh-CN': /仅供参考/ },
    },
    'no-data': {
      changes: { ...NOTHING, status: 'no-data' },
      sentence: { en: /^No data/, 'zh-CN': /^没有数据/ },
    },
    'not-enabled': {
      changes: { ...NOTHING, status: 'not-enabled' },
      sentence: { en: /^Not enabled/, 'zh-CN': /^未启用/ },
    },
    'not-exposed': {
      changes: { ...NOTHING, status: 'not-exposed' },
      sentence: { en: /^Not exposed/, 'zh-CN': /^未暴露/ },
    },
    failed: {
      changes: { ...NOTHING, status: 'failed', reason: 'connection refused' },
      sentence: { en: /^The query failed/, 'zh-CN': /^查询失败/ },
    },
  };

  it.each(SHOWN_STATUSES.flatMap((status) => LANGUAGES.map((language) => [status, language] as const)))(
    'says what %s means, in %s',
    (status, language) => {
      const { changes, sentence } = CASES[status];
      const view = sectionOf(reportView(withIndicator(healthy, ID, changes), language), title[language]);
      expect(view.status.kind).toBe(status);
      expect(text(view.sentence)).toMatch(sentence[language]);
      // A sentence, and never an empty chart.
      expect(view.chart === null).toBe('series' in changes);
      expect(view.reason).toBe(changes.reason ?? '');
    },
  );

  it('stays short without findings', () => {
    const view = sectionOf(reportView(healthy, 'en'), title.en);
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

  it('of an indicator that this version does not know shows its numbers', () => {
    const stranger = withIndicator(healthy, ID, { id: 'tunnel <mtu>' });
    const view = sectionOf(reportView(stranger, 'en'), 'tunnel <mtu>');
    expect(text(view.sentence)).toMatch(/^Highest/);
    expect(text(view.explanation)).toContain('does not know this indicator');
    expect(view.anchor).toMatch(/^indicator-\d+$/);
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
    ['healthy', { verdict: 'healthy', findings: [] }, 'Nothing needs attention.'],
    ['unknown', { verdict: 'unknown', findings: [] }, 'Nothing bad was seen, but not everything was.'],
  ];
  it.each(verdicts)('says %s in a sentence', (_, changes, sentence) => {
    expect(reportView({ ...sampleReport(), ...changes }, 'en').masthead.verdict.detail).toBe(sentence);
  });

  it('counts what is over and what is not', () => {
    const report = sampleReport();
    const detail = (findings: Report['findings']) =>
      reportView({ ...report, findings }, 'en').masthead.verdict.detail;
    const [first] = report.findings.filter(({ ongoing }) => ongoing);
    const over = report.findings.filter(({ ongoing }) => !ongoing);
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
    expect(row('antrea_agent_conntrack_total_connection_count')).toMatchObject({
      value: '0',
      isAbsent: false,
    });
  });
});
