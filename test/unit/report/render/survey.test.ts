import { describe, expect, it } from 'vitest';
import { LANGUAGES, type Language } from '../../../../src/report/model/indicator.ts';
import type { Report } from '../../../../src/report/model/report.ts';
import type { ReportSurvey } from '../../../../src/report/model/survey.ts';
import { createContext } from '../../../../src/report/render/create-context.ts';
import { plain } from '../../../../src/report/render/kit/phrase.ts';
import { surveyView } from '../../../../src/report/render/sections/coverage/survey.ts';
import { mastheadView } from '../../../../src/report/render/sections/masthead/view.ts';
import { nothingSeenReport } from '../../../fixtures/nothing-seen.ts';
import { sampleReport } from '../../../fixtures/sample-report.ts';

const sample = sampleReport();

function sentencesOf(report: Report, language: Language = 'en'): string | undefined {
  const view = surveyView(createContext(report, language));
  return view === null ? undefined : plain(view.sentences).replaceAll('\u00a0', ' ');
}

function withSurvey(changes: (survey: ReportSurvey) => Partial<ReportSurvey>, report = sample): Report {
  if (report.survey === null) throw new Error('the sample has no survey');
  return { ...report, survey: { ...report.survey, ...changes(report.survey) } };
}

const USUAL =
  'Found by metrics that only Antrea exposes: 12 agents (job antrea-agents, node name from instance) and 1 controller (job antrea-controllers).';

const duplication = (component: 'agent' | 'controller', changes: object = {}) => ({
  component,
  label: 'prometheus_replica',
  values: ['a', 'b'],
  isFilled: true,
  ...changes,
});

describe('how the targets were found', () => {
  it('is one sentence where nothing is unusual', () => {
    expect(sentencesOf(sample)).toBe(USUAL);
    expect(sentencesOf(sample, 'zh-CN')).toBe(
      '根据仅由 Antrea 暴露的指标识别：12 个 Agent（job antrea-agents，节点名取自 instance）、1 个 Controller（job antrea-controllers）。',
    );
  });

  it('is left out of reports without a survey or without targets', () => {
    expect(sentencesOf({ ...sample, survey: null })).toBeUndefined();
    expect(sentencesOf(nothingSeenReport())).toBeUndefined();
  });

  it('shows the selectors as PromQL', () => {
    const view = surveyView(createContext(sample, 'en'));
    expect(view?.selectors.map(({ text }) => text)).toEqual([
      '{job="antrea-agents"}',
      '{job="antrea-controllers"}',
    ]);
  });

  it('distinguishes names from metrics, and names a missing component', () => {
    const named = withSurvey(({ controller }) => ({ controller: { ...controller, foundBy: 'names' } }));
    expect(sentencesOf(named)).toBe(
      'Found by metrics that only Antrea exposes: 12 agents (job antrea-agents, node name from instance). Found only by the names of job, Pod or container: 1 controller (job antrea-controllers).',
    );
    const alone = withSurvey(({ controller }) => ({ controller: { ...controller, targets: 0, jobs: [] } }));
    expect(sentencesOf(alone)).toMatch(/node name from instance\)\. No controller found\.$/);
  });

  const CASES: [string, (survey: ReportSurvey) => Partial<ReportSurvey>, string, string][] = [
    [
      'another cluster in the server',
      () => ({ cluster: { label: 'cluster', value: 'a', others: ['b', 'c'] } }),
      'The cluster is selected by cluster="a"; the server also has b and c.',
      '按 cluster="a" 选取集群；该服务器上还有 b、c。',
    ],
    [
      'replicas that fill gaps',
      () => ({ duplications: [duplication('agent'), duplication('controller')] }),
      'All targets are scraped twice, by prometheus_replica a and b: a is used, b fills its gaps.',
      '目标被重复采集 2 次（prometheus_replica：a、b），采用 a，缺口由 b 补齐。',
    ],
    [
      'a second job for the agents that is not needed',
      () => ({ duplications: [duplication('agent', { label: 'job', isFilled: false })] }),
      'Agents are scraped twice, by jobs a and b: a is used, b is not needed.',
      'Agent 被重复采集 2 次（job：a、b），采用 a，无需使用 b。',
    ],
    [
      'Windows',
      () => ({ windowsAgents: 2 }),
      '2 agents run on Windows.',
      '2 个 Agent 运行在 Windows 节点上。',
    ],
    [
      'both other forms of metrics',
      () => ({ forms: ['total-suffix', 'native-histograms'] }),
      'Counters have the suffix _total, and histograms are native histograms.',
      'Counter 的名称带有后缀 _total，Histogram 存储为原生直方图。',
    ],
  ];

  it.each(CASES)('has a sentence about %s', (_, changes, en, zh) => {
    expect(sentencesOf(withSurvey(changes))).toBe(`${USUAL} ${en}`);
    expect(sentencesOf(withSurvey(changes), 'zh-CN')?.endsWith(`。${zh}`)).toBe(true);
  });

  it('counts an agent with a replaced Pod once', () => {
    const replaced = withSurvey(({ agent }) => ({ agent: { ...agent, targets: 15 } }));
    expect(sentencesOf(replaced)).toContain(
      '12 agents (15 targets including replaced Pods, job antrea-agents,',
    );
  });

  it('counts nodes that are known only by address', () => {
    const byAddress = (count: number) => {
      const targets = sample.coverage.targets.map((target) => {
        const index = Number(/^node-(\d+)$/.exec(target.subject)?.[1] ?? Infinity);
        if (index > count) return target;
        const address = `10.0.0.${index}:10350`;
        return { ...target, subject: address, node: address, instances: [address], pods: [] };
      });
      const report = { ...sample, coverage: { ...sample.coverage, targets } };
      return withSurvey(({ agent }) => ({ agent: { ...agent, nodeFrom: 'address' } }), report);
    };
    const why = 'known only by address, because neither labels nor kube-state-metrics name them.';
    expect(sentencesOf(byAddress(12))).toContain(`. Nodes are ${why}`);
    expect(sentencesOf(byAddress(12))).not.toContain('node name from');
    expect(sentencesOf(byAddress(3))).toContain(`. 3 of 12 nodes are ${why}`);
  });

  it.each(LANGUAGES)(
    'is followed by the beginning of the data, also on the first page, in %s',
    (language) => {
      const young: Report = {
        ...sample,
        complete: false,
        coverage: { ...sample.coverage, dataFrom: '2026-11-21T10:05:00Z' },
      };
      const sentence = {
        en: 'The data begins at Sat 11:05; the time before is unknown.',
        'zh-CN': '数据自周六 11:05 开始，此前的情况未知。',
      }[language];
      expect(sentencesOf(young, language)).toContain(sentence);
      expect(mastheadView(createContext(young, language)).missing?.text).toContain(sentence);
    },
  );
});
