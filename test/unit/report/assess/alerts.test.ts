import { describe, expect, it } from 'vitest';
import { alertsOf } from '../../../../src/report/assess/alerts/alerts.ts';
import { judgeAlerts } from '../../../../src/report/assess/alerts/fired.ts';
import { INDICATORS } from '../../../../src/report/catalog/indicators/index.ts';
import type { FiringAlert, GatheredAlerts } from '../../../../src/report/model/gathered.ts';
import { CONTROLLER_SUBJECT, type Finding, reportSchema } from '../../../../src/report/model/report.ts';
import type { Incident } from '../../../../src/report/model/report-analysis.ts';
import { type FindingParts, finding, incident } from '../../../fixtures/report-parts.ts';
import { afterSteps, gatheredOf, points, START, STEP } from './notation.ts';

const COUNT = 100;
const facts = gatheredOf(COUNT);

/** An alert that fires at the points of a range such as "10-20", counted from 0. */
function firing(name: string, ranges: string, changes: Partial<FiringAlert> = {}): FiringAlert {
  const values = points(`_x${COUNT}`);
  for (const range of ranges.split(' ')) {
    const [first = 0, last = first] = range.split('-').map(Number);
    values.fill(1, first, last + 1);
  }
  return { name, severity: 'critical', component: 'agent', node: 'node-1', values, ...changes };
}

/** A finding from the start of the first step to the end of the last one. */
function found(subject: string, first: number, last: number, changes: Partial<FindingParts> = {}): Finding {
  return finding({
    ...{ indicator: 'proxy-sync-duration', subject, value: 2, threshold: 1, severity: 'critical' },
    stretches: [[afterSteps(first), afterSteps(last + 1)]],
    ...changes,
  });
}

const controller = { component: 'controller', subject: CONTROLLER_SUBJECT } as const;

type Options = { anyAlert?: Float64Array | null };

/** Assesses alerts, with an incident for each list of findings. */
function assessed(alerts: readonly FiringAlert[], groups: readonly Finding[][], options: Options = {}) {
  const { anyAlert = points(`1x${COUNT}`) } = options;
  const findings = groups.flat();
  const incidents = groups.map((group) =>
    incident(
      findings,
      group.map((one) => findings.indexOf(one)),
    ),
  );
  const answer: GatheredAlerts = {
    grid: facts.grid,
    query: 'ALERTS',
    alerts: { ok: true, value: { firing: alerts, anyAlert } },
  };
  const ids = ['proxy-sync-duration', 'open-file-descriptors'];
  return alertsOf(judgeAlerts(answer, facts, INDICATORS), { incidents, findings, facts }, ids);
}

/** Returns the names of the alerts of each incident; null where they are not known. */
function namesOf({ alerts, incidents }: ReturnType<typeof assessed>) {
  return incidents.map((one: Incident) => one.alerts?.map(({ alert }) => alerts?.fired[alert]?.name) ?? null);
}

const matched = (alert: FiringAlert, ...findings: Finding[]) => namesOf(assessed([alert], [findings]))[0];

describe('alerts that fired', () => {
  it('have episodes by step, which a missing evaluation does not end', () => {
    const { alerts } = assessed([firing('A', '10-12 14-15 30'), firing('B', '90-99')], []);
    expect(alerts?.fired).toMatchObject([
      { name: 'B', ongoing: true, start: afterSteps(90), end: afterSteps(100) },
      {
        name: 'A',
        ongoing: false,
        episodes: [
          { start: afterSteps(10), end: afterSteps(16) },
          { start: afterSteps(30), end: afterSteps(31) },
        ],
      },
    ]);
  });

  it('are one for each name, severity and subject, worst first', () => {
    const { alerts } = assessed(
      [
        firing('A', '1-2', { severity: 'warning' }),
        firing('A', '3-9', { severity: 'page' }),
        firing('A', '20', { severity: 'page' }),
        firing('A', '3-20', { severity: 'page', component: 'controller', node: null }),
        firing('A', '1-90', { severity: null, component: null, node: null }),
      ],
      [],
    );
    expect(
      alerts?.fired.map(({ severity, subject, episodes }) => [severity, subject, episodes.length]),
    ).toEqual([
      ['page', CONTROLLER_SUBJECT, 1],
      ['page', 'node-1', 2],
      ['warning', 'node-1', 1],
      [null, 'cluster', 1],
    ]);
  });

  it('of our rules about the whole cluster have no other subject', () => {
    const { alerts } = assessed(
      [firing('AntreaUnwatchedAgents', '1', { component: 'controller', node: null })],
      [],
    );
    expect(alerts?.fired).toMatchObject([{ subject: 'cluster', component: null }]);
  });

  it('are bounded in number, episodes and text, and every incident keeps one', () => {
    const many = Array.from({ length: 300 }, (_, index) =>
      firing(`A${index}`, '0-50', { node: `node-${index}` }),
    );
    const flapping = points(
      Array.from({ length: COUNT }, (_, index) => (index % 3 === 0 ? '1' : '_')).join(' '),
    );
    const last = firing('z'.repeat(5000), '60', { severity: 'info', node: 'node-999', values: flapping });
    const result = assessed([...many, last], [[found('node-999', 58, 62)]]);
    expect(result.alerts).toMatchObject({ more: 101 });
    expect(result.alerts?.fired).toHaveLength(200);
    const kept = result.alerts?.fired[result.incidents[0]?.alerts?.[0]?.alert ?? -1];
    expect(kept?.name).toHaveLength(200);
    expect((kept?.episodes.length ?? 0) + (kept?.moreEpisodes ?? 0)).toBe(34);
    expect(reportSchema.shape.alerts.safeParse(result.alerts).error).toBeUndefined();
  });
});

describe('an alert belongs to an incident', () => {
  it.each([
    ['while it lasts', '22-25', true],
    ['if they touch, since either may have begun at any time in a step', '10-19', true],
    ['but not if it ended before', '10-18', false],
    ['up to 15 minutes after it', '34', true],
    ['but not later', '35', false],
    ['in one of several episodes', '1 25 70', true],
  ])('%s (%#)', (_, when, isMatched) => {
    expect(matched(firing('A', when), found('node-1', 20, 30))).toEqual(isMatched ? ['A'] : []);
  });

  it('of the same subject', () => {
    const ofController = { component: 'controller', node: null } as const;
    expect(matched(firing('A', '20'), found('node-2', 20, 30))).toEqual([]);
    expect(matched(firing('A', '20'), found('', 20, 30, controller))).toEqual([]);
    expect(matched(firing('A', '20', ofController), found('node-1', 20, 30))).toEqual([]);
    expect(matched(firing('A', '20', ofController), found('', 20, 30, controller))).toEqual(['A']);
  });

  it('about the whole cluster, and the reverse', () => {
    const ofCluster = { component: null, subject: 'cluster' };
    const wide = { component: null, node: null };
    const agents = { component: 'agent', node: null } as const;
    expect(matched(firing('A', '22'), found('', 20, 30, ofCluster))).toEqual(['A']);
    expect(matched(firing('A', '22', wide), found('', 20, 30, controller))).toEqual(['A']);
    expect(matched(firing('A', '22', agents), found('node-7', 20, 30))).toEqual(['A']);
    expect(matched(firing('A', '22', agents), found('', 20, 30, controller))).toEqual([]);
    // It had fired for hours, so that nobody was paged for this.
    expect(matched(firing('A', '1-40', wide), found('node-7', 20, 30))).toEqual([]);
    expect(matched(firing('A', '1-40'), found('node-1', 20, 30))).toEqual(['A']);
  });

  it('of its own indicator, if it is one of our rules', () => {
    const own = firing('AntreaProxySyncDuration', '22');
    const other = { indicator: 'open-file-descriptors' };
    const both = assessed([own], [[found('node-1', 20, 30)], [found('node-1', 20, 30, other)]]);
    expect(namesOf(both)).toEqual([['AntreaProxySyncDuration'], []]);
    expect(matched(own, found('node-1', 20, 30, other))).toEqual(['AntreaProxySyncDuration']);
  });

  it('in the episodes of its findings, not in the pause between them', () => {
    const stretches = [10, 80].map((step) => [afterSteps(step), afterSteps(step + 1)] as const);
    const pauses = found('node-1', 10, 80, { stretches });
    expect(matched(firing('A', '40-50'), pauses)).toEqual([]);
    const { incidents } = assessed([firing('A', '40 81')], [[pauses]]);
    expect(incidents[0]?.alerts).toEqual([{ alert: 0, from: afterSteps(81) }]);
  });
});

describe('that no alert fired', () => {
  const none = (changes: Options, ...findings: Finding[]) => namesOf(assessed([], [findings], changes))[0];

  it('is not said if there is no alert of any rule', () => {
    const result = assessed([], [[found('node-1', 20, 30)]], { anyAlert: null });
    expect(result.alerts).toBeUndefined();
    expect(namesOf(result)).toEqual([null]);
  });

  it('is not said of a time before the first alert of any rule', () => {
    expect(none({ anyAlert: points('_x30 1x70') }, found('node-1', 20, 30))).toEqual([]);
    expect(none({ anyAlert: points('_x60 1x40') }, found('node-1', 20, 30))).toBeNull();
  });

  it('is not said of what has just begun', () => {
    const ongoing = { ongoing: true };
    expect(none({}, found('node-1', 97, 99, ongoing))).toEqual([]);
    expect(none({}, found('node-1', 98, 99, ongoing))).toBeNull();
  });

  it('is not said of a capture without the question, nor of one that failed', () => {
    const findings = [found('node-1', 20, 30)];
    const judged = { incidents: [incident(findings, [0])], findings, facts };
    const failed = {
      query: 'ALERTS',
      stepSeconds: STEP,
      found: { ok: false as const, reason: 'it took too long' },
    };
    expect(alertsOf(failed, judged, [])).toEqual({
      incidents: judged.incidents,
      alertsReason: 'it took too long',
    });
    const lacking = { ...failed, found: { ...failed.found, notCaptured: true as const } };
    expect(alertsOf(lacking, judged, [])).toEqual({ incidents: judged.incidents });
    expect(alertsOf(null, judged, [])).toEqual({ incidents: judged.incidents });
  });
});

it('uses steps of five minutes', () => expect([START % STEP, STEP]).toEqual([0, 300]));
