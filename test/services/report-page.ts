/** The page of a report in a real Chromium, with the Content-Security-Policy of the page in force. */
import type { Page } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { Language } from '../../src/report/model/indicator.ts';
import type { Report } from '../../src/report/model/report.ts';
import { renderHtml } from '../../src/report/render/html.ts';
import { type Chromium, type OpenOptions, openChromium } from './chromium.ts';

export type OpenReport = (report: Report, language?: Language, options?: OpenOptions) => Promise<Page>;

/** Starts Chromium for the tests of a file, and returns what opens pages. After each test none has sent a request. */
export function openReports(): OpenReport {
  let chromium: Chromium;
  let opened: { page: Page; requests: string[]; errors: unknown[] }[] = [];

  beforeAll(async () => {
    chromium = await openChromium();
  });
  afterAll(async () => {
    await chromium?.close();
  });
  afterEach(async () => {
    for (const { page, requests, errors } of opened) {
      expect(requests, 'the page sends no request').toEqual([]);
      expect(errors, 'the script throws no error').toEqual([]);
      await page.close();
    }
    opened = [];
  });

  return async (report, language = 'en', options = {}) => {
    const errors: unknown[] = [];
    const { page, requests } = await chromium.open(await renderHtml(report, { language }), options);
    page.on('pageerror', (error) => errors.push(error));
    opened.push({ page, requests, errors });
    return page;
  };
}

/** Evaluates an expression in the page. It is text, because the tests are compiled without the types of the DOM. */
export const evaluate = <T>(page: Page, expression: string): Promise<T> =>
  page.evaluate(expression) as Promise<T>;
