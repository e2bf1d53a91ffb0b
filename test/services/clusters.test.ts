/** Several clusters in one server: a report covers only the cluster that was requested. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clusterOf } from '../simulation/cluster.ts';
import { type SimulatedSeries, simulate, withLabels } from '../simulation/samples.ts';
import { FAULTY_NODES, type Scenario, simulatedDay, timeOfDay } from '../simulation/scenarios.ts';
import { dealToServers } from './every-server.ts';
import { expectFindings } from './expect-findings.ts';
import { reportOn } from './report.ts';
import type { Database } from './server.ts';

/** Their nodes have the same names. The cluster gamma is healthy. */
const CLUSTERS: Readonly<Record<string, Scenario>> = {
  alpha: simulatedDay('faulty', { nodes: FAULTY_NODES, kubeStateMetrics: true, allocatablePods: 250 }),
  beta: simulatedDay('healthy', {
    seed: 2,
    nodes: 4,
    faults: [
      {
        kind: 'file-descriptors',
        node: 'worker-02',
        start: timeOfDay('03:00'),
        end: timeOfDay('05:00'),
        ratio: 0.92,
      },
    ],
  }),
  gamma: simulatedDay('healthy', { seed: 3, nodes: 3, kubeStateMetrics: true }),
};

function* labelledBy(label: string, names: readonly string[]): Generator<SimulatedSeries> {
  for (const name of names) {
    const scenario = CLUSTERS[name];
    if (scenario) yield* withLabels(simulate(scenario.simulation), { [label]: name });
  }
}

/** The last label is unusual: it can only be found by comparing the series. */
const SET_UPS = [
  { label: 'cluster', names: ['alpha', 'beta', 'gamma'] },
  { label: 'k8s_cluster_name', names: ['alpha', 'beta'] },
  { label: 'landscape', names: ['alpha', 'gamma'] },
];

describe.each(dealToServers(SET_UPS))('$name', ({ kind, cases }) => {
  describe.each(cases)('with clusters in the label $label', ({ label, names }) => {
    let database: Database;

    beforeAll(async () => {
      database = await kind.start();
      await database.load(labelledBy(label, names));
    });
    afterAll(() => database?.stop());

    it.each(names)('finds the faults of cluster %s and none of the other clusters', async (name) => {
      const scenario = CLUSTERS[name] ?? simulatedDay('healthy');
      const report = await reportOn(database.url, scenario.period, {}, name);
      expectFindings(report, scenario.truths);
      const { nodes } = clusterOf(scenario.simulation);
      expect(report.coverage).toMatchObject({ agentsSeen: nodes.length, controllersAtEnd: 1 });
    });

    it('lists the clusters in a one-line error if none has the requested name', async () => {
      const { period } = simulatedDay('healthy');
      const error = await reportOn(database.url, period, {}, 'nowhere').then(
        () => undefined,
        (reason: Error) => reason,
      );
      expect(error, 'a report was made of all clusters together').toBeInstanceOf(Error);
      expect(error?.message).not.toContain('\n');
      for (const part of ['nowhere', label, ...names]) expect(error?.message).toContain(part);
    });
  });
});
