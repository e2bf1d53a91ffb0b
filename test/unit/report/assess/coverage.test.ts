import { describe, expect, it } from 'vitest';
import { assessCoverage } from '../../../../src/report/assess/coverage/coverage.ts';
import { DEFAULT_COVERAGE_THRESHOLDS } from '../../../../src/report/assess/coverage/findings.ts';
import type { Finding } from '../../../../src/report/model/report.ts';
import type { Gathered } from '../../../fixtures/gathered.ts';
import {
  afterSteps,
  gatheredOf,
  iso,
  points,
  START,
  STEP,
  type TargetNotation,
  targetsOf,
} from './notation.ts';

function assessed(
  targets: readonly TargetNotation[],
  {
    desiredAgents = null,
    hasEarlierData = true,
    ...changes
  }: { desiredAgents?: number | null; hasEarlierData?: boolean } & Partial<Gathered> = {},
) {
  const count = points(targets[0]?.tried ?? '').length;
  const gathered = gatheredOf(count, { targets: targetsOf(targets, desiredAgents), ...changes });
  return assessCoverage(gathered, DEFAULT_COVERAGE_THRESHOLDS, {
    pods: gathered.pods,
    hasEarlierData,
    isDrawn: true,
  });
}

function agent(node: string, answered: string, changes: Partial<TargetNotation> = {}): TargetNotation {
  return { node, answered, tried: answered.replace(/\b0\b/g, '5'), started: '_', ...changes };
}

/** Formats a finding as 'warning scrape-coverage node-1 900 ongoing'. */
function briefly({ severity, indicator, subject, value, ongoing }: Finding): string {
  return [severity, indicator, subject, value, ...(ongoing ? ['ongoing'] : [])].join(' ');
}

/** No Pods from Kubernetes, and a server with earlier data. */
const NOTHING_ELSE = { pods: { agent: {}, controller: {} }, hasEarlierData: true, isDrawn: true };

const STEADY = agent('steady', '5x12');
const CONTROLLER = agent('node-1', '5x12', { component: 'controller' });

describe('scrapes that fail one by one', () => {
  it('are a finding if they add up to a tenth, although there is no gap', () => {
    expect(assessed([STEADY, agent('flapping', '3x12', { tried: '5x12' })]).findings.map(briefly)).toEqual([
      'warning scrape-coverage flapping 1440 ongoing',
    ]);
    expect(assessed([STEADY, agent('flapping', '5x3 3 5x8', { tried: '5x12' })]).findings).toEqual([]);
  });

  it('are not a second finding in addition to a gap', () => {
    expect(assessed([STEADY, agent('gap', '5x4 0x4 5x4')]).findings).toHaveLength(1);
  });
});

describe('a scrape interval that changes', () => {
  const both = (answered: string, tried: string) => [
    agent('node-1', answered, { tried }),
    agent('node-2', answered, { tried }),
    agent('node-3', answered, { tried }),
  ];

  it.each([
    ['shorter before', '20x150 5x138'],
    ['longer before', '5x138 20x150'],
    ['longer, with steps of two and three scrapes in turn', `5x100 ${'2 3 '.repeat(94)}`],
    ['shorter for some hours only', '5x200 20x30 5x58'],
    ['longer, with an outage of Prometheus in between', '20x150 _ 5x137'],
  ])('does not count as failures: %s', (_, tried) => {
    const { findings, coverage } = assessed(both(tried, tried));
    expect(findings).toEqual([]);
    expect(coverage.seenRatio).toBeGreaterThan(0.99);
  });

  it('does not hide failures before or after it', () => {
    for (const answered of ['20x150 4x138', '17x150 5x138']) {
      const targets = [
        ...both('20x150 5x138', '20x150 5x138'),
        agent('bad', answered, { tried: '20x150 5x138' }),
      ];
      expect(assessed(targets).findings).toEqual([]);
    }
    for (const answered of ['20x150 3x138', '12x150 5x138']) {
      const targets = [
        ...both('20x150 5x138', '20x150 5x138'),
        agent('bad', answered, { tried: '20x150 5x138' }),
      ];
      expect(assessed(targets).findings).toMatchObject([{ indicator: 'scrape-coverage', subject: 'bad' }]);
    }
  });

  it('is not assumed if an overloaded Prometheus skips some scrapes', () => {
    const skipped = `20x180 ${'11 14 9 13 10 '.repeat(20)} 20x8`;
    expect(assessed(both(skipped, skipped)).findings).toHaveLength(3);
  });
});

describe('the chart of a long period', () => {
  /** A target with 600 steps of five minutes; the chart draws two as one. */
  const drawn = (answered: string, tried?: string) => {
    const { coverage } = assessed([
      agent('steady', '5x600'),
      agent('other', answered, tried ? { tried } : {}),
    ]);
    return coverage.targets.find(({ subject }) => subject === 'other')?.presence.slice(0, 6);
  };

  it('shows a step without scrapes next to one with scrapes', () => {
    expect(drawn('5x3 _ 5x596')).toEqual([1, 0.5, 1, 1, 1, 1]);
    expect(drawn('5x3 0 5x596')).toEqual([1, 0.5, 1, 1, 1, 1]);
    expect(drawn('5x2 _x4 5x594')).toEqual([1, null, null, 1, 1, 1]);
  });

  it('does not count the time before a target existed', () => {
    expect(drawn('_x5 5x595')).toEqual([null, null, 1, 1, 1, 1]);
  });
});

describe('the coverage', () => {
  it('is complete if every scrape succeeded', () => {
    const { coverage, findings } = assessed([STEADY, agent('other', '5x12'), CONTROLLER], {
      desiredAgents: 2,
    });
    expect(findings).toEqual([]);
    expect(coverage).toMatchObject({
      known: true,
      seenRatio: 1,
      agentsSeen: 2,
      agentsAtEnd: 2,
      controllersAtEnd: 1,
    });
    expect(coverage.targets[0]).toMatchObject({
      seenRatio: 1,
      firstSeen: afterSteps(0),
      lastSeen: afterSteps(12),
      gaps: [],
    });
  });

  it('is unknown if the queries failed or there is no target', () => {
    const failed = assessCoverage(
      gatheredOf(12, { targets: { ok: false, reason: 'too many samples' } }),
      DEFAULT_COVERAGE_THRESHOLDS,
      NOTHING_ELSE,
    );
    expect(failed.coverage).toMatchObject({ known: false, reason: 'too many samples', seenRatio: null });
    expect(assessCoverage(gatheredOf(12), DEFAULT_COVERAGE_THRESHOLDS, NOTHING_ELSE).coverage).toMatchObject({
      known: false,
      seenRatio: null,
    });
  });

  it('counts a target that never answered as missing', () => {
    const { coverage, findings } = assessed([STEADY, agent('dead', '0x12')]);
    expect(coverage).toMatchObject({ seenRatio: 0.5, agentsSeen: 1, agentsAtEnd: 1 });
    expect(coverage.targets[0]).toMatchObject({
      subject: 'dead',
      seenRatio: 0,
      firstSeen: null,
      lastSeen: null,
    });
    expect(findings.map(briefly)).toEqual(['critical scrape-coverage dead 3600 ongoing']);
  });

  it('uses the interval of each job', () => {
    const { coverage } = assessed([STEADY, agent('node-1', '20x12', { component: 'controller' })]);
    expect(coverage.seenRatio).toBe(1);
  });

  it('counts the step in which a target was added as complete', () => {
    const { coverage } = assessed([STEADY, agent('added', '_x6 2 5x5')]);
    expect(coverage.targets.map(({ seenRatio }) => seenRatio)).toEqual([1, 1]);
  });

  it('merges a recreated Pod with the former one of its node, oldest first', () => {
    const { coverage } = assessed([
      agent('node-1', '_x6 2 5x5', { pod: 'a-new' }),
      agent('node-1', '5x6 3 _x5', { pod: 'b-old' }),
    ]);
    expect(coverage.targets).toHaveLength(1);
    expect(coverage.targets[0]).toMatchObject({
      instances: ['node-1;b-old', 'node-1;a-new'],
      pods: ['b-old', 'a-new'],
      seenRatio: 1,
      gaps: [],
    });
  });

  it('takes Pods from labels, or else from Kubernetes', () => {
    const series = [
      {
        labels: { component: 'agent', job: 'j', instance: '10.0.0.1:10350', node: 'a', pod: 'labelled' },
        values: points('5x12'),
      },
      {
        labels: { component: 'agent', job: 'j', instance: '10.0.0.2:10350', node: 'b' },
        values: points('5x12'),
      },
      {
        labels: { component: 'controller', job: 'k', instance: '10.0.0.2:10349', node: 'b' },
        values: points('5x12'),
      },
      {
        labels: { component: 'agent', job: 'j', instance: '10.0.0.3:10350', node: 'constructor' },
        values: points('5x12'),
      },
    ];
    const gathered = gatheredOf(12, {
      targets: {
        ok: true,
        value: { attempts: series, successes: series, startTimes: [], desiredAgents: null },
      },
    });
    const pods = {
      agent: { a: ['known'], b: ['older', 'newer'] },
      controller: { b: ['controller-1'], gone: ['controller-2'] },
    };
    const { coverage } = assessCoverage(gathered, DEFAULT_COVERAGE_THRESHOLDS, {
      ...NOTHING_ELSE,
      pods,
    });
    expect(
      Object.fromEntries(coverage.targets.map(({ component, node, pods }) => [`${component} ${node}`, pods])),
    ).toEqual({
      'agent a': ['labelled'],
      'agent b': ['older', 'newer'],
      'agent constructor': [],
      'controller b': ['controller-1', 'controller-2'],
    });
  });

  it('follows a controller that moved to another node', () => {
    const { coverage } = assessed([
      agent('node-2', '_x7 5x5', { component: 'controller' }),
      agent('node-1', '5x6 _x6', { component: 'controller' }),
    ]);
    expect(coverage.targets).toHaveLength(1);
    expect(coverage.targets[0]).toMatchObject({ subject: 'antrea-controller', node: 'node-2' });
    expect(coverage.controllersAtEnd).toBe(1);
  });
});

describe('gaps of targets', () => {
  it.each<[string, string, string[]]>([
    ['down in between', '5x3 0x4 5x5', ['warning scrape-coverage node-1 1200']],
    ['down at the end', '5x8 0x4', ['critical scrape-coverage node-1 1200 ongoing']],
    ['down from the start', '0x4 5x8', ['warning scrape-coverage node-1 1200']],
    ['absent in between', '5x3 _x4 5x5', ['warning scrape-coverage node-1 1200']],
    ['absent at the end', '5x8 _x4', ['warning scrape-coverage node-1 1200 ongoing']],
    ['added in the period', '_x6 5x6', []],
    ['missing too briefly', '5x3 0 5x8', []],
    [
      'down twice, with the longer gap as its value',
      '5 0x3 5 0x2 5x5',
      ['warning scrape-coverage node-1 900'],
    ],
  ])('%s', (_, answered, expected) => {
    expect(assessed([STEADY, agent('node-1', answered)]).findings.map(briefly)).toEqual(expected);
  });

  it('include the missing scrapes of the steps at their edges', () => {
    const { findings } = assessed([STEADY, agent('node-1', '5x3 2 0x3 4 5x4')]);
    expect(findings[0]).toMatchObject({
      value: 3 * STEP + 180 + 60,
      start: iso(START + 4 * STEP - 180),
      end: iso(START + 7 * STEP + 60),
      durationSeconds: 3 * STEP + 240,
    });
  });

  it('begin before the first scrape of a process that was already running', () => {
    const { findings } = assessed([STEADY, agent('node-1', '_x6 5x6', { started: '_x6 -90000x6' })]);
    expect(findings.map(briefly)).toEqual(['warning scrape-coverage node-1 1800']);
    const started = assessed([STEADY, agent('node-1', '_x6 5x6', { started: '_x6 1790x6' })]);
    expect(started.findings).toEqual([]);
  });

  it('do not include a removed node if the DaemonSet has all the agents that it wants', () => {
    const removed = agent('removed', '5x6 _x6');
    const of = (desiredAgents: number | null) =>
      assessed([STEADY, removed], { desiredAgents }).findings.map(briefly);
    expect(of(1)).toEqual([]);
    expect(of(2)).toEqual(['warning scrape-coverage removed 1800 ongoing']);
    expect(of(null)).toEqual(['warning scrape-coverage removed 1800 ongoing']);
  });

  it('include everything else although the DaemonSet has all the agents that it wants', () => {
    const of = (answered: string) =>
      assessed([STEADY, agent('node-1', answered)], { desiredAgents: 1 }).findings.map(briefly);
    expect(of('5x3 _x4 5x5')).toEqual(['warning scrape-coverage node-1 1200']);
    expect(of('5x8 0x4')).toEqual(['critical scrape-coverage node-1 1200 ongoing']);
  });

  it('last as long as all episodes together', () => {
    const [finding] = assessed([STEADY, agent('node-1', '5 0x3 5 0x2 5x5')]).findings;
    expect(finding).toMatchObject({ durationSeconds: 5 * STEP, start: afterSteps(1), end: afterSteps(7) });
    expect(finding?.episodes.map(({ value }) => value)).toEqual([900, 600]);
  });

  it('include the time for which a removed node was down before', () => {
    const removed = agent('removed', '5x3 0x4 _x5');
    const { findings } = assessed([STEADY, removed], { desiredAgents: 1 });
    expect(findings.map(briefly)).toEqual(['warning scrape-coverage removed 1200']);
  });

  it('always include those of the controller', () => {
    const gone = agent('node-1', '5x6 _x6', { component: 'controller' });
    const { findings, coverage } = assessed([STEADY, agent('other', '5x12'), gone], { desiredAgents: 2 });
    expect(findings.map(briefly)).toEqual(['critical scrape-coverage antrea-controller 1800 ongoing']);
    expect(coverage.controllersAtEnd).toBe(0);
  });

  it('end only with a scrape in the last minutes', () => {
    const { coverage } = assessed([STEADY, agent('late', '5x11 0')]);
    expect(coverage.agentsAtEnd).toBe(1);
  });
});

describe('gaps of all targets', () => {
  const three = (answered: string) => ['a', 'b', 'c'].map((node) => agent(node, answered));

  it.each([
    ['in between', '5x3 _x4 5x5', 'warning scrape-coverage prometheus 1200'],
    ['while all are down', '5x3 0x4 5x5', 'warning scrape-coverage prometheus 1200'],
    ['before the first scrape of any', '_x4 5x8', 'warning scrape-coverage prometheus 1200'],
    ['at the end', '5x8 _x4', 'critical scrape-coverage prometheus 1200 ongoing'],
  ])('%s are one finding, on Prometheus', (_, answered, expected) => {
    const { findings } = assessed(three(answered));
    expect(findings.map(briefly)).toEqual([expected]);
    expect(findings[0]?.component).toBeNull();
  });

  it('are found although their edges lie in different steps', () => {
    const { findings } = assessed([
      agent('a', '5x3 0x4 5x5'),
      agent('b', '5x3 1 0x3 5x5'),
      agent('c', '5x3 0x3 4 5x5'),
    ]);
    expect(findings.map(({ subject }) => subject)).toEqual(['prometheus']);
  });

  it.each([
    ['5x3 _x3 0x4 5x2', 'warning scrape-coverage d 2100'],
    ['5 0x5 5x6', 'warning scrape-coverage d 1500'],
  ])('do not hide that one target was away for longer: %s', (answered, own) => {
    const { findings } = assessed([...three('5x3 _x3 5x6'), agent('d', answered)]);
    expect(findings.map(briefly)).toEqual(['warning scrape-coverage prometheus 900', own]);
  });

  it.each([
    ['was removed before', agent('d', '5 _x11')],
    ['was added later', agent('d', '_x8 5x4')],
    ['never answered', agent('d', '0x3 _x3 0x6')],
  ])('are found although another target %s', (_, other) => {
    const { findings } = assessed([...three('5x3 _x3 5x6'), other]);
    expect(findings.map(briefly)).toContain('warning scrape-coverage prometheus 900');
    expect(findings.some(({ subject }) => subject === 'a')).toBe(false);
  });

  it('are not found if only one target existed', () => {
    const alone = assessed([agent('a', '5x3 0x4 5x5')]);
    expect(alone.findings.map(({ subject }) => subject)).toEqual(['a']);
    const left = assessed([agent('a', '5x3 0x4 5x5'), agent('removed', '5 _x11')]);
    expect(left.findings.map(({ subject }) => subject)).toEqual(['a', 'removed']);
  });
});

describe('restarts', () => {
  it('are critical although the limit of the warning is higher', () => {
    const target = agent('node-1', '5x12', { started: '100 1100 2100 3100 4100x8' });
    const gathered = gatheredOf(12, { targets: targetsOf([target], null) });
    const limits = { ...DEFAULT_COVERAGE_THRESHOLDS, restarts: { warning: 9, critical: 3 } };
    const { findings } = assessCoverage(gathered, limits, NOTHING_ELSE);
    expect(findings.map(({ indicator, severity }) => [indicator, severity])).toEqual([
      ['process-restarts', 'critical'],
    ]);
  });

  const started = (notation: string, changes: Partial<TargetNotation> = {}) =>
    agent('node-1', '5x12', { started: notation, ...changes });
  const timesOf = (...targets: TargetNotation[]) =>
    assessed([STEADY, ...targets]).coverage.targets.flatMap(({ restarts }) => restarts);

  it.each<[string, string, number[]]>([
    ['a container that restarted', '-9000x6 1700x6', [1700]],
    ['two restarts', '-9000x3 700x3 1700x6', [700, 1700]],
    ['not the first process', '100x12', []],
    ['not the jitter of a start time', '-9000x3 700x3 701x3 699x3', [699]],
    ['not what was before the period', '-9000x6 -600x6', []],
    ['no later than the period’s end, whatever the clock of the node', '-9000x6 99999x6', [12 * STEP]],
  ])('are found: %s', (_, notation, expected) => {
    expect(timesOf(started(notation))).toEqual(expected.map((seconds) => iso(START + seconds)));
  });

  it('include a recreated Pod', () => {
    const old = agent('node-1', '5x6 _x6', { pod: 'old', started: '-9000x6 _x6' });
    const young = agent('node-1', '_x6 5x6', { pod: 'young', started: '_x6 1790x6' });
    expect(timesOf(young, old)).toEqual([iso(START + 1790)]);
  });

  it('are a warning, and critical from three on', () => {
    const severities = ['-9000x6 1700x6', '-9000x3 700x3 1700x6', '-9000x3 700x3 1700x3 2700x3'].map(
      (notation) => assessed([STEADY, started(notation)]).findings.map(briefly),
    );
    expect(severities).toEqual([
      ['warning process-restarts node-1 1'],
      ['warning process-restarts node-1 2'],
      ['critical process-restarts node-1 3'],
    ]);
  });
});

describe('a server whose data begins within the period', () => {
  const late = [agent('a', '_x4 5x8'), agent('b', '_x4 5x8')];

  it('has no gap before that, and the report states when its data begins', () => {
    const { coverage, findings } = assessed(late, { hasEarlierData: false });
    expect(findings).toEqual([]);
    expect(coverage).toMatchObject({ dataFrom: afterSteps(4), seenRatio: 1 });
    expect(coverage.targets.map(({ gaps }) => gaps)).toEqual([[], []]);
  });

  it('has a gap if it had data before the period', () => {
    const { coverage, findings } = assessed(late);
    expect(findings.map(briefly)).toEqual(['warning scrape-coverage prometheus 1200']);
    expect(coverage.dataFrom).toBeNull();
  });

  it('has a gap for a process that ran before its first scrape, but not before the first scrape of any target', () => {
    const old = agent('b', '_x8 5x4', { started: '_x8 -9000x4' });
    const { findings } = assessed([agent('a', '_x4 5x8'), old], { hasEarlierData: false });
    expect(findings.map(briefly)).toEqual(['warning scrape-coverage b 1200']);
  });

  it('has no beginning within the period if the first step or no step has data', () => {
    expect(assessed([STEADY], { hasEarlierData: false }).coverage.dataFrom).toBeNull();
    const none = assessCoverage(gatheredOf(12), DEFAULT_COVERAGE_THRESHOLDS, {
      ...NOTHING_ELSE,
      hasEarlierData: false,
    });
    expect(none.coverage).toMatchObject({ known: false, dataFrom: null });
  });
});
