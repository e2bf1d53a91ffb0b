/** The alerts of a server with the incidents of the faulty day: who was paged, and for what nobody was. */
import { describe, expect, it } from 'vitest';
import type { FiredAlert } from '../../src/report/model/alert.ts';
import type { Report } from '../../src/report/model/report.ts';
import { alertSeries, FAULTY_DAY_ALERTS, type SimulatedAlert } from '../simulation/alerts.ts';
import { type SimulatedSeries, simulate, withLabels } from '../simulation/samples.ts';
import { FAULTY_NODES, simulatedDay } from '../simulation/scenarios.ts';
import { type ServerKind, TWO_SERVERS, withServer } from './every-server.ts';
import { reportOn } from './report.ts';

const DAY = simulatedDay('faulty', { nodes: FAULTY_NODES });
const OTHER = simulatedDay('healthy', { seed: 2, nodes: 3 });

function reportOver(
  kind: ServerKind,
  series: Iterable<SimulatedSeries>[],
  cluster?: string,
): Promise<Report> {
  return withServer(kind, async (database) => {
    for (const one of series) await database.load(one);
    return reportOn(database.url, DAY.period, { step: '5m' }, cluster);
  });
}

/** An alert as "name severity subject from–to", where the times are hours and minutes. */
const inShort = ({ name, severity, subject, episodes }: FiredAlert) =>
  [
    name,
    severity,
    subject,
    ...episodes.map(({ start, end }) => `${start.slice(11, 16)}–${end.slice(11, 16)}`),
  ].join(' ');

/** Returns the names of the alerts of the incidents with a finding of an indicator; null where they are not known. */
function alertsOf(report: Report, indicator: string): (string[] | null)[] {
  return report.incidents
    .filter(({ findings }) => findings.some((index) => report.findings[index]?.indicator === indicator))
    .map(({ alerts }) => alerts?.map(({ alert }) => report.alerts?.fired[alert]?.name ?? '') ?? null);
}

describe.each(TWO_SERVERS)('$name', (kind) => {
  it('has the alerts about Antrea, each with its incident, and none of other applications', async () => {
    const report = await reportOver(kind, [simulate(DAY.simulation), alertSeries(FAULTY_DAY_ALERTS)]);
    expect(report.alerts?.fired.map(inShort)).toEqual([
      'AntreaProxySyncDuration critical worker-05 17:15–18:00',
      'AntreaFlowsUnusual page worker-10 10:00–10:20 12:30–12:40',
      'TargetDown warning cluster 04:10–06:00',
    ]);
    expect(report.alerts).toMatchObject({ evaluatedFrom: '2026-11-20T00:05:00Z', more: 0 });
    expect(alertsOf(report, 'proxy-sync-duration')).toEqual([['AntreaProxySyncDuration']]);
    expect(alertsOf(report, 'scrape-coverage')).toEqual([['TargetDown']]);
    expect(alertsOf(report, 'open-file-descriptors')).toEqual([[]]);
    expect(report.complete).toBe(true);
  });

  it('says nothing about alerts if the server has none, as if rules were evaluated elsewhere', async () => {
    const report = await reportOver(kind, [simulate(DAY.simulation)]);
    expect(report.alerts).toBeUndefined();
    expect(report.alertsReason).toBeUndefined();
    expect(report.incidents.filter(({ alerts }) => alerts !== undefined)).toEqual([]);
  });
});

describe.each(TWO_SERVERS)('two clusters in one $name', (kind) => {
  const ofOther: SimulatedAlert[] = FAULTY_DAY_ALERTS.map((one) => ({ ...one, name: `Other${one.name}` }));

  it('are distinguished by the label of the cluster', async () => {
    const series = (label: string, scenario: typeof DAY, alerts: readonly SimulatedAlert[]) => [
      withLabels(simulate(scenario.simulation), { cluster: label }),
      withLabels(alertSeries(alerts), { cluster: label }),
    ];
    const all = [...series('alpha', DAY, FAULTY_DAY_ALERTS), ...series('beta', OTHER, ofOther)];
    const report = await reportOver(kind, all, 'alpha');
    expect(report.alerts?.fired.map(({ name }) => name)).toEqual([
      'AntreaProxySyncDuration',
      'AntreaFlowsUnusual',
      'TargetDown',
    ]);
  });

  it('are not confused if only the other one has alerts', async () => {
    const report = await reportOver(
      kind,
      [
        withLabels(simulate(DAY.simulation), { cluster: 'alpha' }),
        withLabels(simulate(OTHER.simulation), { cluster: 'beta' }),
        withLabels(alertSeries(ofOther), { cluster: 'beta' }),
      ],
      'alpha',
    );
    expect(report.alerts).toBeUndefined();
  });
});
