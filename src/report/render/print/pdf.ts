import pLimit from 'p-limit';
import type { Browser, Page } from 'puppeteer-core';
import { type Chromium, type ChromiumOptions, firstLine, startChromium, stopChromium } from './chromium.ts';
import { PrintError } from './print-error.ts';

/** Prints the page of a report with Chromium. No script runs in the page, and no request leaves it. */

export interface PrintOptions {
  pageSize: 'A4' | 'Letter';
  /** At the top left of all pages but the first. */
  headerText?: string | undefined;
  /** At the bottom left. The page number is at the bottom right. */
  footerText?: string | undefined;
  /** Timeout of this print, without the time it waits for another one. Default: one minute. */
  timeoutMs?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** One Chromium for several reports, which prints one page at a time. */
export interface Printer {
  /**
   * Returns a tagged PDF with an outline, and with the title and language of the page. Header and footer use the font
   * 'Report Sans', so the page must embed their characters. After an error Chromium is ended, and the next print starts
   * a new one.
   * @throws PrintError
   */
  print(html: string, options: PrintOptions): Promise<Uint8Array>;
  /** Ends Chromium after all pending prints. */
  close(): Promise<void>;
}

/** Starts Chromium, which runs until `close`. */
export async function openPrinter(chromiumOptions: ChromiumOptions = {}): Promise<Printer> {
  const oneAtATime = pLimit(1);
  let chromium: Chromium | undefined = await startChromium(chromiumOptions);
  let closed = false;

  const end = async () => {
    const ended = chromium;
    chromium = undefined;
    if (ended) await stopChromium(ended);
  };

  const print = async (html: string, options: PrintOptions) => {
    if (closed) throw new Error('The printer is closed');
    if (options.signal?.aborted) throw stopped(options.signal.reason);
    // Chromium may end unnoticed between two invocations of a Lambda function.
    if (!chromium?.browser.connected) await end();
    chromium ??= await startChromium(chromiumOptions);
    const { browser } = chromium;
    try {
      return await beforeDeadline(printPage(browser, html, options), options);
    } catch (error) {
      const ended = !browser.connected;
      // Closing the page is not enough, because all of Chromium is one process and any part of it may hang.
      await end();
      if (error instanceof PrintError) throw error;
      const [kind, what] = ended
        ? (['crashed', 'Chromium ended while it printed the page'] as const)
        : (['failed', 'Chromium could not print the page'] as const);
      throw new PrintError(kind, `${what}: ${firstLine(error)}`, { cause: error });
    }
  };

  return {
    print: (html, options) => oneAtATime(() => print(html, options)),
    close: () =>
      oneAtATime(() => {
        closed = true;
        return end();
      }),
  };
}

async function printPage(browser: Browser, html: string, options: PrintOptions): Promise<Uint8Array> {
  const page = await browser.newPage();
  const crash = new Promise<never>((_, reject) => {
    page.once('error', (error) => {
      reject(new PrintError('crashed', `The page crashed: ${firstLine(error)}`, { cause: error }));
    });
  });
  const bytes = await Promise.race([crash, fillAndPrint(page, html, options)]);
  await page.close();
  return bytes;
}

async function fillAndPrint(page: Page, html: string, options: PrintOptions): Promise<Uint8Array> {
  await page.setJavaScriptEnabled(false);
  // Blocks all requests but data: URLs. Request interception would let <link rel=prefetch> through.
  await page.setOfflineMode(true);
  await page.setContent(html, { timeout: 0 });
  // DevTools can evaluate code although scripts are disabled. The page's Content-Security-Policy forbids another
  // <style> element, so the rule is an adopted stylesheet. All fonts are loaded explicitly, because Chromium requests
  // fonts that only margins or print styles use too late.
  await page.evaluate(`(async () => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(${JSON.stringify(pageRule(options))});
    document.adoptedStyleSheets.push(sheet);
    await Promise.allSettled([...document.fonts].map((face) => face.load()));
  })()`);
  return await page.pdf({
    preferCSSPageSize: true,
    printBackground: true,
    tagged: true,
    outline: true,
    timeout: 0,
  });
}

/** Uses margin boxes, because Chromium's own header and footer cannot use the fonts of the page. */
function pageRule({ pageSize, headerText = '', footerText = '' }: PrintOptions): string {
  const style = "font: 400 8pt/1.2 'Report Sans', sans-serif; color: #5b6470;";
  return `
    @page {
      size: ${pageSize};
      margin: 20mm 16mm 18mm;
      @top-left { content: ${cssString(headerText)}; ${style} }
      @bottom-left { content: ${cssString(footerText)}; ${style} }
      @bottom-right { content: counter(page) ' / ' counter(pages); ${style} }
    }
    @page :first { @top-left { content: none } }`;
}

function cssString(text: string): string {
  return `"${text.replace(/["\\\n\r\f]/g, (character) => `\\${character.charCodeAt(0).toString(16)} `)}"`;
}

function beforeDeadline<T>(work: Promise<T>, { timeoutMs = 60_000, signal }: PrintOptions): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new PrintError('timeout', `Chromium did not print the page within ${timeoutMs / 1000} s`));
    }, timeoutMs);
    const stop = () => reject(stopped(signal?.reason));
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    });
  });
}

function stopped(reason: unknown): PrintError {
  return new PrintError('aborted', `Printing was stopped: ${firstLine(reason)}`, { cause: reason });
}
