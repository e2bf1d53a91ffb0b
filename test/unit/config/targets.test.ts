import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReportConfig } from '../../../src/config/schema/config.ts';
import { mergeTargets, resolveTargets } from '../../../src/config/targets.ts';

type TargetConfig = Pick<NonNullable<ReportConfig['prometheus']>, 'jobs' | 'matchers' | 'nodeLabel'>;

const names = fc.constantFrom('cluster', 'region', 'all', 'agent', 'k8s.cluster.name', 'namespace');
const labels = fc.dictionary(names, fc.constantFrom('a', 'b', 'c'), { maxKeys: 3 });
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const jobs = fc.oneof(fc.constantFrom('x', 'y'), fc.constant(['x', 'y']));

/** Removes undefined values, which a file cannot contain. */
const sparse = <T extends object>(value: T) =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined));

const configs: fc.Arbitrary<TargetConfig> = fc
  .record({
    jobs: optional(fc.record({ agent: optional(jobs), controller: optional(jobs) }).map(sparse)),
    matchers: optional(
      fc.oneof(
        labels,
        fc
          .record({ all: optional(labels), agent: optional(labels), controller: optional(labels) })
          .map(sparse),
      ),
    ),
    nodeLabel: optional(
      fc.oneof(
        fc.constantFrom('node', 'host'),
        fc
          .record({
            agent: optional(fc.constantFrom('node', 'host')),
            controller: optional(fc.constantFrom('node', 'host')),
          })
          .map(sparse),
      ),
    ),
  })
  .map(sparse);

describe('resolveTargets', () => {
  it('returns nothing for an empty configuration, so that the survey decides', () => {
    expect(resolveTargets({})).toEqual({
      jobs: {},
      matchers: { agent: {}, controller: {}, others: {} },
      nodeLabels: {},
    });
  });

  it('applies matchers to all series, and those of a component in addition', () => {
    expect(resolveTargets({ matchers: { cluster: 'prod' } }).matchers).toEqual({
      agent: { cluster: 'prod' },
      controller: { cluster: 'prod' },
      others: { cluster: 'prod' },
    });
    expect(
      resolveTargets({
        matchers: { all: { cluster: 'prod' }, agent: { team: 'net', cluster: 'other' } },
        nodeLabel: { controller: 'host' },
        jobs: { agent: 'a' },
      }),
    ).toEqual({
      jobs: { agent: ['a'] },
      matchers: {
        agent: { cluster: 'other', team: 'net' },
        controller: { cluster: 'prod' },
        others: { cluster: 'prod' },
      },
      nodeLabels: { controller: 'host' },
    });
  });

  it('treats a component name with a text value as a label', () => {
    expect(resolveTargets({ matchers: { all: 'x', agent: 'y' } }).matchers.others).toEqual({
      all: 'x',
      agent: 'y',
    });
  });
});

describe('mergeTargets', () => {
  it('returns the other configuration when one is empty', () => {
    fc.assert(
      fc.property(configs, (config) => {
        const resolved = resolveTargets(config);
        expect(resolveTargets(mergeTargets(config, {}))).toEqual(resolved);
        expect(resolveTargets(mergeTargets(undefined, config))).toEqual(resolved);
      }),
    );
  });

  it('merges labels, jobs and components one by one', () => {
    fc.assert(
      fc.property(configs, configs, (shared, special) => {
        const merged = resolveTargets(mergeTargets(shared, special));
        const [below, above] = [resolveTargets(shared), resolveTargets(special)];
        expect(merged.jobs).toEqual({ ...below.jobs, ...above.jobs });
        expect(merged.nodeLabels).toEqual({ ...below.nodeLabels, ...above.nodeLabels });
        expect(merged.matchers.others).toEqual({ ...below.matchers.others, ...above.matchers.others });
        for (const component of ['agent', 'controller'] as const)
          expect(Object.keys(merged.matchers[component]).sort()).toEqual(
            Object.keys({ ...below.matchers[component], ...above.matchers[component] }).sort(),
          );
      }),
    );
  });

  it('keeps the common labels of a component when the cluster sets labels of both', () => {
    const shared = { matchers: { agent: { team: 'net' } } };
    expect(resolveTargets(mergeTargets(shared, { matchers: { team: 'all' } })).matchers).toEqual({
      agent: { team: 'net' },
      controller: { team: 'all' },
      others: { team: 'all' },
    });
  });
});
