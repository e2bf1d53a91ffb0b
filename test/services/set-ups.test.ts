/** Unusual set-ups: Windows nodes, a server that has just started, an update of Prometheus, wrong job names. */
import { describe, expect, it } from 'vitest';
import { adviceText } from '../../src/render/advice.ts';
import { withBoundsOfPrometheus3 } from '../simulation/bounds.ts';
import { simulate } from '../simulation/samples.ts';
import { type Scenario, simulatedDay, timeOfDay } from '../simulation/scenarios.ts';
import { EVERY_SERVER, type ServerKind, withServer } from './every-server.ts';
import { expectFindings } from './expect-findings.ts';
import { reportOn } from './report.ts';
import { only } from './series.ts';

function reportOnDay(kind: ServerKind, { simulation, period }: Scenario) {
  return withServer(kind, async (database) => {
    await database.load(simulate(simulation));
    return reportOn(database.url, period);
  });
}

describe.each(EVERY_SERVER)('$name', (kind) => {
  describe('with Windows nodes', () => {
    const windows = { nodes: 4, windowsNodes: ['worker-03'], kubeStateMetrics: true } as const;

    it('finds nothing where all agents run', async () => {
      const scenario = simulatedDay('healthy', windows);
      const report = await reportOnDay(kind, scenario);
      expectFindings(report, []);
      expect(report.coverage).toMatchObject({ agentsSeen: 4, agentsDesired: 4 });
    });

    // With the labelling `address`, only kube-state-metrics tells which agent runs on Windows.
    it.each(['node;pod', 'kube-prometheus', 'address'] as const)(
      'reports a missing Linux agent under %s although a Windows agent makes up the number',
      async (labelling) => {
        const gone = { kind: 'agent-gone', node: 'worker-01' } as const;
        const scenario = simulatedDay('healthy', {
          ...windows,
          labelling,
          faults: [{ ...gone, start: timeOfDay('09:00'), end: timeOfDay('13:00') }],
        });
        expect(scenario.truths.map(({ check }) => check)).toContain('missing-agents');
        expectFindings(await reportOnDay(kind, scenario), scenario.truths);
      },
    );
  });

  it.each([15, 30])(
    'reports no critical gap of a server that started two minutes ago and scrapes every %d s',
    async (scrapeIntervalSeconds) => {
      const { period } = simulatedDay('healthy');
      const simulation = { start: period.end - 120, end: period.end, nodes: 3, scrapeIntervalSeconds };
      const report = await reportOnDay(kind, { simulation, period, truths: [] });
      expect(report.findings.filter(({ severity }) => severity === 'critical')).toEqual([]);
      expect(report.coverage).toMatchObject({
        scrapeIntervalSeconds,
        scrapeIntervalKnown: true,
        agentsSeen: 3,
      });
    },
  );

  it('finds the same on a day on which Prometheus is updated from 2 to 3', async () => {
    const { simulation, period, truths } = simulatedDay('faulty');
    // From then on bounds are written in another way. Only the bucket +Inf is one series for the whole day.
    const update = timeOfDay('10:00');
    const report = await withServer(kind, async (database) => {
      await database.load(only(simulate(simulation), (seconds) => seconds < update));
      await database.load(
        withBoundsOfPrometheus3(only(simulate(simulation), (seconds) => seconds >= update)),
      );
      return reportOn(database.url, period);
    });
    expectFindings(report, truths);
  });

  it('names the jobs that exist if the jobs of the configuration have no targets', async () => {
    const { simulation, period } = simulatedDay('healthy', { nodes: 2 });
    const report = await withServer(kind, async (database) => {
      await database.load(simulate(simulation));
      const config = { prometheus: { jobs: { agent: 'nobody', controller: 'noone' } } };
      return reportOn(database.url, period, config);
    });
    expect(report).toMatchObject({
      verdict: 'unknown',
      survey: {
        agent: { targets: 0, selector: 'job="nobody"' },
        controller: { targets: 0, selector: 'job="noone"' },
      },
    });
    expect(adviceText(report, 'en').join('\n')).toContain(
      'jobs: { agent: antrea-agents, controller: antrea-controllers }',
    );
  });
});
