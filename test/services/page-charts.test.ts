import type { Page } from 'puppeteer-core';
import { describe, expect, it } from 'vitest';
import { LANGUAGES, type Language, UNITS } from '../../src/report/model/indicator.ts';
import type { Report, ReportIndicator } from '../../src/report/model/report.ts';
import { createContext } from '../../src/report/render/create-context.ts';
import { plain } from '../../src/report/render/kit/phrase.ts';
import { placeOf } from '../../src/report/render/kit/place.ts';
import { SCRIPT_WORDS } from '../../src/report/render/script/words.ts';
import { envelopeOf } from '../../src/report/render/sections/indicators/chart-data.ts';
import { largeReport } from '../fixtures/large-report.ts';
import { sampleReport } from '../fixtures/sample-report.ts';
import { evaluate, openReports } from './report-page.ts';

/** What a chart says about a time, compared with the report document. */

const open = openReports();

/** How many points a key moves by. */
const STEPS = { ArrowRight: 1, PageDown: 12 };
type Key = keyof typeof STEPS;

/** Returns what each chart says at its points, read with a key, by the id of the indicator. */
const readAll = (page: Page, key: Key = 'ArrowRight') =>
  evaluate<Record<string, string[]>>(
    page,
    `Object.fromEntries([...document.querySelectorAll('article[id]:has(figure > .chart)')].map((article) => {
      const chart = article.querySelector('.chart');
      const press = (key) => {
        chart.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
        return chart.getAttribute('aria-valuetext');
      };
      const texts = [press('Home')];
      for (;;) {
        const text = press('${key}');
        if (text === texts.at(-1)) return [article.id, texts];
        texts.push(text);
      }
    }))`,
  );

/** Returns the lines of a chart by name, from the document. */
function linesOf(report: Report, language: Language, indicator: ReportIndicator) {
  const context = createContext(report, language);
  const words = SCRIPT_WORDS[language];
  const band = indicator.envelope ?? envelopeOf(indicator.series);
  return new Map([
    ...indicator.series.map(
      (one) => [plain(context.words.place(placeOf(context, one))), one.values] as const,
    ),
    [words.highest, band.high],
    [words.median, band.median],
    [words.lowest, band.low],
  ]);
}

/** Compares what charts say with the document, and returns how many values were compared. */
function compare(
  report: Report,
  language: Language,
  said: Record<string, string[]>,
  key: Key = 'ArrowRight',
): number {
  const { format } = createContext(report, language);
  const { noData } = SCRIPT_WORDS[language];
  const { end, chartStepSeconds } = report.period;
  let compared = 0;
  for (const indicator of report.indicators) {
    const texts = said[indicator.id];
    if (texts === undefined) continue;
    const lines = linesOf(report, language, indicator);
    const last = (lines.values().next().value?.length ?? 0) - 1;
    for (const [moves, text] of texts.entries()) {
      const index = Math.min(last, moves * STEPS[key]);
      const [time, ...rows] = text.split('; ');
      const at = Date.parse(end) - (last - index) * chartStepSeconds * 1000;
      expect(time).toBe(format.time(new Date(at).toISOString()));
      const expected = rows.map((row) => {
        const name = row.slice(0, row.lastIndexOf(': '));
        const value = lines.get(name)?.[index];
        expect(value, `${indicator.id} has the line ${name}`).toBeDefined();
        compared += 1;
        return `${name}: ${value == null ? noData : format.value(value, indicator.unit)}`;
      });
      expect(rows, `${indicator.id} at ${time}`).toEqual(expected);
    }
  }
  return compared;
}

/** A chart has ten billion units: far smaller values are drawn, and said, as 0. */
const MEDIUM = [
  1.005, 1.2346, 9.996, 10.05, 10.95, 99.95, 99.96, 100.5, 999.4, 999.6, 1023.9, 1024, 12_345.6,
];
const SIZES: readonly (readonly (number | null)[])[] = [
  [0, 1e-5, 0.00049, 0.0005, 0.0123, 0.0996, 0.1, 0.5678, 0.899, 0.9004, 0.9196, null, 0.9996, 1, 1.5, 2.345],
  [0, ...MEDIUM, null, null, -3.456],
  MEDIUM.map((value) => value * 1024),
];
const NO_WORDS = { en: '', 'zh-CN': '' };
const OWN: ReportIndicator['own'] = {
  title: { en: 'Any', 'zh-CN': '任意' },
  explanation: NO_WORDS,
  impact: NO_WORDS,
  nextSteps: [],
};

describe('a chart', () => {
  it.each([
    ['en', 'Asia/Kolkata', 'ArrowRight', 15_000],
    ['zh-CN', 'Australia/Adelaide', 'PageDown', 1500],
  ] as const)(
    'says values as the report writes them, in %s and %s',
    async (language, timeZone, key, least) => {
      const report = sampleReport({ timeZone });
      const said = await readAll(await open(report, language), key);
      expect(Object.values(said).flat().join()).toContain(SCRIPT_WORDS[language].noData);
      expect(compare(report, language, said, key)).toBeGreaterThan(least);
    },
  );

  it('says the range of many nodes', async () => {
    const report = largeReport({ condition: 'bad-day', nodes: 300 });
    const said = await readAll(await open(report), 'PageDown');
    expect(compare(report, 'en', said, 'PageDown')).toBeGreaterThan(1000);
  });

  it.each(LANGUAGES)('writes values of all units and sizes as the report does, in %s', async (language) => {
    const report = sampleReport();
    const shown = report.indicators.filter(({ series }) => series.length > 0);
    const indicators = UNITS.flatMap((unit) =>
      SIZES.map((values, size): ReportIndicator => {
        const {
          series: [first],
          ...indicator
        } = shown[0] as ReportIndicator;
        const series = [{ ...(first as ReportIndicator['series'][number]), values: [...values] }];
        return { ...indicator, id: `${unit}-${size}`, own: OWN, unit, envelope: null, series };
      }),
    );
    const strange = { ...report, findings: [], incidents: [], indicators };
    const said = await readAll(await open(strange, language));
    expect(compare(strange, language, said)).toBeGreaterThan(UNITS.length * 30);
  });

  it('shows the values under the mouse, and hides them behind it', async () => {
    const report = sampleReport();
    const page = await open(report);
    const chart = (await page.$('#ovs-flow-count .chart')) ?? expect.fail();
    await chart.evaluate((one) => one.scrollIntoView({ block: 'center' }));
    const plot = await evaluate<{ left: number; width: number; top: number }>(
      page,
      `(() => {
        const chart = document.querySelector('#ovs-flow-count .chart');
        const style = getComputedStyle(chart);
        const { left, top, width } = chart.getBoundingClientRect();
        const [start, end] = [style.paddingLeft, style.paddingRight].map(parseFloat);
        return { left: left + start, width: width - start - end, top };
      })()`,
    );
    const spoken = await chart.evaluate((one) => one.getAttribute('aria-valuetext'));
    await page.mouse.move(plot.left + plot.width * 0.25, plot.top + 50);
    const lines = await page.$$eval('.values > *', (all) => all.map(({ textContent }) => textContent ?? ''));
    const { format } = createContext(report, 'en');
    const index = 288 / 4 - 1;
    expect(lines[0]).toBe(
      format.time(new Date(Date.parse(report.period.start) + 6 * 3_600_000).toISOString()),
    );
    const [first] = report.indicators.find(({ id }) => id === 'ovs-flow-count')?.series ?? [];
    const value = format.value(first?.values[index] ?? Number.NaN, 'flows');
    expect(lines.join(' ')).toContain(value);
    const rule = await evaluate<number>(
      page,
      "document.querySelector('.moment-rule').getBoundingClientRect().left",
    );
    expect(rule).toBeCloseTo(plot.left + plot.width * 0.25, 0);
    // Screen readers do not hear each move of the mouse.
    expect(await chart.evaluate((one) => one.getAttribute('aria-valuetext'))).toBe(spoken);
    await page.mouse.move(plot.left, plot.top - 40);
    expect(await page.$('.values')).toBeNull();
  });

  it('is read with the keyboard, from its first to its last point', async () => {
    const page = await open(sampleReport());
    const text = () => evaluate<string>(page, "document.activeElement.getAttribute('aria-valuetext')");
    const time = async () => (await text()).split('; ')[0];
    await evaluate(page, "document.querySelector('#ovs-flow-count .chart').focus()");
    expect(await evaluate(page, 'document.activeElement.role')).toBe('slider');
    await page.keyboard.press('End');
    const last = await time();
    await page.keyboard.press('ArrowRight');
    expect(await time()).toBe(last);
    await page.keyboard.press('ArrowLeft');
    expect([last, await time()]).toEqual(['Sun 09:00', 'Sun 08:55']);
    await page.keyboard.press('Home');
    expect(await time()).toBe('Sat 09:05');
    expect(await page.$('.values')).not.toBeNull();
    await page.keyboard.press('Escape');
    expect(await page.$('.values')).toBeNull();
  });
});
