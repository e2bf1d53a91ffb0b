import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildSelector } from '../../../../../src/report/gather/survey/selectors.ts';
import type { Target } from '../../../../../src/report/gather/survey/targets.ts';
import { type Matcher, matcherText, matches } from '../../../../../src/report/promql/placeholders.ts';
import { selectorsIn } from '../../../../fixtures/fake-source.ts';

const found = (labels: Target['labels'], changes: Partial<Target> = {}): Target => ({
  component: 'agent',
  labels,
  foundBy: 'metrics',
  answered: true,
  ...changes,
});
const foreign = (labels: Target['labels'], answered = true) => found(labels, { component: null, answered });

const text = (own: Target[], others: Target[], base: Matcher[] = []) =>
  matcherText(buildSelector(own, others, base));

/** Values that need escaping, and so few that targets have some in common. */
const values = fc.constantFrom('a', 'b', 'a"b', 'a.b', 'a|b', 'x\\y', '(c', '$1', '节点', 'antrea-agent');
const optional = fc.option(values, { nil: undefined, freq: 2 });
const labels = fc
  .record({
    job: fc.constantFrom('antrea', 'pods', 'a.b', 'a"b'),
    port: fc.constantFrom('10350', '10349', '8080'),
    pod: fc.constantFrom('antrea-agent-a', 'antrea-agent-b', 'antrea-controller-c', 'web', undefined),
    container: optional,
    app: optional,
    'k8s.container.name': optional,
    'a label': optional,
  })
  .map(({ port, ...all }) => ({
    ...Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)),
    port,
  }));
const targets = fc
  .array(
    fc.record({
      labels,
      kind: fc.constantFrom('own', 'own', 'other component', 'foreign', 'silent stranger', 'silent agent'),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((list) =>
    list.map(({ labels: { port, ...rest }, kind }, index): Target => {
      // Each target has its own address.
      const all = { ...rest, instance: `10.0.0.${index}:${port}` };
      if (kind === 'own') return found(all);
      if (kind === 'silent agent') return found(all, { answered: false, foundBy: 'names' });
      if (kind === 'other component') return found(all, { component: 'controller' });
      return foreign(all, kind === 'foreign');
    }),
  )
  .filter((list) => list.some(({ component }) => component === 'agent'));

describe('a selector', () => {
  it('picks all targets of a component and no other that answered, whatever the labels', () => {
    let longer = 0;
    fc.assert(
      fc.property(targets, (all) => {
        const own = all.filter(({ component }) => component === 'agent');
        const others = all.filter((one) => !own.includes(one));
        const matchers = buildSelector(own, others, []);
        const [sent] = selectorsIn(`up{${matcherText(matchers)}}`);
        if (matchers.length > 1) longer += 1;
        for (const target of all) {
          if (target.component === null && !target.answered) continue;
          const isPicked = matches(target.labels, matchers);
          expect(isPicked, `${matcherText(matchers)} ${JSON.stringify(target)}`).toBe(own.includes(target));
          expect(sent?.matches(target.labels)).toBe(isPicked);
        }
      }),
      { numRuns: 400 },
    );
    expect(longer).toBeGreaterThan(50);
  });

  it('is only the job if the job has no other targets', () => {
    const own = found({ job: 'antrea-agents', instance: 'a;b' });
    expect(text([own], [foreign({ job: 'node', instance: 'x' })])).toBe('job="antrea-agents"');
  });

  it('describes what the targets are, so that it picks later ones, too', () => {
    const own = ['1', '2'].map((node) =>
      found({
        job: 'pods',
        instance: `10.0.0.${node}:10350`,
        node,
        pod: `antrea-agent-${node}`,
        app: 'antrea',
      }),
    );
    const controller = found(
      { job: 'pods', instance: '10.0.0.9:10349', node: '1', pod: 'antrea-controller-x', app: 'antrea' },
      { component: 'controller' },
    );
    const web = foreign({ job: 'pods', instance: '10.0.0.8:80', node: '2', pod: 'web-1', app: 'web' });
    expect(text(own, [controller, web])).toBe('job="pods",pod=~"antrea-agent-.+"');
    const byPort = own.map(({ labels: { job = '', instance = '' } }) => found({ job, instance }));
    const others = [controller, web].map((one) => ({
      ...one,
      labels: { job: 'pods', instance: one.labels['instance'] ?? '' },
    }));
    expect(text(byPort, others)).toBe('job="pods",instance=~".+:10350"');
    const named = [...own, controller].map((one) => ({
      ...one,
      labels: { ...one.labels, container: `antrea-${one.component}` },
    }));
    expect(text(named.slice(0, 2), [...named.slice(2), web])).toBe('job="pods",container="antrea-agent"');
  });

  it('keeps the matchers of the cluster', () => {
    const base: Matcher[] = [{ label: 'k8s.cluster.name', operator: '=', value: 'prod' }];
    const own = found({ job: 'j', instance: 'a', 'k8s.cluster.name': 'prod' });
    const elsewhere = found({ job: 'j', instance: 'a', 'k8s.cluster.name': 'test' });
    expect(text([own], [elsewhere], base)).toBe('"k8s.cluster.name"="prod",job="j"');
  });
});
