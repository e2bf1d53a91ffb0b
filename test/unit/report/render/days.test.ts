import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Language } from '../../../../src/report/model/indicator.ts';
import type { Report, Status } from '../../../../src/report/model/report.ts';
import type { Availability, ReportDay } from '../../../../src/report/model/report-analysis.ts';
import { createContext } from '../../../../src/report/render/create-context.ts';
import { type DayRow, type DaysView, daysView } from '../../../../src/report/render/sections/days/view.ts';
import { sampleReport } from '../../../fixtures/sample-report.ts';

const week = sampleReport({ period: 'week', nodes: 3 });

/** Days from a Monday on, in UTC. */
function daysOf(
  statuses: readonly Record<string, Status>[],
  first = Date.parse('2026-11-16T00:00:00Z'),
): ReportDay[] {
  const at = (index: number) => `${new Date(first + index * 86_400_000).toISOString().slice(0, 19)}Z`;
  return statuses.map((ofDay, index) => ({ start: at(index), end: at(index + 1), statuses: ofDay }));
}

function viewOf(calendar: ReportDay[], language: Language = 'en', timeZone = 'UTC'): DaysView {
  const report: Report = { ...week, calendar, period: { ...week.period, timeZone } };
  const view = daysView(createContext(report, language));
  if (view === null) throw new Error('no calendar');
  return view;
}

const titleOf = (markup: { toString(): string } | null | undefined) =>
  /<title>(.*?)<\/title>/.exec(String(markup))?.[1];
const cells = ({ cells: all }: DayRow) => all.map(({ mark }) => titleOf(mark));
const findingsOf = ({ findings }: DayRow) => findings.map(({ mark, title }) => `${titleOf(mark)}: ${title}`);

const WELL: Record<string, Status> = {
  'ovs-flow-count': 'healthy',
  'local-pod-count': 'healthy',
  'scrape-coverage': 'healthy',
};

describe('the calendar', () => {
  it('has a column for each measured section, and a title for each mark', () => {
    const view = viewOf(
      daysOf([
        { ...WELL, 'conntrack-usage': 'not-enabled' },
        { ...WELL, 'ovs-flow-count': 'critical', 'conntrack-usage': 'not-enabled' },
      ]),
    );
    expect(view.columns).toEqual(['Datapath', 'Capacity', 'Coverage']);
    expect(view.rows.map(cells)).toEqual([
      [
        'Tue 17 Nov, Datapath: critical (OVS flow count)',
        'Tue 17 Nov, Capacity: healthy',
        'Tue 17 Nov, Coverage: healthy',
      ],
      ['Mon 16 Nov, Datapath: healthy', 'Mon 16 Nov, Capacity: healthy', 'Mon 16 Nov, Coverage: healthy'],
    ]);
    expect(view.rows.map(({ day }) => day)).toEqual(['Tue 17 Nov', 'Mon 16 Nov']);
    expect(view.legend.map(({ word }) => word)).toEqual(['Critical', 'Healthy']);
    expect(view.summary).toBe('Critical on 1 day, no findings on 1 day.');
  });

  it('follows the usage of Chinese', () => {
    const view = viewOf(daysOf([WELL, { ...WELL, 'ovs-flow-count': 'warning' }]), 'zh-CN');
    expect(view.heading).toBe('逐日情况');
    expect(view.columns).toEqual(['数据通路', '容量', '采集']);
    expect(cells(view.rows[0] as DayRow)[0]).toBe('11月17日 周二，数据通路：警告（OVS 流表项数）');
    expect(view.summary).toBe('2 天中，1 天有警告，1 天未发现问题。');
    expect(viewOf(daysOf([WELL, WELL]), 'zh-CN').summary).toBe('2 天均未发现问题。');
    const both = daysOf([
      { ...WELL, 'ovs-flow-count': 'critical' },
      { ...WELL, 'ovs-flow-count': 'warning' },
    ]);
    expect(viewOf(both, 'zh-CN').summary).toBe('2 天中，1 天出现严重问题，1 天仅有警告。');
  });

  it('says for how long the control path was available, and for how long not', () => {
    const textOf = (parts: Partial<Availability>, language: Language = 'en') => {
      const availability = {
        availableSeconds: 0,
        noControllerSeconds: 0,
        unconnectedSeconds: 0,
        unknownSeconds: 0,
        maintenanceSeconds: 0,
        ...parts,
      };
      const report: Report = { ...week, availability };
      return daysView(createContext(report, language))?.availability.replaceAll('\u00a0', ' ');
    };
    expect(textOf({ availableSeconds: 604_800 })).toBe(
      'The control path was available for 100% of the time.',
    );
    const parts = {
      availableSeconds: 574_200,
      noControllerSeconds: 300,
      unconnectedSeconds: 1200,
      unknownSeconds: 300,
      maintenanceSeconds: 28_800,
    };
    expect(textOf(parts)).toBe(
      'The control path was available for 99.6% of the time. No controller answered: 5 min; agents not connected to the controller: 20 min; unknown: 5 min (0.1%). Maintenance of 8 h is left out.',
    );
    expect(textOf(parts, 'zh-CN')).toBe(
      '控制链路可用率为 99.6%：Controller 无应答 5 分钟，有 Agent 未连接 Controller 20 分钟，情况不明 5 分钟（0.1%）。已扣除计划维护 8 小时。',
    );
    // A month with one bad step is not 100 %.
    expect(textOf({ availableSeconds: 2_678_100, noControllerSeconds: 300 })).toContain('for 99.9% of');
    expect(textOf({ unknownSeconds: 604_800 })).toBe(
      'For how long the control path was available is unknown.',
    );
    expect(textOf({ maintenanceSeconds: 604_800 })).toBe(
      'The whole period was maintenance, so the control path has no availability.',
    );
    expect(daysView(createContext(week, 'en'))?.availability).toBe('');
  });

  it('counts each day by its worst status', () => {
    const bad = { ...WELL, 'ovs-flow-count': 'critical', 'local-pod-count': 'warning' } as const;
    const warned = { ...WELL, 'local-pod-count': 'warning' } as const;
    expect(viewOf(daysOf([bad, bad, warned, WELL])).summary).toBe(
      'Critical on 2 days, warning on 1 day, no findings on 1 day.',
    );
    expect(viewOf(daysOf([WELL, WELL, WELL])).summary).toBe('No findings on any of the 3 days.');
  });

  it('names a finding on the day on which it is new', () => {
    const warned = { ...WELL, 'local-pod-count': 'warning' } as const;
    const worse = { ...WELL, 'local-pod-count': 'critical', 'ovs-flow-count': 'warning' } as const;
    expect(viewOf(daysOf([warned, warned, worse, WELL, warned])).rows.map(findingsOf)).toEqual([
      ['Warning: Local Pods'],
      [],
      ['Critical: Local Pods', 'Warning: OVS flow count'],
      [],
      ['Warning: Local Pods'],
    ]);
  });

  it('names an indicator without data on one day, but not one without data on all days', () => {
    const never = { ...WELL, 'local-pod-count': 'failed' } as const;
    const lacking = { ...never, 'ovs-flow-count': 'no-data' } as const;
    const { rows } = viewOf(daysOf([never, lacking]));
    expect(rows.map(findingsOf)).toEqual([['No data: OVS flow count'], []]);
    expect(rows.map((row) => cells(row)[1])).toEqual([
      'Tue 17 Nov, Capacity: query failed (Local Pods)',
      'Mon 16 Nov, Capacity: query failed (Local Pods)',
    ]);
  });

  it('explains each mark that it shows, also one that is only next to the name of a finding', () => {
    const both = { ...WELL, 'ovs-flow-count': 'critical', 'ovs-flow-operation-errors': 'failed' } as const;
    const words = (calendar: ReportDay[]) => viewOf(calendar).legend.map(({ word }) => word);
    expect(words(daysOf([WELL, both]))).toEqual(['Critical', 'Query failed', 'Healthy']);
    expect(words(daysOf([both, both]))).toEqual(['Critical', 'Healthy']);
  });

  it('counts findings that do not fit in a line', () => {
    const ids = ['cpu-usage', 'resident-memory', 'goroutines', 'open-file-descriptors', 'ovs-flow-count'];
    const all = Object.fromEntries(ids.map((id): [string, Status] => [id, 'warning']));
    const [row] = viewOf(daysOf([all])).rows;
    expect([row?.findings.length, row?.more]).toEqual([3, 'and 2 more']);
  });

  it('marks weekends and the ends of weeks', () => {
    const { rows } = viewOf(daysOf(Array(9).fill(WELL), Date.parse('2026-11-13T00:00:00Z')));
    expect(rows.flatMap(({ isWeekend, day }) => (isWeekend ? [day] : []))).toEqual([
      'Sat 21 Nov',
      'Sun 15 Nov',
      'Sat 14 Nov',
    ]);
    expect(rows.flatMap(({ endsWeek, day }) => (endsWeek ? [day] : []))).toEqual(['Sun 15 Nov']);
  });

  it('has the hours of a day of which the period has only a part', () => {
    const part = (start: string, end: string, timeZone: string) =>
      viewOf([{ start, end, statuses: WELL }], 'en', timeZone).rows[0]?.hours;
    expect(part('2026-11-16T09:00:00Z', '2026-11-17T00:00:00Z', 'UTC')).toBe('from 09:00');
    expect(part('2026-11-16T00:00:00Z', '2026-11-16T09:00:00Z', 'UTC')).toBe('until 09:00');
    expect(part('2026-11-15T16:00:00Z', '2026-11-16T16:00:00Z', 'Asia/Shanghai')).toBe('');
    // In Beirut, clocks were set forward at midnight, so that day began at 1:00 and had 23 hours.
    expect(part('2026-03-28T22:00:00Z', '2026-03-29T21:00:00Z', 'Asia/Beirut')).toBe('');
  });

  it('has local days, also where clocks change', () => {
    const { rows } = viewOf(
      sampleReport({ period: 'month', nodes: 3 }).calendar ?? [],
      'en',
      'Europe/Berlin',
    );
    expect(rows).toHaveLength(30);
    expect(rows.every(({ hours }) => hours === '')).toBe(true);
    expect([rows[0]?.day, rows.at(-2)?.day, rows.at(-1)?.day]).toEqual([
      'Sun 22 Nov',
      'Sun 25 Oct',
      'Sat 24 Oct',
    ]);
  });

  it('is left out for a short period', () => {
    expect(daysView(createContext({ ...week, calendar: null }, 'en'))).toBeNull();
  });

  it('shows the worst status of every day in its column', () => {
    const ids = [
      'missing-agents',
      'ovs-flow-count',
      'ovs-flow-operation-errors',
      'local-pod-count',
      'process-restarts',
    ];
    const status = fc.constantFrom<Status>(
      'critical',
      'warning',
      'failed',
      'no-data',
      'healthy',
      'not-enabled',
      'not-exposed',
    );
    const day = fc.record(Object.fromEntries(ids.map((id) => [id, status])), { requiredKeys: [] });
    fc.assert(
      fc.property(fc.array(day, { minLength: 1, maxLength: 35 }), (statuses) => {
        const view = viewOf(daysOf(statuses as Record<string, Status>[]));
        expect(view.rows).toHaveLength(statuses.length);
        const datapath = view.columns.indexOf('Datapath');
        for (const [index, row] of view.rows.toReversed().entries()) {
          expect(row.cells).toHaveLength(view.columns.length);
          const ofDay = statuses[index] as Record<string, Status>;
          const both = [ofDay['ovs-flow-count'], ofDay['ovs-flow-operation-errors']];
          const title = datapath < 0 ? undefined : titleOf(row.cells[datapath]?.mark);
          for (const severity of ['critical', 'warning'] as const) {
            const isWorst =
              both.includes(severity) && (severity === 'critical' || !both.includes('critical'));
            expect(title?.includes(`: ${severity}`) ?? false).toBe(isWorst);
          }
        }
      }),
    );
  });
});
