import { describe, expect, it } from 'vitest';
import type { Language } from '../../../../src/report/model/indicator.ts';
import type { Finding, Report } from '../../../../src/report/model/report.ts';
import type { Incident } from '../../../../src/report/model/report-analysis.ts';
import { renderHtml } from '../../../../src/report/render/html.ts';
import { createContext } from '../../../../src/report/render/kit/context.ts';
import { type Phrase, plain } from '../../../../src/report/render/kit/phrase.ts';
import { reportView } from '../../../../src/report/render/report-view.ts';
import { type Explained, explainedOf } from '../../../../src/report/render/sections/attention/explained.ts';
import { daysView } from '../../../../src/report/render/sections/days/view.ts';
import { depthReport, dip, finding, incident, restart } from '../../../fixtures/depth-report.ts';
import { sampleReport } from '../../../fixtures/sample-report.ts';
import { attribute, elementsOf, textOf } from './elements.ts';

const text = (phrase: Phrase) => plain(phrase).replaceAll('\u00a0', ' ');
const told = (explained: Explained | null) =>
  explained && `${explained.by}${explained.stories.map(({ headline }) => text(headline)).join('; ')}`;

/** The flows of a node after a restart that explains them, and what else there is. */
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
  const { groups } = reportView(report, language).overview;
  return groups.flatMap(({ rows }) => rows).find(({ anchor }) => anchor === 'ovs-flow-count');
};

const articleOf = (report: Report, language: Language = 'en') => {
  const { sections } = reportView(report, language);
  const is = ({ anchor }: { anchor: string }) => anchor === 'ovs-flow-count';
  return {
    full: sections.flatMap(({ full }) => full).find(is),
    calm: sections.flatMap(({ calm }) => calm.flat()).find(is),
  };
};

describe('an indicator all of whose findings are explained', () => {
  it('is no critical mark beside a warning, and no article of its own', () => {
    const report = reportOf();
    expect([rowOf(report)?.status.kind, rowOf(report)?.status.word]).toEqual(['explained', 'Explained']);
    expect(rowOf(report, 'zh-CN')?.status.word).toBe('连带异常');
    const { full, calm } = articleOf(report);
    expect(full).toBeUndefined();
    expect(calm?.status.kind).toBe('explained');
    // Where there is room for them, on the screen.
    expect(calm?.steps?.items.length).toBeGreaterThan(0);
  });

  it.each([
    ['en', 'Explained by the restart; see: The agent on node-03 restarted once (explains 1 more)'],
    ['zh-CN', '由重启引起，见：node-03 上的 Agent 重启 1 次（连带 1 项异常）'],
  ] as const)('says by what, and where that is told, in %s', (language, sentence) => {
    const { calm } = articleOf(reportOf(), language);
    expect(told(calm?.explained ?? null)).toBe(sentence);
    expect(calm?.explained?.stories.map(({ anchor }) => anchor)).toEqual(['incident_1']);
  });

  it('stands before what is well', () => {
    const report = reportOf();
    const datapath = reportView(report, 'en').sections.find(({ title }) => title === 'Datapath');
    expect(datapath?.calm[0]?.[0]?.anchor).toBe('ovs-flow-count');
  });

  it('leads to its incident on the page, and its own steps are not on paper', async () => {
    const elements = elementsOf(await renderHtml(reportOf(), { language: 'en' }));
    const link = elements.find(
      (one) => attribute(one, 'href') === '#incident_1' && textOf(one).includes('explains'),
    );
    expect(link).toBeDefined();
    const entry = elements.find((one) => attribute(one, 'id') === 'incident_1');
    expect(entry?.tagName).toBe('article');
    const article = elements.find((one) => attribute(one, 'id') === 'ovs-flow-count');
    expect(article && attribute(article, 'class')).toBe('calm');
  });

  it('is told as ever where nothing explains it, or only a part of it', () => {
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

  it('of several causes names each once, and few of the incidents', () => {
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
    expect(explained?.by).toBe('Explained by the restart; see: ');
    expect(explained?.stories).toHaveLength(3);
    expect(explained?.more).toBe('and 1 more');
  });
});

describe('a check of the coverage that something else explains', () => {
  it('has no steps of its own', () => {
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
    const [check] = reportView(report, 'en').coverage.checks;
    expect([check?.status.kind, told(check?.explained ?? null)]).toEqual([
      'explained',
      'Explained by file descriptor usage; see: File descriptor usage on node-03 reached 99% (explains 1 more)',
    ]);
  });
});

describe('a day of the calendar', () => {
  it('is not critical by what something else explains, unless there is more', () => {
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
    expect(daysView(createContext(of(findings), 'en'))?.rows[0]?.about).toEqual([]);
    expect(legend(of([...findings, flows(within(9), within(10))]))).toEqual(['Critical', 'Healthy']);
  });
});

describe('the score', () => {
  it.each([
    ['en', 'Findings that others explain do not count.'],
    ['zh-CN', '连带异常不扣分。'],
  ] as const)('is explained as it is counted, in %s', (language, sentence) => {
    const [score = []] = reportView(sampleReport(), language).colophon.paragraphs;
    expect(text(score)).toContain(sentence);
  });
});
