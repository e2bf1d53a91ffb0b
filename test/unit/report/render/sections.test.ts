import { describe, expect, it } from 'vitest';
import type { Language } from '../../../../src/report/model/indicator.ts';
import type { Report } from '../../../../src/report/model/report.ts';
import { createContext } from '../../../../src/report/render/create-context.ts';
import { type Phrase, plain } from '../../../../src/report/render/kit/phrase.ts';
import { reportView } from '../../../../src/report/render/report-view.ts';
import { absentView } from '../../../../src/report/render/sections/absent/view.ts';
import { coverageView } from '../../../../src/report/render/sections/coverage/view.ts';
import { mastheadView } from '../../../../src/report/render/sections/masthead/view.ts';
import { metricsView } from '../../../../src/report/render/sections/metrics/view.ts';
import { overviewView } from '../../../../src/report/render/sections/overview/view.ts';
import { sampleReport } from '../../../fixtures/sample-report.ts';
import { NOTHING, withIndicator } from './changed-reports.ts';

const text = (phrase: Phrase) => plain(phrase).replaceAll('\u00a0', ' ');

describe('an absent indicator', () => {
  const report = sampleReport();
  const overviewOf = (language: Language) => overviewView(createContext(report, language));
  const row = (title: string) =>
    overviewOf('en')
      .groups.flatMap(({ rows }) => rows)
      .find((one) => one.title === title);

  it('has no row, but is named below the table', () => {
    const lines = overviewOf('en').absent.map(
      ({ label, items, separator, stop }) =>
        `${label} ${items.map(({ title }) => title).join(separator)}${stop}`,
    );
    expect(lines).toEqual([
      'Not enabled: Flow collector never connected, Flow collector reconnections, Denied connections, Connection tracking usage, Node CIDR usage.',
      'Not in this Antrea version: FQDN cache evictions, FQDN cache size, Connection tracking poll duration.',
    ]);
    expect(row('Denied connections')).toBeUndefined();
    expect(row('Local Pods')).toBeDefined();
    expect(overviewOf('zh-CN').absent.map(({ label }) => label)).toEqual([
      '未启用：',
      '当前 Antrea 版本不提供：',
    ]);
  });

  it('is grouped with others by the reason for its absence', () => {
    const absent = absentView(createContext(report, 'en'));
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
    expect(absentView(createContext(all, 'en'))).toBeNull();
  });
});

describe('a missing exporter', () => {
  const report = sampleReport();
  const linesOf = (language: Language, changed = report) =>
    absentView(createContext(changed, language))?.exporters?.items.map(
      ({ name, titles }) => `${name}: ${titles}`,
    );
  const withMetricsOf = (id: string) => ({
    ...report,
    indicators: report.indicators.map((one) =>
      one.id === id ? { ...one, status: 'healthy' as const, idle: false } : one,
    ),
  });

  it('is one line that names what the report would also see', () => {
    expect(linesOf('en')).toEqual([
      'kube-state-metrics: containers not ready, node network unavailable, OVS container restarts, out-of-memory kills',
      'kube-state-metrics for Antrea’s resources: unmet agent conditions, agent heartbeat age, unassigned Egresses, unrealized policies, IP pool usage',
      'cAdvisor: OVS memory, CPU throttling',
      'kubelet: failed Pod sandboxes',
      'node-exporter: gateway and tunnel packet loss, gateway MTU difference, node connection tracking usage',
      'kube-apiserver: unavailable Antrea APIs, failed webhook calls',
      'x509-certificate-exporter: certificate lifetime left',
    ]);
    expect(linesOf('zh-CN')?.[2]).toBe('cAdvisor: OVS 内存、CPU 限流');
  });

  it('is not missing if any of its indicators was measured; the others then say which metrics are', () => {
    const some = withMetricsOf('ovs-memory');
    expect(linesOf('en', some)).toHaveLength(6);
    const groups = absentView(createContext(some, 'en'))?.groups ?? [];
    const throttling = groups.find(({ items }) => items.some(({ title }) => title === 'CPU throttling'));
    expect(text(throttling?.why ?? [])).toBe(
      'Prometheus lacks some of these metrics of cAdvisor: container_cpu_cfs_throttled_periods_total, container_cpu_cfs_periods_total. Containers without a CPU limit do not have it.',
    );
  });
});

describe('the masthead', () => {
  const mastheadOf = (report: Report) => mastheadView(createContext(report, 'en'));

  const verdicts: [string, Partial<Report>, string][] = [
    ['healthy', { verdict: 'healthy', incidents: [] }, 'No problems found.'],
    ['unknown', { verdict: 'unknown', incidents: [] }, 'No problems found, but some data is missing.'],
  ];
  it.each(verdicts)('explains the verdict %s', (_, changes, sentence) => {
    expect(mastheadOf({ ...sampleReport(), ...changes }).verdict.detail).toBe(sentence);
  });

  it('counts incidents and ongoing ones', () => {
    const report = sampleReport();
    const detail = (incidents: Report['incidents']) => mastheadOf({ ...report, incidents }).verdict.detail;
    const [first] = report.incidents.filter(({ ongoing }) => ongoing);
    const over = report.incidents.filter(({ ongoing }) => !ongoing);
    expect(detail(first ? [first] : [])).toBe('1 incident, still ongoing.');
    expect(detail(over.slice(0, 1))).toBe('1 incident, over by the end.');
    expect(detail(over)).toMatch(/^\d incidents, all over by the end\.$/);
    expect(detail(first ? [first, first] : [])).toBe('2 incidents, all still ongoing.');
  });

  it('states everything that the report lacks', () => {
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
    expect(mastheadOf(missing).missing?.text).toBe(
      'Scrape coverage is unknown: no series. The query for CPU usage failed. ' +
        'There is no data for Local Pods. 2 of 14 agents were missing at the end of the period. ' +
        'The list of metrics is unknown: timed out. Prometheus returned 1 warning, so its answers may be partial.',
    );
    expect(mastheadOf(report).missing).toBeNull();
  });

  it('names the questions without an answer on which findings depend', () => {
    const unanswered: Report['unanswered'] = [
      { about: 'targets', indicators: [], reason: 'HTTP 422.' },
      { about: 'agents', indicators: [], reason: 'refused' },
      { about: 'restarts', indicators: [], reason: null },
      { about: 'usual-level', indicators: ['ovs-flow-count', 'goroutines'], reason: 'timed out' },
      { about: 'usual-level', indicators: ['resident-memory'], reason: null },
      { about: 'before', indicators: ['ovs-flow-count'], reason: 'timed out' },
    ];
    const report = { ...sampleReport({ condition: 'healthy' }), complete: false, unanswered };
    const textIn = (language: 'en' | 'zh-CN') => mastheadView(createContext(report, language)).missing?.text;
    expect(textIn('en')).toBe(
      'A query that finds targets failed, so some targets may be missing: HTTP 422. ' +
        'How many agents should run is unknown: refused. ' +
        'Some targets have no process_start_time_seconds, so their restarts are unknown. ' +
        'The query about the day before failed for OVS flow count and Goroutines, so deviations from the usual level may be missing: timed out. ' +
        'The day before has no data of Resident memory, so deviations from the usual level may be missing.',
    );
    expect(textIn('zh-CN')).toBe(
      '查找采集目标的查询失败，可能遗漏部分目标：HTTP 422。应运行的 Agent 数量未知：refused。' +
        '部分采集目标缺少 process_start_time_seconds，其重启情况未知。' +
        '前一天的 OVS 流表项数和 Goroutine 数量查询失败，可能遗漏偏离平时水平的情况：timed out。' +
        '前一天没有常驻内存的数据，可能遗漏偏离平时水平的情况。',
    );
  });
});

describe('coverage', () => {
  it('lists a gap of all targets once, and further gaps by target', () => {
    const coverage = coverageView(createContext(sampleReport(), 'en'));
    expect(
      coverage.gaps.map(({ place, texts }) => [
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
    const report = sampleReport({ nodes: 300, nodeName: (index) => `n${index}` });
    const coverage = coverageView(createContext(report, 'en'));
    expect(coverage.targets).toHaveLength(30);
    expect(text(coverage.targets[0]?.place ?? [])).toBe('n8');
    expect(coverage.more).toBe('and 271 more targets with at least this success rate');
    expect(coverage.fine).toBeNull();
  });

  it('only counts and names targets that were scraped throughout', () => {
    const report = sampleReport({ condition: 'healthy', nodeName: (index) => `w${index}` });
    const all = coverageView(createContext(report, 'en'));
    expect(all.targets).toEqual([]);
    expect(all.fine?.sentence).toBe('13 targets were scraped throughout');
    expect(all.fine?.names.map(text).slice(-4)).toEqual(['w8', 'w9', 'w10', 'w11']);
    const { coverage } = report;
    const targets = coverage.targets.map((target) =>
      target.subject === 'w3'
        ? { ...target, seenRatio: 0.99 }
        : target.subject === 'w7'
          ? { ...target, restarts: [report.period.start] }
          : target,
    );
    const some = coverageView(createContext({ ...report, coverage: { ...coverage, targets } }, 'zh-CN'));
    expect(some.targets.map(({ place }) => text(place)).sort()).toEqual(['w3', 'w7']);
    expect(some.fine?.sentence.replaceAll('\u00a0', ' ')).toBe('另有 11 个目标全程采集正常');
    expect(some.fine?.names.map(text)).not.toContain('w3');
  });
});

describe('the metric reference', () => {
  it('can be left out', () => {
    const report = sampleReport();
    const anchors = (changes: Partial<Report>) =>
      reportView({ ...report, ...changes }, 'en').sections.map(({ anchor }) => anchor);
    expect(anchors({ leaveOut: ['metrics'] })).toEqual(anchors({}).filter((one) => one !== 'metrics'));
    expect(anchors({})).toContain('metrics');
  });

  it('shows a metric that does not exist as not exposed rather than as 0', () => {
    const rows = metricsView(createContext(sampleReport(), 'en')).groups.flatMap(({ rows }) => rows);
    const row = (name: string) => rows.find((one) => one.name.join('') === name);
    expect(row('antrea_agent_fqdn_cache_size')).toMatchObject({ value: 'not exposed', isAbsent: true });
  });

  it('shows a metric of a disabled feature as off rather than as 0', () => {
    const value = (report: Report, language: Language) =>
      metricsView(createContext(report, language))
        .groups.flatMap(({ rows }) => rows)
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
