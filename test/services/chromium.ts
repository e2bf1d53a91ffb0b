/** A Chromium that opens pages like a reader's browser: scripts are allowed, the Content-Security-Policy is in force. */
import chromium from '@sparticuz/chromium';
import { launch, type Page } from 'puppeteer-core';

export type Seen = {
  text: string;
  /** Distinct names of the elements in the page. */
  elements: string[];
  /** Number of scripts. */
  scripts: number;
  /** Number of attributes that would run a script. */
  inlineHandlers: number;
  dialogs: string[];
  /** Requested addresses except data: URLs. */
  requests: string[];
};

export type OpenOptions = { width?: number; hasScripts?: boolean; isDark?: boolean };

export type Chromium = {
  look(html: string): Promise<Seen>;
  /** Shows HTML in a window of this size until `close`, with what the page requested. */
  open(html: string, options?: OpenOptions): Promise<{ page: Page; requests: string[] }>;
  /** Forgets all cookies and returns an empty page. */
  newBrowser(): Promise<Page>;
  /** Opens a window at an address until `close`, with what it requests from then on. */
  browse(address: string, options?: OpenOptions): Promise<{ page: Page; requests: string[] }>;
  /** Opens an address like a click on a link. */
  visit(address: string): Promise<Seen>;
  close(): Promise<void>;
};

/** Returns the path of a Chromium as an installed one would be. */
export const unpackedChromium = (): Promise<string> => chromium.executablePath();

/** @param acceptInsecureCerts whether it opens servers that show a certificate of the tests */
export async function openChromium({ acceptInsecureCerts = false } = {}): Promise<Chromium> {
  const browser = await launch({
    executablePath: await unpackedChromium(),
    headless: 'shell',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-software-rasterizer',
      '--single-process',
      '--no-zygote',
    ],
    pipe: true,
    acceptInsecureCerts,
  });
  const see = async (open: (page: Page) => Promise<unknown>): Promise<Seen> => {
    const page = await browser.newPage();
    const dialogs: string[] = [];
    const requests: string[] = [];
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      if (!/^(data:|about:)/.test(request.url())) requests.push(request.url());
    });
    await open(page);
    // Give error handlers time to run.
    await new Promise((resolve) => setTimeout(resolve, 300));
    const seen = (await page.evaluate(`({
        text: document.body.innerText.replace(/\\s+/g, ' '),
        elements: [...new Set([...document.querySelectorAll('*')].map((element) => element.tagName))],
        scripts: document.scripts.length,
        inlineHandlers: [...document.querySelectorAll('*')]
          .flatMap((element) => element.getAttributeNames()).filter((name) => name.startsWith('on')).length,
      })`)) as Pick<Seen, 'text' | 'elements' | 'scripts' | 'inlineHandlers'>;
    await page.close();
    return { ...seen, dialogs, requests };
  };
  const openWindow = async ({ width = 1440, hasScripts = true, isDark = false }: OpenOptions = {}) => {
    const page = await browser.newPage();
    const requests: string[] = [];
    page.on('request', (request) => {
      if (!/^(data:|about:)/.test(request.url())) requests.push(request.url());
    });
    await page.setViewport({ width, height: 900 });
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: isDark ? 'dark' : 'light' }]);
    await page.setJavaScriptEnabled(hasScripts);
    return { page, requests };
  };
  const open = async (html: string, options?: OpenOptions) => {
    const opened = await openWindow(options);
    await opened.page.setContent(html, { waitUntil: 'load' });
    return opened;
  };
  const browse = async (address: string, options?: OpenOptions) => {
    const opened = await openWindow(options);
    await opened.page.goto(address, { waitUntil: 'load' });
    return opened;
  };
  return {
    open,
    // A Chromium of one process has one context.
    async newBrowser() {
      const page = await browser.newPage();
      const client = await page.createCDPSession();
      await client.send('Network.clearBrowserCookies');
      await client.detach();
      return page;
    },
    browse,
    look: (html) => see((page) => page.setContent(html, { waitUntil: 'load' })),
    visit: (address) => see((page) => page.goto(address, { waitUntil: 'load' })),
    close: () => browser.close(),
  };
}
