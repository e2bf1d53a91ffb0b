/** A Chromium that looks at pages as a reader's browser would: scripts allowed, the Content-Security-Policy in force. */
import chromium from '@sparticuz/chromium';
import { launch, type Page } from 'puppeteer-core';

export type Seen = {
  text: string;
  /** Names of the elements in the page, each once. */
  elements: string[];
  /** How many attributes would run something. */
  inlineHandlers: number;
  dialogs: string[];
  /** Addresses asked for, data: ones left out. */
  requests: string[];
};

export type Chromium = {
  look(html: string): Promise<Seen>;
  /** Follows an address, as a click on a link does. */
  visit(address: string): Promise<Seen>;
  close(): Promise<void>;
};

export async function openChromium(): Promise<Chromium> {
  const browser = await launch({
    executablePath: await chromium.executablePath(),
    headless: 'shell',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-software-rasterizer',
      '--single-process',
      '--no-zygote',
    ],
    pipe: true,
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
    // Time for an error handler to run.
    await new Promise((resolve) => setTimeout(resolve, 300));
    const seen = (await page.evaluate(`({
        text: document.body.innerText.replace(/\\s+/g, ' '),
        elements: [...new Set([...document.querySelectorAll('*')].map((element) => element.tagName))],
        inlineHandlers: [...document.querySelectorAll('*')]
          .flatMap((element) => element.getAttributeNames()).filter((name) => name.startsWith('on')).length,
      })`)) as Pick<Seen, 'text' | 'elements' | 'inlineHandlers'>;
    await page.close();
    return { ...seen, dialogs, requests };
  };
  return {
    look: (html) => see((page) => page.setContent(html, { waitUntil: 'load' })),
    visit: (address) => see((page) => page.goto(address, { waitUntil: 'load' })),
    close: () => browser.close(),
  };
}
