import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Availability } from '../../src/report/model/report-analysis.ts';
import type { Fault } from '../simulation/faults.ts';
import { reportOn } from './report.ts';
import type { Database } from './server.ts';
import { victoriaMetricsOver } from './victoria-metrics.ts';

const DAY = 86_400;
/** A Friday in UTC. */
const START = Date.UTC(2026, 10, 13) / 1000;
const END = START + 3 * DAY;
const STEP = 300;

const at = (day: number, hour: number) => START + day * DAY + hour * 3600;

const FAULTS: readonly Fault[] = [
  { kind: 'controller-gone', component: 'controller', start: at(0, 2), end: at(0, 3) },
  { kind: 'lost-watches', component: 'controller', count: 1, start: at(1, 10), end: at(1, 12) },
  { kind: 'scrape-gap', everywhere: true, as: 'absent', start: at(2, 6), end: at(2, 9) },
  // In the maintenance of every night.
  { kind: 'controller-gone', component: 'controller', start: at(1, 22.25), end: at(1, 22.75) },
];

describe('the availability of the control path on a server', () => {
  let server: Database;
  let availability: Availability | undefined;
  beforeAll(async () => {
    server = await victoriaMetricsOver({
      start: START - 7200,
      end: END,
      nodes: 3,
      scrapeIntervalSeconds: 60,
      bystanders: false,
      faults: FAULTS,
    });
    const report = await reportOn(
      server.url,
      { start: START, end: END },
      { maintenance: [{ name: 'patches', every: 'day 22:00-23:00' }] },
    );
    ({ availability } = report);
  });
  afterAll(() => server?.stop());

  it('has each fault as what it is, to two steps, and no more', () => {
    const { noControllerSeconds = 0, unconnectedSeconds = 0, unknownSeconds = 0 } = availability ?? {};
    for (const [seconds, hours] of [
      [noControllerSeconds, 1],
      [unconnectedSeconds, 2],
      [unknownSeconds, 3],
    ] as const)
      expect(Math.abs(seconds - hours * 3600)).toBeLessThanOrEqual(2 * STEP);
  });

  it('leaves out the maintenance of three nights, and the rest is available', () => {
    expect(availability?.maintenanceSeconds).toBe(3 * 3600);
    const others = Object.values(availability ?? {}).reduce((sum, seconds) => sum + seconds, 0);
    expect(others).toBe(END - START);
    expect(availability?.availableSeconds).toBeGreaterThanOrEqual(3 * DAY - 9 * 3600 - 6 * STEP);
  });
});
