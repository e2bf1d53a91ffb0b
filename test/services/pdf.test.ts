import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../src/report/model/indicator.ts';
import type { Report } from '../../src/report/model/report.ts';
import { createContext } from '../../src/report/render/create-context.ts';
import { pageHeader, renderPage } from '../../src/report/render/html.ts';
import { plain } from '../../src/report/render/kit/phrase.ts';
import { embedFonts } from '../../src/report/render/print/fonts.ts';
import { openPrinter, type Printer, type PrintOptions } from '../../src/report/render/print/pdf.ts';
import { attentionView } from '../../src/report/render/sections/attention/view.ts';
import { depthReport } from '../fixtures/depth-report.ts';
import { sampleReport } from '../fixtures/sample-report.ts';
import { type PdfContent, readPdf } from './read-pdf.ts';
import { someOf } from './thorough.ts';
import { waitUntil } from './wait-until.ts';

/** Prints with the real Chromium, which the first run on a machine unpacks. */

const STYLE = `
  body { font: 400 10pt/1.5 'Report Sans', sans-serif }
  h1, h2, strong { font-weight: 600 }
  code { font-family: 'Report Mono', 'Report Sans', monospace }`;

const HEADER = '集群 "prod\\1"';
const FOOTER = 'Antrea 健康报告';

async function reportPage(lang: string, title: string, body: string): Promise<string> {
  const fonts = await embedFonts(title + body + HEADER + FOOTER);
  return `<!doctype html><html lang="${lang}"><head><meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; font-src data:">
    <title>${title}</title><style>${fonts}${STYLE}</style></head><body>${body}</body></html>`;
}

const ENGLISH = `<h1>Cluster health</h1><p>Two findings <strong>need attention</strong>: <code>up <b>== 0</b></code></p>
  <h2>Agents</h2><p style="break-before: page">Final flow files: 1.25 ≥ 1.</p>`;
const CHINESE = `<h1>集群健康报告</h1><p>节点内存<strong>告警</strong>，请检查“<code>限额</code>”。</p>
  <h2>代理</h2><p style="break-before: page">第二页内容</p>`;

/** Process ids of the bundled Chromiums that this process started and that still run. */
function chromiums(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const [, name, state, parent] =
          /^\d+ \((.*)\) (\S) (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
        return name?.startsWith('chromium') && state !== 'Z' && Number(parent) === process.pid;
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** Whether a process runs whose command contains this text. */
function isRunning(text: string): boolean {
  return readdirSync('/proc').some((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text);
    } catch {
      return false;
    }
  });
}

/** Prints one page with a new Chromium. */
async function printPdf(html: string, options: PrintOptions): Promise<Uint8Array> {
  const printer = await openPrinter();
  try {
    return await printer.print(html, options);
  } finally {
    await printer.close();
  }
}

/** A page that Chromium needs minutes to lay out. */
const ENDLESS = `<!doctype html><html lang="en"><title>endless</title>${'<p>paragraph</p>'.repeat(300_000)}`;

describe('printing', () => {
  let printer: Printer;
  beforeAll(async () => {
    printer = await openPrinter();
  });
  afterAll(async () => {
    await printer.close();
    expect(chromiums()).toEqual([]);
  });

  it('makes a tagged PDF with title, language, outline and page numbers', async () => {
    const html = await reportPage('en', 'Cluster health', ENGLISH);
    const { document, texts } = await readPdf(await printer.print(html, { pageSize: 'A4' }));

    const { info } = await document.getMetadata();
    expect(info).toMatchObject({ Title: 'Cluster health', Language: 'en' });
    expect(await document.getMarkInfo()).toEqual(
      new Map([
        ['Marked', true],
        ['UserProperties', false],
        ['Suspects', false],
      ]),
    );
    const outline = await document.getOutline();
    expect(outline.map(({ title, items }) => [title, items.map((item) => item.title)])).toEqual([
      ['Cluster health', ['Agents']],
    ]);
    expect(texts).toEqual([
      '1 / 2Cluster healthTwo findings need attention: up == 0Agents',
      '2 / 2Final flow files: 1.25 ≥ 1.',
    ]);
  });

  it('embeds the fonts as TrueType and no Chinese font in an English page', async () => {
    const fonts = await embedFonts(ENGLISH);
    const html = `<!doctype html><html lang="en"><title>t</title><style>${fonts}${STYLE}</style>${ENGLISH}`;
    const { fonts: embedded, raw } = await readPdf(await printer.print(html, { pageSize: 'A4' }));
    expect(embedded).toEqual(['IBMPlexMono-Regular', 'IBMPlexSans-Regular', 'IBMPlexSans-SemiBold']);
    expect(raw).not.toMatch(/\/Subtype\s*\/Type3/);
    expect(raw).toMatch(/\/FontFile2/);
  });

  it('prints Chinese as text, also in the header and the footer', async () => {
    const html = await reportPage('zh-CN', '集群健康报告', CHINESE);
    const bytes = await printer.print(html, { pageSize: 'A4', headerText: HEADER, footerText: FOOTER });
    const { document, texts, fonts, raw } = await readPdf(bytes);

    expect((await document.getMetadata()).info).toMatchObject({ Title: '集群健康报告', Language: 'zh-CN' });
    expect((await document.getOutline()).map(({ title }) => title)).toEqual(['集群健康报告']);
    const [first = '', second = ''] = texts.map((text) => text.replaceAll(' ', ''));
    expect(first).toContain('集群健康报告节点内存告警，请检查“限额”。代理');
    expect(first).toContain(FOOTER.replaceAll(' ', ''));
    expect(first).not.toContain('prod');
    expect(second).toContain(HEADER.replaceAll(' ', ''));
    expect(second).toContain('第二页内容');
    expect(fonts).toEqual(['IBMPlexSans-Regular', 'NotoSansSC-Regular', 'NotoSansSC-SemiBold']);
    expect(raw).not.toMatch(/\/Subtype\s*\/Type3/);
  });

  it.each([
    ['A4', 595, 842],
    ['Letter', 612, 792],
  ] as const)('prints on %s', async (pageSize, width, height) => {
    const { document } = await readPdf(await printer.print('<p>x</p>', { pageSize }));
    expect((await document.getPage(1)).view.map(Math.round)).toEqual([0, 0, width, height]);
  });

  it('numbers the pages of a document with a policy that allows no styles', async () => {
    const html = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'"><p>x</p>`;
    const { texts } = await readPdf(await printer.print(html, { pageSize: 'A4' }));
    expect(texts).toEqual(['1 / 1x']);
  });

  it('sends no request, runs no script and reads no file', async () => {
    let connections = 0;
    const server = createServer((_, response) => response.end()).on('connection', () => connections++);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const html = `<!doctype html><html lang="en"><head><title>before</title>
      <link rel="preconnect" href="${origin}"><link rel="prefetch" href="${origin}/prefetch">
      <link rel="stylesheet" href="${origin}/sheet.css"><link rel="preload" as="font" href="${origin}/font" crossorigin>
      <style>@import "${origin}/import.css"; @font-face { font-family: F; src: url(${origin}/face) }
        body { font-family: F; background: url(${origin}/background) }</style>
      <script src="${origin}/script.js"></script><script>document.title = 'after'; document.write('written')</script>
      </head><body onload="document.body.textContent = 'loaded'"><p>text</p>
      <img src="${origin}/image"><iframe src="${origin}/frame"></iframe><object data="${origin}/object"></object>
      <iframe srcdoc="<img src='${origin}/inner'>"></iframe><video src="${origin}/video" autoplay></video>
      <svg><image href="${origin}/svg"/></svg><iframe src="file:///proc/self/environ"></iframe></body></html>`;
    const { document, texts } = await readPdf(await printer.print(html, { pageSize: 'A4' }));
    server.close();

    expect(connections).toBe(0);
    expect((await document.getMetadata()).info).toMatchObject({ Title: 'before' });
    expect(texts.join()).toContain('text');
    expect(texts.join()).not.toMatch(/written|loaded|PATH=/);
  });

  it('handles ten simultaneous prints in one process', async () => {
    const prints = await Promise.all(
      Array.from({ length: 10 }, (_, index) => printer.print(`<p>print ${index}</p>`, { pageSize: 'A4' })),
    );
    const texts = await Promise.all(prints.map(async (bytes) => (await readPdf(bytes)).texts[0]));
    expect(texts).toEqual(prints.map((_, index) => `1 / 1print ${index}`));
    expect(chromiums()).toHaveLength(1);
  });

  it('ends Chromium at the time limit and prints the next page', async () => {
    await expect(printer.print(ENDLESS, { pageSize: 'A4', timeoutMs: 500 })).rejects.toMatchObject({
      name: 'PrintError',
      kind: 'timeout',
      message: 'Chromium did not print the page within 0.5 s',
    });
    expect(chromiums()).toEqual([]);
    expect((await readPdf(await printer.print('<p>next</p>', { pageSize: 'A4' }))).texts).toEqual([
      '1 / 1next',
    ]);
  });

  it('stops when its signal is aborted', async () => {
    const signal = AbortSignal.timeout(300);
    await expect(printer.print(ENDLESS, { pageSize: 'A4', signal })).rejects.toMatchObject({
      kind: 'aborted',
    });
    expect(chromiums()).toEqual([]);
    await expect(printer.print('<p>x</p>', { pageSize: 'A4', signal })).rejects.toMatchObject({
      kind: 'aborted',
    });
  });

  it('reports a crash of Chromium and starts a new one', async () => {
    await printer.print('<p>x</p>', { pageSize: 'A4' });
    const print = expect(printer.print(ENDLESS, { pageSize: 'A4' })).rejects.toMatchObject({
      kind: 'crashed',
    });
    for (const pid of chromiums()) process.kill(pid, 'SIGKILL');
    await print;
    expect((await readPdf(await printer.print('<p>next</p>', { pageSize: 'A4' }))).texts).toEqual([
      '1 / 1next',
    ]);
  });

  it('kills a Chromium that hangs while it starts', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pdf-hang-'));
    const executablePath = join(folder, 'chromium');
    // The number of seconds identifies the process.
    await writeFile(executablePath, '#!/bin/sh\nexec sleep 98765\n', { mode: 0o700 });
    try {
      await expect(openPrinter({ executablePath, startTimeoutMs: 1000 })).rejects.toMatchObject({
        kind: 'start',
      });
      await waitUntil(
        () => !isRunning('98765'),
        () => 'it is still running',
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('names the path of a Chromium that is missing or does not start', async () => {
    await expect(openPrinter({ executablePath: '/nowhere/chromium' })).rejects.toMatchObject({
      kind: 'missing',
      message: 'There is no program to run at /nowhere/chromium',
    });
    await expect(openPrinter({ executablePath: process.execPath })).rejects.toMatchObject({
      kind: 'start',
      message: expect.stringContaining(`Chromium at ${process.execPath} does not start: `),
    });
  });
});

describe('a report', () => {
  let printer: Printer;
  beforeAll(async () => {
    printer = await openPrinter();
  });
  afterAll(() => printer.close());

  /** One page more than now: a fuller report may need one, a broken layout needs many. */
  const REPORTS: [string, Report, pages: number][] = [
    ['a day', depthReport(), 18],
    ['a week', { ...depthReport(), calendar: sampleReport({ period: 'week' }).calendar }, 18],
    ['a month', sampleReport({ period: 'month' }), 17],
  ];
  const SIZES = ['A4', 'Letter'] as const;
  const dense = (text: string) => text.replaceAll(/\s/g, '');

  it.each(
    REPORTS.flatMap(([name, report, pages], index) =>
      LANGUAGES.flatMap((language, languageIndex) =>
        someOf(SIZES, (index + languageIndex) % 2, 2).map((pageSize) => ({
          ...{ name, report, pages, language, pageSize },
        })),
      ),
    ),
  )(
    'of $name, in $language on $pageSize, lists all incidents and days on its first page',
    async ({ report, pages, language, pageSize }) => {
      const { printable } = await renderPage(report, { language });
      const headerText = pageHeader(report, language);
      const pdf = await readPdf(await printer.print(printable, { pageSize, headerText }));
      const { texts, document } = pdf;
      const [first = ''] = texts.map(dense);
      const { summary } = attentionView(createContext(report, language));
      const rows = summary?.groups.flatMap((group) => group.rows) ?? [];
      expect(rows).toHaveLength(report.incidents.length);
      for (const { headline } of rows) expect(first).toContain(dense(plain(headline)));
      const weekdays = first.match(/(Mon|Tue|Wed|Thu|Fri|Sat|Sun)\d+Nov|\d日周[一二三四五六日]/g) ?? [];
      expect(weekdays.length).toBeGreaterThanOrEqual(report.calendar?.length === 7 ? 7 : 0);
      expect(document.numPages).toBeLessThanOrEqual(pages);
      await expectReadablePages(pdf);
    },
  );
});

/** The first line of a row of the calendar: "Mon 2 Nov", "11月2日 周一". */
const DAY_ROW = /^(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ?\d|\d+月\d+日)/;

/** No page ends with a heading, no backslash is alone on its line, and a screen reader finds the structure. */
async function expectReadablePages({ document, lines, elements }: PdfContent): Promise<void> {
  const headings = new Set<string>();
  const addHeadings = (items: Awaited<ReturnType<typeof document.getOutline>>) => {
    for (const { title, items: below } of items ?? []) {
      headings.add(title.trim());
      addHeadings(below);
    }
  };
  addHeadings(await document.getOutline());
  expect(headings.size).toBeGreaterThan(20);
  for (const ofPage of lines) {
    // The last line is the number of the page. A title below the row of a day is another finding of that day.
    const [before = '', last = ''] = ofPage.slice(-3, -1).map((line) => line.trim());
    if (!DAY_ROW.test(before)) expect(headings).not.toContain(last);
    expect(ofPage.map((line) => line.trim())).not.toContain('\\');
  }
  const roles = new Set(elements.map(({ role }) => role));
  for (const role of ['H1', 'H2', 'H3', 'Table', 'TH', 'L', 'LI', 'Figure', 'Link'])
    expect(roles).toContain(role);
  expect(elements.filter(({ role, alt }) => role === 'Figure' && !alt)).toEqual([]);
}

function profilesIn(temporary: string): string[] {
  return readdirSync(join(temporary, `antrea-health-report-${process.getuid?.()}-profiles`));
}

/** A program that prints, says so, and neither closes its printer nor ends. */
const PRINTS_AND_STAYS = `
  import { openPrinter } from ${JSON.stringify(import.meta.resolve('../../src/report/render/print/pdf.ts'))};
  const printer = await openPrinter();
  await printer.print('<p>x</p>', { pageSize: 'A4' });
  console.log('printed');
  setInterval(() => {}, 1000);`;

describe('with an empty temporary folder', () => {
  const previous = process.env['TMPDIR'];
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pdf-test-'));
  });
  afterAll(async () => {
    if (previous === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = previous;
    await rm(folder, { recursive: true });
  });

  it('unpacks Chromium once for two simultaneous callers, without leftovers', async () => {
    process.env['TMPDIR'] = folder;
    const prints = await Promise.all(['a', 'b'].map((text) => printPdf(text, { pageSize: 'A4' })));
    expect(await Promise.all(prints.map(async (bytes) => (await readPdf(bytes)).texts))).toEqual([
      ['1 / 1a'],
      ['1 / 1b'],
    ]);
    expect(readdirSync(folder).sort()).toEqual([
      'al2023',
      expect.stringMatching(/^antrea-health-report-\d+-chromium-\d+$/),
      expect.stringMatching(/^antrea-health-report-\d+-profiles$/),
      'fonts',
    ]);
    expect(profilesIn(folder)).toEqual([]);
    expect(chromiums()).toEqual([]);
  });

  it('removes the profile that a killed program has left', async () => {
    process.env['TMPDIR'] = folder;
    const killed = spawn(process.execPath, ['--input-type=module', '--eval', PRINTS_AND_STAYS], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(killed.stdout, 'data');
    const [left] = profilesIn(folder);
    expect(left).toMatch(new RegExp(`-${killed.pid}-`));
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    // Chromium notices a moment later that nobody needs it.
    await waitUntil(
      () => !isRunning(`${left}`),
      () => 'the Chromium of the killed program is still running',
    );
    expect(profilesIn(folder)).toEqual([left]);

    const printer = await openPrinter();
    try {
      expect(profilesIn(folder)).toEqual([expect.stringMatching(new RegExp(`-${process.pid}-`))]);
      // A Chromium that was killed alone has its profile removed before the next one starts.
      for (const pid of chromiums()) process.kill(pid, 'SIGKILL');
      await waitUntil(
        () => chromiums().length === 0,
        () => 'Chromium is still running',
      );
      await printer.print('<p>x</p>', { pageSize: 'A4' }).catch(() => undefined);
      expect(profilesIn(folder).length).toBeLessThanOrEqual(1);
    } finally {
      await printer.close();
    }
    expect(profilesIn(folder)).toEqual([]);
  });

  it('removes the profile of a program that ends without closing its printer', async () => {
    process.env['TMPDIR'] = folder;
    const ended = spawn(process.execPath, ['--input-type=module', '--eval', PRINTS_AND_STAYS], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(ended.stdout, 'data');
    ended.kill('SIGINT');
    await once(ended, 'exit');
    expect(profilesIn(folder)).toEqual([]);
  });

  it('reports in one line that Chromium cannot be unpacked', async () => {
    process.env['TMPDIR'] = '/dev/null';
    await expect(openPrinter()).rejects.toMatchObject({
      kind: 'unpack',
      message: expect.stringMatching(
        /^Chromium cannot be unpacked into \/dev\/null, where it takes 210 MB: .*$/,
      ),
    });
  });
});
