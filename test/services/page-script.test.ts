import type { Page } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { renderHtml } from '../../src/report/render/html.ts';
import { depthReport } from '../fixtures/depth-report.ts';
import { sampleReport } from '../fixtures/sample-report.ts';
import { type Chromium, type OpenOptions, openChromium } from './chromium.ts';

/** The script of a report's page, in a real Chromium with the page's Content-Security-Policy in force. */

let chromium: Chromium;
let opened: { page: Page; requests: string[] };

beforeAll(async () => {
  chromium = await openChromium();
});
afterAll(async () => {
  await chromium?.close();
});
afterEach(async () => {
  expect(opened.requests, 'the page sends no request').toEqual([]);
  await opened.page.close();
});

const REPORTS = { sample: () => sampleReport(), depth: () => depthReport() };

async function open(
  {
    of = 'sample',
    language = 'en' as 'en' | 'zh-CN',
  }: { of?: keyof typeof REPORTS; language?: 'en' | 'zh-CN' } = {},
  options: OpenOptions = {},
): Promise<Page> {
  opened = await chromium.open(await renderHtml(REPORTS[of](), { language }), options);
  return opened.page;
}

/** Evaluates an expression in the page. It is text, because the tests are compiled without the types of the DOM. */
const evaluate = <T>(page: Page, expression: string): Promise<T> => page.evaluate(expression) as Promise<T>;

describe('a button next to a command', () => {
  const COMMAND = "document.querySelector('.command-row code').textContent";

  /** Makes the page remember what other programs would get. The window is asked last. */
  const watch = (page: Page) =>
    evaluate(
      page,
      "addEventListener('copy', (event) => { globalThis.copied = event.clipboardData.getData('text/plain') })",
    );

  it.each([
    ['en', 'Copy', 'Copied'],
    ['zh-CN', '复制', '已复制'],
  ] as const)('copies exactly the command with the keyboard, in %s', async (language, name, said) => {
    const page = await open({ language });
    // As on a page that was opened from a file.
    await evaluate(page, "Object.defineProperty(navigator, 'clipboard', { value: undefined })");
    await watch(page);
    await page.focus('.command-row button.copy');
    expect(await evaluate(page, 'document.activeElement.textContent')).toBe(name);
    await page.keyboard.press('Enter');
    await page.waitForFunction(`document.activeElement.textContent === ${JSON.stringify(said)}`);
    expect(await evaluate(page, 'globalThis.copied')).toBe(await evaluate(page, COMMAND));
    expect(await evaluate(page, "document.querySelector('[role=status]').textContent")).toBe(said);
    await page.waitForFunction(`document.activeElement.textContent === ${JSON.stringify(name)}`);
  });

  it('uses the clipboard where there is one, and says when nothing was copied', async () => {
    const page = await open();
    await evaluate(
      page,
      "Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { globalThis.copied = text } } })",
    );
    await page.click('.command-row button.copy');
    expect(await evaluate(page, 'globalThis.copied')).toBe(await evaluate(page, COMMAND));

    await evaluate(
      page,
      "Object.defineProperty(Document.prototype, 'execCommand', { value: () => false }); navigator.clipboard.writeText = async () => { throw new Error('denied') }",
    );
    await page.click('.queries button.copy, .command-row button.copy');
    await page.waitForFunction(
      "document.querySelector('[role=status]').textContent.startsWith('Copy failed')",
    );
  });
});

describe('a page without its script, and on paper', () => {
  it('has no controls, and shows the same text', async () => {
    const textOf = (page: Page) => evaluate<string>(page, 'document.body.innerText.replace(/\\s+/g, " ")');
    const withScript = await open();
    await withScript.emulateMediaType('print');
    expect(await withScript.$$eval('.tool', (all) => all.filter((one) => one.checkVisibility()).length)).toBe(
      0,
    );
    const printed = await textOf(withScript);
    await withScript.close();
    const without = await open({}, { hasScripts: false });
    await without.emulateMediaType('print');
    expect(await without.$$('.tool')).toEqual([]);
    expect(await textOf(without)).toBe(printed);
  });
});
