import { describe, expect, it } from 'vitest';
import { LANGUAGES, type Language } from '../../../../src/report/model/indicator.ts';
import type { Report } from '../../../../src/report/model/report.ts';
import { createContext } from '../../../../src/report/render/create-context.ts';
import { renderHtml } from '../../../../src/report/render/html.ts';
import { breachesOf } from '../../../../src/report/render/kit/episodes.ts';
import { plain } from '../../../../src/report/render/kit/phrase.ts';
import { attentionView } from '../../../../src/report/render/sections/attention/view.ts';
import { coverageView } from '../../../../src/report/render/sections/coverage/view.ts';
import { incidentViews } from '../../../../src/report/render/sections/incidents/view.ts';
import { mastheadView } from '../../../../src/report/render/sections/masthead/view.ts';
import { largeReport } from '../../../fixtures/large-report.ts';
import { DAY, finding, incident, RESTART, restart } from '../../../fixtures/report-parts.ts';
import { sampleReport } from '../../../fixtures/sample-report.ts';
import { attribute, elementsOf, textOf } from './elements.ts';

/** Renderings of clusters with thousands of nodes. */

const NODES = 1000;

describe('an upgrade of all nodes', () => {
  const context = createContext(largeReport({ condition: 'upgrade', nodes: NODES }), 'en');

  it('is one incident with counts', () => {
    const [incident, ...others] = incidentViews(context);
    expect(others).toEqual([]);
    expect(plain(incident?.headline ?? [])).toBe('The agents on 1,000 nodes restarted once each');
    expect(incident?.breakdown?.rows.map(({ place }) => place)).toEqual([
      '1,000 nodes',
      '1,000 nodes',
      '400 nodes',
    ]);
    expect(attentionView(context).summary).toBeNull();
  });

  it('has commands with the Pods of three nodes', () => {
    const [incident] = incidentViews(context);
    const commands = incident?.firstStep?.commands.map(({ lines }) => lines.flat().join('')) ?? [];
    expect(commands).toHaveLength(3);
    for (const command of commands)
      expect(command).toMatch(/^kubectl describe pod -n kube-system antrea-agent-\w+$/);
  });

  it('has the restarts of a few targets, and the number of the others', () => {
    const { targets, more, gaps, moreGaps } = coverageView(context);
    expect([targets.length, more]).toEqual([30, 'and 971 more targets with at least this success rate']);
    expect([gaps.length, moreGaps]).toEqual([12, 'and 988 more']);
  });
});

describe('very many incidents', () => {
  const findings = Array.from({ length: 70 }, (_, index) => restart(`node-${index}`, DAY.start));
  const links = [{ cause: 0, effect: 60, rule: 'agent-restart-cluster', explained: true }];
  const incidents = findings.map((_, index) => incident(findings, [index], index === 60 ? { links } : {}));

  it.each([
    ['en', 'and 20 more incidents'],
    ['zh-CN', '另有 20 个事件'],
  ] as const)(
    'are counted after the first 50 in %s, and every link leads somewhere',
    async (language, more) => {
      const report = { ...sampleReport({ nodes: 70 }), findings, incidents };
      const elements = elementsOf(await renderHtml(report, { language }));
      expect(elements.filter((one) => attribute(one, 'class') === 'grid entry')).toHaveLength(50);
      expect(elements.filter((one) => attribute(one, 'class') === 'more').map(textOf)).toContain(more);
      const ids = new Set(elements.map((one) => attribute(one, 'id')));
      const targets = elements
        .flatMap((one) => attribute(one, 'href') ?? [])
        .filter((href) => href.startsWith('#'));
      expect(targets.filter((href) => !ids.has(href.slice(1)))).toEqual([]);
    },
  );
});

describe('bars', () => {
  const context = createContext(sampleReport(), 'en');
  const second = (index: number) =>
    new Date(Date.parse(DAY.start) + index * 1000).toISOString().replace('.000', '');

  it('join moments that nobody can distinguish, if there are very many', () => {
    const moments = Array.from({ length: 5000 }, (_, index) => restart(`node-${index}`, second(index * 17)));
    expect(breachesOf(context, moments)).toEqual([
      { severity: 'warning', isRestart: true, from: 0, to: expect.closeTo((4999 * 17) / 86_400) },
    ]);
  });

  it('keep all episodes of small clusters apart', () => {
    const times = Array.from({ length: 200 }, (_, index) => second(index * 60));
    const one = finding({ ...RESTART, subject: 'node-1', stretches: times.map((time) => [time, time]) });
    expect(breachesOf(context, [one])).toHaveLength(200);
  });
});

describe('missing readings', () => {
  const missing = (names: readonly string[]) =>
    names.map((subject) => ({ subject, component: 'agent' as const }));
  const textOf = (report: Report, language: Language) =>
    mastheadView(createContext(report, language)).missing?.text ?? '';
  const healthy = sampleReport({ condition: 'healthy' });
  const withMissing = (of: (index: number) => readonly string[]): Report => ({
    ...healthy,
    complete: false,
    indicators: healthy.indicators.map((one, index) => ({ ...one, missing: missing(of(index)) })),
  });

  it('of the same nodes are one sentence, however many indicators and nodes there are', () => {
    const report = largeReport({ condition: 'bad-day', nodes: NODES });
    expect(textOf(report, 'en')).toBe(
      '21 indicators have no reading for worker-0901, worker-0902, worker-0903 and 97 more. 12 of 1,000 agents were missing at the end of the period, all of them on other nodes.',
    );
    expect(textOf(report, 'zh-CN')).toBe(
      '21 项指标缺少 worker-0901、worker-0902 和 worker-0903 等 100 个对象的读数。期末 1,000 个 Agent 中有 12 个缺失，均在其他节点上。',
    );
  });

  it.each([
    [4, '4 of them on these nodes', '其中 4 个在上述节点中'],
    [30, 'all of them on some of these nodes', '均在上述节点中'],
  ])('of the first %d nodes are compared with the agents that are missing', (nodes, english, chinese) => {
    const report = largeReport({ condition: 'bad-day', nodes: NODES });
    const names = report.subjects.filter((name) => name.startsWith('worker-')).slice(0, nodes);
    const indicators = report.indicators.map((one) => ({
      ...one,
      missing: missing(names),
      otherMissing: [],
    }));
    expect(textOf({ ...report, indicators }, 'en')).toContain(
      `12 of 1,000 agents were missing at the end of the period, ${english}.`,
    );
    expect(textOf({ ...report, indicators }, 'zh-CN')).toContain(
      `期末 1,000 个 Agent 中有 12 个缺失，${chinese}。`,
    );
  });

  it('of one indicator are named', () => {
    const report = withMissing((index) => (index === 0 ? ['node-1', 'node-2'] : []));
    expect(textOf(report, 'en')).toBe('Missing agents: no reading for node-1 and node-2.');
    expect(textOf(report, 'zh-CN')).toBe('缺失的 Agent：缺少 node-1 和 node-2 的读数。');
  });

  it.each(LANGUAGES)('of different nodes are three sentences at most in %s', (language) => {
    const text = textOf(
      withMissing((index) => [`node-${index}`]),
      language,
    );
    expect(text).toContain('node-2');
    expect(text).not.toContain('node-3');
    const left = healthy.indicators.length - 3;
    expect(text).toContain(
      language === 'en' ? `${left} more indicators lack some readings.` : `另有 ${left} 项指标缺少部分读数。`,
    );
  });
});
