import type { Page } from 'puppeteer-core';
import { describe, expect, it } from 'vitest';
import { allFindings } from '../../src/report/model/all-rows.ts';
import { depthReport } from '../fixtures/depth-report.ts';
import { largeReport } from '../fixtures/large-report.ts';
import { restart, silence } from '../fixtures/report-parts.ts';
import { sampleReport } from '../fixtures/sample-report.ts';
import { evaluate, openReports } from './report-page.ts';

/** The filter of a report's page. */

const open = openReports();

const [STATUS, NODE, TEXT, CLEAR] = [
  '.filter select',
  '.filter [list]',
  '.filter input:last-of-type',
  '.filter button',
];

const countOf = (page: Page) => page.$eval('.filter output', ({ textContent }) => textContent);

/** Returns the ids, or the texts, of what is shown. */
const shown = (page: Page, selector: string) =>
  evaluate<string[]>(
    page,
    `[...document.querySelectorAll(${JSON.stringify(selector)})].filter((one) => one.checkVisibility())
      .map((one) => one.id || one.innerText.replace(/\\s+/g, ' ').trim())`,
  );

const INDICATORS = '.indicator, .compact, .absent [id]';

/** The indicators that the page lists. Those of other exporters that are missing are named in a sentence. */
async function countListed(page: Page): Promise<number> {
  const { length } = await page.$$(INDICATORS);
  expect(length).toBeGreaterThan(30);
  return length;
}

describe('the filter', () => {
  it('shows what has a status', async () => {
    const report = sampleReport();
    const page = await open(report);
    const listed = await countListed(page);
    const words = await page.$$eval(`${STATUS} option`, (all) => all.map(({ textContent }) => textContent));
    expect(words).toEqual(expect.arrayContaining(['All statuses', 'Critical', 'Warning', 'Not enabled']));
    await page.select(STATUS, 'critical');
    const critical = report.indicators.filter(({ status }) => status === 'critical').map(({ id }) => id);
    expect((await shown(page, INDICATORS)).sort()).toEqual(critical.sort());
    const incidents = report.incidents.filter(({ severity }) => severity === 'critical').length;
    expect(await shown(page, '.entry')).toHaveLength(incidents);
    expect(await shown(page, '.incident-list li')).toHaveLength(incidents);
    expect(await countOf(page)).toBe(
      `${critical.length} of ${listed} indicators, ${incidents} of ${report.incidents.length} incidents`,
    );
    // The table of all indicators has the heading of a group in the first row that is left.
    const rows = await shown(page, '.overview tbody tr');
    expect(rows).toHaveLength(critical.length);
    expect(rows.filter((row) => row.startsWith('Critical'))).toHaveLength(
      critical.length -
        new Set(report.indicators.filter(({ status }) => status === 'critical').map(({ section }) => section))
          .size,
    );
    await page.click(CLEAR);
    expect(await shown(page, INDICATORS)).toHaveLength(listed);
    expect(await countOf(page)).toBe('');
    expect(await page.$eval(CLEAR, (button) => button.checkVisibility())).toBe(false);
  });

  it('shows what is about a node, also where the page does not name it', async () => {
    const report = largeReport({ condition: 'bad-day', nodes: 300 });
    const page = await open(report);
    const findings = allFindings(report);
    // Far down the list of findings.
    const subject = findings.findLast(({ component }) => component === 'agent')?.subject ?? '';
    const node = subject.split('.')[0] ?? '';
    await page.type(NODE, node.toUpperCase());
    const expected = report.incidents.filter(
      (incident, index) =>
        index < 50 && incident.findings.some((finding) => findings[finding]?.subject === subject),
    );
    expect(await shown(page, '.entry')).toHaveLength(expected.length);
    expect(await shown(page, '.presences tbody tr')).toHaveLength(0);
    const about = findings.filter((finding) => finding.subject === subject).map(({ indicator }) => indicator);
    for (const id of about.filter((one) => report.indicators.some((indicator) => indicator.id === one)))
      expect(await shown(page, INDICATORS)).toContain(id);
  });

  it('does not take a node for another one whose name begins with its name', async () => {
    const report = sampleReport({ nodeName: (index) => `w${index + 1}` });
    const page = await open(report);
    await page.type(NODE, 'w1');
    expect(await shown(page, '.presences tbody tr th')).toEqual(['w1']);
    await page.type(NODE, '0');
    expect(await shown(page, '.presences tbody tr th')).toEqual(['w10']);
    const readings = '#cpu-usage .readings tbody tr:not(.filtered)';
    expect((await page.$$(readings)).length).toBeGreaterThan(0);
  });

  it('finds words in any order, in Chinese, and is cleared with Escape', async () => {
    const report = depthReport();
    const page = await open(report, 'zh-CN');
    const listed = await countListed(page);
    await page.type(TEXT, '耗时 networkpolicy');
    const found = await shown(page, INDICATORS);
    expect(found).toContain('network-policy-sync-duration');
    expect(found).not.toContain('cpu-usage');
    expect(await countOf(page)).toMatch(
      new RegExp(`^指标 ${found.length}/${listed}，事件 \\d+/${report.incidents.length}$`),
    );
    await page.keyboard.press('Escape');
    expect(await shown(page, INDICATORS)).toHaveLength(listed);
    expect(await page.$eval(TEXT, (input) => (input as unknown as { value: string }).value)).toBe('');
  });

  it('is cleared by a link to something that it hides', async () => {
    const page = await open(depthReport());
    await page.select(STATUS, 'critical');
    expect(await shown(page, '#cpu-usage')).toEqual([]);
    await evaluate(page, "location.hash = '#cpu-usage'");
    await page.waitForFunction("document.querySelector('#cpu-usage').checkVisibility()");
    expect(await page.$eval(STATUS, (select) => (select as unknown as { value: string }).value)).toBe('');
    const isInWindow =
      "(({ top }) => top >= 0 && top < innerHeight)(document.querySelector('#cpu-usage').getBoundingClientRect())";
    await page.waitForFunction(isInWindow);
    // A link to something that is shown leaves the filter as it is.
    await page.select(STATUS, 'critical');
    await page.click('.incident-list li:not(.filtered) a');
    expect(await shown(page, '#cpu-usage')).toEqual([]);
  });

  it('also filters silenced findings, and silences without any', async () => {
    const silenced = ['node-01', 'node-02'].map((subject) => ({
      silence: 0,
      finding: restart(subject, 'Sun 03:12'),
    }));
    const unused = silence(0, { reason: 'Nothing met it' });
    const page = await open({ ...depthReport(), silences: [silence(2), unused], silenced });
    const rows = () => shown(page, '.silenced .row');
    expect(await rows()).toHaveLength(3);
    await page.select(STATUS, 'silenced');
    expect(await rows()).toHaveLength(2);
    expect(await shown(page, '.entry')).toEqual([]);
    await page.type(NODE, 'node-02');
    expect(await rows()).toEqual([expect.stringContaining('The agent on node-02 restarted once')]);
    await page.click(CLEAR);
    await page.type(TEXT, 'nothing met it');
    expect(await rows()).toHaveLength(1);
    await page.click(CLEAR);
    await page.select(STATUS, 'critical');
    expect(await shown(page, '.silenced')).toEqual([]);
  });

  it('hides nothing on paper', async () => {
    const page = await open(depthReport());
    const text = () => evaluate<string>(page, 'document.body.innerText.replace(/\\s+/g, " ")');
    await page.emulateMediaType('print');
    const whole = await text();
    await page.emulateMediaType('screen');
    await page.type(TEXT, 'nosuchtext');
    expect(await countOf(page)).toMatch(/^0 of .*, 0 of /);
    await page.emulateMediaType('print');
    await evaluate(page, "dispatchEvent(new Event('beforeprint'))");
    expect(await text()).toBe(whole);
  });
});
