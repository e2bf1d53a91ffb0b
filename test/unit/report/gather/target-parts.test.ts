import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { INDICATORS } from '../../../../src/report/catalog/indicators/index.ts';
import { QueryError } from '../../../../src/report/gather/errors.ts';
import { findHalf, isSeparable, openTargetParts } from '../../../../src/report/gather/target-parts.ts';
import { matches, type Selection } from '../../../../src/report/promql/placeholders.ts';

const TEMPLATE = 'max by ($node) (a{$agents})';

const ALL: Selection = {
  agent: { matchers: [{ label: 'job', operator: '=', value: 'agents' }], windows: null, nodeLabel: 'node' },
  controller: { matchers: [{ label: 'job', operator: '=', value: 'ctl' }], windows: null, nodeLabel: 'node' },
  others: [],
};

/** A server with a series for each agent, which refuses queries for more than `limit` series. */
function serverOf(nodes: readonly string[], limit: number) {
  const asked: number[] = [];
  const ask = async ({ agent }: Selection) => {
    const found = nodes
      .map((node) => ({ labels: { job: 'agents', node } }))
      .filter(({ labels }) => matches(labels, agent.matchers));
    asked.push(found.length);
    if (found.length > limit) throw new QueryError('too-many-series', `${found.length} series`);
    return found;
  };
  return { asked, ask };
}

const namesOf = (answer: readonly { labels: { node: string } }[]) => answer.map(({ labels }) => labels.node);

describe('a query that selects too many series', () => {
  it('is asked about parts of the targets, of which each series is in exactly one', async () => {
    const names = fc.uniqueArray(fc.string({ unit: 'binary', maxLength: 8 }), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(names, names, fc.integer({ min: 1, max: 20 }), async (known, unknown, limit) => {
        const nodes = [...new Set([...known, ...unknown])];
        const { ask } = serverOf(nodes, limit);
        const question = { template: TEMPLATE, ask };
        const answer = await openTargetParts()(question, { selection: ALL, nodeValues: known }).catch(
          (error: unknown) => error,
        );
        // Parts can be too large only if the survey saw too few of the names, or if they differ in unusual letters.
        if (answer instanceof QueryError) expect(nodes.length).toBeGreaterThan(limit);
        else expect(namesOf(answer as never).sort()).toEqual(nodes.toSorted());
      }),
    );
  });

  it('is asked about few and even parts of 5000 nodes, and only about those the next time', async () => {
    const nodes = Array.from(
      { length: 5000 },
      (_, index) => `ip-10-0-${index >> 8}-${index % 256}.ec2.internal`,
    );
    const { ask, asked } = serverOf(nodes, 700);
    const askInParts = openTargetParts();
    const question = { template: TEMPLATE, ask };
    const targets = { selection: ALL, nodeValues: nodes };
    expect(await askInParts(question, targets)).toHaveLength(5000);
    // Eight parts of 625 nodes would be the fewest.
    expect(asked.filter((count) => count <= 700).length).toBeLessThanOrEqual(16);
    asked.length = 0;
    expect(await askInParts(question, targets)).toHaveLength(5000);
    expect(Math.max(...asked)).toBeLessThanOrEqual(700);
  });

  it('fails with the refusal if the targets cannot be separated', async () => {
    const refused = async (template: string, nodeValues: readonly string[]) => {
      const { ask, asked } = serverOf(['a1', 'a2'], 0);
      const failing = openTargetParts()({ template, ask }, { selection: ALL, nodeValues });
      await expect(failing).rejects.toThrow(/series$/);
      return asked;
    };
    expect(await refused('sum(a{$agents})', ['a1', 'a2'])).toEqual([2]);
    expect(await refused(TEMPLATE, ['a1'])).toEqual([2]);
    expect(await refused(TEMPLATE, ['a1', 'a2'])).toEqual([2, 1]);
  });

  it('fails with the refusal if parts have a series in common', async () => {
    const ask = async ({ agent }: Selection) => {
      if (agent.matchers.length === 1) throw new QueryError('too-many-series', 'too many');
      return [{ labels: { node: 'same' } }];
    };
    const failing = openTargetParts()(
      { template: TEMPLATE, ask },
      { selection: ALL, nodeValues: ['a1', 'a2'] },
    );
    await expect(failing).rejects.toThrow('too many');
  });

  it.each(['timeout', 'rejected', 'connection'] as const)('is not split after "%s"', async (kind) => {
    let asked = 0;
    const ask = async () => {
      asked += 1;
      throw new QueryError(kind, 'no');
    };
    const targets = { selection: ALL, nodeValues: ['a1', 'a2'] };
    await expect(openTargetParts()({ template: TEMPLATE, ask }, targets)).rejects.toMatchObject({ kind });
    expect(asked).toBe(1);
  });
});

describe('the half of some values', () => {
  it.each([
    [['n0', 'n1', 'n2', 'n3'], '.*[01].{0}'],
    [['a.x', 'b.x'], '.*[a].{2}'],
    [['10.0.0.1:10349', '10.0.0.2:10349'], '.*[1].{6}'],
  ])('of %j is %s', (values, expression) => {
    expect(findHalf(values)).toBe(expression);
  });

  it('does not exist if all are alike, or differ only in signs', () => {
    expect(findHalf([])).toBeNull();
    expect(findHalf(['a'])).toBeNull();
    expect(findHalf(['a-', 'a.'])).toBeNull();
  });
});

describe('a query of the catalog', () => {
  /** Compare targets with each other or count them, or are only about the controller. */
  const NOT_SEPARABLE = INDICATORS.filter(
    ({ query, exporter }) => exporter === undefined && !isSeparable(query),
  ).map(({ id }) => id);

  it('about other exporters cannot, because their series do not have the labels of the targets', () => {
    const ofExporters = INDICATORS.filter(({ exporter }) => exporter !== undefined);
    expect(ofExporters.filter(({ query }) => isSeparable(query))).toEqual([]);
  });

  it('can be asked about parts of the targets if its series are about single ones', () => {
    expect(NOT_SEPARABLE.sort()).toMatchInlineSnapshot(`
      [
        "address-group-sync-duration",
        "applied-to-group-sync-duration",
        "controller-instances",
        "missing-agents",
        "network-policy-sync-duration",
        "node-cidr-usage",
        "policy-queue-backlog",
        "policy-queue-wait",
        "policy-sync-retries",
        "policy-sync-tail",
        "proxy-sync-rounds",
        "service-count-difference",
        "unwatched-agents",
      ]
    `);
  });
});

describe('a query that combines targets', () => {
  it.each([
    'sum(a{$agents})',
    'sum by (name) (a{$agents})',
    'sum(a{$agents}) by ($node)',
    'count by (ip_family, $node) (a{$agents})',
    'a{$agents} - on (ip_family) group_left () b{$agents}',
    'a{$agents} - ignoring ($node) b{$agents}',
    'max by ($node) (a{$agents}) and on ($node) b{job="x"}',
    'absent(a{$agents})',
    'a{$agents} * scalar(b{$agents})',
    'a{$agents} or vector(0)',
    'sum without (x) (a{$agents})',
    'topk(3, a{$agents})',
    'a',
  ])('is not separable: %s', (template) => {
    expect(isSeparable(template)).toBe(false);
  });
});
