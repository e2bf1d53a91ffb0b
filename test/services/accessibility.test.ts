import axe from 'axe-core';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LANGUAGES, type Language } from '../../src/report/model/indicator.ts';
import type { Report } from '../../src/report/model/report.ts';
import { renderHtml } from '../../src/report/render/html.ts';
import { renderDigest } from '../../src/service/digest/render.ts';
import { signInPage } from '../../src/service/sign-in/page.ts';
import { depthReport } from '../fixtures/depth-report.ts';
import { nothingSeenReport } from '../fixtures/nothing-seen.ts';
import { sampleReport } from '../fixtures/sample-report.ts';
import { samplePages } from '../unit/service/api/sample-pages.ts';
import { fourteen } from '../unit/service/digest/sample.ts';
import { type Chromium, openChromium } from './chromium.ts';
import { someOf } from './thorough.ts';

/** WCAG 2.2 AA and good practice by axe-core, in a real Chromium: both themes, both languages, phones to desktops. */

let chromium: Chromium;

beforeAll(async () => {
  chromium = await openChromium();
});
afterAll(() => chromium?.close());

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Windows: a small phone (WCAG's reflow), a phone, a tablet, a desktop. Each language is tried in two of them. */
const WINDOWS = {
  en: [
    { width: 320, isDark: false },
    { width: 1000, isDark: true },
  ],
  'zh-CN': [
    { width: 390, isDark: true },
    { width: 1440, isDark: false },
  ],
} satisfies Record<Language, object>;

type Violation = { id: string; nodes: { html: string; target: string[]; failureSummary: string }[] };

/** Returns one line for each element that breaks a rule. */
async function violationsIn(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const options = JSON.stringify({ runOnly: RULES, resultTypes: ['violations'] });
  const { violations } = (await page.evaluate(`axe.run(document, ${options})`)) as {
    violations: Violation[];
  };
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, html, failureSummary }) =>
      [id, target.join(' '), html.slice(0, 160), failureSummary].join(' | ').replace(/\s+/g, ' '),
    ),
  );
}

/** Opens everything that a reader can open. */
const openDetails = (page: Page) =>
  page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");

async function check(html: string, windows: { width: number; isDark: boolean }[]): Promise<string[]> {
  const found: string[] = [];
  for (const { width, isDark } of windows) {
    const { page } = await chromium.open(html, { width, isDark });
    await openDetails(page);
    found.push(...(await violationsIn(page)).map((line) => `${width}: ${line}`));
    const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    if (Number(overflow) > 0) found.push(`${width}: the page is ${overflow} pixels too wide`);
    await page.close();
  }
  return found;
}

const OTHER_REPORTS: Readonly<Record<string, () => Report>> = {
  // With names of nodes that leave little room on a phone.
  'a healthy day': () =>
    sampleReport({ condition: 'healthy', nodeName: (index) => `control-plane-eu-${index + 1}` }),
  'a week': () => depthReport(),
  'a cluster that nothing is known of': () => nothingSeenReport(),
};

describe.each(LANGUAGES)('in %s', (language: Language) => {
  const others = someOf(Object.entries(OTHER_REPORTS), LANGUAGES.indexOf(language), LANGUAGES.length);
  const reports: typeof others = [['a bad day', () => sampleReport()], ...others];

  it.each(reports)('the report of %s breaks no rule', async (_, reportOf) => {
    expect(await check(await renderHtml(reportOf(), { language }), WINDOWS[language])).toEqual([]);
  });

  it.each(['expired', 'signed-out', 'confirm'] as const)(
    'the page about signing in breaks no rule: %s',
    async (kind) => {
      const request = { query: {}, headers: { 'accept-language': language } };
      const { body } = await signInPage(request, { kind, link: '/sign-in' });
      expect(await check(body, WINDOWS[language])).toEqual([]);
    },
  );

  it('the pages of the service break no rule', async () => {
    const pages = Object.entries(await samplePages(language));
    expect(pages).toHaveLength(8);
    for (const [name, html] of pages) expect(await check(html, WINDOWS[language]), name).toEqual([]);
  });

  it('the digest breaks no rule', async () => {
    expect(await check((await renderDigest(fourteen(language))).html, WINDOWS[language])).toEqual([]);
  });
});

it('a page that breaks rules is found', async () => {
  const html =
    '<html><body><p style="color: #ccc">pale</p><img src="data:,"><div style="width: 3000px">x</div>';
  const found = (await check(html, WINDOWS.en)).join('\n');
  for (const rule of ['color-contrast', 'image-alt', 'html-has-lang', 'too wide'])
    expect(found).toContain(rule);
});
