/** Small recordings for which reports were once wrong. Each test states the right result. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/report/model/report.ts';
import { EVERY_SERVER, type ServerKind, withServer } from './every-server.ts';
import { readSeries } from './openmetrics.ts';
import { reportOn } from './report.ts';

const seconds = (iso: string) => Date.parse(iso) / 1000;

const TWO_HOURS = { start: seconds('2026-11-19T22:00:00Z'), end: seconds('2026-11-20T00:00:00Z') };

async function reportOnCase(kind: ServerKind, names: readonly string[], period = TWO_HOURS): Promise<Report> {
  const files = names.map((name) => new URL(`../fixtures/cases/${name}.om.gz`, import.meta.url));
  const series = await Promise.all(files.map(readSeries));
  return withServer(kind, async (database) => {
    await database.load(series.flat());
    return reportOn(database.url, period);
  });
}

/** The subject, severity and value of each finding of an indicator. */
function found(report: Report, id: string) {
  return report.findings
    .filter(({ indicator }) => indicator === id)
    .map(({ subject, severity, value }) => ({ subject, severity, value }));
}

/** The indicators with a failed query, and the reasons. */
function failures(report: Report): string[] {
  return report.indicators
    .filter(({ status }) => status === 'failed')
    .map(({ id, reason }) => `${id}: ${reason}`);
}

const near = (value: number) => expect.closeTo(value, 2);

describe.each(EVERY_SERVER)('$name', (kind) => {
  describe('a replaced Pod with the labels of kube-prometheus', () => {
    let report: Report;
    beforeAll(async () => {
      report = await reportOnCase(kind, ['pod-recreated']);
    });

    it('does not make any indicator fail', () => {
      expect(failures(report)).toEqual([]);
    });

    it('does not hide the findings of the other node', () => {
      expect(found(report, 'open-file-descriptors')).toEqual([
        { subject: 'node-b', severity: 'critical', value: near(0.92) },
      ]);
      expect(found(report, 'conntrack-usage')).toEqual([
        { subject: 'node-b', severity: 'critical', value: near(0.95) },
      ]);
    });

    it('is one target with the Pod before it', () => {
      expect(report.coverage.targets.map(({ node }) => node).sort()).toEqual(['node-a', 'node-b']);
    });
  });

  it('reports a missing Linux agent although a Windows agent makes up the number', async () => {
    const report = await reportOnCase(kind, ['windows']);
    expect(found(report, 'missing-agents')).toEqual([{ subject: 'cluster', severity: 'critical', value: 1 }]);
  });

  it('counts two errors that are ten hours apart as two errors in two episodes', async () => {
    const day = { start: TWO_HOURS.end - 86_400, end: TWO_HOURS.end };
    const report = await reportOnCase(kind, ['vm-times'], day);
    expect(found(report, 'ovs-flow-operation-errors')).toEqual([
      { subject: 'node-1', severity: 'warning', value: 2 },
    ]);
    const [finding] = report.findings.filter(({ indicator }) => indicator === 'ovs-flow-operation-errors');
    expect(finding?.episodes).toHaveLength(2);
  });

  describe('a pair of replicas', () => {
    let report: Report;
    beforeAll(async () => {
      report = await reportOnCase(kind, ['ha-a', 'ha-b']);
    });

    it('does not make any indicator fail', () => expect(failures(report)).toEqual([]));

    it('counts each error once', () => {
      expect(found(report, 'ovs-flow-operation-errors')).toEqual([
        expect.objectContaining({ subject: 'node-1', value: 4 }),
      ]);
    });

    it('counts one controller and two agents', () => {
      expect(found(report, 'controller-instances')).toEqual([]);
      expect(report.coverage).toMatchObject({ agentsSeen: 2, agentsAtEnd: 2, controllersAtEnd: 1 });
    });

    it('reports the CPU usage of one process', () => {
      const readings = report.indicators.find(({ id }) => id === 'cpu-usage')?.readings ?? [];
      expect(readings.map(({ subject, value }) => [subject, value])).toEqual(
        expect.arrayContaining([
          ['node-1', near(0.05)],
          ['node-2', near(0.05)],
        ]),
      );
    });

    it('reports ratios within one replica', () => {
      expect(found(report, 'open-file-descriptors')).toEqual([
        { subject: 'node-2', severity: 'critical', value: near(0.92) },
      ]);
      expect(found(report, 'conntrack-usage')).toEqual([
        { subject: 'node-2', severity: 'critical', value: near(0.95) },
      ]);
    });
  });
});
