import { describe, expect, it } from 'vitest';
import { LANGUAGES, type Language } from '../../../../src/report/model/indicator.ts';
import type { Report } from '../../../../src/report/model/report.ts';
import { createContext } from '../../../../src/report/render/create-context.ts';
import { renderHtml } from '../../../../src/report/render/html.ts';
import { plain } from '../../../../src/report/render/kit/phrase.ts';
import { placeOf } from '../../../../src/report/render/kit/place.ts';
import { attentionView } from '../../../../src/report/render/sections/attention/view.ts';
import { incidentAnchors } from '../../../../src/report/render/sections/incidents/anchors.ts';
import { depthReport } from '../../../fixtures/depth-report.ts';
import { finding, incident, restart } from '../../../fixtures/report-parts.ts';
import { sampleReport } from '../../../fixtures/sample-report.ts';
import { attribute, elementsOf, textOf } from './elements.ts';

const summaryOf = (report: Report, language: Language = 'en') =>
  attentionView(createContext(report, language)).summary;

const linesOf = (report: Report, language: Language = 'en') =>
  summaryOf(report, language)?.groups.flatMap(({ heading, rows }) => [
    heading,
    ...rows.map(({ status, headline, when, fresh }) =>
      [status.word, plain(headline), when, fresh].join(' | ').replaceAll('\u00a0', ' '),
    ),
  ]);

const rowsOf = (report: Report) => summaryOf(report)?.groups.flatMap(({ rows }) => rows);

/** A report of `count` restarts, hours apart. */
function reportWith(count: number): Report {
  const findings = Array.from({ length: count }, (_, index) =>
    restart(`node-${index + 1}`, `Sun 0${index % 9}:12`),
  );
  return { ...depthReport(), findings, incidents: findings.map((_, index) => incident(findings, [index])) };
}

describe('the list of all incidents', () => {
  const LINES: Record<Language, string[]> = {
    en: [
      'Still ongoing at Sun 09:00 (2)',
      'Critical | NetworkPolicy sync duration of the controller reached 1.93 s (threshold 1 s) | since Sun 06:50 | ',
      'Warning | Local Pods on node-11 reached 216 (threshold 215) | since Sat 19:00 | ',
      'Over by the end (4)',
      'Critical | The agent on node-03 restarted once; then there were 8 failed bundles | Sun 03:12–06:10 | new',
      'Warning | The agents on 8 nodes restarted once each; 1 related finding | Sat 16:02–16:30 | new',
      'Warning | CPU usage on node-02 reached 1.4 cores (threshold 1 core); at the same time its Antrea Proxy sync duration reached 420 ms (threshold 100 ms) | Sat 13:05–13:50 | ',
      'Warning | No target was scraped for 25 min | Sat 20:10–20:35 | ',
    ],
    'zh-CN': [
      '截至周日 09:00 仍在持续（2）',
      '严重 | Controller 的 NetworkPolicy 同步耗时达到 1.93 s（阈值 1 s） | 自周日 06:50 起 | ',
      '警告 | node-11 的本地 Pod 数达到 216（阈值 215） | 自周六 19:00 起 | ',
      '期末前已结束（4）',
      '严重 | node-03 上的 Agent 重启 1 次，随后出现 OVS 流表操作失败（8 个失败事务） | 周日 03:12–06:10 | 新增',
      '警告 | 8 个节点上的 Agent 各重启 1 次，另有 1 项相关发现 | 周六 16:02–16:30 | 新增',
      '警告 | node-02 的 CPU 用量达到 1.4 核（阈值 1 核），同时 Antrea Proxy 同步耗时达到 420 ms（阈值 100 ms） | 周六 13:05–13:50 | ',
      '警告 | 全部目标有 25 分钟没有采集到数据 | 周六 20:10–20:35 | ',
    ],
  };

  it.each(LANGUAGES)('has one line per incident in %s', (language) => {
    expect(linesOf(depthReport(), language)).toEqual(LINES[language]);
  });

  it('says how often something was there that was there rarely, since a range looks like its length', () => {
    const cpu = (subject: string, ...stretches: [string, string][]) =>
      finding({ indicator: 'cpu-usage', subject, value: 2, threshold: 1, stretches });
    const findings = [
      cpu('node-1', ['Sat 10:00', 'Sat 10:30'], ['Sun 03:00', 'Sun 03:30']),
      cpu('node-2', ['Sat 10:00', 'Sat 12:00'], ['Sat 12:30', 'Sat 13:30']),
      cpu('node-3', ['Sat 10:00', 'Sat 10:30']),
      cpu('node-4', ['Sat 10:10', 'Sat 10:40'], ['Sat 22:00', 'Sat 22:10']),
    ];
    const incidents = [[0], [1], [2, 3]].map((indices) => incident(findings, indices));
    const rows = rowsOf({ ...depthReport(), findings, incidents });
    expect(rows?.map(({ when }) => when.replaceAll('\u00a0', ' '))).toEqual([
      'Sat 10:00–Sun 03:30, 2 episodes',
      'Sat 10:00–13:30',
      'Sat 10:00–22:10, 2 episodes',
    ]);
  });

  it('is left out for up to two incidents', () => {
    expect(summaryOf(reportWith(2))).toBeNull();
    expect(rowsOf(reportWith(3))).toHaveLength(3);
    expect(summaryOf(sampleReport({ condition: 'healthy' }))).toBeNull();
  });

  it('comes before a calendar, and the incidents after it', async () => {
    const { calendar } = sampleReport({ period: 'week' });
    expect(rowsOf({ ...reportWith(1), calendar })).toHaveLength(1);
    expect(summaryOf({ ...reportWith(0), calendar })).toBeNull();
    const elements = elementsOf(await renderHtml({ ...reportWith(1), calendar }, { language: 'en' }));
    const order = elements
      .map((one) => attribute(one, 'class')?.split(' ').at(-1) ?? '')
      .filter((name) => ['incident-list', 'days', 'entry'].includes(name));
    expect(order).toEqual(['incident-list', 'days', 'entry']);
    const headings = elements.filter(({ tagName }) => tagName === 'h2').map(textOf);
    expect(headings.slice(0, 3)).toEqual(['Needs attention', 'Day by day', 'Incident details']);
  });

  it('counts incidents that do not fit on the first page', () => {
    expect([rowsOf(reportWith(13))?.length, summaryOf(reportWith(13))?.more]).toEqual([13, '']);
    expect([rowsOf(reportWith(15))?.length, summaryOf(reportWith(15))?.more]).toEqual([12, 'and 3 more']);
    expect(summaryOf(reportWith(15), 'zh-CN')?.more).toBe('另有 3 项');
  });

  it('links to the incidents', async () => {
    const report = depthReport();
    const elements = elementsOf(await renderHtml(report, { language: 'en' }));
    const links = elements
      .map((one) => attribute(one, 'href') ?? '')
      .filter((href) => href.startsWith('#incident_'))
      .slice(0, 6);
    // Those that are ongoing come first.
    expect(links).toEqual([1, 3, 2, 4, 5, 6].map((number) => `#${incidentAnchors(report)[number - 1]}`));
    for (const link of links)
      expect(elements.find((one) => attribute(one, 'id') === link.slice(1))?.tagName).toBe('article');
  });
});

describe('the value of a label', () => {
  it.each([
    ['name', 'internalNetworkPolicy', 'NetworkPolicy queue', 'NetworkPolicy 队列'],
    ['name', 'noderoute', 'route queue', '节点路由队列'],
    ['reason', 'total_limit', 'total limit', '总数上限'],
    ['meter_id', 'PacketInMeterDNSInterception', 'DNS packet-ins', 'DNS 报文'],
    ['ip_family', 'v6', 'IPv6', 'IPv6'],
    ['operation', 'add', 'add', 'add'],
    ['name', 'somebodys-own', 'somebodys-own', 'somebodys-own'],
    ['queue', 'noderoute', 'noderoute', 'noderoute'],
    ['constructor', 'name', 'name', 'name'],
  ])('has words where it is known: %s=%s', (label, value, en, zh) => {
    const labelsIn = (language: Language) =>
      placeOf(createContext(sampleReport(), language), { subject: 'a', labels: { [label]: value } }).labels;
    expect([labelsIn('en'), labelsIn('zh-CN')]).toEqual([en, zh]);
  });
});
