import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/report/model/report.ts';
import type { Fault } from '../simulation/faults.ts';
import { restartStory } from '../simulation/scenarios.ts';
import { reportOn } from './report.ts';
import type { Database } from './server.ts';
import { victoriaMetricsOver } from './victoria-metrics.ts';

const DAY = 86_400;

/** Two weeks in Berlin from Monday to Monday; the report is about the second one. */
const MONDAY = Date.UTC(2026, 9, 18, 22) / 1000;
/** The last Sunday has 25 hours, because the clocks are set back. */
const NEXT_MONDAY = Date.UTC(2026, 9, 25, 23) / 1000;

const at = (day: number, hour: number) => MONDAY + day * DAY + hour * 3600;

const SLOW_SYNC: Fault = {
  kind: 'slow-policy-sync',
  sync: 'network_policy',
  start: at(2, 13),
  end: at(2, 13) + 2400,
  milliseconds: 2400,
};
const DESCRIPTORS: Fault = {
  kind: 'file-descriptors',
  node: 'worker-01',
  start: at(5, 20),
  end: at(6, 4),
  ratio: 0.9,
};

describe('the report of a week', () => {
  const story = restartStory('worker-02', at(3, 3));
  let server: Database;
  let report: Report;

  beforeAll(async () => {
    server = await victoriaMetricsOver({
      start: MONDAY - 7 * DAY - 7200,
      end: NEXT_MONDAY,
      nodes: 3,
      scrapeIntervalSeconds: 90,
      weekly: 0.3,
      bystanders: false,
      faults: [
        SLOW_SYNC,
        DESCRIPTORS,
        ...story.faults,
        // In the week before.
        { kind: 'high-cpu', node: 'worker-01', start: at(-4, 10), end: at(-4, 12), cores: 1.2 },
        { ...SLOW_SYNC, start: SLOW_SYNC.start - 7 * DAY, end: SLOW_SYNC.end - 7 * DAY },
      ],
    });
    report = await reportOn(server.url, { start: MONDAY, end: NEXT_MONDAY }, { timeZone: 'Europe/Berlin' });
  });
  afterAll(() => server?.stop());

  const findingOf = (indicator: string) => report.findings.find((finding) => finding.indicator === indicator);
  const seconds = (instant: string | undefined) => Date.parse(instant ?? '') / 1000;

  it('finds an episode of forty minutes to a step, like the report of a day', () => {
    const slow = findingOf('network-policy-sync-duration');
    expect(slow).toMatchObject({ severity: 'critical', ongoing: false });
    expect(Math.abs((slow?.value ?? 0) - 2400)).toBeLessThan(48);
    expect(Math.abs(seconds(slow?.start) - SLOW_SYNC.start)).toBeLessThanOrEqual(600);
    expect(Math.abs(seconds(slow?.end) - SLOW_SYNC.end)).toBeLessThanOrEqual(600);
  });

  it('shows the restart and its consequences as one incident', () => {
    const restart = report.findings.findIndex(({ indicator }) => indicator === 'process-restarts');
    const incident = report.incidents.find(({ findings }) => findings[0] === restart);
    const indicators = incident?.findings.map((index) => report.findings[index]?.indicator).sort();
    expect(indicators).toEqual(story.truths.map(({ check }) => check).sort());
    expect(incident?.severity).toBe('warning');
    expect(report.incidents).toHaveLength(3);
  });

  it('shows the statuses of each day, including the day of 25 hours', () => {
    expect(report.calendar?.map(({ start, end }) => (seconds(end) - seconds(start)) / 3600)).toEqual([
      24, 24, 24, 24, 24, 24, 25,
    ]);
    // Nothing of this week concerns the control path, and a rollout or a restart is shorter than a step.
    expect(report.availability).toMatchObject({ availableSeconds: 7 * DAY + 3600, unknownSeconds: 0 });
    const days = (id: string) => report.calendar?.map(({ statuses }) => statuses[id]);
    const healthy = (count: number) => new Array(count).fill('healthy');
    expect(days('network-policy-sync-duration')).toEqual([...healthy(2), 'critical', ...healthy(4)]);
    expect(days('open-file-descriptors')).toEqual([...healthy(5), 'critical', 'critical']);
    expect(days('process-restarts')).toEqual([...healthy(3), 'warning', ...healthy(3)]);
  });

  it('shows what is new, unchanged and resolved since the week before', () => {
    expect(report.comparisons).toMatchObject([{ kind: 'before', known: true }]);
    expect(findingOf('network-policy-sync-duration')?.compared).toBe('unchanged');
    expect(findingOf('open-file-descriptors')?.compared).toBe('new');
    expect(report.resolved.map(({ indicator, subject }) => [indicator, subject])).toEqual([
      ['cpu-usage', 'worker-01'],
    ]);
  });
});
