import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../../src/config/file.ts';
import { parseRecurringTime } from '../../../../src/config/recurrence.ts';
import { resolveSettings } from '../../../../src/config/settings.ts';
import { assess } from '../../../../src/report/assess/assess.ts';
import { matchesPattern } from '../../../../src/report/assess/silences.ts';
import type { Recurrence } from '../../../../src/report/model/recurrence.ts';
import type { Report } from '../../../../src/report/model/report.ts';
import { countSilenced, type Silence } from '../../../../src/report/model/silence.ts';
import { createContext } from '../../../../src/report/render/create-context.ts';
import { renderCsv } from '../../../../src/report/render/csv/render.ts';
import { renderJunit } from '../../../../src/report/render/junit/render.ts';
import { plain } from '../../../../src/report/render/kit/phrase.ts';
import { renderOpenMetrics } from '../../../../src/report/render/openmetrics/render.ts';
import { statusOf } from '../../../../src/report/render/sections/incidents/explained.ts';
import { mastheadView } from '../../../../src/report/render/sections/masthead/view.ts';
import { silencedView } from '../../../../src/report/render/sections/silenced/view.ts';
import { toGathering } from '../../../fixtures/gathered.ts';
import { restart, silence } from '../../../fixtures/report-parts.ts';
import { gatheredOf, iso, OPTIONS, START, STEP, series, targetsOf } from './notation.ts';

function recurrenceOf(every: readonly string[]): Recurrence {
  return { every, times: every.map((text) => parseRecurringTime(text, 'every')), timeZone: 'UTC' };
}

/** Twelve steps; a node has too many Pods from the fourth to the eighth. */
async function reportWith(
  silences: readonly Silence[],
  pods = '1x3 250x5 1x4',
  scrapes = '5x12',
): Promise<Report> {
  const answer = { ok: true as const, value: [series(pods, { node: 'node-1' })] };
  const gathered = gatheredOf(12, {
    indicators: { 'local-pod-count': { query: 'q', answer } },
    targets: targetsOf([{ node: 'node-1', tried: '5x12', answered: scrapes, started: '-9000x12' }], 1),
  });
  const indicators = OPTIONS.indicators.filter(({ id }) => id === 'local-pod-count');
  return assess(toGathering(gathered, indicators), { ...OPTIONS, indicators, silences });
}

const SILENCE: Silence = {
  kind: 'silence',
  indicator: 'local-pod-count',
  subject: 'node-*',
  reason: 'More nodes are ordered',
  owner: 'Platform',
  start: null,
  end: START + 8 * STEP,
};

describe('a silence', () => {
  it('takes its findings out of verdict, score and incidents, and the report says so on its first line', async () => {
    const loud = await reportWith([]);
    expect(loud).toMatchObject({ verdict: 'critical', score: 75, silences: [] });
    const report = await reportWith([SILENCE]);
    expect(report).toMatchObject({ verdict: 'healthy', score: 100, findings: [], incidents: [] });
    expect(report.silenced).toEqual(loud.findings.map((finding) => ({ silence: 0, finding })));
    expect(report.silences).toMatchObject([
      { reason: 'More nodes are ordered', findings: 1, expired: false },
    ]);
    const context = createContext(report, 'en');
    expect(mastheadView(context).verdict.detail).toMatch(
      /^No problems found\. 1 critical finding is silenced\./,
    );
    expect(mastheadView(createContext(report, 'zh-CN')).verdict.detail).toContain('已静默 1 项严重发现。');
    expect(report.indicators.map((indicator) => statusOf(context, indicator))).toEqual(['silenced']);
    const view = silencedView(context);
    expect(view?.rows.map(({ headline }) => plain(headline))).toEqual([
      'Local Pods on node-1 reached 250 (threshold 240)',
    ]);
    expect(view?.rows.map(({ reason }) => plain(reason).replaceAll('\u00a0', ' '))).toEqual([
      'More nodes are ordered, owner: Platform, until 20 Nov 2026, 00:40',
    ]);
  });

  it.each([
    ['it ends a minute before the finding', { end: START + 8 * STEP - 60 }],
    ['it begins a minute after the finding', { start: START + 3 * STEP + 60 }],
    ['it is about another indicator', { indicator: 'cpu-usage' }],
    ['it is about another node', { subject: 'node-2*' }],
    ['it has expired', { end: START }],
  ])('does nothing when %s', async (_, changes) => {
    const silence = { ...SILENCE, ...changes };
    const report = await reportWith([silence]);
    expect(report).toMatchObject({ verdict: 'critical', score: 75, silenced: [] });
    const isExpired = silence.end === START;
    expect(report.silences).toMatchObject([{ findings: 0, expired: isExpired }]);
    expect(silencedView(createContext(report, 'en'))?.idle.map(({ label }) => label)).toEqual([
      isExpired ? 'Expired' : 'Without findings',
    ]);
  });

  it('that begins with the finding, ends with the report, or overlaps another counts its findings once', async () => {
    const exact = { ...SILENCE, start: START + 3 * STEP };
    const maintenance: Silence = { ...SILENCE, kind: 'maintenance', indicator: null, subject: null };
    const report = await reportWith([exact, maintenance]);
    expect(report.verdict).toBe('healthy');
    expect(report.silences.map(({ findings }) => findings)).toEqual([1, 0]);
    const ongoing = { ...SILENCE, end: START + 12 * STEP };
    expect((await reportWith([ongoing], '1x3 250x9')).verdict).toBe('healthy');
  });

  it.each([
    ['covered its finding', { end: START - 4 * STEP }, 100],
    ['covered its finding and has not ended', { end: START + 900 * STEP }, 100],
    ['ended before its finding did', { end: START - 5 * STEP }, 75],
    ['began only with this period', { start: START, end: START + 900 * STEP }, 75],
  ])('counts in the score of the period before when it %s', async (_, times, score) => {
    const targets = targetsOf([{ node: 'node-1', tried: '5x12', answered: '5x12', started: '-9000x12' }], 1);
    const answerOf = (pods: string) => ({ ok: true as const, value: [series(pods, { node: 'node-1' })] });
    const { windows, grid } = gatheredOf(12);
    const gathered = gatheredOf(12, {
      indicators: { 'local-pod-count': { query: 'q', answer: answerOf('1x12') } },
      targets,
      earlier: [
        {
          kind: 'before',
          period: { start: START - 12 * STEP, end: START },
          grid: { ...grid, start: START - 12 * STEP },
          windows,
          targets,
          indicators: { 'local-pod-count': answerOf('1x3 250x5 1x4') },
        },
      ],
    });
    const indicators = OPTIONS.indicators.filter(({ id }) => id === 'local-pod-count');
    const silences = [{ ...SILENCE, ...times }];
    const report = await assess(toGathering(gathered, indicators), { ...OPTIONS, indicators, silences });
    expect(report.comparisons).toMatchObject([{ kind: 'before', known: true, score }]);
  });

  it('matches names by * only', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '+', '(', '-') });
    fc.assert(
      fc.property(text, text, text, (a, b, c) => {
        expect(matchesPattern(`${a}${b}${c}`, `${a}*${c}`)).toBe(true);
        expect(matchesPattern(`${a}${b}${c}`, `*${b}*`)).toBe(true);
        expect(matchesPattern(a, b)).toBe(a === b);
        expect(matchesPattern(`${a}x`, `${a}*y`)).toBe(false);
      }),
    );
    expect(matchesPattern('aba', 'ab*ba')).toBe(false);
  });
});

describe('maintenance that comes again', () => {
  // 00:15 to 00:40 on a Friday, when the node has too many Pods.
  const maintenance = (from: string, to: string): Silence => ({
    ...SILENCE,
    kind: 'maintenance',
    indicator: null,
    subject: null,
    owner: null,
    end: null,
    recurrence: recurrenceOf([`Fri ${from}-${to}`]),
  });
  const listOf = (report: Report) => silencedView(createContext(report, 'en'));

  it('silences what is within one of its windows, and the report says when that was', async () => {
    const report = await reportWith([maintenance('00:15', '00:40')]);
    expect(report).toMatchObject({ verdict: 'healthy', score: 100, findings: [] });
    expect(report.silences).toMatchObject([
      {
        end: null,
        recurrence: { windows: [{ start: '2026-11-20T00:15:00Z', end: '2026-11-20T00:40:00Z' }] },
        findings: 1,
      },
    ]);
    const [row] = listOf(report)?.rows ?? [];
    expect(row && plain(row.reason).replaceAll('\u00a0', ' ')).toBe(
      'Maintenance: More nodes are ordered, until 20 Nov 2026, 00:40',
    );
  });

  it.each([
    ['00:16', '02:00'],
    ['22:00', '00:39'],
  ])('does not silence what is partly outside of %s to %s', async (from, to) => {
    const recurrence = recurrenceOf([`day ${from}-${to}`]);
    const report = await reportWith([{ ...maintenance(from, to), recurrence }]);
    expect(report.verdict).toBe('critical');
    expect(listOf(report)?.idle.map(({ label }) => label)).toEqual(['Without findings']);
  });

  it('silences what lies across two of its times that touch', async () => {
    const recurrence = recurrenceOf(['Fri 00:00-00:20', 'Fri 00:20-01:00']);
    expect((await reportWith([{ ...maintenance('00:15', '00:40'), recurrence }])).verdict).toBe('healthy');
  });

  it('is not mentioned in a report without any of its windows, until it expires', async () => {
    const recurrence = recurrenceOf(['Sat 00:15-00:40']);
    const report = await reportWith([{ ...maintenance('00:15', '00:40'), recurrence }]);
    expect(report.verdict).toBe('critical');
    expect(listOf(report)).toBeNull();
    const expired = await reportWith([{ ...maintenance('00:15', '00:40'), end: START }]);
    expect(expired.verdict).toBe('critical');
    expect(listOf(expired)?.idle.map(({ label }) => label)).toEqual(['Expired']);
  });
});

describe('silenced findings in the other outputs', () => {
  it('are skipped tests with the reason, in JUnit', async () => {
    const junit = renderJunit(await reportWith([SILENCE]), 'en').replaceAll('\u00a0', ' ');
    expect(junit).toContain(
      [
        '<skipped>Local Pods on node-1 reached 250 (threshold 240), 20 Nov 2026, 00:15 – 00:40',
        '  Silenced: More nodes are ordered, owner: Platform, until 20 Nov 2026, 00:40',
        'Times are in UTC.</skipped>',
      ].join('\n'),
    );
    const gap = { ...SILENCE, indicator: 'scrape-coverage', subject: null, end: START + 900 * STEP };
    const chinese = renderJunit(await reportWith([gap], '1x12', '5x3 _x5 5x4'), 'zh-CN');
    expect(chinese).toMatch(
      /name="采集覆盖"[^>]*>\n<skipped>.*\n {2}已静默：More nodes are ordered，负责人：Platform/,
    );
  });

  it('have rows of their own kind in CSV, since a row of a finding needs attention', async () => {
    const [header = '', ...lines] = renderCsv(await reportWith([SILENCE]), 'en').split('\r\n');
    expect(header).toMatch(/,silenced_reason,silenced_until$/);
    expect(lines.filter((line) => line.startsWith('finding,'))).toEqual([]);
    expect(lines.filter((line) => line.startsWith('silenced-finding,'))).toEqual([
      expect.stringMatching(/,node-1,.*,critical,250,.*,More nodes are ordered,2026-11-20T00:40:00Z$/),
    ]);
  });

  it('are counted by severity in OpenMetrics', async () => {
    const gauges = renderOpenMetrics(await reportWith([SILENCE]));
    expect(gauges).toContain('healthreport_silenced_findings{cluster="test",severity="critical"} 1\n');
    expect(gauges).toContain('healthreport_silenced_findings{cluster="test",severity="warning"} 0\n');
    expect(gauges).toMatch(/healthreport_findings\{[^}]*"local-pod-count",severity="critical"\} 0\n/);
  });

  it('are counted from the list in documents of before', () => {
    const { critical: _, ...old } = silence(3);
    const finding = restart('node-1', 'Sun 03:12');
    const silenced = [
      { silence: 0, finding: { ...finding, severity: 'critical' as const } },
      { silence: 0, finding: { ...finding, severity: 'warning' as const } },
    ];
    expect(countSilenced({ silences: [old], silenced })).toEqual({ critical: 1, warning: 2 });
  });
});

describe('silences of a configuration', () => {
  const silencesOf = (text: string) => resolveSettings(parseConfig(text, 'health.yaml').file).report.silences;

  it('have the times of the cluster’s time zone', () => {
    const silences = silencesOf(`
timeZone: Europe/Berlin
silences:
  - { indicator: cpu-usage, subject: "w*", reason: known, until: 2026-10-25T02:30 }
  - { indicator: process-restarts, reason: known, from: "2026-11-20", until: "2026-11-21T00:00Z" }
maintenance:
  - { name: upgrade, from: 2026-03-29T02:30, until: 2026-03-29T04:00 }
`);
    expect(silences.map(({ start, end }) => [start && iso(start), end && iso(end)])).toEqual([
      // The first of the two that are called 02:30.
      [null, '2026-10-25T00:30:00Z'],
      ['2026-11-19T23:00:00Z', '2026-11-21T00:00:00Z'],
      // 02:30 does not exist: an hour later.
      ['2026-03-29T01:30:00Z', '2026-03-29T02:00:00Z'],
    ]);
  });

  it('have the time zone of their entry, and every time with it', () => {
    const [one] = silencesOf(`
timeZone: Asia/Shanghai
maintenance:
  - name: patches
    every: [Tue 22:00-02:00, "first Sun 01:00–05:00"]
    timeZone: europe/berlin
    until: 2027-01-01
`);
    expect(one).toMatchObject({ start: null, end: Date.UTC(2026, 11, 31, 23) / 1000 });
    expect(one?.recurrence).toEqual({
      every: ['Tue 22:00-02:00', 'first Sun 01:00–05:00'],
      times: [
        { weekdays: [2], nth: null, start: 22 * 3600, end: 26 * 3600 },
        { weekdays: [0], nth: 1, start: 3600, end: 5 * 3600 },
      ],
      timeZone: 'Europe/Berlin',
    });
  });

  it.each([
    [
      '{ indicator: cpu-usge, reason: x, until: 2027-01-01 }',
      'silences.0.indicator: cpu-usge is not an indicator; did you mean cpu-usage?',
    ],
    ['{ indicator: cpu-usage, reason: x, until: soon }', 'silences.0.until: "soon" is not a time'],
    [
      '{ indicator: cpu-usage, reason: x, from: 2027-01-02, until: 2027-01-01 }',
      'silences.0.until: is not after from',
    ],
    ['{ indicator: cpu-usage, until: 2027-01-01 }', 'silences.0.reason'],
  ])('refuse %s', (silence, message) => {
    expect(() => silencesOf(`silences: [${silence}]`)).toThrow(message);
  });
});
