import { describe, expect, it } from 'vitest';
import { calendarOf } from '../../../src/assess/days.ts';
import type { IndicatorAssessment } from '../../../src/assess/indicator.ts';
import type { Finding, ReportIndicator } from '../../../src/model/report.ts';
import { iso, START } from './notation.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;
const days = [0, 1, 2].map((day) => ({ start: START + day * DAY, end: START + (day + 1) * DAY }));
const grid = { start: START, stepSeconds: HOUR, count: 72 };

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
    ...change,
  } as ReportIndicator;
  return {
    indicator,
    findings: [],
    seen: Array.from({ length: 72 }, (_, hour) => seenDays.includes(Math.floor(hour / 24))),
  };
}

const stretch = (id: string, severity: Finding['severity'], from: number, to: number): Finding =>
  ({
    indicator: id,
    severity,
    episodes: [{ start: iso(START + from * HOUR), end: iso(START + to * HOUR), value: 1 }],
  }) as unknown as Finding;

const calendar = (assessments: IndicatorAssessment[], findings: Finding[] = []) =>
  calendarOf(days, assessments, findings, {
    checks: ['process-restarts'],
    levels: new Set(['level']),
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
    const statuses = calendar([assessmentOf('latency', [0, 2])]);
    expect(statuses[1]).toEqual({ latency: 'no-data', 'process-restarts': 'no-data' });
  });

  it('says on every day what is off', () => {
    const statuses = calendar([
      assessmentOf('level', [0, 1, 2]),
      assessmentOf('off', [], { status: 'not-enabled' }),
    ]);
    expect(statuses.map(({ off }) => off)).toEqual(['not-enabled', 'not-enabled', 'not-enabled']);
  });
});
