import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { reportSchema } from '../../src/model/report.ts';
import { renderHtml } from '../../src/render/html.ts';
import { readStoredReport, StoredReportError } from '../../src/stored-report.ts';
import { sampleReport } from '../fixtures/sample-report.ts';

/** The sample as version 1 had it: without what came later. */
function version1(): Record<string, unknown> {
  const {
    incidents: _1,
    comparisons: _2,
    resolved: _3,
    changes: _4,
    capacity: _5,
    calendar: _6,
    antrea: _7,
    ...rest
  } = structuredClone(sampleReport());
  const { chartStepSeconds: _8, ...period } = rest.period;
  return {
    ...rest,
    schemaVersion: '1',
    period,
    indicators: rest.indicators
      .filter(({ section }) => section !== 'own')
      .map(({ own: _own, readings, ...indicator }) => ({
        ...indicator,
        readings: readings.map(({ before: _before, weekBefore: _week, ...reading }) => reading),
      })),
    findings: rest.findings.map(({ compared: _compared, weekBefore: _week, ...finding }) => finding),
  };
}

describe('a stored report', () => {
  it('of this version is read as it is', () => {
    const report = sampleReport();
    expect(readStoredReport(JSON.parse(JSON.stringify(report)))).toEqual(report);
  });

  it('of version 1 is read too, tells all its findings, and can be rendered', async () => {
    const read: Report = readStoredReport(version1());
    expect(() => reportSchema.parse(read)).not.toThrow();
    const told = read.incidents.flatMap(({ findings }) => findings);
    expect(told.toSorted((a, b) => a - b)).toEqual([...read.findings.keys()]);
    expect(read.period.chartStepSeconds).toBe(read.period.stepSeconds);
    expect(await renderHtml(read, { language: 'en' })).toContain('<html');
  });

  it.each([
    ['of a later version', { schemaVersion: '3' }, /schema version 3; this program reads versions 1 and 2/],
    ['of version 1 that is damaged', { schemaVersion: '1', findings: 7 }, /is not a report of this program/],
    [
      'of version 1 with an indicator that is none',
      { schemaVersion: '1', indicators: [null] },
      /is not a report of this program/,
    ],
    ['that is none', 'text', /is not a report of this program/],
    ['that is nothing', null, /is not a report of this program/],
  ])('%s is refused in one line', (_, content, message) => {
    const read = () => readStoredReport(content);
    expect(read).toThrow(StoredReportError);
    expect(read).toThrow(message);
  });
});
