import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../../src/config/file.ts';
import { LANGUAGES } from '../../../../src/report/model/indicator.ts';
import type { Report } from '../../../../src/report/model/report.ts';
import type { ReportSurvey } from '../../../../src/report/model/survey.ts';
import { adviceText } from '../../../../src/report/render/advice.ts';
import { renderHtml } from '../../../../src/report/render/html.ts';
import { createContext } from '../../../../src/report/render/kit/context.ts';
import { reportView } from '../../../../src/report/render/report-view.ts';
import { nothingSeenView } from '../../../../src/report/render/sections/nothing-seen/view.ts';
import { renderDigest } from '../../../../src/service/digest/render.ts';
import { reportsPageView } from '../../../../src/service/reports-page/view.ts';
import { nothingSeenReport } from '../../../fixtures/nothing-seen.ts';
import { sampleReport } from '../../../fixtures/sample-report.ts';
import { digestOf, reported } from '../../service/digest/sample.ts';
import { attribute, elementsOf, textOf } from './elements.ts';

const DOCUMENTATION = 'https://antrea.io/docs/main/docs/prometheus-integration/';

type Job = ReportSurvey['elsewhere'][number];

const job = (name: string, changes: Partial<Job> = {}): Job => ({
  job: name,
  component: 'agent',
  lastSeen: '2026-11-22T07:59:30Z',
  labels: { cluster: 'b', instance: '10.0.0.1:10350' },
  ...changes,
});

const TITLE = { en: 'No Antrea metrics found', 'zh-CN': '未找到 Antrea 指标' } as const;

describe('a report that saw nothing', () => {
  it.each(LANGUAGES)(
    'is a sentence and advice, without indicators, charts and score, in %s',
    async (language) => {
      const html = await renderHtml(nothingSeenReport(), { language });
      const elements = elementsOf(html);
      const headings = elements.filter(({ tagName }) => tagName === 'h2').map(textOf);
      expect(headings).toEqual([TITLE[language], expect.any(String)]);
      const ids = elements.flatMap((element) => attribute(element, 'id') ?? []);
      expect(ids).toEqual(['hatch', 'nothing-seen']);
      expect(elements.filter((element) => attribute(element, 'role') === 'img')).toEqual([]);
      expect(elements.filter(({ tagName }) => tagName === 'a').map((one) => attribute(one, 'href'))).toEqual([
        DOCUMENTATION,
      ]);
      const facts = elements.filter(({ tagName }) => tagName === 'dd').map(textOf);
      expect(facts[0]).toBe('–');
    },
  );

  it('is also what an older report is that knew of no targets', () => {
    const { coverage, ...report } = nothingSeenReport();
    const reasonsOf = (reason: string | null) =>
      reportView({ ...report, survey: null, coverage: { ...coverage, reason } }, 'en').nothingSeen?.reasons;
    // That one only looked for the configured jobs.
    expect(reasonsOf(null)?.items).toHaveLength(4);
    expect(reasonsOf('connection refused')).toBeUndefined();
  });

  it('keeps the incidents that other metrics made', () => {
    const { findings, incidents } = sampleReport();
    const report: Report = { ...nothingSeenReport(), findings, incidents };
    const view = reportView(report, 'en');
    expect([view.isEmpty, view.nothingSeen?.heading]).toEqual([false, TITLE.en]);
    expect(view.masthead.missing?.text).toMatch(/^No Antrea metrics were found\./);
    // That says it of all of them.
    expect(view.masthead.missing?.text).not.toContain('There is no data for');
  });

  it('stays away from reports with a target', () => {
    expect(reportView(sampleReport(), 'en')).toMatchObject({ nothingSeen: null, isEmpty: false });
    expect(adviceText(sampleReport(), 'en')).toEqual([]);
  });
});

describe('the lines for the configuration', () => {
  const linesOf = (report: Report) =>
    nothingSeenView(createContext(report, 'en'))?.configuration?.lines.join('\n') ?? '';

  it('name the jobs that have the metrics', () => {
    const controller = job('my controller: "1"', { component: 'controller' });
    const lines = linesOf(nothingSeenReport({ elsewhere: [job('a'), job('b'), controller] }));
    expect(parseConfig(lines, 'advice.yaml').file.prometheus).toEqual({
      jobs: { agent: ['a', 'b'], controller: 'my controller: "1"' },
    });
  });

  it('correct the matchers that these jobs do not meet', () => {
    const selector = 'cluster="a",region="eu",job="antrea-agents"';
    const other = job('a', { labels: { cluster: 'c' } });
    const lines = linesOf(nothingSeenReport({ elsewhere: [job('a'), other], selector }));
    expect(lines).toBe(
      [
        'prometheus:',
        '  jobs: { agent: a }',
        '  matchers: { cluster: b } # or c',
        '  # remove region from matchers: these series do not have it',
      ].join('\n'),
    );
    expect(parseConfig(lines, 'advice.yaml').file.prometheus?.matchers).toEqual({ cluster: 'b' });
  });

  it('are not given where the metrics ended before the period', () => {
    const report = nothingSeenReport({ elsewhere: [job('a', { lastSeen: '2026-11-19T00:00:00Z' })] });
    const view = nothingSeenView(createContext(report, 'en'));
    expect(view?.configuration).toBeNull();
    expect(view?.elsewhere?.rows.map(({ lastSample }) => lastSample)).toEqual(['19 Nov 2026, 01:00']);
  });
});

describe('the same advice', () => {
  it('is plain text for a terminal', () => {
    const found = adviceText(nothingSeenReport({ elsewhere: [job('my-agents')] }), 'en');
    expect(found).toEqual([
      expect.stringMatching(/^No Antrea metrics found: The configured jobs and labels /),
      'Where Prometheus has them:',
      '  - my-agents (agent) cluster="b" 22 Nov 2026, 08:59',
      'If these are the cluster’s, write into antrea-health.yaml:',
      '  prometheus:',
      '    jobs: { agent: my-agents }',
    ]);
    expect(adviceText(nothingSeenReport(), 'zh-CN')).toEqual([
      '未找到 Antrea 指标：Prometheus 能够应答，但统计周期内没有任何序列包含 Antrea 的指标。',
      '常见原因：',
      expect.stringContaining(DOCUMENTATION),
      expect.any(String),
      expect.any(String),
    ]);
  });

  it('is in the digest, without a score', async () => {
    const cluster = reported('blind', 'unknown', {
      report: nothingSeenReport({ elsewhere: [job('my-agents')] }),
    });
    const { text } = await renderDigest(digestOf([cluster]));
    const said = text.replace(/\s+/g, ' ');
    expect(said).toContain('No Antrea metrics found: The configured jobs and labels ');
    expect(said).toContain('Where Prometheus has them: my-agents');
    expect(said).not.toMatch(/score \d|incomplete/);
  });

  it('leaves the score out of the list of reports and of its course', () => {
    const end = Date.parse('2026-11-22T00:00:00Z') / 1000;
    const day = (index: number, nothing: boolean) => ({
      id: 'id-20261121t000000z-0123abcd-en',
      cluster: 'blind',
      timeZone: 'UTC',
      period: { start: end - (index + 1) * 86_400, end: end - index * 86_400 },
      language: 'en' as const,
      verdict: nothing ? ('unknown' as const) : ('healthy' as const),
      score: nothing ? 3 : 100,
      complete: !nothing,
      ...(nothing ? { nothingSeen: true as const } : {}),
      critical: 0,
      warning: 0,
      links: {},
    });
    const reports = [day(0, true), day(1, false), day(2, false)];
    const view = reportsPageView(
      {
        cluster: 'blind',
        clusters: [{ name: 'blind', link: '/', latest: reports }],
        reports,
        first: null,
        next: null,
        all: null,
        languages: [],
      },
      'en',
    );
    expect(view.masthead.verdict?.detail).toContain('No Antrea metrics were found.');
    expect(view.masthead.facts.slice(0, 3).map(({ value }) => value)).toEqual(['–', expect.any(String), '–']);
    expect(view.reports.rows.map(({ score, incidents }) => [score, incidents])[0]).toEqual(['–', TITLE.en]);
    expect(view.scoreHistory?.heading).toContain('2');
  });
});
