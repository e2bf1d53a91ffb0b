import { describe, expect, it } from 'vitest';
import {
  compactReport,
  type RowLimits,
  subjectsOf,
} from '../../../../src/report/assess/compact/compact-report.ts';
import {
  allFindings,
  allReadings,
  allResolved,
  allTargets,
  countMissing,
  countReadings,
} from '../../../../src/report/model/all-rows.ts';
import { LANGUAGES } from '../../../../src/report/model/indicator.ts';
import type { Reading, Report, Target } from '../../../../src/report/model/report.ts';
import { readStoredReport } from '../../../../src/report/model/stored-report.ts';
import { renderHtml } from '../../../../src/report/render/html.ts';
import { depthReport } from '../../../fixtures/depth-report.ts';
import { largeReport, wholeReport } from '../../../fixtures/large-report.ts';
import { sampleReport } from '../../../fixtures/sample-report.ts';

const compact = (report: Report, limits?: RowLimits) =>
  compactReport(report, subjectsOf(report.coverage), limits);

/** Few objects, but all that renderings need: they draw 30 targets and print 5 readings. */
const FEW: RowLimits = { readings: 5, missing: 3, findings: 1, resolved: 0, targets: 40 };

const stored = (report: Report): Report => readStoredReport(JSON.parse(JSON.stringify(report)));

const CONDITIONS = ['healthy', 'upgrade', 'bad-day'] as const;

describe('a report of some dozens of nodes', () => {
  it.each([
    ['healthy', sampleReport({ condition: 'healthy', nodes: 40 })],
    ['unwell', depthReport()],
    ['upgraded', wholeReport({ condition: 'upgrade', nodes: 60 })],
  ])('has all rows as objects when it is %s', (_, report) => {
    expect(compact(report)).toEqual(report);
  });
});

describe.each(CONDITIONS)('the columns of a report (%s)', (condition) => {
  const whole = wholeReport({ condition, nodes: 60 });
  const report = stored(compact(whole, FEW));

  it('have each finding at the place that incidents refer to', () => {
    expect(report.findings.length).toBeLessThanOrEqual(1);
    expect(allFindings(report)).toEqual(whole.findings);
    expect(report.incidents).toEqual(whole.incidents);
  });

  it('have each resolved finding', () => {
    expect(report.resolved).toEqual([]);
    expect(new Set(allResolved(report))).toEqual(new Set(whole.resolved));
  });

  it('have each target with its Pods, gaps and restarts, but without its presence', () => {
    const bare = (targets: readonly Target[]) =>
      targets.map(({ presence: _, ...others }) => others).sort((a, b) => (a.subject < b.subject ? -1 : 1));
    expect(report.coverage.targets).toHaveLength(40);
    expect(report.coverage.targets.map(({ component }) => component)).toContain('controller');
    expect(bare(allTargets(report))).toEqual(bare(whole.coverage.targets));
  });

  it('have each reading with 5 significant digits', () => {
    const five = (value: number | null) => value?.toPrecision(5) ?? null;
    const numbers = (readings: readonly Reading[]) =>
      readings.map(({ subject, component, status, labels, value, last, median, before, weekBefore }) =>
        JSON.stringify([
          subject,
          component,
          status,
          labels,
          ...[value, last, median, before, weekBefore].map(five),
        ]),
      );
    for (const [index, indicator] of report.indicators.entries()) {
      const readings = whole.indicators[index]?.readings ?? [];
      expect(indicator.readings).toEqual(readings.slice(0, 5));
      expect(countReadings(indicator)).toBe(readings.length);
      expect(new Set(numbers(allReadings(report, indicator)))).toEqual(new Set(numbers(readings)));
    }
  });

  it('count the subjects without a reading', () => {
    expect(report.indicators.map(countMissing)).toEqual(
      whole.indicators.map(({ missing }) => missing.length),
    );
  });

  it.each(LANGUAGES)('make the same page as objects in %s', async (language) => {
    expect(await renderHtml(report, { language })).toBe(await renderHtml(whole, { language }));
  });
});

describe('a report of 5,000 nodes', () => {
  const nodeName = (index: number) => `ip-10-${index >> 8}-${index & 255}-7.eu-central-1.compute.internal`;
  const megabytes = (text: string) => Buffer.byteLength(text) / 1e6;

  it.each(['upgrade', 'bad-day'] as const)(
    'stays below 10 MB, and its page below 2 MB (%s)',
    async (condition) => {
      const report = largeReport({ condition, nodes: 5000, nodeName });
      if (condition === 'upgrade') expect(allFindings(report)).toHaveLength(12_000);
      expect(megabytes(JSON.stringify(report))).toBeLessThan(10);
      expect(megabytes(await renderHtml(report, { language: 'zh-CN' }))).toBeLessThan(2);
    },
  );

  it('has a page that is hardly longer with ten times as many nodes', async () => {
    const pages = [200, 2000].map((nodes) =>
      renderHtml(largeReport({ condition: 'upgrade', nodes }), { language: 'en' }),
    );
    const [few = '', many = ''] = await Promise.all(pages);
    expect(many.length / few.length).toBeLessThan(1.05);
  });
});
