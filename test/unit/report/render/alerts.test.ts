import { describe, expect, it } from 'vitest';
import type { FiredAlert, IncidentAlert } from '../../../../src/report/model/alert.ts';
import type { Language } from '../../../../src/report/model/indicator.ts';
import type { Report } from '../../../../src/report/model/report.ts';
import { parseStoredReport } from '../../../../src/report/model/stored-report.ts';
import { createContext } from '../../../../src/report/render/create-context.ts';
import { renderHtml } from '../../../../src/report/render/html.ts';
import { plain } from '../../../../src/report/render/kit/phrase.ts';
import { alertsView } from '../../../../src/report/render/sections/alerts/view.ts';
import { coverageView } from '../../../../src/report/render/sections/coverage/view.ts';
import { incidentViews } from '../../../../src/report/render/sections/incidents/view.ts';
import { sampleReport } from '../../../fixtures/sample-report.ts';

const sample = sampleReport();
const hour = (hours: number) =>
  new Date(Date.parse(sample.period.start) + hours * 3_600_000).toISOString().replace('.000Z', 'Z');

function fired(
  name: string,
  subject: string,
  from = 1,
  to = 2,
  changes: Partial<FiredAlert> = {},
): FiredAlert {
  const [start, end] = [hour(from), hour(to)];
  return {
    ...{ name, subject, component: 'agent', severity: 'critical', start, end, ongoing: false },
    ...{ episodes: [{ start, end }], moreEpisodes: 0 },
    ...changes,
  };
}

/** The sample with alerts, the given ones for its first incident. */
function withAlerts(alerts: FiredAlert[], ofFirst: IncidentAlert[] | undefined, more = 0): Report {
  const incidents = sample.incidents.map((incident, index) =>
    index === 0 && ofFirst !== undefined ? { ...incident, alerts: ofFirst } : incident,
  );
  return { ...sample, incidents, alerts: { evaluatedFrom: hour(0), fired: alerts, more } };
}

const lineOf = (report: Report, language: Language = 'en') =>
  plain(incidentViews(createContext(report, language))[0]?.alerts ?? []);

describe('the line of an incident', () => {
  const page = fired('AntreaDown', 'node-01', 1, 2, { severity: 'page' });

  it.each([
    ['en', 'Alert AntreaAgentDown fired from Sat 10:00 (critical).'],
    ['zh-CN', '告警 AntreaAgentDown 自周六 10:00 起触发（严重）。'],
  ] as const)('names its alert in %s, that of several nodes once', (language, expected) => {
    const alerts = [fired('AntreaAgentDown', 'node-01'), fired('AntreaAgentDown', 'node-02')];
    const both = [0, 1].map((alert) => ({ alert, from: hour(2 - alert) }));
    expect(lineOf(withAlerts(alerts, both), language)).toBe(expected);
  });

  it.each([
    [
      'en',
      'Alerts fired: A0 from Sat 09:00 (critical), A1 from Sat 09:00 (critical), AntreaDown from Sat 10:00 (page) and 1 more.',
    ],
    [
      'zh-CN',
      '触发的告警：A0（严重，自周六 09:00 起）、A1（严重，自周六 09:00 起）、AntreaDown（page，自周六 10:00 起），另有 1 条。',
    ],
  ] as const)('names three alerts in %s', (language, expected) => {
    const alerts = [fired('A0', 'node-01'), fired('A1', 'node-01'), page, fired('A3', 'node-01')];
    const all = alerts.map((_, alert) => ({ alert, from: hour(alert < 2 ? 0 : 1) }));
    expect(lineOf(withAlerts(alerts, all), language)).toBe(expected);
  });

  it('says that none fired only for a critical incident, and only where that is known', () => {
    const report = withAlerts([page], []);
    expect(report.incidents[0]?.severity).toBe('critical');
    expect(lineOf(report)).toBe('No alert fired for it.');
    expect(lineOf(report, 'zh-CN')).toBe('该事件没有触发告警。');
    expect(lineOf(withAlerts([page], undefined))).toBe('');
    const warning = {
      ...report,
      incidents: report.incidents.map((one) => ({ ...one, severity: 'warning' as const })),
    };
    expect(lineOf(warning)).toBe('');
  });
});

describe('the section of alerts', () => {
  const view = (report: Report, language: Language = 'en') => alertsView(createContext(report, language));

  it('has a row for each name and severity, with its incident', () => {
    const alerts = [
      fired('AntreaAgentDown', 'node-01'),
      fired('AntreaAgentDown', 'node-02', 3, 4),
      fired('Other', 'antrea-controller', 5, 6, { component: 'controller', severity: null }),
      fired('Flapping', 'node-03', 5, 6, { moreEpisodes: 2, ongoing: true, severity: 'warning' }),
    ];
    const shown = view(withAlerts(alerts, [{ alert: 1, from: hour(3) }]));
    expect(
      shown?.rows.map(({ name, severity, place, when, otherIncidents }) => [
        ...[name, severity, place].map(plain),
        when,
        otherIncidents,
      ]),
    ).toEqual([
      ['AntreaAgentDown', 'critical', '2 nodes', 'Sat 10:00–13:00', ''],
      ['Other', '', 'controller', 'Sat 14:00–15:00', 'no incident'],
      ['Flapping', 'warning', 'node-03', 'since Sat 14:00, 3 times', 'no incident'],
    ]);
    expect(shown?.rows[0]?.incidents).toHaveLength(1);
    expect(shown?.summary).toBe('');
  });

  it('has at most twelve rows, is closed if it is long, and counts the others', async () => {
    const alerts = Array.from({ length: 20 }, (_, index) => fired(`A${index}`, 'node-01'));
    const shown = view(withAlerts(alerts, [], 5));
    expect(shown?.rows).toHaveLength(12);
    expect(shown).toMatchObject({ more: 'and 13 more alerts', summary: '25 alerts' });
    expect(await renderHtml(withAlerts(alerts, [], 5), { language: 'zh-CN' })).toContain(
      '<summary>25 条告警</summary>',
    );
  });

  it('is absent without alerts, and the coverage names a failure', () => {
    expect(view(sample)).toBeNull();
    expect(view(withAlerts([], []))).toBeNull();
    const failed = { ...sample, alertsReason: 'it took too long' };
    expect(view(failed)).toBeNull();
    expect(coverageView(createContext(failed, 'en')).alerts).toBe(
      'Which alerts fired is unknown: it took too long.',
    );
    expect(coverageView(createContext(sample, 'en')).alerts).toBe('');
  });

  it('escapes what rules name', async () => {
    const html = await renderHtml(
      withAlerts([fired('<script>x</script>', 'node-01')], [{ alert: 0, from: hour(1) }]),
      { language: 'en' },
    );
    expect(html).not.toContain('<script>x');
  });
});

it('alerts are part of a stored report, and one without them can still be read', () => {
  const report = withAlerts([fired('A', 'node-01')], [{ alert: 0, from: hour(1) }]);
  expect(parseStoredReport(JSON.stringify(report))).toEqual(report);
  expect(parseStoredReport(JSON.stringify(sample)).alerts).toBeUndefined();
});
