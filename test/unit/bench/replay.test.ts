import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayWithPast } from '../../../bench/past.ts';
import { multiply, readAnswer } from '../../../bench/replay/answer.ts';
import { makeCopies, readNames, templateReader } from '../../../bench/replay/copies.ts';
import { FAULTY_NODES } from '../../simulation/scenarios.ts';

const day = dayWithPast(12).parts.at(-1);
const simulated = readNames(day ?? { start: 0, end: 1 });
const readTemplate = templateReader(simulated);

type Result = { metric: Record<string, string>; values: [number, string][] }[];

/** Returns the answer of a cluster with `nodes` nodes to a range query, made from an answer of the simulated one. */
function answerOf(nodes: number, result: Result): Result {
  const body = JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } });
  const answer = readAnswer(body, 'query', readTemplate);
  return JSON.parse(Buffer.concat([...multiply(answer, makeCopies(simulated, nodes))]).toString()).data
    .result;
}

const instanceOf = ({ node, pods }: { node: string; pods: readonly string[] }) => `${node};${pods[0]}`;
const agents: Result = simulated.map((names, index) => ({
  metric: { instance: instanceOf(names), job: 'antrea-agents' },
  values: [[60, String(index)]],
}));

describe('the nodes of a replayed cluster', () => {
  it('have names, addresses and Pods that no other node has', () => {
    fc.assert(
      fc.property(fc.integer({ min: 12, max: 3000 }), (count) => {
        const { nodes } = makeCopies(simulated, count);
        for (const names of [
          nodes.map(({ node }) => node),
          nodes.map(({ address }) => address),
          nodes.flatMap(({ pods }) => pods),
        ])
          expect(new Set(names).size).toBe(names.length);
      }),
      { numRuns: 10 },
    );
  });

  it('are mostly healthy: there are few copies of a faulty node and none of the controller’s', () => {
    const { nodes } = makeCopies(simulated, 5000);
    const copied = nodes.slice(simulated.length).map(({ original }) => simulated[original]?.node ?? '');
    expect(copied).not.toContain(simulated[0]?.node);
    const faulty = copied.filter((node) => FAULTY_NODES.includes(node));
    expect(faulty.length).toBeGreaterThan(10);
    expect(faulty.length).toBeLessThan(50);
  });
});

describe('the answer of a replayed cluster', () => {
  it('is that of the simulated cluster for the same number of nodes', () => {
    expect(answerOf(12, agents)).toEqual(agents);
  });

  it('repeats the series of a node with the names of its copies', () => {
    const { nodes } = makeCopies(simulated, 300);
    expect(answerOf(300, agents)).toEqual(
      nodes.map((names) => ({
        metric: { instance: instanceOf(names), job: 'antrea-agents' },
        values: [[60, String(names.original)]],
      })),
    );
  });

  it('replaces every name in the labels of a series, and no text that only begins like one', () => {
    const [, , worker] = simulated;
    const copy = makeCopies(simulated, 5000).nodes.find(
      ({ original }, index) => index > 12 && original === 2,
    );
    const labels = (names: typeof worker) => ({
      node: names?.node ?? '',
      pod: names?.pods[0] ?? '',
      instance: `${names?.address}:10350`,
      other: `${worker?.node}x ${worker?.address}0`,
    });
    const results = answerOf(5000, [{ metric: labels(worker), values: [] }]).map(({ metric }) => metric);
    expect(results).toContainEqual(labels(worker));
    expect(results).toContainEqual(labels(copy));
  });

  it('has the series of the controller once, and totals over the agents that fit the number of nodes', () => {
    const result: Result = [
      { metric: { instance: `${simulated[0]?.node};antrea-controller-x` }, values: [[60, '3']] },
      { metric: { __name__: 'antrea_agent_local_pod_count' }, values: [[60, '12']] },
      { metric: { __name__: 'antrea_controller_acnp_status_updates' }, values: [[60, '1']] },
      { metric: { part: 'up high' }, values: [[60, '1']] },
      { metric: { part: 'up sum' }, values: [[60, '12']] },
    ];
    const values = answerOf(1200, result).map(({ values: [pair] }) => Number(pair?.[1]));
    expect(values.sort()).toEqual([1, 1, 3, 1200, 1200].sort());
  });
});
