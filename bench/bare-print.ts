/**
 * Prints an HTML file with Chromium and nothing else, for comparison with this program's stage PDF.
 * bench/worker.ts starts it and sends it a message for each print.
 *
 *   node bench/bare-print.ts FILE
 */
import { readFile } from 'node:fs/promises';
import chromium from '@sparticuz/chromium';
import { launch } from 'puppeteer-core';
import { answerTasks } from './answer-tasks.ts';

/** What a running Chromium needs for one print. */
export type PrintOutput = { seconds: number };

const [file = ''] = process.argv.slice(2);
const browser = await launch({
  executablePath: await chromium.executablePath(),
  headless: 'shell',
  pipe: true,
  // Those of render/print/chromium.ts, which make Chromium a single process.
  args: [
    '--no-sandbox',
    '--font-render-hinting=none',
    '--single-process',
    '--no-zygote',
    '--disable-gpu',
    '--disable-software-rasterizer',
  ],
});

answerTasks(print);
process.once('disconnect', () => {
  void browser.close();
});

async function print(): Promise<PrintOutput> {
  const html = await readFile(file, 'utf8');
  const start = performance.now();
  const page = await browser.newPage();
  await page.setContent(html);
  await page.pdf({ preferCSSPageSize: true, printBackground: true, tagged: true, outline: true });
  await page.close();
  return { seconds: (performance.now() - start) / 1000 };
}
