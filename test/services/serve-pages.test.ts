/** The pages of `serve` as people use them: in a browser, without scripts, with the reports in a folder. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Chromium, openChromium } from './chromium.ts';
import { PROGRAM } from './cli.ts';
import { temporaryFolder } from './server.ts';
import { waitUntil } from './wait-until.ts';

const CAPTURE = fileURLToPath(new URL('../../examples/twelve-nodes.capture.gz', import.meta.url));

let chromium: Chromium;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let child: ChildProcess;
let url = '';
const log: string[] = [];

beforeAll(async () => {
  [chromium, folder] = await Promise.all([openChromium(), temporaryFolder('serve-pages')]);
  const config = join(folder.path, 'antrea-health.yaml');
  await writeFile(
    config,
    `
formats: [html]
clusters:
  - name: recorded
    prometheus: { capture: ${JSON.stringify(CAPTURE)} }
  - name: 生产 <b>
    timeZone: Asia/Shanghai
    prometheus: { url: "http://127.0.0.1:9", bearerToken: { file: /nowhere/token } }
archive: { folder: ${JSON.stringify(join(folder.path, 'archive'))} }
serve: { basePath: /antrea }
`,
  );
  child = spawn(process.execPath, [PROGRAM, 'serve', '--config', config, '--listen', '127.0.0.1:0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (child.stderr) createInterface({ input: child.stderr }).on('line', (line) => log.push(line));
  const started = () => log.map((line) => /msg=serves url=(\S+)/.exec(line)?.[1]).find(Boolean);
  await waitUntil(
    () => started() !== undefined || child.exitCode !== null,
    () => log.join('\n'),
  );
  url = started() ?? '';
});
afterAll(async () => {
  if (child?.exitCode === null) {
    child.kill('SIGTERM');
    await once(child, 'close');
  }
  await chromium?.close();
  await folder?.remove();
});

const textOf = async (page: Page) =>
  String(await page.evaluate('document.body.innerText')).replace(/\s+/g, ' ');

/** Sends the form of the page, and waits for the page that follows. */
async function send(page: Page, form: string): Promise<void> {
  await Promise.all([page.waitForNavigation({ timeout: 0 }), page.click(`${form} button`)]);
}

/** Waits until the browser, which refreshes the page by itself, shows this. */
const shows = (page: Page, condition: () => boolean | Promise<boolean>) =>
  waitUntil(
    // The page may be replaced in the moment in which it is read.
    async () => Promise.resolve(condition()).catch(() => false),
    () => `${page.url()}\n${log.join('\n')}`,
  );

describe('the pages of serve', () => {
  it('make a report: form, queue, report, list', async () => {
    const { page, requests } = await chromium.browse(url, { hasScripts: false });
    expect(url).toMatch(/\/antrea\/$/);
    expect(await textOf(page)).toMatch(/2 clusters.*No report yet recorded.*No report yet 生产 <b>/i);
    await page.select('select[name=cluster]', 'recorded');
    await page.select('select[name=language]', 'zh-CN');
    await send(page, 'form[method=post]');
    expect(page.url()).toMatch(/\/antrea\/reports\/recorded\/recorded-[^/]*-zh-cn-html$/);
    expect(await textOf(page)).toMatch(/(?:Queued|Being made) Since .*refreshes itself/);
    await shows(page, () => page.url().endsWith('/report.html'));
    expect(await page.title()).toContain('recorded');
    expect(await page.evaluate('document.documentElement.lang')).toBe('zh-CN');

    await page.goto(url);
    expect(await textOf(page)).toMatch(/Critical recorded \d+ /);
    await page.goto(`${url}reports/recorded?lang=zh-CN`);
    expect(await textOf(page)).toMatch(/全部报告.*立即生成报告/);
    for (const request of requests) expect(request).toMatch(new RegExp(`^${new URL(url).origin}/`));
  });

  it('compare two reports that are chosen from the list', async () => {
    const { page } = await chromium.browse(`${url}reports/recorded`, { hasScripts: false });
    await send(page, 'form[method=post]');
    await shows(page, () => page.url().endsWith('/report.html'));
    await page.goto(`${url}reports/recorded`);
    await send(page, 'form[method=get]');
    expect(page.url()).toMatch(/\/reports\/recorded\/compare\?first=recorded-.*&second=recorded-/);
    expect(await textOf(page)).toMatch(/Both reports are of the same period.*Nothing changed/);
  });

  it('say why a report failed, and try again', async () => {
    const { page } = await chromium.browse(url, { hasScripts: false });
    const key = await page.evaluate(
      `[...document.querySelectorAll('option')].find((one) => one.textContent.includes('生产')).value`,
    );
    await page.select('select[name=cluster]', String(key));
    await send(page, 'form[method=post]');
    const address = page.url();
    await shows(page, async () => /Failed .*Reason .*\/nowhere\/token/.test(await textOf(page)));
    await send(page, 'form[method=post]');
    expect(page.url()).toBe(address);
    expect(await textOf(page)).toMatch(/(?:Queued|Being made) Since/);
  });

  it('refuse the form of another site', async () => {
    const body = new URLSearchParams({ cluster: 'recorded', period: 'day', language: 'en' });
    for (const headers of [{}, { origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }]) {
      const response = await fetch(`${url}reports`, { method: 'POST', body, headers, redirect: 'manual' });
      expect(response.status).toBe(403);
    }
    // A page elsewhere that sends the form for its reader: the browser says where it comes from.
    const { page } = await chromium.open(
      `<form method="post" action="${url}reports"><input name="cluster" value="recorded"><button>x</button></form>`,
    );
    await send(page, 'form');
    expect(await textOf(page)).toContain(
      'The request came from the page of another site, so nothing was done.',
    );
  });
});
