import pLimit from 'p-limit';
import type { Browser, Page } from 'puppeteer-core';
import { firstLine, startChromium, stopChromium } from './chromium.ts';
import { PrintError } from './print-error.ts';

/**
 * Prints the report's page with Chromium. The page is given no chance to do anything but look right: no script runs
 * in it and no request leaves it.
 */

export interface PrintOptions {
  pageSize: 'A4' | 'Letter';
  /** Top left, from the second page on. */
  headerText?: string | undefined;
  /** Bottom left; the page's number is always at the bottom right. */
  footerText?: string | undefined;
  /** From the start of this print, not of its waiting for another one. Default: a minute. */
  timeoutMs?: number | undefined;
  signal?: AbortSignal | undefined;
}

export interface PrinterOptions {
  /** A Chromium or Chrome of the machine instead of the bundled one. */
  executablePath?: string | undefined;
}

/** One Chromium for several reports. It prints one page at a time. */
export interface Printer {
  /**
   * A tagged PDF with an outline; its title and language are the page's. Header and footer are set in 'Report Sans',
   * so that font must have been embedded with their characters, too. Throws `PrintError`; a Chromium that failed is
   * ended, and the next print starts another one.
   */
  print(html: string, options: PrintOptions): Promise<Uint8Array>;
  /** Ends Chromium when the prints that were asked for are done. */
  close(): Promise<void>;
}

/** Starts Chromium and keeps it until `close`. */
export async function openPrinter({ executablePath }: PrinterOptions = {}): Promise<Printer> {
  const oneAtATime = pLimit(1);
  let browser: Browser | undefined = await startChromium(executablePath);
  let closed = false;

  const end = async () => {
    const ended = browser;
    browser = undefined;
    if (ended) await stopChromium(ended);
  };

  const print = async (html: string, options: PrintOptions) => {
    if (closed) throw new Error('The printer is closed');
    if (options.signal?.aborted) throw stopped(options.signal.reason);
    // Between two invocations of a Lambda function Chromium may have ended unnoticed.
    if (!browser?.connected) await end();
    browser ??= await startChromium(executablePath);
    try {
      return await beforeDeadline(printPage(browser, html, options), options);
    } catch (error) {
      const ended = !browser.connected;
      // Not just the page is closed: all of Chromium is one process, and what hangs in it may be anything.
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
  // Refuses every request but data: ones. Intercepting requests is not enough: <link rel=prefetch> gets past that.
  await page.setOfflineMode(true);
  await page.setContent(html, { timeout: 0 });
  // DevTools may evaluate where scripts are disabled. An adopted sheet, as a <style> would need the leave of the
  // page's Content-Security-Policy. Fonts are loaded by name because those that only the margins or the print styles
  // use are otherwise asked for when it is too late.
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

/** Margin boxes and not Chromium's own header and footer, which do not see the page's fonts. */
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
