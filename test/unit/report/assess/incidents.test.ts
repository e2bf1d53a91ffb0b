import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assessCoverage } from '../../../../src/report/assess/coverage/coverage.ts';
import { DEFAULT_COVERAGE_THRESHOLDS } from '../../../../src/report/assess/coverage/findings.ts';
import { findIncidents } from '../../../../src/report/assess/incidents/incidents.ts';
import { assessIndicator } from '../../../../src/report/assess/indicator.ts';
import { CAUSE_RULES } from '../../../../src/report/catalog/causes/index.ts';
import { INDICATORS } from '../../../../src/report/catalog/indicators/index.ts';
import type { CauseRule } from '../../../../src/report/model/cause.ts';
import {
  CLUSTER_SUBJECT,
  CONTROLLER_SUBJECT,
  type Finding,
  PROMETHEUS_SUBJECT,
} from '../../../../src/report/model/report.ts';
import {
  explainedFindings,
  type Incident,
  incident as incidentSchema,
} from '../../../../src/report/model/report-analysis.ts';
import { cpuSeconds } from '../../../fixtures/cpu-seconds.ts';
import { answered, gatheredOf, indicatorNamed, iso, START, STEP, series, targetsOf } from './notation.ts';

const DAY = 86_400;

/** Returns a time of the period's day, '03:12' or '03:12:30'. */
function at(time: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number);
  return START + hours * 3600 + minutes * 60 + seconds;
}

const clock = (time: string) => time.slice(11, 16);

/** A finding with episodes like '03:10-03:20=8' with the value 8, '03:12' for a moment, '03:10-' if ongoing. */
function finding(
  indicator: string,
  subject: string,
  episodeList: string,
  changes: Partial<Finding> = {},
): Finding {
  const episodes = episodeList.split(' ').map((notation) => {
    const [, from = '', dash, to = '', value = '1'] =
      /^([\d:]+)(-)?([\d:]*)(?:=(\d+))?$/.exec(notation) ?? [];
    const end = dash === undefined ? at(from) : to === '' ? START + DAY : at(to);
    return { start: iso(at(from)), end: iso(end), value: Number(value) };
  });
  const seconds = episodes.map(({ start, end }) => (Date.parse(end) - Date.parse(start)) / 1000);
  return {
    indicator,
    subject,
    component: subject === CONTROLLER_SUBJECT ? 'controller' : subject.startsWith('node') ? 'agent' : null,
    severity: 'warning',
    value: 1,
    unit: 'ratio',
    threshold: 0,
    condition: 'above',
    usual: null,
    labels: {},
    start: episodes[0]?.start ?? '',
    end: episodes.at(-1)?.end ?? '',
    durationSeconds: seconds.reduce((sum, one) => sum + one, 0),
    ongoing: /-$/.test(episodeList),
    episodes,
    compared: null,
    weekBefore: null,
    ...changes,
  };
}

const critical = { severity: 'critical' } as const;
const restart = (subject: string, moments: string, changes: Partial<Finding> = {}) =>
  finding('process-restarts', subject, moments, { unit: 'restarts', ...changes });
const errors = (subject: string, episodeList: string, changes: Partial<Finding> = {}) =>
  finding('ovs-flow-operation-errors', subject, episodeList, { unit: 'failed-bundles', ...changes });
const noFlows = (subject: string, episodeList: string) =>
  finding('ovs-flow-count', subject, episodeList, { unit: 'flows', ...critical });

const options = { rules: CAUSE_RULES, stepSeconds: STEP, lookBackSeconds: STEP, periodStart: START };
const incidentsOf = (findings: readonly Finding[], changes: Partial<typeof options> = {}) =>
  findIncidents(findings, { ...options, ...changes });

/** Returns the findings of each incident, in its order. */
const findingsByIncident = (findings: readonly Finding[], changes: Partial<typeof options> = {}) =>
  incidentsOf(findings, changes).map((incident) => incident.findings);

const linksOf = ({ links }: Pick<Incident, 'links'>) =>
  links
    .map(({ rule, cause, effect, explained }) => `${cause} ${explained ? '⇒' : '→'} ${effect} ${rule}`)
    .sort();

describe('an agent restart with its side effects', () => {
  const findings = [
    noFlows('node-1', '03:10-03:20=0'),
    errors('node-1', '03:10-03:20=8', critical),
    finding('rule-sync-retries', 'node-1', '03:10-03:25=5', { unit: 'retries' }),
    restart('node-1', '03:12'),
  ];
  const [incident, ...others] = incidentsOf(findings);

  it('is one incident about the restart, with its severity', () => {
    expect(others).toEqual([]);
    expect(incident).toMatchObject({
      severity: 'warning',
      start: iso(at('03:10')),
      end: iso(at('03:25')),
      ongoing: false,
      findings: [3, 0, 1, 2],
    });
  });

  it('is explained by the restart', () => {
    expect(incident && linksOf(incident).filter((link) => link.startsWith('3'))).toEqual([
      '3 ⇒ 0 agent-restart-flow-count',
      '3 ⇒ 1 agent-restart-flow-errors',
      '3 ⇒ 2 agent-restart-rule-retries',
    ]);
    expect(explainedFindings(incidentsOf(findings))).toEqual(new Set([0, 1, 2]));
  });

  it('has a timeline that is exact to a step', () => {
    expect(
      incident?.timeline.map(({ at, kind, finding, value }) => [clock(at), kind, finding, value]),
    ).toEqual([
      // The steps begin at 03:10, but effects of the restart do not begin before it.
      ['03:12', 'restart', 3, null],
      ['03:12', 'start', 0, 0],
      ['03:12', 'events', 1, 8],
      ['03:12', 'events', 2, 5],
      ['03:20', 'end', 0, null],
    ]);
  });

  it('does not move what began a step before the restart', () => {
    const [early] = incidentsOf([noFlows('node-1', '03:05-03:20'), restart('node-1', '03:12')]);
    expect(early?.timeline.map(({ at, kind }) => [clock(at), kind])).toEqual([
      ['03:05', 'start'],
      ['03:12', 'restart'],
      ['03:20', 'end'],
    ]);
  });

  it.each([
    ['the flows do not return in time', [noFlows('node-1', '03:10-03:55'), restart('node-1', '03:12')]],
    ['the flows do not return until the end', [noFlows('node-1', '23:50-'), restart('node-1', '23:52')]],
  ])('is critical when %s', (_what, broken) => {
    expect(incidentsOf(broken)).toMatchObject([
      { severity: 'critical', findings: [1, 0], links: [{ explained: false }] },
    ]);
    expect(explainedFindings(incidentsOf(broken))).toEqual(new Set());
  });

  it('does not cause what began before it or much later', () => {
    for (const time of ['02:50-03:20', '03:35-03:40', '09:00-09:05'])
      expect(
        incidentsOf([errors('node-1', time), restart('node-1', '03:12')]).flatMap(linksOf),
      ).not.toContainEqual(expect.stringMatching(/^1/));
    expect(findingsByIncident([errors('node-1', '09:00-09:05'), restart('node-1', '03:12')])).toHaveLength(2);
    expect(findingsByIncident([errors('node-2', '03:10-03:20'), restart('node-1', '03:12')])).toHaveLength(2);
  });

  it('does not cause errors if only one of several episodes matches', () => {
    expect(
      findingsByIncident([
        errors('node-1', '02:10-02:20 11:00-11:05 15:40-15:45'),
        restart('node-1', '11:00:40'),
      ]),
    ).toHaveLength(2);
    const half = [errors('node-1', '11:00-11:05 15:40-15:45'), restart('node-1', '11:00:40')];
    expect(incidentsOf(half)).toMatchObject([{ findings: [1, 0], links: [{ explained: false }] }]);
    const every = [errors('node-1', '11:00-11:05 15:40-15:45'), restart('node-1', '11:00:40 15:41')];
    expect(incidentsOf(every)).toMatchObject([{ findings: [1, 0], links: [{ explained: true }] }]);
  });

  it('explains nothing if steps are too long to show how soon it was over', () => {
    const coarse = [errors('node-1', '03:00-06:00', critical), restart('node-1', '04:12')];
    expect(incidentsOf(coarse, { stepSeconds: 10_800 })).toMatchObject([
      { severity: 'critical', links: [{ rule: 'agent-restart-flow-errors', explained: false }] },
    ]);
  });
});

describe('a day on which an agent restarted at 03:12, had no flows for ten minutes and recovered at 03:27', () => {
  const flowCount = indicatorNamed('ovs-flow-count');
  const failed = indicatorNamed('ovs-flow-operation-errors');
  const retries = indicatorNamed('rule-sync-retries');
  const gathered = gatheredOf(288, {
    targets: targetsOf(
      ['node-1', 'node-2'].map((node) => ({
        node,
        tried: '5x288',
        answered: node === 'node-1' ? '5x38 4 5x249' : '5x288',
        started: node === 'node-1' ? `-9000x38 ${at('03:12') - START}x250` : '-9000x288',
      })),
    ),
  });
  const answers = [
    // Each point is the highest value of its five minutes: 0 if there were no flows in all of them.
    { indicator: flowCount, lines: [series('1000x39 0 1000x248'), series('1000x288', { node: 'node-2' })] },
    { indicator: failed, lines: [series('0x39 8 0x248', { operation: 'add' })] },
    { indicator: retries, lines: [series('0x39 2 3 0x247', { name: 'networkpolicyrule' })] },
  ];
  const {
    findings: ofCoverage,
    starts,
    coverage,
  } = assessCoverage(gathered, DEFAULT_COVERAGE_THRESHOLDS, {
    pods: gathered.pods,
    hasEarlierData: true,
    isDrawn: true,
  });
  const context = { starts, presentMetrics: null, scraped: coverage.targets };
  const findings = answers
    .flatMap(
      ({ indicator, lines }) =>
        assessIndicator(indicator, answered(indicator, lines), gathered, context).findings,
    )
    .concat(ofCoverage);

  it('has one incident about it, with everything else explained', () => {
    expect(findings.map(({ indicator, severity }) => `${indicator} ${severity}`)).toEqual([
      'ovs-flow-count critical',
      'ovs-flow-operation-errors warning',
      'rule-sync-retries warning',
      'process-restarts warning',
    ]);
    const incidents = incidentsOf(findings);
    expect(incidents).toMatchObject([{ severity: 'warning', findings: [3, 0, 1, 2] }]);
    expect(explainedFindings(incidents)).toEqual(new Set([0, 1, 2]));
    const timeline = incidents[0]?.timeline.map(({ at, kind, finding, value }) => [
      clock(at),
      kind,
      findings[finding]?.indicator,
      value,
    ]);
    expect(timeline).toEqual([
      ['03:12', 'restart', 'process-restarts', null],
      ['03:15', 'start', 'ovs-flow-count', 0],
      ['03:15', 'events', 'ovs-flow-operation-errors', 8],
      ['03:15', 'events', 'rule-sync-retries', 5],
      ['03:20', 'end', 'ovs-flow-count', null],
    ]);
    expect(incidents[0]?.end).toBe(iso(at('03:25')));
  });
});

describe('a container of OVS that is killed for its memory', () => {
  const killed = finding('out-of-memory-kills', 'node-1', '03:15-03:20', { unit: 'restarts' });
  const restarted = finding('ovs-restarts', 'node-1', '03:15-03:20', { unit: 'restarts' });

  it('causes its restart, and that the flows are gone until they are programmed again', () => {
    const [incident, ...others] = incidentsOf([noFlows('node-1', '03:15-03:25'), restarted, killed]);
    expect(others).toEqual([]);
    expect(incident).toMatchObject({ severity: 'warning', findings: [2, 0, 1] });
    expect(new Set(incident && linksOf(incident))).toEqual(
      new Set(['2 ⇒ 1 memory-kill-restart', '1 ⇒ 0 ovs-restart-flow-count']),
    );
  });

  it('does not explain that the flows of another node are gone, or stay gone', () => {
    expect(explainedFindings(incidentsOf([noFlows('node-2', '03:15-03:25'), restarted]))).toEqual(new Set());
    expect(explainedFindings(incidentsOf([noFlows('node-1', '03:15-05:00'), restarted]))).toEqual(new Set());
  });
});

describe('a pool without addresses', () => {
  const retries = finding('feature-sync-retries', CONTROLLER_SUBJECT, '03:20-05:00', { unit: 'count' });
  const full = (changes: Partial<Finding>) =>
    finding('ip-pool-usage', CLUSTER_SUBJECT, '03:10-05:00', changes);

  it('causes the retries of the controller, unless some are left', () => {
    expect(incidentsOf([retries, full(critical)]).map(linksOf)).toEqual([['1 → 0 full-pool']]);
    expect(incidentsOf([retries, full({})]).flatMap(linksOf)).toEqual([]);
  });
});

describe('the certificate of the controller', () => {
  const incidentsWith = (secondsLeft: number) =>
    findingsByIncident([
      finding('failed-webhooks', CLUSTER_SUBJECT, '03:20-05:00', { unit: 'count' }),
      finding('unavailable-apis', CLUSTER_SUBJECT, '03:15-05:00', { unit: 'count', ...critical }),
      finding('expiring-certificates', CLUSTER_SUBJECT, '03:10-', { value: secondsLeft, ...critical }),
    ]);

  it('causes that APIs and webhooks are unavailable if it has expired', () => {
    expect(incidentsWith(0)).toEqual([[2, 1, 0]]);
    expect(incidentsWith(5 * DAY)).toEqual([[2], [1, 0]]);
  });
});

it('APIs of the controller are unavailable because of its own restart, not because of that of an agent', () => {
  const unavailable = finding('unavailable-apis', CLUSTER_SUBJECT, '03:15-03:25', {
    unit: 'count',
    ...critical,
  });
  const linksAfter = (subject: string) =>
    incidentsOf([unavailable, restart(subject, '03:12')]).flatMap(linksOf);
  expect(linksAfter(CONTROLLER_SUBJECT)).toEqual(['1 → 0 controller-restart-apis']);
  expect(linksAfter('node-1')).toEqual([]);
});

describe('cause and effect', () => {
  it('are reversed if the flows were gone well before the restart', () => {
    expect(incidentsOf([restart('node-1', '03:12'), noFlows('node-1', '02:55-03:15')])).toMatchObject([
      { severity: 'critical', findings: [1, 0], links: [{ rule: 'no-flows-restart', explained: true }] },
    ]);
  });

  it('are reversed if a gap was longer than a restart takes', () => {
    const gap = (time: string) => finding('scrape-coverage', 'node-1', time, { unit: 'seconds' });
    expect(incidentsOf([gap('03:00-03:13'), restart('node-1', '03:12')])).toMatchObject([
      { findings: [1, 0], links: [{ rule: 'restart-gap', explained: true }] },
    ]);
    expect(incidentsOf([restart('node-1', '03:12'), gap('01:00-03:13')])).toMatchObject([
      { findings: [1, 0], links: [{ rule: 'gap-restart', explained: true }] },
    ]);
    expect(
      findingsByIncident([restart('node-1', '02:00'), gap('00:30-03:13')]),
      'scrapes failed all along',
    ).toHaveLength(2);
  });

  it('form chains: memory, a restart, and its effects', () => {
    const chain = [
      noFlows('node-1', '12:00-12:10'),
      restart('node-1', '12:01'),
      finding('resident-memory', 'node-1', '10:00-12:00'),
    ];
    expect(incidentsOf(chain).map(linksOf)).toEqual([
      ['1 ⇒ 0 agent-restart-flow-count', '2 → 1 memory-restart'],
    ]);
    expect(incidentsOf(chain)).toMatchObject([{ severity: 'warning', findings: [2, 0, 1] }]);
  });

  it('do not explain an effect that is worse, unless the cause is a restart or an outage', () => {
    const duration = (severity: Finding['severity']) =>
      finding('network-policy-sync-duration', CONTROLLER_SUBJECT, '13:20-14:00', { severity });
    const tail = finding('policy-sync-tail', CONTROLLER_SUBJECT, '13:20-14:05', critical);
    expect(incidentsOf([tail, duration('warning')])).toMatchObject([
      { severity: 'critical', findings: [1, 0], links: [{ explained: false }] },
    ]);
    expect(incidentsOf([tail, duration('critical')])).toMatchObject([{ links: [{ explained: true }] }]);
  });

  it('are explained while both are ongoing', () => {
    const gap = finding('scrape-coverage', PROMETHEUS_SUBJECT, '20:00-', critical);
    const missing = finding('missing-agents', CLUSTER_SUBJECT, '20:05-', critical);
    expect(incidentsOf([missing, gap])).toMatchObject([
      { severity: 'critical', ongoing: true, findings: [1, 0], links: [{ explained: true }] },
    ]);
    const lesser = { ...gap, severity: 'warning' as const };
    expect(incidentsOf([missing, lesser])).toMatchObject([
      { severity: 'critical', links: [{ explained: false }] },
    ]);
    expect(incidentsOf([missing, gap])[0]?.timeline.map(({ kind, finding }) => `${kind} ${finding}`)).toEqual(
      ['start 1', 'start 0'],
    );
  });

  it('are explained by some causes and only linked to others', () => {
    const descriptors = finding('open-file-descriptors', 'node-1', '02:00-05:00', critical);
    expect(
      incidentsOf([descriptors, restart('node-1', '03:12'), errors('node-1', '03:10-03:20')]).map(linksOf),
    ).toEqual([['0 → 2 descriptors-failures', '1 ⇒ 2 agent-restart-flow-errors']]);
  });

  it('need everything that a rule requires', () => {
    const pressure = (changes: Partial<Finding>) =>
      finding('open-file-descriptors', 'node-1', '10:00-12:00', changes);
    expect(findingsByIncident([pressure({}), errors('node-1', '11:00-11:05')])).toHaveLength(2);
    expect(findingsByIncident([pressure(critical), errors('node-1', '11:00-11:05')])).toEqual([[0, 1]]);
  });

  it('are found for many restarts that each explain a part of what the cluster shows', () => {
    const nodes = Array.from({ length: 6 }, (_, index) => restart(`node-${index}`, `1${index}:01`));
    const shown = nodes.map((_, index) => `1${index}:00-1${index}:05`).join(' ');
    const findings = [...nodes, finding('missing-agents', CLUSTER_SUBJECT, shown, critical)];
    expect(incidentsOf(findings)).toMatchObject([{ severity: 'warning', findings: [0, 1, 2, 3, 4, 5, 6] }]);
    expect(explainedFindings(incidentsOf(findings))).toEqual(new Set([6]));
  });
});

describe('the times of a rule', () => {
  const retries = (episodeList: string) => finding('rule-sync-retries', 'node-1', episodeList);

  it('are extended by a step after an episode, but not after a moment, which is known to the second', () => {
    expect(findingsByIncident([restart('node-1', '03:12'), noFlows('node-1', '03:15-03:25')])).toHaveLength(
      1,
    );
    expect(findingsByIncident([restart('node-1', '03:12'), noFlows('node-1', '03:20-03:25')])).toHaveLength(
      2,
    );
    const slow = finding('proxy-sync-duration', 'node-1', '10:00-11:00');
    const differs = (episodeList: string) => finding('service-count-difference', 'node-1', episodeList);
    expect(findingsByIncident([slow, differs('11:15-11:30')])).toHaveLength(1);
    expect(findingsByIncident([slow, differs('11:20-11:30')])).toHaveLength(2);
  });

  it('allow for the look-back of a point', () => {
    const explainedUntil = (end: string, changes: Partial<Parameters<typeof findIncidents>[1]> = {}) =>
      explainedFindings(
        findIncidents([restart('node-1', '03:12'), retries(`03:10-${end}`)], { ...options, ...changes }),
      ).size === 1;
    expect(explainedUntil('03:30')).toBe(true);
    expect(explainedUntil('03:35')).toBe(false);
    expect(explainedUntil('03:35', { lookBackSeconds: 600 })).toBe(true);
    expect(explainedUntil('03:40', { lookBackSeconds: 600 })).toBe(false);
  });

  it('do not explain an ongoing effect', () => {
    expect(explainedFindings(incidentsOf([restart('node-1', '23:50'), retries('23:50-')]))).toEqual(
      new Set(),
    );
  });

  it('of a surge make Pods the cause of the flows that rise with them, not of flows that are gone', () => {
    const surge = incidentsOf([
      finding('local-pod-count', 'node-1', '05:00-07:00', { severity: 'critical' }),
      finding('ovs-flow-count', 'node-1', '03:30-08:00'),
    ]);
    expect(surge).toMatchObject([
      { severity: 'critical', findings: [0, 1], links: [{ cause: 0, effect: 1, explained: true }] },
    ]);
    const drop = incidentsOf([
      finding('local-pod-count', 'node-1', '05:00-07:00', { severity: 'critical' }),
      finding('ovs-flow-count', 'node-1', '03:30-08:00', { condition: 'below' }),
    ]);
    expect(drop).toHaveLength(2);
  });

  it('relate to the start of what may last all day', () => {
    const busy = finding('cpu-usage', 'node-1', '09:00-');
    const slow = (episodeList: string) => finding('ovs-flow-operation-latency', 'node-1', episodeList);
    expect(incidentsOf([slow('09:25-09:45'), busy])).toMatchObject([{ findings: [1, 0] }]);
    expect(findingsByIncident([slow('13:00-13:20'), busy])).toHaveLength(2);
  });

  it('apply to the right component', () => {
    const missing = finding('missing-agents', CLUSTER_SUBJECT, '03:10-03:25', critical);
    expect(findingsByIncident([restart('node-1', '03:12'), missing])).toHaveLength(1);
    expect(findingsByIncident([restart(CONTROLLER_SUBJECT, '03:12'), missing])).toHaveLength(2);
  });
});

describe('rules that form a circle', () => {
  const rule = (cause: string, effect: string, explainsSeconds?: number): CauseRule => ({
    ...{
      id: `${cause}-${effect}`,
      causes: [cause],
      effects: [effect],
      scope: 'same-subject',
      anchor: 'whole',
    },
    ...{ beforeSeconds: 3600, afterSeconds: 3600, reason: { en: '', 'zh-CN': '' } },
    ...(explainsSeconds === undefined ? {} : { explainsSeconds }),
  });
  const findings = ['a', 'b', 'c'].map((id, index) => finding(id, 'node-1', `10:${index * 15}-11:00`));

  it('make what began first the cause of the others', () => {
    const rules = [rule('a', 'b', 3600), rule('b', 'c', 3600), rule('c', 'a', 3600)];
    const incidents = incidentsOf(findings.toReversed(), { rules });
    expect(incidents).toMatchObject([{ findings: [2, 1, 0] }]);
    expect(explainedFindings(incidents)).toEqual(new Set([0, 1]));
  });

  it('make what began first the cause if one rule fits in both directions', () => {
    const both = { ...rule('a', 'b'), causes: ['a', 'b'], effects: ['a', 'b'] };
    expect(incidentsOf(findings.slice(0, 2).toReversed(), { rules: [both] })).toMatchObject([
      { findings: [1, 0] },
    ]);
    expect(findingsByIncident(findings.slice(0, 2), { rules: [both] })).toEqual([[0, 1]]);
  });

  it('leave one finding that needs attention', () => {
    const rules = [rule('a', 'b'), rule('b', 'c'), rule('c', 'a', 3600)];
    expect(incidentsOf(findings, { rules })).toMatchObject([{ findings: [1, 0, 2] }]);
  });
});

describe('findings in one place without a rule', () => {
  const own = (episodeList: string, subject = 'node-1', indicator = 'own-thing') =>
    finding(indicator, subject, episodeList, { component: null });

  it('are one incident if they begin together', () => {
    expect(
      findingsByIncident([own('10:00-11:00'), finding('local-pod-count', 'node-1', '10:10-10:30')]),
    ).toEqual([[0, 1]]);
    expect(
      findingsByIncident([own('10:00-11:00'), finding('local-pod-count', 'node-2', '10:10-10:30')]),
    ).toHaveLength(2);
    expect(
      findingsByIncident([own('10:00-11:00'), finding('local-pod-count', 'node-1', '10:15-10:30')]),
    ).toHaveLength(2);
    expect(
      findingsByIncident([own('10:00-10:03'), finding('local-pod-count', 'node-1', '10:10-10:30')]),
    ).toHaveLength(2);
  });

  it('do not join what lasts all day or was present at the start of the period', () => {
    const allDay = finding('local-pod-count', 'node-1', '09:00-', critical);
    expect(findingsByIncident([allDay, errors('node-1', '13:00-13:05'), own('18:00-18:05')])).toEqual([
      [0],
      [1],
      [2],
    ]);
    expect(findingsByIncident([finding('local-pod-count', 'node-1', '00:00-'), own('00:00-')])).toHaveLength(
      2,
    );
    expect(findingsByIncident([finding('local-pod-count', 'node-1', '01:00-'), own('01:00-')])).toEqual([
      [0, 1],
    ]);
  });

  it('are separate incidents if they are about the whole cluster', () => {
    const certificates = finding('certificate-expiry', 'cluster', '10:00-12:00');
    expect(findingsByIncident([certificates, finding('ip-pool-usage', 'cluster', '10:00-12:00')])).toEqual([
      [0],
      [1],
    ]);
  });

  it('begin together within a quarter of an hour, however long a step is', () => {
    const pods = finding('local-pod-count', 'node-1', '10:00-13:00');
    expect(findingsByIncident([pods, own('11:00-13:00')], { stepSeconds: 3600 })).toHaveLength(2);
    expect(findingsByIncident([pods, own('10:00-13:00')], { stepSeconds: 3600 })).toHaveLength(1);
  });

  it('are one incident if a warning follows a critical finding', () => {
    const low = finding('ovs-flow-count', 'node-1', '03:20-08:00');
    expect(findingsByIncident([noFlows('node-1', '03:00-03:20'), low])).toEqual([[0, 1]]);
    expect(
      findingsByIncident([
        noFlows('node-1', '03:00-03:20'),
        { ...low, start: iso(at('05:00')), episodes: [] },
      ]),
    ).toHaveLength(2);
  });
});

describe('incidents about the same topic', () => {
  it('are merged for any time and number of subjects', () => {
    const nodes = Array.from({ length: 300 }, (_, index) =>
      restart(`node-${index}`, index % 2 ? '03:12' : '15:40'),
    );
    const [incident, ...others] = incidentsOf(nodes);
    expect(others).toEqual([]);
    expect(incident?.findings).toHaveLength(300);
    expect(incident?.timeline).toEqual([]);
    expect(
      findingsByIncident([errors('node-1', '03:00-03:05'), errors('node-2', '15:00-15:05', critical)]),
    ).toHaveLength(2);
  });

  it('are merged with their effects', () => {
    const ratio = (subject: string, episodeList: string) =>
      finding('flow-operation-error-ratio', subject, episodeList);
    expect(
      findingsByIncident([
        errors('node-1', '03:00-03:20'),
        ratio('node-1', '03:00-03:20'),
        errors('node-2', '15:00-15:20'),
        ratio('node-2', '15:00-15:20'),
      ]),
    ).toEqual([[0, 2, 1, 3]]);
  });

  it('keep a gap of all targets separate from gaps of single targets', () => {
    const gap = (subject: string, time: string) => finding('scrape-coverage', subject, time);
    expect(
      findingsByIncident([
        gap('node-1', '03:00-03:20'),
        gap(PROMETHEUS_SUBJECT, '09:00-09:20'),
        gap('node-2', '15:00-15:20'),
      ]),
    ).toEqual([[0, 2], [1]]);
  });

  it('are one rollout if restarts with side effects follow each other', () => {
    const nodes = Array.from({ length: 12 }, (_, index) => {
      const time = (minutes: number) => iso(at('03:00') + (index * 25 + minutes) * 60).slice(11, 16);
      const own = [restart(`node-${index}`, time(2))];
      return index % 3 ? own : [...own, errors(`node-${index}`, `${time(0)}-${time(5)}`)];
    }).flat();
    const later = [restart('node-20', '15:00'), errors('node-20', '15:00-15:05')];
    const alone = restart('node-21', '20:00');
    const incidents = incidentsOf([...nodes, ...later, alone]);
    expect(incidents.map((incident) => incident.findings.length).sort((a, b) => b - a)).toEqual([16, 2, 1]);
    const rollout = incidents.find((incident) => incident.findings.length === 16);
    const indicators = rollout?.findings.map((index) => nodes[index]?.indicator);
    expect(indicators?.slice(0, 12)).toEqual(new Array(12).fill('process-restarts'));
    expect(rollout?.timeline).toEqual([]);
  });

  it('begin with the restarts that had side effects', () => {
    const nodes = [restart('node-1', '03:00'), restart('node-2', '03:05'), errors('node-2', '03:05-03:10')];
    expect(findingsByIncident(nodes)).toEqual([[1, 0, 2]]);
  });

  it('keep the node separate that did not return from a rollout', () => {
    const nodes = [restart('node-1', '03:00'), restart('node-2', '03:05'), restart('node-3', '03:10')];
    expect(findingsByIncident([...nodes, noFlows('node-3', '03:10-')])).toEqual([
      [2, 3],
      [0, 1],
    ]);
  });

  it('show only entries that belong to no node if there are many', () => {
    const nodes = Array.from({ length: 9 }, (_, index) =>
      finding('scrape-coverage', `node-${index}`, '08:00-08:20'),
    );
    const outage = finding('scrape-coverage', PROMETHEUS_SUBJECT, '08:00-08:15');
    const missing = finding('missing-agents', CLUSTER_SUBJECT, '08:00-08:20', critical);
    const [incident] = incidentsOf([...nodes, outage, missing]);
    expect(incident?.findings).toHaveLength(11);
    expect(incident?.timeline.map(({ subject, kind }) => `${kind} ${subject}`)).toEqual([
      'start prometheus',
      'start cluster',
      'end prometheus',
      'end cluster',
    ]);
  });
});

it.each(
  INDICATORS.filter(({ thresholds }) => Object.keys(thresholds).length > 0).map(
    (one) => [one.id, one] as const,
  ),
)('shows the episodes of %s as events, or with start and end', (id, { unit, reading }) => {
  const [incident] = incidentsOf([
    finding(id, 'node-1', '03:00-03:30=4', { unit }),
    finding('own', 'node-1', '03:00-03:30'),
  ]);
  const own = incident?.timeline
    .filter((entry) => entry.finding === 0)
    .map(({ kind, value }) => [kind, value]);
  expect(own).toEqual(
    reading === 'total'
      ? [['events', 4]]
      : [
          ['start', 4],
          ['end', null],
        ],
  );
});

it('puts the worst incident first: critical, then ongoing, then the longest', () => {
  expect(
    findingsByIncident([
      errors('node-1', '03:00-03:05'),
      finding('cpu-usage', 'node-2', '06:00-09:00'),
      finding('local-pod-count', 'node-3', '23:00-'),
      noFlows('node-4', '12:00-12:10'),
    ]),
  ).toEqual([[3], [2], [1], [0]]);
});

describe('a long timeline keeps', () => {
  const hours = Array.from({ length: 18 }, (_, index) => `${String(index + 2).padStart(2, '0')}:01`);
  const episodeList = hours.map((time) => `${time}-${time.slice(0, 3)}11`).join(' ');
  const timelineOf = (findings: readonly Finding[]) => incidentsOf(findings)[0]?.timeline ?? [];

  it('first how each finding began, then what nothing explains', () => {
    const timeline = timelineOf([
      errors('node-1', episodeList, critical),
      restart('node-1', hours.join(' ')),
    ]);
    expect(timeline.map(({ kind }) => kind)).toEqual(['restart', 'events', ...new Array(10).fill('restart')]);
  });

  it('what is critical, even as an effect', () => {
    const kills = hours.map((time) => `${time.slice(0, 3)}11`).join(' ');
    const timeline = timelineOf([
      finding('resident-memory', 'node-1', episodeList),
      restart('node-1', kills, critical),
    ]);
    expect(timeline.map(({ kind }) => kind)).toEqual([
      'start',
      'restart',
      'end',
      ...new Array(9).fill('restart'),
    ]);
  });

  it('what is critical and what is ongoing', () => {
    const timeline = timelineOf([
      finding('own', 'node-1', `${episodeList} 23:30-`),
      finding('local-pod-count', 'node-1', episodeList, critical),
    ]);
    expect(timeline).toHaveLength(12 - 1);
    expect(
      timeline.filter(({ finding }) => finding === 0).map(({ at, kind }) => `${clock(at)} ${kind}`),
    ).toEqual(['02:01 start', '02:11 end', '23:30 start']);
  });
});

/** Distinct findings of any kind, place and time. */
const IDS = [...new Set(CAUSE_RULES.flatMap(({ causes, effects }) => [...causes, ...effects])), 'own'];
const anyFindings = fc
  .uniqueArray(
    fc.record({
      indicator: fc.constantFrom(...IDS),
      subject: fc.constantFrom('node-1', 'node-2', CONTROLLER_SUBJECT, CLUSTER_SUBJECT, PROMETHEUS_SUBJECT),
      severity: fc.constantFrom<Finding['severity']>('warning', 'critical'),
      steps: fc.uniqueArray(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 4 }),
      length: fc.integer({ min: 1, max: 12 }),
      ongoing: fc.boolean(),
    }),
    { maxLength: 24, selector: ({ indicator, subject, severity }) => `${indicator} ${subject} ${severity}` },
  )
  .map((all) =>
    all.map(({ indicator, subject, severity, steps, length, ongoing }) => {
      const isMoment = indicator === 'process-restarts';
      const time = (steps: number) => new Date((START + steps * STEP) * 1000).toISOString().slice(11, 19);
      const episodeList = steps
        .toSorted((a, b) => a - b)
        .map((step) => (isMoment ? time(step) : `${time(step)}-${time(step + length)}`))
        .join(' ');
      return finding(indicator, subject, episodeList, { severity, ongoing: ongoing && !isMoment });
    }),
  );

/** Rules of any kind, often in circles. */
const anyRules = fc.array(
  fc.record({
    id: fc.string(),
    causes: fc.subarray(IDS, { minLength: 1, maxLength: 4 }),
    effects: fc.subarray(IDS, { minLength: 1, maxLength: 4 }),
    scope: fc.constantFrom<CauseRule['scope']>('same-subject', 'anywhere'),
    anchor: fc.constantFrom<CauseRule['anchor']>('whole', 'start', 'end'),
    beforeSeconds: fc.constantFrom(0, 3600),
    afterSeconds: fc.constantFrom(0, 3600),
    explainsSeconds: fc.constantFrom(300, 86_400),
    explainsWorse: fc.constant(true as const),
    reason: fc.constant({ en: '', 'zh-CN': '' }),
  }),
  { maxLength: 12 },
);

/** Returns incidents without indices, in an order that does not depend on that of the findings. */
function contentOf(findings: readonly Finding[], incidents: readonly Incident[]): unknown {
  const name = (index: number) => {
    const { indicator, subject, severity } = findings[index] ?? {};
    return [indicator, subject, severity].join(' ');
  };
  return incidents.map(({ links, timeline, ...rest }) => ({
    ...rest,
    findings: rest.findings.map(name),
    links: links
      .map(({ cause, effect, ...link }) => JSON.stringify([name(cause), name(effect), link]))
      .sort(),
    timeline: timeline.map((entry) => ({ ...entry, finding: name(entry.finding) })),
  }));
}

describe('for any findings and rules', () => {
  const anyCase = fc.record({
    findings: anyFindings,
    rules: fc.oneof(anyRules, fc.constant(CAUSE_RULES)),
    stepSeconds: fc.constantFrom(STEP, 3600),
  });

  it('each finding is in one incident, with its links and within its time', () => {
    fc.assert(
      fc.property(anyCase, ({ findings, ...changes }) => {
        const incidents = findIncidents(findings, { ...options, ...changes });
        expect(incidents.flatMap((one) => one.findings).sort((a, b) => a - b)).toEqual([...findings.keys()]);
        const explained = explainedFindings(incidents);
        for (const incident of incidents) {
          incidentSchema.parse(incident);
          const own = incident.findings.map((index) => findings[index]).filter((one) => one !== undefined);
          expect(Date.parse(incident.start)).toBeLessThanOrEqual(Date.parse(incident.end));
          expect(incident.start).toBe(own.map(({ start }) => start).sort()[0]);
          expect(incident.ongoing).toBe(own.some(({ ongoing }) => ongoing));
          for (const { cause, effect } of incident.links) {
            expect(incident.findings).toEqual(expect.arrayContaining([cause, effect]));
            expect(cause).not.toBe(effect);
          }
          // One finding must need attention, and the incident has the worst severity of those.
          const alarms = incident.findings.filter((index) => !explained.has(index));
          expect(alarms).toContain(incident.findings[0]);
          const isCritical = alarms.some((index) => findings[index]?.severity === 'critical');
          expect(incident.severity).toBe(isCritical ? 'critical' : 'warning');
          expect(incident.timeline.length).toBeLessThanOrEqual(12);
          const times = incident.timeline.map(({ at }) => Date.parse(at));
          expect(times).toEqual(times.toSorted((a, b) => a - b));
          for (const entry of incident.timeline) {
            expect(incident.findings).toContain(entry.finding);
            expect(entry.subject).toBe(findings[entry.finding]?.subject);
            expect(entry.at >= incident.start && entry.at <= incident.end).toBe(true);
          }
          if (incident.findings.length === 1) expect(incident.timeline).toEqual([]);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('the order of the findings does not matter', () => {
    const shuffled = anyCase.chain((given) =>
      fc.record({
        given: fc.constant(given),
        other: fc.shuffledSubarray(given.findings, {
          minLength: given.findings.length,
          maxLength: given.findings.length,
        }),
      }),
    );
    fc.assert(
      fc.property(shuffled, ({ given: { findings, ...changes }, other }) => {
        const all = { ...options, ...changes };
        expect(contentOf(other, findIncidents(other, all))).toEqual(
          contentOf(findings, findIncidents(findings, all)),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('three thousand findings take seconds at most', async () => {
    const many = Array.from({ length: 300 }, (_, node) => [
      restart(`node-${node}`, '03:12'),
      noFlows(`node-${node}`, '03:10-03:20'),
      errors(`node-${node}`, '03:10-03:20=8'),
      ...[
        'rule-sync-retries',
        'flow-operation-error-ratio',
        'cpu-usage',
        'resident-memory',
        'own',
        'goroutines',
      ].map((id) => finding(id, `node-${node}`, '03:10-03:25 05:00-05:10')),
    ]).flat();
    many.push(finding('missing-agents', CLUSTER_SUBJECT, '03:10-03:25', critical));
    const { result, seconds } = await cpuSeconds(() => incidentsOf(many));
    expect(result).toHaveLength(1);
    expect(seconds).toBeLessThan(10);
  });
});
