import { parser } from '@prometheus-io/lezer-promql';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { INDICATORS } from '../../../../src/report/catalog/indicators/index.ts';
import {
  joinedMatchers,
  type Matcher,
  matcherText,
  matches,
  oneOf,
  overBoth,
  quote,
  type Selection,
  substitute,
} from '../../../../src/report/promql/placeholders.ts';
import { type Labels, selectorsIn, unquoted } from '../../../fixtures/fake-source.ts';

const is = (label: string, value: string): Matcher => ({ label, operator: '=', value });

const selectionOf = (change: Partial<Selection> = {}): Selection => ({
  agent: { matchers: [is('job', 'antrea-agents')], windows: null, nodeLabel: 'node' },
  controller: { matchers: [is('job', 'antrea-controllers')], windows: null, nodeLabel: 'node' },
  others: [],
  ...change,
});

const DURATIONS = { window: 360, span: 300, interval: 60, step: 300, period: 86_400 };

/** Label values. Many need quoting. */
const values = fc.oneof(
  fc.constantFrom(
    'a"b',
    'a\\',
    '\\"',
    'two\nlines',
    'a.b',
    'a|b',
    '.*',
    '$1',
    '$agents',
    '(x)',
    '[a-z]{2}^$',
  ),
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('"', '\\', '\n', '|', '.', '*', '$', 'a', '{', '}', '节') }),
);

const labelNames = fc.oneof(
  fc.constantFrom('job', 'instance', '_x', 'k8s.cluster.name', '节点', 'a"b', 'with space', '1st', 'a\\b'),
  fc.string({ minLength: 1 }),
);

function errorsIn(query: string): string[] {
  const errors: string[] = [];
  parser.parse(query).iterate({
    enter: ({ type, from, to }) => {
      if (type.isError) errors.push(`${from}-${to} of ${query}`);
    },
  });
  return errors;
}

describe('a quoted label value', () => {
  it('is read as the original value', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(quote(value)).toMatch(/^"(?:[^"\\\n]|\\["\\n])*"$/);
        expect(unquoted(quote(value))).toBe(value);
      }),
    );
  });
});

describe('matchers', () => {
  it('match exactly the values that they name, whatever characters these contain', () => {
    fc.assert(
      fc.property(fc.uniqueArray(values, { minLength: 1, maxLength: 4 }), values, (jobs, other) => {
        const matcher = oneOf('job', jobs);
        expect(matcher.operator).toBe(jobs.length === 1 ? '=' : '=~');
        for (const job of jobs) expect(matches({ job }, [matcher])).toBe(true);
        expect(matches({ job: other }, [matcher])).toBe(jobs.includes(other));
        expect(matches({}, [matcher])).toBe(jobs.includes(''));
        // Every object has this property, but these labels lack it.
        expect(matches({}, [{ ...matcher, label: 'constructor' }])).toBe(jobs.includes(''));
      }),
    );
  });

  it('match values that are too long for an expression', () => {
    const long = 'x'.repeat(40_000);
    expect(() => new RegExp(`^(?:${long}|b)$`, 's').test(long)).toThrow('too large');
    expect(matches({ job: long }, [oneOf('job', [long, 'b'])])).toBe(true);
    expect(matches({ job: `${long}x` }, [oneOf('job', [long, 'b'])])).toBe(false);
  });

  it('mean the same in a query, whatever the names of the labels and their values', () => {
    const label = fc.record({ name: labelNames, value: values });
    fc.assert(
      fc.property(
        fc.uniqueArray(label, { selector: ({ name }) => name, minLength: 1, maxLength: 3 }),
        fc.constantFrom('=', '!=', '=~', '!~'),
        values,
        (own, operator, other) => {
          const matchers = own.map(({ name, value }): Matcher => {
            const isRegex = operator.endsWith('~');
            return { label: name, operator, value: isRegex ? oneOf(name, [value, other]).value : value };
          });
          const [selector] = selectorsIn(`up{${matcherText(matchers)}}`);
          const labels = Object.fromEntries(own.map(({ name, value }) => [name, value]));
          const changed = own.map(({ name }) => ({ ...labels, [name]: other }));
          for (const one of [labels, ...changed, {}])
            expect(selector?.matches(one)).toBe(matches(one, matchers));
        },
      ),
    );
  });
});

describe('one selector for both components', () => {
  const universe: Labels[] = ['a', 'b', 'a.b', 'a|b'].flatMap((job) =>
    ['x', 'y', ''].flatMap((team) => ['1', '2'].map((zone) => ({ job, zone, ...(team && { team }) }))),
  );
  const matcher = fc.oneof(
    fc.record({
      label: fc.constantFrom('job', 'team', 'zone'),
      operator: fc.constantFrom('=', '!=') as fc.Arbitrary<'=' | '!='>,
      value: fc.constantFrom('a', 'b', 'a.b', 'x', 'y', '1', ''),
    }),
    fc.record({
      label: fc.constantFrom('job', 'team', 'zone'),
      operator: fc.constantFrom('=~', '!~') as fc.Arbitrary<'=~' | '!~'>,
      value: fc.constantFrom('a|b', 'a\\.b', '.+', 'x|y', '[12]', ''),
    }),
  );
  // Most pairs are similar, since only then do joined matchers exist.
  const pairs = fc
    .record({
      agent: fc.array(matcher, { minLength: 1, maxLength: 3 }),
      changed: fc.nat(2),
      by: matcher,
      other: fc.option(fc.array(matcher, { minLength: 1, maxLength: 3 })),
    })
    .map(({ agent, changed, by, other }) => ({
      agent,
      controller: other ?? agent.map((one, index) => (index === changed ? { ...by, label: one.label } : one)),
    }));

  it('picks exactly the targets of both', () => {
    let joined = 0;
    fc.assert(
      fc.property(pairs, ({ agent, controller }) => {
        const selection = selectionOf({
          agent: { matchers: agent, windows: null, nodeLabel: 'node' },
          controller: { matchers: controller, windows: null, nodeLabel: 'node' },
        });
        const both = joinedMatchers(selection);
        if (both !== null) joined += 1;
        const selectors = selectorsIn(overBoth(selection, (text) => `up{${text}}`));
        expect(selectors).toHaveLength(both === null ? 2 : 1);
        for (const labels of universe) {
          const isWanted = matches(labels, agent) || matches(labels, controller);
          if (both !== null) expect(matches(labels, both), JSON.stringify(labels)).toBe(isWanted);
          expect(selectors.some((one) => one.matches(labels))).toBe(isWanted);
        }
      }),
      { numRuns: 1000 },
    );
    expect(joined).toBeGreaterThan(30);
  });

  it('exists if only the jobs differ, as in Antrea’s own configuration', () => {
    expect(overBoth(selectionOf(), (text) => `up{${text}}`)).toBe(
      'up{job=~"antrea-agents|antrea-controllers"}',
    );
  });
});

describe('substitution', () => {
  it('replaces placeholders in one pass, and keeps everything else', () => {
    const cluster = is('cluster', '$span $& $1');
    const component = (job: string) => ({
      matchers: [is('job', job), cluster],
      windows: null,
      nodeLabel: 'kubernetes_node',
    });
    const selection = { agent: component('a'), controller: component('c'), others: [cluster] };
    expect(
      substitute(
        'label_replace(rate(a{$agents}[$window]), "$nodeLabel", "$1", "i", "(.+)$") + b{$components}[$span] + $period $constructor $windows',
        selection,
        DURATIONS,
      ),
    ).toBe(
      'label_replace(rate(a{job="a",cluster="$span $& $1"}[360s]), "kubernetes_node", "$1", "i", "(.+)$")' +
        ' + b{job=~"a|c",cluster="$span $& $1"}[300s] + 86400s $constructor $windows',
    );
  });

  it('queries each component separately if the query groups by the node label, and adds the component', () => {
    const selection = selectionOf({
      agent: { matchers: [is('job', 'a')], windows: null, nodeLabel: 'k8s.node.name' },
      controller: { matchers: [is('job', 'c')], windows: null, nodeLabel: 'instance' },
    });
    expect(substitute('sum by ($node) (up{$components})', selection, DURATIONS)).toBe(
      'label_replace(sum by ("k8s.node.name") (up{job="a"}), "component", "agent", "", "")' +
        ' or label_replace(sum by (instance) (up{job="c"}), "component", "controller", "", "")',
    );
    // A target is grouped by its job, instance and Pod as well, each label once.
    expect(substitute('sum by ($target) (up{$components})', selection, DURATIONS)).toBe(
      'label_replace(sum by (job, instance, pod, "k8s.node.name") (up{job="a"}), "component", "agent", "", "")' +
        ' or label_replace(sum by (job, instance, pod) (up{job="c"}), "component", "controller", "", "")',
    );
    expect(substitute('sum by ($node) (up{$controllers})', selection, DURATIONS)).toBe(
      'sum by (instance) (up{job="c"})',
    );
  });

  it('separates the agents by their operating system', () => {
    const windows: Matcher = { label: 'pod', operator: '=~', value: 'antrea-agent-windows-.+' };
    const agents = ['antrea-agent-1', 'antrea-agent-windows-1', ''].map((pod) => ({
      job: 'antrea-agents',
      instance: `${pod}:10350`,
      pod,
    }));
    for (const own of [windows, null]) {
      const agent = { matchers: [is('job', 'antrea-agents')], windows: own, nodeLabel: 'node' };
      const [linux, other] = selectorsIn(
        substitute('up{$linuxAgents} or up{$windowsAgents}', selectionOf({ agent }), DURATIONS),
      );
      expect(agents.map((labels) => other?.matches(labels))).toEqual([false, own !== null, false]);
      expect(agents.map((labels) => linux?.matches(labels))).toEqual([true, own === null, true]);
    }
  });

  it.each<[string, Selection]>([
    ['one selector', selectionOf()],
    [
      'a selector for each component, and labels with any name',
      {
        agent: {
          matchers: [is('job', 'antrea'), is('k8s.container.name', 'antrea-agent'), is('cluster', 'a"b')],
          windows: { label: 'pod', operator: '=~', value: 'antrea-agent-windows-.+' },
          nodeLabel: 'k8s.node.name',
        },
        controller: { matchers: [is('job', 'antrea')], windows: null, nodeLabel: 'instance' },
        others: [is('cluster', 'a"b')],
      },
    ],
  ])(
    'replaces every placeholder in the queries of the catalog, and keeps the groups of label_replace, with %s',
    (_, selection) => {
      const templates = INDICATORS.flatMap(({ query, counter, capacity }) => [
        query,
        ...(counter === undefined ? [] : [`max by ($target) (last_over_time(${counter}[$step]))`]),
        ...(capacity?.query === undefined ? [] : [capacity.query]),
        ...(capacity?.limits ?? []).flatMap((limit) => ('query' in limit ? [limit.query] : [])),
      ]);
      for (const template of templates) {
        const query = substitute(template, selection, DURATIONS);
        expect(query).not.toMatch(/\$[a-zA-Z]/);
        expect(new Set(query.match(/\$\d/g))).toEqual(new Set(template.match(/\$\d/g)));
        expect(errorsIn(query)).toEqual([]);
      }
    },
  );
});
