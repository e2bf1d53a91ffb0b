import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measureScrapeInterval } from '../../../../../src/report/gather/scrape-interval.ts';
import { type FakeTarget, sourceOver } from '../../../../fixtures/fake-source.ts';
import { cluster, PERIOD, pickedBy, surveyed, target } from './worlds.ts';

const replica = (name: string, scrapes: FakeTarget['scrapes'] = 20) =>
  cluster(() => [{ prometheus_replica: name }, { startedAt: 1000, scrapes }]);

/** 20 scrapes per look-back, and none in the look-backs from `from` up to `to`. */
const without = (from: number, to: number) => (index: number) => (index >= from && index < to ? null : 20);

describe('targets that are scraped twice', () => {
  it('by replicas of Prometheus are in one view if one replica has no gaps', async () => {
    const [a, b] = [replica('a'), replica('b', without(10, 30))];
    const survey = await surveyed([...b, ...a]);
    expect(survey.duplications).toEqual([
      { component: 'agent', label: 'prometheus_replica', copies: [['a'], ['b']], isFilled: false },
      { component: 'controller', label: 'prometheus_replica', copies: [['a'], ['b']], isFilled: false },
    ]);
    expect(survey.views).toHaveLength(1);
    expect(survey.targets).toHaveLength(4);
    expect(pickedBy(survey, 'agent', [...a, ...b])).toEqual(a.slice(0, 3));
    expect(pickedBy(survey, 'controller', [...a, ...b])).toEqual(a.slice(3));
    // Other exporters are scraped twice as well.
    expect(survey.views[0].selection.others).toEqual([
      { label: 'prometheus_replica', operator: '=', value: 'a' },
    ]);
    expect(survey.cluster).toBeNull();
  });

  it('are in two views if each replica has a gap that the other fills', async () => {
    const [a, b] = [replica('a', without(10, 20)), replica('b', without(40, 60))];
    const survey = await surveyed([...a, ...b]);
    expect(survey.duplications.map(({ copies, isFilled }) => [copies, isFilled])).toEqual([
      [[['a'], ['b']], true],
      [[['a'], ['b']], true],
    ]);
    expect(survey.views).toHaveLength(2);
    expect(pickedBy(survey, 'agent', [...a, ...b], 0)).toEqual(a.slice(0, 3));
    expect(pickedBy(survey, 'agent', [...a, ...b], 1)).toEqual(b.slice(0, 3));
    // The labels that the first view has for the targets of the second.
    const [labels] = survey.views[1]?.labelsInFirstView.agent.values() ?? [];
    expect(labels).toEqual(a[0]?.labels);
  });

  it('by replicas that are renamed at noon form one copy under both names', async () => {
    const noon = 70;
    const untilNoon = (lag: number) => (index: number) => (index < noon ? 20 : index === noon ? lag : null);
    const fromNoon = (lag: number) => (index: number) => (index < noon ? null : index === noon ? lag : 20);
    const all = [
      ...replica('a-1', untilNoon(12)),
      ...replica('b-1', untilNoon(10)),
      ...replica('a-2', fromNoon(8)),
      ...replica('b-2', fromNoon(10)),
    ];
    // By the controller’s scrapes alone, its copies would be in another order.
    const [first] = all.filter(({ labels }) => labels['job'] === 'antrea-controllers');
    const survey = await surveyed(
      all.map((one) =>
        one === first ? { ...one, scrapes: (index: number) => untilNoon(12)(index) && 25 } : one,
      ),
    );
    for (const { copies, isFilled } of survey.duplications) {
      expect(copies.map((values) => values.toSorted())).toEqual([
        ['a-1', 'a-2'],
        ['b-1', 'b-2'],
      ]);
      expect(isFilled).toBe(false);
    }
    const only = expect.objectContaining({ label: 'prometheus_replica', value: 'a-1|a-2' });
    const { agent, controller: controllers, others } = survey.views[0].selection;
    for (const matchers of [agent.matchers, controllers.matchers, others])
      expect(matchers).toContainEqual(only);
  });

  it('by replicas of shards are used from one replica of each shard', async () => {
    const shardOf = (labels: FakeTarget['labels']) => (labels['instance']?.startsWith('n1') ? 0 : 1);
    const all = ['a', 'b'].flatMap((name) =>
      cluster().map((one) => ({
        ...one,
        startedAt: 1000,
        labels: { ...one.labels, prometheus_replica: `${name}-${shardOf(one.labels)}` },
      })),
    );
    const survey = await surveyed(all);
    expect(survey.duplications).toEqual(
      ['agent', 'controller'].map((component) => ({
        component,
        label: 'prometheus_replica',
        copies: [
          ['a-0', 'a-1'],
          ['b-0', 'b-1'],
        ],
        isFilled: false,
      })),
    );
    expect(survey.targets).toHaveLength(4);
    expect(pickedBy(survey, 'agent', all)).toEqual(all.slice(0, 3));
  });

  it('by two jobs of two replicas are used from one job of one replica in each view', async () => {
    const of = (name: string, scrapes: (index: number) => number | null) => [
      ...replica(name, scrapes),
      ...cluster((component, node) => [
        {
          prometheus_replica: name,
          job: 'pods',
          pod: `antrea-${component}-${node}`,
          node,
          instance: `${node}:1`,
        },
        { startedAt: 1000, scrapes },
      ]),
    ];
    const all = [...of('a', without(10, 20)), ...of('b', without(40, 60))];
    const survey = await surveyed(all);
    expect(survey.cluster).toBeNull();
    expect(survey.targets).toHaveLength(4);
    expect(survey.views).toHaveLength(2);
    const jobs = survey.views.map((_, view) => {
      const agents = pickedBy(survey, 'agent', all, view);
      expect(agents).toHaveLength(3);
      expect(pickedBy(survey, 'controller', all, view)).toHaveLength(1);
      return [...new Set(agents.map(({ labels }) => `${labels['prometheus_replica']} ${labels['job']}`))];
    });
    expect(jobs).toEqual([['a antrea-agents'], ['b antrea-agents']]);
  });

  it('by replicas with a new name every hour are used from one replica at a time', async () => {
    const of = (name: string) =>
      Array.from({ length: 14 }, (_, hour) =>
        replica(`${name}-${hour}`, (index) => (Math.floor(index / 10) === hour ? 20 : null)),
      ).flat();
    const survey = await surveyed([...of('a'), ...of('b')]);
    expect(survey.duplications.map(({ copies }) => copies.map(({ length }) => length))).toEqual([
      [14, 14],
      [14, 14],
    ]);
    expect(survey.targets).toHaveLength(4 * 14);
  });

  it('by two jobs at different intervals are used from the job that scrapes more often', async () => {
    const own = cluster();
    const again = cluster((component) => [{ job: `slow-${component}s` }, { scrapes: 5 }]);
    const survey = await surveyed([...again, ...own]);
    expect(survey.duplications.map(({ label, copies }) => [label, copies])).toEqual([
      ['job', [['antrea-agents'], ['slow-agents']]],
      ['job', [['antrea-controllers'], ['slow-controllers']]],
    ]);
    expect(pickedBy(survey, 'agent', [...again, ...own])).toEqual(own.slice(0, 3));
    // 20 scrapes in ten minutes; the slow jobs are not queried.
    const { source } = sourceOver({ targets: [] });
    expect(await measureScrapeInterval(source, survey, PERIOD.end)).toBe(30);
  });

  it('are not copies if a job is renamed at noon', async () => {
    const noon = 70;
    const before = cluster((component) => [
      { job: `old-${component}s` },
      { scrapes: (index: number) => (index < noon ? 20 : index === noon ? 11 : null) },
    ]);
    const after = cluster(() => [
      {},
      { scrapes: (index: number) => (index < noon ? null : index === noon ? 9 : 20) },
    ]);
    const survey = await surveyed([...before, ...after]);
    expect([survey.duplications, survey.targets.length]).toEqual([[], 8]);
  });

  it('by replicas that push metrics without `up` are used from one of them', async () => {
    const pushed = (name: string) => replica(name).map((one) => ({ ...one, hasUp: false }));
    const survey = await surveyed([...pushed('a'), ...pushed('b')]);
    expect(survey.duplications.map(({ label, copies }) => [label, copies])).toEqual([
      ['prometheus_replica', [['a'], ['b']]],
      ['prometheus_replica', [['a'], ['b']]],
    ]);
    expect(survey.targets).toHaveLength(4);
    // The scrape interval is measured with them as well.
    expect(survey.probe.series).toHaveLength(8);
  });

  it('by two jobs are used from one of them even if only the node is the same in their labels', async () => {
    const own = cluster();
    const again = cluster((component, node) => [
      {
        job: 'kubernetes-pods',
        instance: `10.0.0.${node.slice(1)}:${component === 'agent' ? 10_350 : 10_349}`,
        node,
        pod: `antrea-${component}-${node}`,
      },
    ]);
    const web: FakeTarget = {
      labels: { job: 'kubernetes-pods', instance: '10.0.1.1:80', node: 'n1', pod: 'web' },
    };
    const all = [...own, ...again, web];
    const survey = await surveyed(all);
    expect(survey.duplications.map(({ component, label }) => [component, label])).toEqual([
      ['agent', 'job'],
      ['controller', 'job'],
    ]);
    const agents = pickedBy(survey, 'agent', all);
    expect(agents).toHaveLength(3);
    expect(new Set(agents.map(({ labels }) => labels['job'])).size).toBe(1);
    expect(pickedBy(survey, 'controller', all)).toHaveLength(1);
    expect(survey.views[0].selection.others).toEqual([]);
  });

  it('are not copies if a Pod replaces another on its node, whenever that happens', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 140 }),
        fc.integer({ min: 0, max: 20 }),
        fc.boolean(),
        async (at, share, isNamed) => {
          const pod = (name: string, scrapes: (index: number) => number | null) =>
            target(
              'agent',
              'n1',
              isNamed ? { pod: name, node: 'n1', instance: '10.0.0.1:10350' } : { instance: `n1;${name}` },
              { scrapes },
            );
          const replaced = [
            pod('antrea-agent-old', (index) => (index < at ? 20 : index === at ? share : null)),
            pod('antrea-agent-new', (index) => (index < at ? null : index === at ? 20 - share : 20)),
          ];
          const [, ...others] = cluster((_, node) => [isNamed ? { node, pod: `antrea-agent-${node}` } : {}]);
          const survey = await surveyed([...replaced, ...others]);
          expect(survey.duplications).toEqual([]);
          expect(survey.targets).toHaveLength(5);
          expect(pickedBy(survey, 'agent', [...replaced, ...others])).toHaveLength(4);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('are all in some view, whichever of two replicas scraped them, and never twice in one view', async () => {
    const presence = fc.array(fc.boolean(), { minLength: 4, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(presence, presence, async (a, b) => {
        const of = (name: string, has: boolean[]) => replica(name).filter((_, index) => has[index]);
        const all = [...of('a', a), ...of('b', b)];
        if (!all.some(({ exposes }) => exposes === 'agent')) return;
        const survey = await surveyed(all);
        const nodes = new Set(
          survey.views.flatMap((_, view) =>
            pickedBy(survey, 'agent', all, view).map(({ labels }) => labels['instance']),
          ),
        );
        const wanted = all
          .filter(({ exposes }) => exposes === 'agent')
          .map(({ labels }) => labels['instance']);
        expect(nodes).toEqual(new Set(wanted));
        for (const [view] of survey.views.entries()) {
          const seen = pickedBy(survey, 'agent', all, view).map(({ labels }) => labels['instance']);
          expect(new Set(seen).size, 'twice in one view').toBe(seen.length);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('are in some view whenever a replica scraped them, whatever gaps each has', async () => {
    const POINTS = 150;
    const gap = fc
      .tuple(fc.nat(POINTS), fc.nat(POINTS))
      .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
    const gaps = fc.array(fc.array(gap, { maxLength: 2 }), { minLength: 4, maxLength: 4 });
    const scrapesWith = (own: readonly (readonly [number, number])[]) => (index: number) =>
      own.some(([from, to]) => index >= from && index < to) ? null : 20;
    const key = ({ labels }: FakeTarget) => labels['instance'] ?? '';
    const seenAt = (targets: readonly FakeTarget[], index: number) =>
      new Set(
        targets.filter(({ scrapes }) => typeof scrapes === 'function' && scrapes(index) !== null).map(key),
      );
    let several = 0;
    await fc.assert(
      fc.asyncProperty(gaps, gaps, async (a, b) => {
        const of = (name: string, own: typeof a) =>
          replica(name).map((one, index) => ({ ...one, scrapes: scrapesWith(own[index] ?? []) }));
        const all: FakeTarget[] = [...of('a', a), ...of('b', b)];
        const survey = await surveyed(all);
        const picked = survey.views.flatMap((_, view) => [
          ...pickedBy(survey, 'agent', all, view),
          ...pickedBy(survey, 'controller', all, view),
        ]);
        if (survey.views.length > 1) several += 1;
        const { count } = survey.probe.grid;
        for (let index = 0; index < count; index += 1)
          expect(seenAt(picked, index), `${survey.views.length} views at ${index}`).toEqual(
            seenAt(all, index),
          );
        expect(survey.cluster).toBeNull();
      }),
      { numRuns: 100 },
    );
    expect(several).toBeGreaterThan(10);
  });
});
