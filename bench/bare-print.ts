/**
 * Prints an HTML file with Chromium and nothing else, for comparison with this program's stage PDF.
 * bench/worker.ts starts it and sends it a message for each print.
 *
 *   node bench/bare-print.ts FILE
 */
import { readFile } from 'node:fs/promises';
import chromium from '@sparticuz/chromium';
import { launch } from 'puppeteer-core';

const [file = ''] = process.argv.slice(2);
const browser = await launch({
  executablePath: await chromium.executablePath(),
  headless: 'shell',
  pipe: true,
  // The arguments that are needed without a sandbox, which make Chromium one process as in render/print/chromium.ts.
  args: ['--no-sandbox', '--single-process', '--no-zygote', '--disable-gpu', '--font-render-hinting=none'],
});

process.on('message', () => {
  void print().then((seconds) => process.send?.(seconds));
});
process.once('disconnect', () => {
  void browser.close();
});

/** Returns the seconds that a warm Chromium needs. */
async function print(): Promise<number> {
  const html = await readFile(file, 'utf8');
  const start = performance.now();
  const page = await browser.newPage();
  await page.setContent(html);
  await page.pdf({ preferCSSPageSize: true, printBackground: true, tagged: true, outline: true });
  await page.close();
  return (performance.now() - start) / 1000;
}
