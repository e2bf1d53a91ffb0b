import { describe, expect, it } from 'vitest';
import type { Language } from '../../../../src/report/model/indicator.ts';
import { CLUSTER_SUBJECT, type Finding, type Report } from '../../../../src/report/model/report.ts';
import { createContext } from '../../../../src/report/render/create-context.ts';
import { type Phrase, plain } from '../../../../src/report/render/kit/phrase.ts';
import { headlineOf } from '../../../../src/report/render/sections/incidents/headline.ts';
import { incidentViews } from '../../../../src/report/render/sections/incidents/view.ts';
import { finding, incident } from '../../../fixtures/report-parts.ts';
import { sampleReport } from '../../../fixtures/sample-report.ts';

const text = (phrase: Phrase) => plain(phrase).replaceAll('\u00a0', ' ');

const incidentsOf = (report: Report, language: Language = 'en') =>
  incidentViews(createContext(report, language));

describe('missing agents', () => {
  it('are counted in the headline', () => {
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
    const headline = (language: Language, value: number) => {
      const found = { ...missing, value };
      return text(headlineOf(createContext({ ...report, findings: [found] }, language), [found]));
    };
    expect([headline('en', 2), headline('zh-CN', 2)]).toEqual([
      '2 agents missing (normally 0)',
      '2 个 Agent 缺失（正常为 0）',
    ]);
    expect([headline('en', 1), headline('zh-CN', 1)]).toEqual([
      '1 agent missing (normally 0)',
      '1 个 Agent 缺失（正常为 0）',
    ]);
  });
});

describe('agents that were not scraped', () => {
  const gap = (subject: string) =>
    finding({
      ...{ indicator: 'scrape-coverage', subject, unit: 'seconds', condition: 'at-least' },
      ...{ value: 7200, threshold: 600, stretches: [['Sun 04:00', 'Sun 06:00']] },
    });
  const headline = (nodes: readonly string[], value: number, language: Language) => {
    const missing = finding({
      ...{ indicator: 'missing-agents', subject: CLUSTER_SUBJECT, component: null, severity: 'critical' },
      ...{ value, threshold: 1, condition: 'at-least', stretches: [['Sun 04:00', 'Sun 06:00']] },
    });
    const findings = [...nodes.map(gap), missing];
    const effect = nodes.length;
    const links = nodes.map((_, cause) => ({ cause, effect, rule: 'gap-missing-agents', explained: false }));
    const all = findings.map((_, index) => index);
    const [view] = incidentsOf(
      { ...sampleReport(), findings, incidents: [incident(findings, all, { links })] },
      language,
    );
    return text(view?.headline ?? []);
  };

  it.each([
    [
      ['node-1'],
      1,
      'The agent on node-1 was not scraped for 2 h and counted as missing',
      'node-1 上的 Agent 有 2 小时没有采集到数据，计为缺失',
    ],
    [
      ['node-1', 'node-2'],
      2,
      'The agents on node-1 and node-2 were not scraped for up to 2 h; up to 2 agents were missing at once',
      'node-1、node-2 上的 Agent 最长有 2 小时没有采集到数据，最多同时缺失 2 个 Agent',
    ],
    [
      ['node-1', 'node-2'],
      1,
      'The agents on node-1 and node-2 were not scraped for up to 2 h; 1 agent was missing at a time',
      'node-1、node-2 上的 Agent 最长有 2 小时没有采集到数据，每次缺失 1 个 Agent',
    ],
  ])('%j are the missing ones (%d)', (nodes, value, english, chinese) => {
    expect([headline(nodes, value, 'en'), headline(nodes, value, 'zh-CN')]).toEqual([english, chinese]);
  });
});

describe('the headline of an incident', () => {
  it('names nodes in the order in which people count, although the worst one is another', () => {
    const report = sampleReport();
    const restart = report.findings.find(({ indicator }) => indicator === 'process-restarts');
    if (restart === undefined) throw new Error('no restart');
    const [first, ...others] = ['worker-10', 'worker-3', 'worker-4'].map((subject) => ({
      ...restart,
      subject,
    }));
    if (first === undefined) throw new Error('no node');
    const headline = (language: Language) =>
      text(headlineOf(createContext(report, language), [first, ...others]));
    expect(headline('en')).toContain('on worker-3, worker-4 and worker-10 restarted');
    expect(headline('zh-CN')).toContain('worker-3、worker-4、worker-10 上的 Agent');
  });

  it('has the subject, the value and the threshold', () => {
    const incidents = incidentsOf(sampleReport());
    expect(incidents.map(({ headline }) => text(headline))).toEqual([
      'NetworkPolicy sync duration of the controller reached 1.93 s (threshold 1 s)',
      'The agent on node-02 restarted 4 times (critical at 3 or more)',
      'OVS flow operation errors on node-07 (add): 14 failed bundles (normally 0)',
      'Local Pods on node-11 reached 216 (threshold 215)',
      'OVS flow count on node-03 fell to 3,012, more than 50% below the usual 7,870',
      'No target was scraped for 25 min (threshold 10 min)',
      'The agent on node-09 was not scraped for 2 h 10 min (threshold 10 min)',
      'The agents on node-05 and node-09 restarted once each (any restart is a warning)',
    ]);
    expect(incidents[0]?.when.map((line) => line.replaceAll('\u00a0', ' '))).toEqual([
      'since Sun 06:50',
      'for 2 h 10 min',
    ]);
  });

  it('follows the usage of Chinese', () => {
    const incidents = incidentsOf(sampleReport(), 'zh-CN');
    expect(incidents.slice(0, 3).map(({ headline }) => text(headline))).toEqual([
      'Controller 的 NetworkPolicy 同步耗时达到 1.93 s（阈值 1 s）',
      'node-02 上的 Agent 重启 4 次（达到 3 次为严重）',
      'node-07（add）的 OVS 流表操作失败：14 个失败事务（正常为 0）',
    ]);
  });

  it.each([
    [
      { indicator: 'network-unavailable', value: 1, threshold: 1 },
      'Node network unavailable on node-1',
      'node-1 的节点网络不可用',
    ],
    [
      { indicator: 'containers-not-ready', value: 1, threshold: 1, labels: { container: 'antrea-ovs' } },
      'Containers not ready on node-1 (antrea-ovs)',
      'node-1（antrea-ovs）的未就绪的容器',
    ],
    [
      { indicator: 'containers-not-ready', value: 2, threshold: 1 },
      'Containers not ready on node-1: 2 containers (normally 0)',
      'node-1 的未就绪的容器：2 个容器（正常为 0）',
    ],
    [
      { indicator: 'node-conntrack-usage', value: 1, threshold: 1 },
      'Node connection tracking usage on node-1 reached 100% (threshold 100%)',
      'node-1 的节点连接跟踪表使用率达到 100%（阈值 100%）',
    ],
    [
      { indicator: 'agent-heartbeat-age', value: 3649, threshold: 300 },
      'Agent heartbeat age on node-1 reached 3,649 s (threshold 300 s)',
      'node-1 的 Agent 心跳间隔达到 3,649 s（阈值 300 s）',
    ],
  ])('has the value in the form that says something: $indicator', (parts, english, chinese) => {
    const found = finding({
      ...{ subject: 'node-1', condition: 'at-least', stretches: [['Sun 04:00', 'Sun 06:00']] },
      ...parts,
    });
    const headline = (language: Language) =>
      text(headlineOf(createContext({ ...sampleReport(), findings: [found] }, language), [found]));
    expect([headline('en'), headline('zh-CN')]).toEqual([english, chinese]);
  });

  it('counts the nodes of a rollout', () => {
    const nodeName = (index: number) => `ip-10-0-${index}.eu-central-1.compute.internal`;
    const incidents = incidentsOf(sampleReport({ nodes: 300, nodeName }));
    const rollout = incidents.at(-1);
    expect(incidents).toHaveLength(8);
    expect(rollout && text(rollout.headline)).toBe(
      'The agents on 300 nodes restarted once each (any restart is a warning)',
    );
    expect(rollout?.bars.map(({ place }) => text(place ?? []))).toContain('ip-10-0-0');
    expect([rollout?.bars.length, rollout?.more]).toEqual([5, 'and 295 more']);
  });

  it('is followed by the impact of each indicator once', () => {
    expect(incidentsOf(sampleReport()).map(({ hasImpact }) => hasImpact)).toEqual([
      ...Array(6).fill(true),
      false,
      false,
    ]);
  });
});
