/** What is in a server more than once is counted once: replicas of a Prometheus, and jobs that scrape the same targets. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import type { Labels } from '../simulation/cluster.ts';
import { type SimulatedSeries, simulate, withLabels } from '../simulation/samples.ts';
import { simulatedDay, timeOfDay } from '../simulation/scenarios.ts';
import { EVERY_SERVER, withServer } from './every-server.ts';
import { expectFindings } from './expect-findings.ts';
import { reportOn } from './report.ts';
import { later, only } from './series.ts';

const { simulation, truths, period } = simulatedDay('faulty', {
  kubeStateMetrics: true,
  allocatablePods: 250,
});

/** As kube-prometheus labels what its replicas store elsewhere. */
function replica(name: string): Labels {
  return { prometheus: 'monitoring/k8s', prometheus_replica: `prometheus-k8s-${name}` };
}

/** Two replicas that scrape 7 s apart. The first does not see anything of the slow syncs and what follows from them. */
function* highlyAvailable(): Generator<SimulatedSeries> {
  const isOutsideGap = (seconds: number) => seconds < timeOfDay('12:30') || seconds >= timeOfDay('14:30');
  yield* withLabels(only(simulate(simulation), isOutsideGap), replica('0'));
  yield* withLabels(later(simulate(simulation), 7), replica('1'));
}

/** Antrea's own jobs and a PodMonitor, whose instances have another form. Kubernetes' series are there once. */
function* scrapedByTwoJobs(): Generator<SimulatedSeries> {
  yield* simulate(simulation);
  yield* simulate({ ...simulation, labelling: 'pod-monitor', bystanders: false, kubeStateMetrics: false });
}

function cpuReadings(report: Report): Map<string, number | null> {
  const readings = report.indicators.find(({ id }) => id === 'cpu-usage')?.readings ?? [];
  return new Map(readings.map(({ component, subject, value }) => [`${component} ${subject}`, value]));
}

const SET_UPS = [
  { name: 'a pair of replicas, one with a gap that the other fills', series: highlyAvailable },
  { name: 'two jobs that scrape the same targets', series: scrapedByTwoJobs },
];

describe.each(EVERY_SERVER)('$name', (kind) => {
  let alone: Report;

  beforeAll(async () => {
    alone = await withServer(kind, async (database) => {
      await database.load(simulate(simulation));
      return reportOn(database.url, period);
    });
  });

  describe.each(SET_UPS)('with $name', ({ series }) => {
    let report: Report;

    beforeAll(async () => {
      report = await withServer(kind, async (database) => {
        await database.load(series());
        return reportOn(database.url, period);
      });
    });

    it('finds every fault, and nothing else', () => expectFindings(report, truths));

    it('counts every error once', () => {
      const errors = report.findings.find(({ indicator }) => indicator === 'ovs-flow-operation-errors');
      expect(errors?.value).toBe(13);
      expect(errors?.episodes.map(({ value }) => value)).toEqual([9, 4]);
    });

    it('counts every process once', () => {
      expect(report.coverage).toMatchObject({
        agentsSeen: 12,
        agentsAtEnd: 12,
        controllersAtEnd: 1,
        scrapeIntervalSeconds: 60,
      });
      const subjects = report.coverage.targets.map(({ component, subject }) => `${component} ${subject}`);
      expect(subjects.sort()).toEqual(
        alone.coverage.targets.map(({ component, subject }) => `${component} ${subject}`).sort(),
      );
    });

    it('reads the CPU usage of one process, not of two', () => {
      const expected = cpuReadings(alone);
      const readings = cpuReadings(report);
      expect([...readings.keys()].sort()).toEqual([...expected.keys()].sort());
      for (const [subject, value] of readings)
        expect((value ?? Number.NaN) / (expected.get(subject) ?? Number.NaN), subject).toBeCloseTo(1, 1);
    });
  });
});
