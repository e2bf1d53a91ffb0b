import { describe, expect, it } from 'vitest';
import type { Language } from '../../../../src/report/model/indicator.ts';
import type { Finding, Report } from '../../../../src/report/model/report.ts';
import type { Incident } from '../../../../src/report/model/report-analysis.ts';
import { createContext } from '../../../../src/report/render/create-context.ts';
import { renderHtml } from '../../../../src/report/render/html.ts';
import { type Phrase, plain } from '../../../../src/report/render/kit/phrase.ts';
import { colophonView } from '../../../../src/report/render/sections/colophon/view.ts';
import { coverageView } from '../../../../src/report/render/sections/coverage/view.ts';
import { daysView } from '../../../../src/report/render/sections/days/view.ts';
import { incidentAnchors } from '../../../../src/report/render/sections/incidents/anchors.ts';
import { type Explained, explainedOf } from '../../../../src/report/render/sections/incidents/explained.ts';
import { indicatorsView } from '../../../../src/report/render/sections/indicators/view.ts';
import { overviewView } from '../../../../src/report/render/sections/overview/view.ts';
import { depthReport } from '../../../fixtures/depth-report.ts';
import { dip, finding, incident, restart } from '../../../fixtures/report-parts.ts';
import { sampleReport } from '../../../fixtures/sample-report.ts';
import { attribute, elementsOf, textOf } from './elements.ts';

const text = (phrase: Phrase) => plain(phrase).replaceAll('\u00a0', ' ');
const sentenceOf = (explained: Explained | null) =>
  explained && `${explained.by}${explained.incidents.map(({ headline }) => text(headline)).join('; ')}`;

/** A report of a restart and the flow count that it explains, with further findings. */
function reportOf(others: Finding[] = [], isExplained = true, changes: Partial<Report> = {}): Report {
  const findings = [restart('node-03', 'Sun 03:12'), dip('node-03', 'Sun 03:12', 'Sun 03:22'), ...others];
  const link: Incident['links'][number] = {
    cause: 0,
    effect: 1,
    rule: 'agent-restart-flow-count',
    explained: isExplained,
  };
  const base = depthReport();
  return {
    ...base,
    verdict: 'warning',
    findings,
    incidents: [
      incident(findings, [0, 1], { severity: isExplained ? 'warning' : 'critical', links: [link] }),
      ...others.map((_, index) => incident(findings, [2 + index])),
    ],
    indicators: base.indicators.map((one) =>
      one.id === 'ovs-flow-count' ? { ...one, status: 'critical' } : { ...one, status: 'healthy' },
    ),
    ...changes,
  };
}

const rowOf = (report: Report, language: Language = 'en') => {
  const { groups } = overviewView(createContext(report, language));
  return groups.flatMap(({ rows }) => rows).find(({ anchor }) => anchor === 'ovs-flow-count');
};

const articleOf = (report: Report, language: Language = 'en') => {
  const { chapters } = indicatorsView(createContext(report, language));
  const is = ({ anchor }: { anchor: string }) => anchor === 'ovs-flow-count';
  return {
    full: chapters.flatMap(({ full }) => full).find(is),
    compact: chapters.flatMap(({ compact }) => compact.flat()).find(is),
  };
};

describe('an indicator whose findings are all explained', () => {
  it('is neither critical nor shown in full', () => {
    const report = reportOf();
    expect([rowOf(report)?.status.kind, rowOf(report)?.status.word]).toEqual(['explained', 'Explained']);
    expect(rowOf(report, 'zh-CN')?.status.word).toBe('连带异常');
    const { full, compact } = articleOf(report);
    expect(full).toBeUndefined();
    expect(compact?.status.kind).toBe('explained');
    // The screen has room for the steps.
    expect(compact?.steps?.items.length).toBeGreaterThan(0);
  });

  it.each([
    ['en', 'Caused by the restart; see: The agent on node-03 restarted once; 1 related finding'],
    ['zh-CN', '由重启引起，见：node-03 上的 Agent 重启 1 次，另有 1 项相关发现'],
  ] as const)('links to the incident that explains it in %s', (language, sentence) => {
    const report = reportOf();
    const { compact } = articleOf(report, language);
    expect(sentenceOf(compact?.explained ?? null)).toBe(sentence);
    expect(compact?.explained?.incidents.map(({ anchor }) => anchor)).toEqual(
      incidentAnchors(report).slice(0, 1),
    );
  });

  it('comes before healthy indicators', () => {
    const { chapters } = indicatorsView(createContext(reportOf(), 'en'));
    const datapath = chapters.find(({ title }) => title === 'Datapath');
    expect(datapath?.compact[0]?.[0]?.anchor).toBe('ovs-flow-count');
  });

  it('links to its incident on the page, and is compact', async () => {
    const report = reportOf();
    const elements = elementsOf(await renderHtml(report, { language: 'en' }));
    const [anchor] = incidentAnchors(report);
    const link = elements.find(
      (one) => attribute(one, 'href') === `#${anchor}` && textOf(one).includes('related finding'),
    );
    expect(link).toBeDefined();
    const entry = elements.find((one) => attribute(one, 'id') === anchor);
    expect(entry?.tagName).toBe('article');
    const article = elements.find((one) => attribute(one, 'id') === 'ovs-flow-count');
    expect(article && attribute(article, 'class')).toBe('compact');
  });

  it('is shown in full where nothing explains it, or only a part of it', () => {
    const others = [
      reportOf([], false),
      reportOf([dip('node-05', 'Sun 05:00', 'Sun 05:40')]),
      // The same node again, hours later.
      reportOf([dip('node-03', 'Sun 07:00', 'Sun 07:40')]),
    ];
    for (const report of others) {
      expect(explainedOf(createContext(report, 'en'), 'ovs-flow-count')).toBeNull();
      expect(rowOf(report)?.status.kind).toBe('critical');
      expect(articleOf(report).full?.steps).not.toBeNull();
    }
    expect(explainedOf(createContext(reportOf(), 'en'), 'cpu-usage')).toBeNull();
  });

  it('names each cause once, and some of the incidents', () => {
    const nodes = ['a', 'b', 'c', 'd'];
    const findings = nodes.flatMap((node) => [
      restart(node, 'Sun 03:12'),
      dip(node, 'Sun 03:12', 'Sun 03:22'),
    ]);
    const incidents = nodes.map((_, index) =>
      incident(findings, [2 * index, 2 * index + 1], {
        links: [{ cause: 2 * index, effect: 2 * index + 1, rule: 'x', explained: true }],
      }),
    );
    const explained = explainedOf(
      createContext({ ...depthReport(), findings, incidents }, 'en'),
      'ovs-flow-count',
    );
    expect(explained?.by).toBe('Caused by the restart; see: ');
    expect(explained?.incidents).toHaveLength(3);
    expect(explained?.more).toBe('and 1 more');
  });
});

describe('an explained coverage check', () => {
  it('has no steps', () => {
    const findings = [
      finding({
        indicator: 'open-file-descriptors',
        subject: 'node-03',
        unit: 'ratio',
        value: 0.99,
        threshold: 0.8,
        severity: 'critical',
        stretches: [['Sun 03:00', 'Sun 04:00']],
      }),
      restart('node-03', 'Sun 03:12'),
    ];
    const links = [{ cause: 0, effect: 1, rule: 'x', explained: true }];
    const report = { ...depthReport(), findings, incidents: [incident(findings, [0, 1], { links })] };
    const [check] = coverageView(createContext(report, 'en')).checks;
    expect([check?.status.kind, sentenceOf(check?.explained ?? null)]).toEqual([
      'explained',
      'Caused by file descriptor usage; see: File descriptor usage on node-03 reached 99% (threshold 80%); 1 related finding',
    ]);
  });
});

describe('a day of the calendar', () => {
  it('is not critical where all its critical findings are explained', () => {
    const week = sampleReport({ period: 'week', condition: 'healthy' });
    const [monday] = week.calendar ?? [];
    const within = (hours: number) =>
      `${new Date(Date.parse(monday?.start ?? '') + hours * 3_600_000).toISOString().slice(0, 19)}Z`;
    const flows = (start: string, end: string): Finding => ({
      ...dip('node-03', 'Sun 03:12', 'Sun 03:22'),
      start,
      end,
      episodes: [{ start, end, value: 0 }],
    });
    const of = (findings: Finding[]) => ({
      ...week,
      findings,
      incidents: [
        incident(findings, [0, 1], { links: [{ cause: 0, effect: 1, rule: 'x', explained: true }] }),
        ...findings.slice(2).map((_, index) => incident(findings, [2 + index])),
      ],
      calendar: (week.calendar ?? []).map((day, index) =>
        index === 0 ? { ...day, statuses: { ...day.statuses, 'ovs-flow-count': 'critical' as const } } : day,
      ),
    });
    const findings = [restart('node-03', 'Sun 03:12'), flows(within(3), within(3.2))];
    const legend = (report: Report) =>
      daysView(createContext(report, 'en'))?.legend.map(({ word }) => word) ?? [];
    expect(legend(of(findings))).toEqual(['Explained', 'Healthy']);
    expect(daysView(createContext(of(findings), 'en'))?.rows.at(-1)?.findings).toEqual([]);
    expect(legend(of([...findings, flows(within(9), within(10))]))).toEqual(['Critical', 'Healthy']);
  });
});

describe('the score', () => {
  it.each([
    ['en', 'Explained findings, which another finding caused, do not count.'],
    ['zh-CN', '连带异常不扣分。'],
  ] as const)('is described without explained findings in %s', (language, sentence) => {
    const [score = []] = colophonView(createContext(sampleReport(), language)).paragraphs;
    expect(text(score)).toContain(sentence);
  });
});
