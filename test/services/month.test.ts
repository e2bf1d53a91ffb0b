import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/report/model/report.ts';
import { MONTH, simulatedMonth } from '../simulation/months.ts';
import { reportOn } from './report.ts';
import type { Database } from './server.ts';
import { victoriaMetricsOver } from './victoria-metrics.ts';

/** The relative error of a number. */
const error = (value: number, truth: number) => Math.abs(value - truth) / truth;

describe('the report of a month with a weekly rhythm, one leak and one step', () => {
  const { simulation, truth } = simulatedMonth({ nodes: 3 });
  let server: Database;
  let report: Report;

  beforeAll(async () => {
    server = await victoriaMetricsOver(simulation);
    report = await reportOn(server.url, MONTH);
  });
  afterAll(() => server?.stop());

  it('shows both with time and slope, and no other change', () => {
    const step = report.changes.find(({ kind }) => kind === 'step');
    const trend = report.changes.find(({ kind }) => kind === 'trend');
    expect(report.changes).toHaveLength(2);
    expect(trend).toMatchObject({
      indicator: 'resident-memory',
      subject: truth.leak.node,
      explainedBy: null,
    });
    expect(error(trend?.perDay?.value ?? 0, truth.leak.perDay)).toBeLessThan(0.05);
    expect(trend?.perDay?.low).toBeLessThan(truth.leak.perDay);
    expect(trend?.perDay?.high).toBeGreaterThan(truth.leak.perDay * 0.98);
    expect(step).toMatchObject({ indicator: 'ovs-flow-count', subject: truth.step.node, explainedBy: null });
    expect(error((step?.after ?? 0) / (step?.before ?? 1), truth.step.ratio)).toBeLessThan(0.05);
    expect(Math.abs(Date.parse(step?.at ?? '') - Date.parse(truth.step.at))).toBeLessThanOrEqual(3_600_000);
    expect(report.findings).toEqual([]);
  });

  it('evaluates points every five minutes like the report of a day, and draws fewer', () => {
    expect(report.period).toMatchObject({ stepSeconds: 300, chartStepSeconds: 10_800 });
    for (const { id, series } of report.indicators)
      for (const { values } of series) expect(values.length, id).toBe(240);
  });

  it('has a calendar of thirty healthy days', () => {
    expect(report.calendar).toHaveLength(30);
    for (const { start, statuses } of report.calendar ?? [])
      for (const [id, status] of Object.entries(statuses))
        expect(['healthy', 'not-enabled'], `${id} on ${start}`).toContain(status);
  });

  it('reports that earlier periods have no data', () => {
    expect(report.comparisons).toMatchObject([{ kind: 'before', known: false }]);
    expect(report.resolved).toEqual([]);
  });
});
