import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../../src/config/file.ts';
import { LANGUAGES } from '../../../../src/report/model/indicator.ts';
import type { Report } from '../../../../src/report/model/report.ts';
import type { ReportSurvey } from '../../../../src/report/model/survey.ts';
import { adviceText } from '../../../../src/report/render/advice.ts';
import { createContext } from '../../../../src/report/render/create-context.ts';
import { renderHtml } from '../../../../src/report/render/html.ts';
import { reportView } from '../../../../src/report/render/report-view.ts';
import { mastheadView } from '../../../../src/report/render/sections/masthead/view.ts';
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

describe('a report without targets', () => {
  it.each(LANGUAGES)(
    'has a sentence and advice instead of indicators, charts and score in %s',
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

  it('may also be an older report without a survey', () => {
    const { coverage, ...report } = nothingSeenReport();
    const reasonsOf = (reason: string | null) =>
      nothingSeenView(createContext({ ...report, survey: null, coverage: { ...coverage, reason } }, 'en'))
        ?.reasons;
    // An older report only looked for the configured jobs.
    expect(reasonsOf(null)?.items).toHaveLength(4);
    expect(reasonsOf('connection refused')).toBeUndefined();
  });

  it('keeps incidents of other metrics', () => {
    const { findings, incidents } = sampleReport();
    const report: Report = { ...nothingSeenReport(), findings, incidents };
    const templates = reportView(report, 'en').sections.map((section) => section.template);
    expect(templates.slice(0, 2)).toEqual(['sections/nothing-seen/section', 'sections/attention/section']);
    const { missing } = mastheadView(createContext(report, 'en'));
    expect(missing?.text).toMatch(/^No Antrea metrics were found\./);
    // No list of indicators without data, since all of them have none.
    expect(missing?.text).not.toContain('There is no data for');
  });

  it('differs from a report with a target', () => {
    expect(nothingSeenView(createContext(sampleReport(), 'en'))).toBeNull();
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

  it('correct the matchers that exclude these jobs', () => {
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

  it('are left out where the metrics ended before the period', () => {
    const report = nothingSeenReport({ elsewhere: [job('a', { lastSeen: '2026-11-19T00:00:00Z' })] });
    const view = nothingSeenView(createContext(report, 'en'));
    expect(view?.configuration).toBeNull();
    expect(view?.elsewhere?.rows.map(({ lastSample }) => lastSample)).toEqual(['19 Nov 2026, 01:00']);
  });
});

describe('the advice', () => {
  it('is plain text for a terminal', () => {
    const found = adviceText(nothingSeenReport({ elsewhere: [job('my-agents')] }), 'en');
    expect(found).toEqual([
      expect.stringMatching(/^No Antrea metrics found: The configured jobs and labels /),
      'Jobs with Antrea metrics:',
      '  - my-agents (Agent) cluster="b" 22 Nov 2026, 08:59',
      'If these jobs belong to the cluster, add this to antrea-health.yaml:',
      '  prometheus:',
      '    jobs: { agent: my-agents }',
    ]);
    expect(adviceText(nothingSeenReport(), 'zh-CN')).toEqual([
      '未找到 Antrea 指标：Prometheus 有响应，但统计周期内没有包含 Antrea 指标的序列。',
      '可能的原因（从常见到少见）：',
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
    const words = text.replace(/\s+/g, ' ');
    expect(words).toContain('No Antrea metrics found: The configured jobs and labels ');
    expect(words).toContain('Jobs with Antrea metrics: my-agents');
    expect(words).not.toMatch(/score \d|incomplete/);
  });

  it('leaves the score out of the list of reports and of the score history', () => {
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
      clusterLink: '/',
      comparison: '/',
    });
    const reports = [day(0, true), day(1, false), day(2, false)];
    const view = reportsPageView(
      {
        now: end,
        cluster: 'blind',
        clusters: [{ name: 'blind', link: '/', latest: reports, unfinished: [], missed: [] }],
        reports,
        first: null,
        next: null,
        hasNoCluster: false,
        form: null,
        comparison: null,
        links: { clusters: '/', reports: '/reports', cluster: null, languages: [] },
      },
      'en',
    );
    expect(view.masthead.verdict?.detail).toContain('No Antrea metrics were found.');
    expect(view.masthead.facts.slice(0, 3).map(({ value }) => value)).toEqual(['–', expect.any(String), '–']);
    expect(view.reports?.rows.map(({ score, incidents }) => [score, incidents])[0]).toEqual(['–', TITLE.en]);
    expect(view.scoreHistory?.heading).toContain('2');
  });
});
