import { describe, expect, it } from 'vitest';
import { calendarOf } from '../../../../src/report/assess/days.ts';
import type { IndicatorAssessment } from '../../../../src/report/assess/indicator.ts';
import type { Finding, ReportIndicator } from '../../../../src/report/model/report.ts';
import { iso, START } from './notation.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;
const days = [0, 1, 2].map((day) => ({ start: START + day * DAY, end: START + (day + 1) * DAY }));
const grid = { start: START, stepSeconds: HOUR, count: 72 };

const hoursOf = (seenDays: readonly number[]) =>
  Array.from({ length: 72 }, (_, hour) => seenDays.includes(Math.floor(hour / 24)));

function assessmentOf(
  id: string,
  seenDays: readonly number[],
  change: Partial<ReportIndicator> = {},
): IndicatorAssessment {
  const indicator = {
    id,
    status: 'healthy',
    idle: false,
    aggregation: 'maximum',
    components: ['agent'],
    ...change,
  } as ReportIndicator;
  return {
    indicator,
    findings: [],
    seen: hoursOf(seenDays),
    levels: new Map(),
  };
}

const stretch = (id: string, severity: Finding['severity'], from: number, to: number): Finding =>
  ({
    indicator: id,
    severity,
    episodes: [{ start: iso(START + from * HOUR), end: iso(START + to * HOUR), value: 1 }],
  }) as unknown as Finding;

const calendar = (
  assessments: IndicatorAssessment[],
  findings: Finding[] = [],
  scraped: Parameters<typeof calendarOf>[3]['scraped'] = {
    agent: hoursOf([0, 1, 2]),
    controller: hoursOf([0, 1, 2]),
  },
) =>
  calendarOf(days, assessments, findings, {
    checks: ['process-restarts'],
    absences: new Map([
      ['level', { whenEmpty: 'no-data', whenAbsent: 'no-data' }],
      ['latency', { whenEmpty: 'idle', whenAbsent: 'no-data' }],
      ['since-an-upgrade', { whenEmpty: 'no-data', whenAbsent: 'not-exposed' }],
      ['switched', { whenEmpty: 'not-enabled', whenAbsent: 'no-data' }],
    ]),
    scraped,
    grid,
  }).map(({ statuses }) => statuses);

describe('the calendar', () => {
  it('gives each day the worst that lasted into it; midnight is the next day’s', () => {
    const findings = [
      stretch('level', 'warning', 20, 30),
      stretch('level', 'critical', 40, 48),
      stretch('process-restarts', 'warning', 48, 48),
    ];
    const statuses = calendar([assessmentOf('level', [0, 1, 2])], findings);
    expect(statuses.map(({ level }) => level)).toEqual(['warning', 'critical', 'healthy']);
    expect(statuses.map((one) => one['process-restarts'])).toEqual(['healthy', 'healthy', 'warning']);
  });

  it('calls a level that was away all day a hole, and a quiet day of events quiet', () => {
    const statuses = calendar([
      assessmentOf('level', [0, 2]),
      assessmentOf('latency', [0]),
      assessmentOf('other', [0, 1, 2]),
    ]);
    expect(statuses.map(({ level }) => level)).toEqual(['healthy', 'no-data', 'healthy']);
    expect(statuses.map(({ latency }) => latency)).toEqual(['healthy', 'healthy', 'healthy']);
  });

  it('calls nothing healthy on a day of which nothing is known', () => {
    const scraped = { agent: hoursOf([0, 2]), controller: hoursOf([0, 2]) };
    // What an indicator of one's own reads may be there all the same.
    const own = assessmentOf('own', [0, 1, 2], { components: [] });
    const [, second] = calendar([assessmentOf('latency', [0, 2]), own], [], scraped);
    const { own: _, ...statuses } = second ?? {};
    expect(statuses).toEqual({ latency: 'no-data', 'process-restarts': 'no-data' });
  });

  it('calls no quiet day of the controller healthy on which it was not scraped', () => {
    const scraped = { agent: hoursOf([0, 1, 2]), controller: hoursOf([0, 2]) };
    const statuses = calendar(
      [assessmentOf('latency', [0], { components: ['controller'] }), assessmentOf('level', [0, 1, 2])],
      [],
      scraped,
    );
    expect(statuses.map(({ latency }) => latency)).toEqual(['healthy', 'no-data', 'healthy']);
  });

  it('says of days before an upgrade, or before a feature was switched on, that it was not there', () => {
    const statuses = calendar([assessmentOf('since-an-upgrade', [1]), assessmentOf('switched', [2])]);
    expect(statuses.map((one) => one['since-an-upgrade'])).toEqual(['not-exposed', 'healthy', 'no-data']);
    expect(statuses.map(({ switched }) => switched)).toEqual(['not-enabled', 'not-enabled', 'healthy']);
  });

  it('says on every day what is off', () => {
    const statuses = calendar([
      assessmentOf('level', [0, 1, 2]),
      assessmentOf('off', [], { status: 'not-enabled' }),
    ]);
    expect(statuses.map(({ off }) => off)).toEqual(['not-enabled', 'not-enabled', 'not-enabled']);
  });
});
