import fc from 'fast-check';
import { parse } from 'parse5';
import { describe, expect, it } from 'vitest';
import { compareReports } from '../../../src/report/compare/compare-reports.ts';
import { LANGUAGES, type Language } from '../../../src/report/model/indicator.ts';
import { REPORT_SCHEMA_VERSION } from '../../../src/report/model/report.ts';
import { visible } from '../../../src/report/render/kit/phrase.ts';
import { REPORT_STATES } from '../../../src/service/archive/state.ts';
import { COMPARISON_FAULT_WORDS } from '../../../src/service/comparison-page/faults.ts';
import { renderComparisonPage } from '../../../src/service/comparison-page/render.ts';
import { COMPARISON_PAGE_WORDS } from '../../../src/service/comparison-page/words.ts';
import type { PageLinks } from '../../../src/service/page-frame/frame.ts';
import { renderProblemPage } from '../../../src/service/problem-page/render.ts';
import { PROBLEM_PAGE_WORDS } from '../../../src/service/problem-page/words.ts';
import type { ReportStatePage } from '../../../src/service/report-state-page/page.ts';
import { renderReportStatePage } from '../../../src/service/report-state-page/render.ts';
import { REPORT_STATE_WORDS } from '../../../src/service/report-state-page/words.ts';
import { hostileReport } from '../../fixtures/hostile-names.ts';
import { HOSTILE_TEXT, PAYLOADS } from '../../fixtures/hostile-text.ts';
import { sampleReport } from '../../fixtures/sample-report.ts';
import { attribute, elementsOf, textOf } from '../report/render/elements.ts';

/** The texts of the pages about one report, a comparison or a problem, and texts from outside in them. */

const linksOf = (cluster: string): PageLinks => ({
  clusters: '/',
  reports: '/reports',
  cluster: { name: cluster, link: '/reports/x' },
  languages: [{ language: 'zh-CN', link: '?lang=zh-CN' }],
});

function stateOf(text: string, state: ReportStatePage['state']): ReportStatePage {
  return {
    cluster: text,
    period: { start: 0, end: 86_400 },
    timeZone: 'UTC',
    language: 'en',
    state,
    reason: text,
    since: 90_000,
    files: { json: '/reports/x/y/report.json' },
    missing: [{ format: 'pdf', reason: text }],
    again: { action: '/reports', id: 'x' },
    links: linksOf(text),
  };
}

/** Every page, with a text from outside wherever there can be one. */
function pagesOf(text: string, language: Language): string[] {
  const nodeName = (index: number) => `${text}${index}`;
  const healthy = sampleReport({ condition: 'healthy', nodes: 4, cluster: text, nodeName });
  const stored = [healthy, hostileReport(text)].map((report) => ({
    report,
    schemaVersion: REPORT_SCHEMA_VERSION,
  }));
  const [first, second] = stored;
  if (!first || !second) throw new Error('there are two reports');
  return [
    ...REPORT_STATES.map((state) => renderReportStatePage(stateOf(text, state), { language }).html),
    renderComparisonPage(
      {
        difference: compareReports(first, second),
        reports: { first: first.report, second: second.report },
        urls: { first: '/1', second: '/2', swapped: '/3' },
        links: linksOf(text),
      },
      { language },
    ).html,
    renderProblemPage({ type: 'not-found', detail: text, links: linksOf(text) }, { language }).html,
  ];
}

describe('the pages', () => {
  const skeletonOf = (html: string) =>
    elementsOf(html).map(({ tagName, attrs }) => `${tagName} ${attrs.map(({ name }) => name).join(' ')}`);

  it('show texts from outside as texts, without another element or attribute', () => {
    const harmless = pagesOf('a', 'en').map(skeletonOf);
    fc.assert(
      fc.property(HOSTILE_TEXT, fc.constantFrom(...LANGUAGES), (text, language) => {
        const pages = pagesOf(text, language);
        expect(pages.map(skeletonOf)).toEqual(harmless);
        for (const html of pages.slice(0, -1)) expect(textOf(parse(html))).toContain(visible(text));
      }),
      { numRuns: 40, examples: PAYLOADS.map((payload): [string, Language] => [payload, 'en']) },
    );
  });

  it.each(LANGUAGES)('have no script and no address outside, in %s', (language) => {
    for (const html of pagesOf('a', language)) {
      expect(html).not.toMatch(/<script|<link|<iframe|@import|@font-face|\ssrc=|\sstyle=|https?:/i);
      expect(html).not.toMatch(/undefined|NaN|\[object |Infinity/);
      const elements = elementsOf(html);
      expect(elements.filter(({ tagName }) => tagName === 'h1')).toHaveLength(1);
      const policy = elements.find((element) => attribute(element, 'http-equiv') !== undefined);
      expect(policy && attribute(policy, 'content')).toMatch(/^default-src 'none'; .*form-action 'self'$/);
    }
  });

  it('of a report refreshes itself only while the report is under way', () => {
    for (const state of REPORT_STATES) {
      const { refresh } = renderReportStatePage(stateOf('a', state), { language: 'en' }).headers;
      expect(refresh, state).toBe(state === 'queued' || state === 'running' ? '5' : undefined);
    }
  });
});

describe('the words', () => {
  function textsOf(language: Language): string[] {
    const { states, details, missing, ...facts } = REPORT_STATE_WORDS[language];
    const { title, ...comparison } = COMPARISON_PAGE_WORDS[language];
    return [
      ...Object.values(states),
      ...Object.values(details).map((detail) => detail(language === 'en' ? '21 Nov' : '06:00')),
      missing('pdf'),
      ...Object.values(facts),
      title('X'),
      ...Object.values(comparison),
      ...Object.values(COMPARISON_FAULT_WORDS[language]),
      ...Object.values(PROBLEM_PAGE_WORDS[language].problems),
    ];
  }

  it('are English without Chinese characters', () => {
    for (const text of textsOf('en')) expect(text).not.toMatch(/[\p{Script=Han}\u3000-\u303f\uff00-\uffef]/u);
  });

  it('are Chinese with Chinese punctuation, and with spaces around Latin letters and digits', () => {
    for (const text of textsOf('zh-CN')) {
      expect(text).toMatch(/\p{Script=Han}/u);
      expect(text).not.toMatch(/\p{Script=Han}[A-Za-z0-9]|[A-Za-z0-9%]\p{Script=Han}/u);
      expect(text).not.toMatch(/\p{Script=Han} ?[,.;:?!()]|[,.;:?!()] ?\p{Script=Han}/u);
      expect(text).not.toMatch(/ [\u3000-\u303f\uff00-\uffef]|[\u3000-\u303f\uff00-\uffef] | {2}/u);
    }
  });
});
