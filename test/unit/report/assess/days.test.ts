import { describe, expect, it } from 'vitest';
import type { CoverageAssessment } from '../../../../src/report/assess/coverage/coverage.ts';
import { assessDays } from '../../../../src/report/assess/days.ts';
import type { JudgedIndicator } from '../../../../src/report/assess/judge-indicator.ts';
import type { Indicator } from '../../../../src/report/model/indicator.ts';
import type { Finding, ReportIndicator } from '../../../../src/report/model/report.ts';
import { iso, START } from './notation.ts';

type SeenIndicator = Pick<JudgedIndicator, 'indicator' | 'seen'>;

const HOUR = 3600;
const DAY = 24 * HOUR;
const days = [0, 1, 2].map((day) => ({ start: START + day * DAY, end: START + (day + 1) * DAY }));
const grid = { start: START, stepSeconds: HOUR, count: 72 };

const hoursOf = (seenDays: readonly number[]) =>
  Array.from({ length: 72 }, (_, hour) => seenDays.includes(Math.floor(hour / 24)));

function judgedOf(
  id: string,
  seenDays: readonly number[],
  change: Partial<ReportIndicator> = {},
): SeenIndicator {
  const indicator = {
    id,
    status: 'healthy',
    idle: false,
    aggregation: 'maximum',
    components: ['agent'],
    ...change,
  } as ReportIndicator;
  return { indicator, seen: hoursOf(seenDays) };
}

const episode = (id: string, severity: Finding['severity'], from: number, to: number): Finding =>
  ({
    indicator: id,
    severity,
    episodes: [{ start: iso(START + from * HOUR), end: iso(START + to * HOUR), value: 1 }],
  }) as unknown as Finding;

const statusesOf = (
  judged: SeenIndicator[],
  findings: Finding[] = [],
  scrapedAt: CoverageAssessment['scrapedAt'] = {
    agent: hoursOf([0, 1, 2]),
    controller: hoursOf([0, 1, 2]),
  },
) =>
  assessDays(days, { judged, scrapedAt }, findings, {
    grid,
    checks: ['process-restarts'],
    indicators: [
      { id: 'level', whenEmpty: 'no-data', whenAbsent: 'no-data' },
      { id: 'latency', whenEmpty: 'idle', whenAbsent: 'no-data' },
      { id: 'since-an-upgrade', whenEmpty: 'no-data', whenAbsent: 'not-exposed' },
      { id: 'switched', whenEmpty: 'not-enabled', whenAbsent: 'no-data' },
    ] as Indicator[],
  }).map(({ statuses }) => statuses);

describe('the days of a period', () => {
  it('have the worst status that lasted into each; midnight belongs to the next day', () => {
    const findings = [
      episode('level', 'warning', 20, 30),
      episode('level', 'critical', 40, 48),
      episode('process-restarts', 'warning', 48, 48),
    ];
    const statuses = statusesOf([judgedOf('level', [0, 1, 2])], findings);
    expect(statuses.map(({ level }) => level)).toEqual(['warning', 'critical', 'healthy']);
    expect(statuses.map((one) => one['process-restarts'])).toEqual(['healthy', 'healthy', 'warning']);
  });

  it('have no data where a level was missing all day, and are healthy where nothing happened', () => {
    const statuses = statusesOf([
      judgedOf('level', [0, 2]),
      judgedOf('latency', [0]),
      judgedOf('other', [0, 1, 2]),
    ]);
    expect(statuses.map(({ level }) => level)).toEqual(['healthy', 'no-data', 'healthy']);
    expect(statuses.map(({ latency }) => latency)).toEqual(['healthy', 'healthy', 'healthy']);
  });

  it('are never healthy if nothing was scraped', () => {
    const scraped = { agent: hoursOf([0, 2]), controller: hoursOf([0, 2]) };
    // A user's own indicator may read the series of another exporter.
    const own = judgedOf('own', [0, 1, 2], { components: [] });
    const [, second] = statusesOf([judgedOf('latency', [0, 2]), own], [], scraped);
    const { own: _, ...statuses } = second ?? {};
    expect(statuses).toEqual({ latency: 'no-data', 'process-restarts': 'no-data' });
  });

  it('are not healthy for the controller while it was not scraped', () => {
    const scraped = { agent: hoursOf([0, 1, 2]), controller: hoursOf([0, 2]) };
    const statuses = statusesOf(
      [judgedOf('latency', [0], { components: ['controller'] }), judgedOf('level', [0, 1, 2])],
      [],
      scraped,
    );
    expect(statuses.map(({ latency }) => latency)).toEqual(['healthy', 'no-data', 'healthy']);
  });

  it('show what was not exposed before an upgrade or not enabled before a feature was', () => {
    const statuses = statusesOf([judgedOf('since-an-upgrade', [1]), judgedOf('switched', [2])]);
    expect(statuses.map((one) => one['since-an-upgrade'])).toEqual(['not-exposed', 'healthy', 'no-data']);
    expect(statuses.map(({ switched }) => switched)).toEqual(['not-enabled', 'not-enabled', 'healthy']);
  });

  it('all show a disabled feature', () => {
    const statuses = statusesOf([
      judgedOf('level', [0, 1, 2]),
      judgedOf('off', [], { status: 'not-enabled' }),
    ]);
    expect(statuses.map(({ off }) => off)).toEqual(['not-enabled', 'not-enabled', 'not-enabled']);
  });
});
