import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { possibleReleases } from '../../../../src/report/assess/version/antrea-version.ts';
import { certaintyOf, withVersions } from '../../../../src/report/assess/version/known-defects.ts';
import { runningVersions } from '../../../../src/report/assess/version/running-versions.ts';
import { VERSION_EVIDENCE } from '../../../../src/report/catalog/version-evidence.ts';
import type { AntreaImages } from '../../../../src/report/model/antrea-version.ts';
import type { KnownDefect } from '../../../../src/report/model/defect.ts';
import { reportSchema } from '../../../../src/report/model/report.ts';
import type { Series } from '../../../../src/report/model/series.ts';
import { incident, restart } from '../../../fixtures/report-parts.ts';
import { afterSteps, assessed, gatheredOf, points, START, STEP, targetsOf } from './notation.ts';

const IMAGE = 'antrea/antrea-agent-ubuntu';

/** The number of Pods with an image at each step. */
const pods = (container: string, image: string, notation: string): Series => ({
  labels: { container, image: 'sha256:0', image_spec: image },
  values: points(notation),
});

const gridOf = (count: number) => ({ start: START, stepSeconds: STEP, count });
const versionsOf = (...series: Series[]) => runningVersions(gridOf(series[0]?.values.length ?? 0), series);

describe('the versions that run', () => {
  it('have the numbers of Pods at the end, by component', () => {
    const images = versionsOf(
      pods('antrea-agent', `${IMAGE}:v2.5.0`, '3 3'),
      pods('antrea-agent', `${IMAGE}:v2.5.3`, '9 9'),
      // Without honor_labels, the container is that of kube-state-metrics.
      {
        labels: {
          container: 'kube-state-metrics',
          exported_container: 'antrea-controller',
          image: 'a:v2.5.3',
        },
        values: points('1 1'),
      },
      pods('antrea-ovs', `${IMAGE}:v2.5.3`, '12 12'),
    );
    expect(images?.versions).toEqual([
      { component: 'agent', tag: 'v2.5.3', release: '2.5.3', podsAtEnd: 9 },
      { component: 'agent', tag: 'v2.5.0', release: '2.5.0', podsAtEnd: 3 },
      { component: 'controller', tag: 'v2.5.3', release: '2.5.3', podsAtEnd: 1 },
    ]);
    expect(images?.upgrades).toEqual([]);
  });

  it('adds the Pods of one tag in several registries', () => {
    const images = versionsOf(
      pods('antrea-agent', 'a.example/antrea:v2.5.0', '3'),
      pods('antrea-agent', 'b.example/antrea:v2.5.0', '4'),
    );
    expect(images?.versions).toMatchObject([{ tag: 'v2.5.0', podsAtEnd: 7 }]);
  });

  it('are unknown without a container of Antrea', () => {
    expect(versionsOf(pods('coredns', 'coredns:1.11.0', '2'))).toBeNull();
    expect(versionsOf(pods('antrea-agent', `${IMAGE}:v2.5.0`, '_ _'))).toBeNull();
  });
});

describe('an upgrade', () => {
  const agents = (before: string, after: string) =>
    versionsOf(
      pods('antrea-agent', `${IMAGE}:v2.5.0`, before),
      pods('antrea-agent', `${IMAGE}:v2.5.3`, after),
    )?.upgrades;
  const change = { component: 'agent', from: 'v2.5.0', to: 'v2.5.3' };

  it('lasts from the last point without the new version to the first point with it alone', () => {
    expect(agents('3 3 2 1 _ _', '_ _ 1 2 3 3')).toEqual([
      { ...change, start: afterSteps(2), end: afterSteps(5) },
    ]);
  });

  it('has no end if other Pods are left', () => {
    expect(agents('3 2 1', '_ 1 2')).toEqual([{ ...change, start: afterSteps(1), end: null }]);
  });

  it('is one although the new version is absent for a moment, or all Pods are', () => {
    expect(agents('3 2 3 2 _', '_ 1 _ 1 3')).toHaveLength(1);
    expect(agents('3 _ _', '_ _ 3')).toEqual([{ ...change, start: afterSteps(1), end: afterSteps(3) }]);
  });

  it('is none while both versions run, before the first data, or after a gap', () => {
    expect(agents('2 2 2', '1 1 1')).toEqual([]);
    expect(agents('_ _ _', '_ 3 3')).toEqual([]);
    expect(agents('_ _ _', '3 _ 3')).toEqual([]);
  });

  it('back to the version before is another one', () => {
    expect(agents('3 _ 3', '_ 3 _')).toMatchObject([change, { from: 'v2.5.3', to: 'v2.5.0' }]);
  });
});

const AFFECTED = [
  { since: '2.5.0', before: '2.5.3' },
  { since: '2.6.0', before: '2.6.3' },
];
const version = (tag: string, release: string | null) => ({ tag, release });

describe('a known defect', () => {
  it.each([
    ['certain', [version('v2.5.2', '2.5.2')]],
    ['none', [version('v2.5.3', '2.5.3')]],
    ['certain', [version('v2.5.2', '2.5.2'), version('v2.6.0', '2.6.0')]],
    ['possible', [version('v2.5.2', '2.5.2'), version('v2.5.3', '2.5.3')]],
    // Its vendor may have added the fix.
    ['possible', [version('v2.5.2-vendor.1', '2.5.2')]],
    ['none', [version('v2.5.3-vendor.1', '2.5.3')]],
    // Only the metrics say something about it.
    ['certain', [version('latest', null)]],
    ['certain', []],
  ])('is %s with these images', (expected, versions) => {
    expect(certaintyOf(AFFECTED, versions, [{ since: '2.5.0', before: '2.5.3' }])).toBe(expected);
  });

  test('is certain with every release of a range exactly if it is certain with the range', () => {
    const patches = fc.integer({ min: 0, max: 5 });
    const release = fc
      .tuple(fc.constantFrom(4, 5, 6, 7), patches)
      .map(([minor, patch]) => `2.${minor}.${patch}`);
    fc.assert(
      fc.property(fc.array(release, { minLength: 1, maxLength: 4 }), (releases) => {
        const versions = releases.map((one) => version(`v${one}`, one));
        const isAffected = (one: string) => /^2\.[56]\.[012]$/.test(one);
        const expected = releases.every(isAffected)
          ? 'certain'
          : releases.some(isAffected)
            ? 'possible'
            : 'none';
        expect(certaintyOf(AFFECTED, versions, [])).toBe(expected);
      }),
    );
  });

  it('is only possible if the metrics allow releases without it, and unknown without metrics', () => {
    expect(certaintyOf(AFFECTED, [], [{ since: '2.5.0', before: '2.7.0' }])).toBe('possible');
    expect(certaintyOf(AFFECTED, [], [{ since: '2.7.0', before: null }])).toBe('none');
    expect(certaintyOf(AFFECTED, [], [])).toBe('none');
  });
});

describe('the releases that metrics allow', () => {
  const releasesWith = (...names: string[]) =>
    possibleReleases(
      names.map((name) => ({ name: `antrea_${name}` })),
      [{ component: 'agent' }, { component: 'controller' }],
      VERSION_EVIDENCE,
    );
  const OF_2_5 = [
    ...['agent_denied_connection_count', 'agent_flow_collector_reconnection_count'],
    ...['controller_annp_status_updates', 'agent_ovs_meter_packet_dropped_count'],
    'agent_conntrack_poll_cycle_duration_seconds',
  ];

  it('are only those of each line before the back-port, where the metric is absent', () => {
    expect(releasesWith(...OF_2_5)).toEqual(AFFECTED);
  });

  it('are those of each line from the back-port on, where the metric is present', () => {
    expect(releasesWith(...OF_2_5, 'agent_fqdn_cache_size')).toEqual([
      { since: '2.5.3', before: '2.6.0' },
      { since: '2.6.3', before: '2.7.0' },
      { since: '2.7.0', before: null },
    ]);
  });

  it('follow from the present ones alone if a scrape configuration drops others', () => {
    expect(releasesWith('agent_conntrack_poll_cycle_duration_seconds').at(0)?.since).toBe('2.5.0');
    expect(releasesWith()).toEqual([]);
  });
});

describe('an incident', () => {
  const crash: KnownDefect = {
    id: 'crash',
    pullRequest: 1,
    component: 'agent',
    affected: [{ since: '2.5.0', before: '2.5.3' }],
    indicators: ['process-restarts'],
    title: { en: 'A', 'zh-CN': 'A' },
    explanation: { en: 'A.', 'zh-CN': 'A。' },
    workaround: { en: 'A.', 'zh-CN': 'A。' },
  };
  const after: KnownDefect = { ...crash, id: 'after', followsRestart: true };
  const other: KnownDefect = { ...crash, id: 'other', component: 'controller' };
  const findings = [restart('node-1', 'Sun 03:12'), restart('node-2', 'Sun 05:00')];
  const images = (start: string, end: string | null): AntreaImages => ({
    versions: [{ component: 'agent', tag: 'v2.5.0', release: '2.5.0', podsAtEnd: 2 }],
    upgrades: [{ component: 'agent', from: 'v2.4.0', to: 'v2.5.0', start, end }],
  });
  const of = (some: AntreaImages | undefined) =>
    withVersions([incident(findings, [0]), incident(findings, [1])], findings, {
      defects: [crash, after, other],
      facts: { images: some, possible: [] },
      stepSeconds: 300,
    }).map(({ upgrade, defects }) => [upgrade, defects?.map(({ id }) => id)]);

  it('has the upgrade that explains its restarts instead of defects that would', () => {
    expect(of(images('2026-11-22T02:10:00Z', '2026-11-22T02:20:00Z'))).toEqual([
      [0, ['after']],
      [undefined, ['crash', 'after']],
    ]);
    expect(of(images('2026-11-22T02:10:00Z', null))).toEqual([
      [0, ['after']],
      [0, ['after']],
    ]);
  });

  it('has no defect of an unknown version', () => {
    expect(of(undefined)).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ]);
  });
});

describe('a report', () => {
  const COUNT = 6;
  const target = { node: 'node-1', tried: `5x${COUNT}`, answered: `5x${COUNT}`, started: `-9000x${COUNT}` };
  const reportOf = (images: Parameters<typeof gatheredOf>[1]) =>
    assessed(gatheredOf(COUNT, { targets: targetsOf([target], 1), ...images }));
  const grid = gridOf(COUNT);

  it('has exact versions and their defects, and stays valid', async () => {
    const counts = { ok: true as const, value: [pods('antrea-agent', `${IMAGE}:v2.6.1`, `1x${COUNT}`)] };
    const report = await reportOf({ images: { grid, counts } });
    expect(report.antrea.images?.versions).toMatchObject([{ release: '2.6.1', podsAtEnd: 1 }]);
    expect(report.antrea.defects).toContainEqual({ id: 'service-sync-not-retried', certain: true });
    expect(reportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
  });

  it('lists only the defects of the version at the end', async () => {
    const value = [
      pods('antrea-agent', `${IMAGE}:v2.6.1`, '1x3 _x3'),
      pods('antrea-agent', `${IMAGE}:v2.6.3`, '_x3 1x3'),
    ];
    const { antrea } = await reportOf({ images: { grid, counts: { ok: true, value } } });
    expect(antrea.images?.upgrades).toHaveLength(1);
    expect(antrea.defects).toEqual([{ id: 'node-port-local-sockets', certain: true }]);
  });

  it('is as complete as before if the question about images failed, and says that they are unknown', async () => {
    const failed = await reportOf({ images: { grid, counts: { ok: false, reason: 'it took too long' } } });
    const { complete, verdict, score } = await reportOf({});
    expect(failed).toMatchObject({ complete, verdict, score });
    expect(failed.antrea.images).toBeUndefined();
    expect(failed.antrea.imagesReason).toBe('it took too long');
  });
});
