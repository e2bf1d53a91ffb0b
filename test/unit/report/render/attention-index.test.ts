import { describe, expect, it } from 'vitest';
import { LANGUAGES, type Language } from '../../../../src/report/model/indicator.ts';
import type { Report } from '../../../../src/report/model/report.ts';
import { renderHtml } from '../../../../src/report/render/html.ts';
import { createContext } from '../../../../src/report/render/kit/context.ts';
import { plain } from '../../../../src/report/render/kit/phrase.ts';
import { labelValue } from '../../../../src/report/render/kit/words/labels.ts';
import { attentionView } from '../../../../src/report/render/sections/attention/view.ts';
import { depthReport, incident, restart } from '../../../fixtures/depth-report.ts';
import { sampleReport } from '../../../fixtures/sample-report.ts';
import { attribute, elementsOf, textOf } from './elements.ts';

const indexOf = (report: Report, language: Language = 'en') =>
  attentionView(createContext(report, language)).index;

const linesOf = (report: Report, language: Language = 'en') =>
  indexOf(report, language)?.rows.map(({ status, headline, when, ongoing, fresh }) =>
    [status.word, plain(headline), when, ongoing, fresh].join(' | ').replaceAll('\u00a0', ' '),
  );

/** So many restarts, hours apart. */
function reportWith(count: number): Report {
  const findings = Array.from({ length: count }, (_, index) =>
    restart(`node-${index + 1}`, `Sun 0${index % 9}:12`),
  );
  return { ...depthReport(), findings, incidents: findings.map((_, index) => incident(findings, [index])) };
}

describe('the list of all that needs attention', () => {
  const LINES: Record<Language, string[]> = {
    en: [
      'Critical | NetworkPolicy sync duration of the controller reached 1.93 s | since Sun 06:50 | ongoing | ',
      'Critical | The agent on node-03 restarted once; then there were 8 failed bundles | Sun 03:12–06:10 |  | new',
      'Warning | Local Pods on node-11 reached 216 | since Sat 19:00 | ongoing | ',
      'Warning | The agents on 8 nodes restarted once each (explains 1 more) | Sat 16:02–16:30 |  | new',
      'Warning | CPU usage on node-02 reached 1.4 cores; at the same time its Antrea Proxy sync duration reached 420 ms | Sat 13:05–13:50 |  | ',
      'Warning | Nothing was scraped for 25 min | Sat 20:10–20:35 |  | ',
    ],
    'zh-CN': [
      '严重 | Controller 的 NetworkPolicy 同步耗时达到 1.93 s | 自周日 06:50 起 | 未恢复 | ',
      '严重 | node-03 上的 Agent 重启 1 次，随后出现 OVS 流表操作失败（8 个失败事务） | 周日 03:12–06:10 |  | 新增',
      '警告 | node-11 的本地 Pod 数达到 216 | 自周六 19:00 起 | 未恢复 | ',
      '警告 | 8 个节点上的 Agent 各重启 1 次（连带 1 项异常） | 周六 16:02–16:30 |  | 新增',
      '警告 | node-02 的 CPU 用量达到 1.4 核，同时 Antrea Proxy 同步耗时达到 420 ms | 周六 13:05–13:50 |  | ',
      '警告 | 全部目标有 25 分钟没有采集到数据 | 周六 20:10–20:35 |  | ',
    ],
  };

  it.each(LANGUAGES)('has a line for each, in %s', (language) => {
    expect(linesOf(depthReport(), language)).toEqual(LINES[language]);
  });

  it('is left out where two entries are seen at once', () => {
    expect(indexOf(reportWith(2))).toBeNull();
    expect(indexOf(reportWith(3))?.rows).toHaveLength(3);
    expect(indexOf(sampleReport({ condition: 'healthy' }))).toBeNull();
  });

  it('stands in for the entries where a calendar comes before them', async () => {
    const { calendar } = sampleReport({ period: 'week' });
    expect(indexOf({ ...reportWith(1), calendar })?.rows).toHaveLength(1);
    expect(indexOf({ ...reportWith(0), calendar })).toBeNull();
    const elements = elementsOf(await renderHtml({ ...reportWith(1), calendar }, { language: 'en' }));
    const order = elements
      .map((one) => attribute(one, 'class')?.split(' ').at(-1) ?? '')
      .filter((name) => ['index', 'days', 'entry'].includes(name));
    expect(order).toEqual(['index', 'days', 'entry']);
    const headings = elements.filter(({ tagName }) => tagName === 'h2').map(textOf);
    expect(headings.slice(0, 3)).toEqual(['Needs attention', 'Day by day', 'In detail']);
  });

  it('counts what does not fit on the first page', () => {
    expect([indexOf(reportWith(12))?.rows.length, indexOf(reportWith(12))?.more]).toEqual([12, '']);
    expect([indexOf(reportWith(15))?.rows.length, indexOf(reportWith(15))?.more]).toEqual([12, 'and 3 more']);
    expect(indexOf(reportWith(15), 'zh-CN')?.more).toBe('另有 3 项');
  });

  it('leads to the entries', async () => {
    const elements = elementsOf(await renderHtml(depthReport(), { language: 'en' }));
    const links = elements
      .map((one) => attribute(one, 'href') ?? '')
      .filter((href) => href.startsWith('#incident_'))
      .slice(0, 6);
    expect(links).toEqual([1, 2, 3, 4, 5, 6].map((number) => `#incident_${number}`));
    for (const link of links)
      expect(elements.find((one) => attribute(one, 'id') === link.slice(1))?.tagName).toBe('article');
  });
});

describe('labels', () => {
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
  ])('%s=%s is said in words, what is unknown as it is', (label, value, en, zh) => {
    expect([labelValue('en', label, value), labelValue('zh-CN', label, value)]).toEqual([en, zh]);
  });
});
