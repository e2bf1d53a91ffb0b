import { describe, expect, it } from 'vitest';
import type { Report } from '../../../../src/report/model/report.ts';
import { reportSchema } from '../../../../src/report/model/report.ts';
import { readStoredReport } from '../../../../src/report/model/stored-report.ts';
import { UserError } from '../../../../src/report/model/user-error.ts';
import { renderHtml } from '../../../../src/report/render/html.ts';
import { version1, version2, version3 } from '../../../fixtures/old-reports.ts';
import { sampleReport } from '../../../fixtures/sample-report.ts';

describe('a stored report', () => {
  it('of this version is unchanged', () => {
    const report = sampleReport();
    expect(readStoredReport(JSON.parse(JSON.stringify(report)))).toEqual(report);
  });

  it('of version 1 keeps all its findings and can be rendered', async () => {
    const read: Report = readStoredReport(version1());
    expect(() => reportSchema.parse(read)).not.toThrow();
    const told = read.incidents.flatMap(({ findings }) => findings);
    expect(told.toSorted((a, b) => a - b)).toEqual([...read.findings.keys()]);
    expect(read.period.chartStepSeconds).toBe(read.period.stepSeconds);
    expect(await renderHtml(read, { language: 'en' })).toContain('<html');
  });

  it('of version 3 is the same, however large its cluster is', async () => {
    const report = sampleReport({ nodes: 150 });
    const read = readStoredReport(JSON.parse(JSON.stringify(version3(report))));
    expect(read).toEqual(report);
    expect(await renderHtml(read, { language: 'en' })).toBe(await renderHtml(report, { language: 'en' }));
  });

  it('of version 2 has the Pods of its instances and can be rendered', async () => {
    const read = readStoredReport(JSON.parse(JSON.stringify(version2())));
    // Only what version 2 did not have is empty.
    expect(read).toEqual({ ...sampleReport(), survey: null });
    expect(read.coverage.targets.flatMap(({ pods }) => pods)).toContain('antrea-agent-299l');
    expect(await renderHtml(read, { language: 'zh-CN' })).toContain('<html');
  });

  it('of version 2 has every Pod of a node, and none if its instances have none', () => {
    const instances = ['10.0.0.7:10350', 'node-07;', 'node-07;old', 'node-07;new'];
    const read = readStoredReport(
      version2((report) => ({
        ...report,
        coverage: {
          ...report.coverage,
          targets: report.coverage.targets.map((target) => ({ ...target, instances })),
        },
      })),
    );
    for (const { pods } of read.coverage.targets) expect(pods).toEqual(['old', 'new']);
  });

  it.each([
    ['of a later version', { schemaVersion: '5' }, /schema version 5; this program reads versions 1 to 4$/],
    [
      'of version 1 with damaged findings',
      { schemaVersion: '1', findings: 7 },
      /is not a report of this program/,
    ],
    ['of version 1 with an invalid finding', { schemaVersion: '1', findings: [null] }, /not a report/],
    [
      'of version 1 with an invalid indicator',
      { schemaVersion: '1', indicators: [null] },
      /is not a report of this program/,
    ],
    ['of version 2 with damaged targets', { schemaVersion: '2', coverage: { targets: 7 } }, /not a report/],
    ['of version 3 with damaged indicators', { schemaVersion: '3', indicators: 7 }, /not a report/],
    ['of version 2 without its coverage', { schemaVersion: '2', coverage: null }, /not a report/],
    [
      'of version 2 with an invalid target',
      { schemaVersion: '2', coverage: { targets: [null] } },
      /is not a report of this program/,
    ],
    ['that is a text', 'text', /is not a report of this program/],
    ['that is null', null, /is not a report of this program/],
  ])('%s is refused in one line', (_, content, message) => {
    const read = () => readStoredReport(content);
    expect(read).toThrow(UserError);
    expect(read).toThrow(message);
  });
});
