import type { Page } from 'puppeteer-core';
import { describe, expect, it } from 'vitest';
import { depthReport } from '../fixtures/depth-report.ts';
import { sampleReport } from '../fixtures/sample-report.ts';
import { evaluate, openReports } from './report-page.ts';

/** The script of a report's page: the buttons that copy, and the page without its script and on paper. */

const open = openReports();

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
    const page = await open(sampleReport(), language);
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
    const page = await open(sampleReport());
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
  const textOf = (page: Page) => evaluate<string>(page, 'document.body.innerText.replace(/\\s+/g, " ")');

  it('has no controls, and shows the same text', async () => {
    const withScript = await open(depthReport());
    expect((await withScript.$$('.tool')).length).toBeGreaterThan(30);
    // Whatever a reader did before printing.
    await withScript.type('.filter [list]', 'node-03');
    await withScript.hover('#ovs-flow-operation-errors .chart');
    await withScript.emulateMediaType('print');
    const shown =
      "[...document.querySelectorAll('.tool, .contents')].filter((one) => one.checkVisibility()).length";
    expect(await evaluate(withScript, shown)).toBe(0);
    await evaluate(withScript, "dispatchEvent(new Event('beforeprint'))");
    const without = await open(depthReport(), 'en', { hasScripts: false });
    expect(await without.$$('.tool, .sort')).toEqual([]);
    await without.emulateMediaType('print');
    expect(await textOf(withScript)).toBe(await textOf(without));
  });

  it('has a table of contents without the script', async () => {
    const page = await open(sampleReport(), 'zh-CN', { hasScripts: false });
    const links = await page.$$eval('.contents a', (all) =>
      all.map((link) => ({ text: link.textContent, href: link.getAttribute('href') ?? '' })),
    );
    expect(links.map(({ text }) => text)).toContain('采集覆盖');
    for (const { href } of links) expect(await page.$(`[id="${href.slice(1)}"]`)).not.toBeNull();
    expect(await page.$eval('.contents ol', (list) => list.checkVisibility())).toBe(true);
  });
});
