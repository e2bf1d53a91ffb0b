import type { Page } from 'puppeteer-core';
import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../src/report/model/indicator.ts';
import type { Report } from '../../src/report/model/report.ts';
import { depthReport } from '../fixtures/depth-report.ts';
import { sampleReport } from '../fixtures/sample-report.ts';
import { evaluate, openReports } from './report-page.ts';

/** Sorting, addresses and the table of contents of a report's page. */

const open = openReports();

describe('a table of readings', () => {
  const TABLE = '#gateway-sessions .readings table';

  /** A report with these readings; null is a missing value. */
  function reportOf(values: readonly (readonly [subject: string, value: number | null])[]): Report {
    const report = sampleReport();
    return {
      ...report,
      indicators: report.indicators.map((indicator) => {
        const [first] = indicator.readings;
        if (indicator.id !== 'gateway-sessions' || first === undefined) return indicator;
        const readings = values.map(([subject, value]) => ({
          ...first,
          subject,
          value,
          before: value,
          weekBefore: null,
        }));
        return { ...indicator, readings, unit: 'bytes' as const, aggregation: 'maximum' as const };
      }),
    };
  }

  const rows = (page: Page) =>
    page.$$eval(`${TABLE} tbody th`, (all) => all.map(({ textContent }) => textContent));
  const press = async (page: Page, column: number) => {
    await evaluate(page, `document.querySelectorAll('${TABLE} thead button')[${column}].focus()`);
    await page.keyboard.press('Enter');
  };
  const sortOf = (page: Page) =>
    page.$$eval(`${TABLE} thead th`, (all) => all.map((one) => one.getAttribute('aria-sort')));

  it('sorts by value and by name, upwards, downwards, and as it was', async () => {
    const page = await open(
      reportOf([
        ['w10', 2048],
        ['w9', null],
        ['w2', 3 * 1024 ** 2],
        ['w1', 900],
        ['w100', 2000],
      ]),
    );
    await evaluate(page, "document.querySelector('#gateway-sessions details').open = true");
    const original = ['w10', 'w9', 'w2', 'w1', 'w100'];
    expect(await rows(page)).toEqual(original);
    await press(page, 0);
    expect(await rows(page)).toEqual(['w1', 'w2', 'w9', 'w10', 'w100']);
    await press(page, 0);
    expect(await rows(page)).toEqual(['w100', 'w10', 'w9', 'w2', 'w1']);
    expect((await sortOf(page))[0]).toBe('descending');
    await press(page, 1);
    expect(await rows(page)).toEqual(['w1', 'w100', 'w10', 'w2', 'w9']);
    expect((await sortOf(page)).slice(0, 2)).toEqual([null, 'ascending']);
    await press(page, 1);
    expect(await rows(page)).toEqual(['w2', 'w10', 'w100', 'w1', 'w9']);
    await press(page, 1);
    expect(await rows(page)).toEqual(original);
    expect(new Set(await sortOf(page))).toEqual(new Set([null]));
  });

  it('sorts times of several days, and targets without restarts as zero', async () => {
    const page = await open(sampleReport());
    const cells = (selector: string, column: number) =>
      page.$$eval(
        `${selector} tbody tr`,
        (all, index) => all.map((row) => row.children[index]?.textContent ?? ''),
        column,
      );
    const click = (selector: string) => evaluate(page, `document.querySelector('${selector}').click()`);
    const restarts = await cells('.presences', 3);
    await click('.presences thead th:nth-child(4) button');
    const numbers = (texts: readonly string[]) => texts.map(Number);
    expect(numbers(await cells('.presences', 3))).toEqual(numbers(restarts).sort((a, b) => a - b));
    expect(Math.max(...numbers(restarts))).toBeGreaterThan(0);
    const [id] = await page.$$eval('article[id]:has(.readings)', (all) =>
      all
        .filter((one) => /When/.test(one.querySelector('.readings thead')?.textContent ?? ''))
        .map((one) => one.id),
    );
    await click(`#${id} .readings thead th:nth-child(3) button`);
    const days = (await cells(`#${id} .readings`, 2)).map((time) =>
      time.replace('Sat', '1').replace('Sun', '2'),
    );
    expect(days).toEqual(days.toSorted());
  });
});

describe('addresses', () => {
  const idsOf = (page: Page) => page.$$eval('article[id]', (all) => all.map(({ id }) => id));

  it('are the same in all languages, and do not depend on the place in the report', async () => {
    const report = depthReport();
    const [english = [], chinese = []] = await Promise.all(
      LANGUAGES.map(async (language) => idsOf(await open(report, language))),
    );
    expect(english.filter((id) => id.startsWith('incident_'))).toHaveLength(report.incidents.length);
    expect(chinese).toEqual(english);
    const turned = await idsOf(await open({ ...report, incidents: report.incidents.toReversed() }));
    expect(turned.toSorted()).toEqual(english.toSorted());
  });

  it('are in a link next to each heading', async () => {
    const page = await open(depthReport());
    const ids = await idsOf(page);
    const links = await page.$$eval('article h3 > a.anchor', (all) =>
      all.map((one) => one.getAttribute('href')),
    );
    expect(links).toEqual(ids.map((id) => `#${id}`));
    await evaluate(page, `document.querySelectorAll('a.anchor')[3].click()`);
    expect(await evaluate(page, 'location.hash')).toBe(links[3]);
  });

  it('open the fold that has their target', async () => {
    const page = await open(sampleReport());
    const id = await page.$eval('.absent details', (fold) => fold.id);
    expect(await page.$eval(`#${id}`, (fold) => fold.hasAttribute('open'))).toBe(false);
    await evaluate(page, `document.querySelector('.overview a[href="#${id}"]').click()`);
    expect(await page.$eval(`#${id}`, (fold) => fold.hasAttribute('open'))).toBe(true);
    // A malformed address is no error.
    await evaluate(page, "location.hash = '#%'");
  });
});

describe('the table of contents', () => {
  const current = (page: Page) =>
    page.$$eval('.contents [aria-current]', (all) => all.map((one) => one.getAttribute('href')));
  const scrollTo = async (page: Page, id: string) => {
    await evaluate(page, `document.getElementById('${id}').scrollIntoView()`);
    await page.waitForFunction(
      `document.querySelector('.contents [aria-current]')?.getAttribute('href') === '#${id}'`,
    );
  };

  it('marks the section that is read', async () => {
    const page = await open(depthReport());
    for (const id of [
      'attention',
      'changes',
      'indicators',
      'chapter_datapath',
      'chapter_resources',
      'changes',
    ]) {
      await scrollTo(page, id);
      expect(await current(page)).toEqual([`#${id}`]);
    }
    await evaluate(page, 'scrollTo(0, document.documentElement.scrollHeight)');
    await page.waitForFunction(
      "document.querySelector('.contents [aria-current]')?.getAttribute('href') === '#metrics'",
    );
  });

  it('is next to the text where there is room, and folded above it elsewhere', async () => {
    const isOpen = "document.querySelector('.contents ol').checkVisibility({ contentVisibilityAuto: true })";
    const wide = await open(sampleReport(), 'en', { width: 1440 });
    const overlap =
      "document.querySelector('.contents').getBoundingClientRect().right - document.querySelector('main').getBoundingClientRect().left";
    expect(await evaluate(wide, isOpen)).toBe(true);
    expect(await evaluate(wide, overlap)).toBeLessThan(0);
    const narrow = await open(sampleReport(), 'en', { width: 390 });
    expect(await evaluate(narrow, isOpen)).toBe(false);
    await narrow.click('.contents summary');
    expect(await evaluate(narrow, isOpen)).toBe(true);
    expect(await evaluate(narrow, 'document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  });
});
