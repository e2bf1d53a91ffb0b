/** Small recordings on which reports were once wrong; what is right is known of each. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
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

/** The findings of an indicator, without what follows from thresholds. */
function found(report: Report, id: string) {
  return report.findings
    .filter(({ indicator }) => indicator === id)
    .map(({ subject, severity, value }) => ({ subject, severity, value }));
}

/** The indicators that could not be asked, or whose answer could not be understood. */
function failures(report: Report): string[] {
  return report.indicators
    .filter(({ status }) => status === 'failed')
    .map(({ id, reason }) => `${id}: ${reason}`);
}

const near = (value: number) => expect.closeTo(value, 2);

describe.each(EVERY_SERVER)('$name', (kind) => {
  describe('a Pod that was replaced, under the labels of kube-prometheus', () => {
    let report: Report;
    beforeAll(async () => {
      report = await reportOnCase(kind, ['pod-recreated']);
    });

    it('has indicators that none of its series makes fail', () => {
      expect(failures(report)).toEqual([]);
    });

    it('finds what the other node is short of', () => {
      expect(found(report, 'open-file-descriptors')).toEqual([
        { subject: 'node-b', severity: 'critical', value: near(0.92) },
      ]);
      expect(found(report, 'conntrack-usage')).toEqual([
        { subject: 'node-b', severity: 'critical', value: near(0.95) },
      ]);
    });

    it('has one target for each node', () => {
      expect(report.coverage.targets.map(({ node }) => node).sort()).toEqual(['node-a', 'node-b']);
    });
  });

  it('misses the Linux agent whose place a Windows agent takes in the sum', async () => {
    const report = await reportOnCase(kind, ['windows']);
    expect(found(report, 'missing-agents')).toEqual([{ subject: 'cluster', severity: 'critical', value: 1 }]);
  });

  it('counts two errors ten hours apart as two, at two moments', async () => {
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

    it('is asked without a failure', () => expect(failures(report)).toEqual([]));

    it('has every error once', () => {
      expect(found(report, 'ovs-flow-operation-errors')).toEqual([
        expect.objectContaining({ subject: 'node-1', value: 4 }),
      ]);
    });

    it('has one controller, and each agent once', () => {
      expect(found(report, 'controller-instances')).toEqual([]);
      expect(report.coverage).toMatchObject({ agentsSeen: 2, agentsAtEnd: 2, controllersAtEnd: 1 });
    });

    it('uses the CPU once', () => {
      const readings = report.indicators.find(({ id }) => id === 'cpu-usage')?.readings ?? [];
      expect(readings.map(({ subject, value }) => [subject, value])).toEqual(
        expect.arrayContaining([
          ['node-1', near(0.05)],
          ['node-2', near(0.05)],
        ]),
      );
    });

    it('has ratios of one replica’s series', () => {
      expect(found(report, 'open-file-descriptors')).toEqual([
        { subject: 'node-2', severity: 'critical', value: near(0.92) },
      ]);
      expect(found(report, 'conntrack-usage')).toEqual([
        { subject: 'node-2', severity: 'critical', value: near(0.95) },
      ]);
    });
  });
});
