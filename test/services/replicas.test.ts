/** Series that are stored twice count once: those of a replica pair, and those of two jobs with the same targets. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/report/model/report.ts';
import type { Labels } from '../simulation/cluster.ts';
import { type SimulatedSeries, withLabels } from '../simulation/samples.ts';
import { FAULTY_NODES, simulatedDay, timeOfDay } from '../simulation/scenarios.ts';
import { dealToServers, withServer } from './every-server.ts';
import { expectFindings } from './expect-findings.ts';
import { reportOn } from './report.ts';
import { later, only, simulateOnce } from './series.ts';

const { simulation, truths, period } = simulatedDay('faulty', {
  nodes: FAULTY_NODES,
  kubeStateMetrics: true,
  allocatablePods: 250,
});

/** The external labels of kube-prometheus. */
function replica(name: string): Labels {
  return { prometheus: 'monitoring/k8s', prometheus_replica: `prometheus-k8s-${name}` };
}

/** Two replicas that scrape 7 s apart. The first has a gap in which the slow syncs happen. */
function* highlyAvailable(): Generator<SimulatedSeries> {
  const isOutsideGap = (seconds: number) => seconds < timeOfDay('12:30') || seconds >= timeOfDay('14:30');
  yield* withLabels(only(simulateOnce(simulation), isOutsideGap), replica('0'));
  yield* withLabels(later(simulateOnce(simulation), 7), replica('1'));
}

/** The same, but each replica has a different gap: that of the second is in the first burst of errors. */
function* eachWithGap(): Generator<SimulatedSeries> {
  const isOutside = (from: string, to: string) => (seconds: number) =>
    seconds < timeOfDay(from) || seconds >= timeOfDay(to);
  yield* withLabels(only(simulateOnce(simulation), isOutside('12:30', '14:30')), replica('0'));
  yield* withLabels(only(later(simulateOnce(simulation), 7), isOutside('01:00', '03:00')), replica('1'));
}

/** The jobs of antrea-prometheus.yml and of a PodMonitor, which has another form of instances. */
function* scrapedByTwoJobs(): Generator<SimulatedSeries> {
  yield* simulateOnce(simulation);
  yield* simulateOnce({
    ...simulation,
    labelling: 'pod-monitor',
    bystanders: false,
    kubeStateMetrics: false,
  });
}

function cpuReadings(report: Report): Map<string, number | null> {
  const readings = report.indicators.find(({ id }) => id === 'cpu-usage')?.readings ?? [];
  return new Map(readings.map(({ component, subject, value }) => [`${component} ${subject}`, value]));
}

const SET_UPS = [
  { name: 'a pair of replicas, one with a gap that the other fills', series: highlyAvailable },
  { name: 'a pair of replicas, each with a gap that the other fills', series: eachWithGap },
  { name: 'two jobs that scrape the same targets', series: scrapedByTwoJobs },
];

describe.each(dealToServers(SET_UPS))('$name', ({ kind, cases }) => {
  let alone: Report;

  beforeAll(async () => {
    alone = await withServer(kind, async (database) => {
      await database.load(simulateOnce(simulation));
      return reportOn(database.url, period);
    });
  });

  describe.each(cases)('with $name', ({ series }) => {
    let report: Report;

    beforeAll(async () => {
      report = await withServer(kind, async (database) => {
        await database.load(series());
        return reportOn(database.url, period);
      });
    });

    it('finds every fault and nothing else', () => expectFindings(report, truths));

    it('counts each error once', () => {
      const errors = report.findings.find(({ indicator }) => indicator === 'ovs-flow-operation-errors');
      expect(errors?.value).toBe(13);
      expect(errors?.episodes.map(({ value }) => value)).toEqual([9, 4]);
    });

    it('counts each process once', () => {
      expect(report.coverage).toMatchObject({
        agentsSeen: FAULTY_NODES.length,
        agentsAtEnd: FAULTY_NODES.length,
        controllersAtEnd: 1,
        scrapeIntervalSeconds: 60,
      });
      const subjects = report.coverage.targets.map(({ component, subject }) => `${component} ${subject}`);
      expect(subjects.sort()).toEqual(
        alone.coverage.targets.map(({ component, subject }) => `${component} ${subject}`).sort(),
      );
    });

    it('reports the CPU usage of one process', () => {
      const expected = cpuReadings(alone);
      const readings = cpuReadings(report);
      expect([...readings.keys()].sort()).toEqual([...expected.keys()].sort());
      for (const [subject, value] of readings)
        expect((value ?? Number.NaN) / (expected.get(subject) ?? Number.NaN), subject).toBeCloseTo(1, 1);
    });
  });
});
