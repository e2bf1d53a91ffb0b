import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPrometheus } from '../../src/adapters/prometheus/client.ts';
import { INDICATORS } from '../../src/report/catalog/indicators/index.ts';
import { openCapture } from '../../src/report/gather/capture/open.ts';
import { makeReport } from '../../src/report/make-report.ts';
import { type Report, reportSchema } from '../../src/report/model/report.ts';
import { recordInMemory } from '../fixtures/captures.ts';
import { alertSeries, FAULTY_DAY_ALERTS } from '../simulation/alerts.ts';
import { ALL_EXPORTERS } from '../simulation/cluster.ts';
import { type Scenario, simulatedDay, timeOfDay } from '../simulation/scenarios.ts';
import { expectFindings } from './expect-findings.ts';
import { prometheusOver } from './prometheus.ts';
import { reportOn, settingsOf } from './report.ts';
import type { Database } from './server.ts';
import { victoriaMetricsOver } from './victoria-metrics.ts';

describe('a cluster with known faults, on a real Prometheus', () => {
  let scenario: Scenario;
  let server: Database;
  let report: Report;

  beforeAll(async () => {
    scenario = simulatedDay('faulty');
    server = await prometheusOver(scenario.simulation);
    await server.load(alertSeries(FAULTY_DAY_ALERTS));
    report = await reportOn(server.url, scenario.period);
  });
  afterAll(() => server?.stop());

  it('finds every fault, with its node, value and times, and nothing else', () => {
    expectFindings(report, scenario.truths);
    expect(report.verdict).toBe('critical');
    expect(report.complete).toBe(true);
    expect(report.score).toBeLessThan(60);
  });

  it('is a valid document', () => {
    expect(() => reportSchema.parse(JSON.parse(JSON.stringify(report)))).not.toThrow();
  });

  it('separates two bursts of errors and adds them up across a counter reset', () => {
    const finding = report.findings.find(({ indicator }) => indicator === 'ovs-flow-operation-errors');
    expect(finding?.episodes.map(({ value }) => value)).toEqual([9, 4]);
    expect(finding?.value).toBe(13);
    expect(finding?.labels).toEqual({ operation: 'add' });
  });

  it('assigns a recreated Pod to its node', () => {
    const target = report.coverage.targets.find(({ subject }) => subject === 'worker-10');
    expect(target?.instances).toHaveLength(2);
    for (const { id, readings } of report.indicators)
      expect(readings.filter(({ subject }) => subject === 'worker-10').length, id).toBeLessThanOrEqual(1);
  });

  it('excludes the slow replay after a start from the latency reading', () => {
    const latency = report.indicators.find(({ id }) => id === 'ovs-flow-operation-latency');
    // The container of worker-03 restarted. The replay of a recreated Pod ends before its first scrape.
    const drawn = Math.max(...(latency?.envelope?.high ?? []).map((value) => value ?? 0));
    const reading = latency?.readings.find(({ subject }) => subject === 'worker-03');
    expect(drawn).toBeGreaterThan(10 * (reading?.value ?? Number.NaN));
  });

  it('makes the same report from a capture', async () => {
    const client = openPrometheus({ url: server.url });
    const { stepSeconds, scrapeIntervalSeconds, ...settings } = settingsOf().report;
    const request = {
      cluster: 'simulated',
      period: scenario.period,
      settings: { ...settings, stepSeconds, scrapeIntervalSeconds },
      generatedAt: new Date('2026-11-21T06:00:00Z'),
    };
    const { cluster, period, generatedAt } = request;
    const { targetSettings } = settings;
    const recorder = recordInMemory(client, {
      settings: {
        ...{ cluster, period, timeZone: 'UTC', targetSettings },
        ...{ stepSeconds: null, scrapeIntervalSeconds: null },
      },
      recordedAt: generatedAt.toISOString(),
      generatorVersion: '0.0.0',
    });
    const live = await makeReport(recorder.source, request);
    await client.close();
    expect(live.alerts?.fired).toHaveLength(3);
    const bytes = await recorder.save();
    expect(bytes.byteLength).toBeLessThan(1024 * 1024);
    const capture = await openCapture(new Blob([bytes]), 'test');
    const replayed = await makeReport(capture.source, request);
    expect(replayed).toEqual({ ...live, source: { ...live.source, kind: 'capture' } });
  });
});

describe('other clusters', () => {
  it('has no finding in a healthy cluster', async () => {
    const scenario = simulatedDay('healthy', { flowExporter: true, nodeIpam: true, ...ALL_EXPORTERS });
    const server = await prometheusOver(scenario.simulation);
    try {
      const report = await reportOn(server.url, scenario.period);
      expect(report.findings).toEqual([]);
      expect(report).toMatchObject({ verdict: 'healthy', score: 100, complete: true });
      for (const { id, status, value, idle } of report.indicators) {
        expect(status, id).toBe('healthy');
        // These have series only where something is wrong.
        const isIdle = ['stuck-workers', 'feature-sync-retries', 'proxy-sync-rounds'].includes(id);
        expect(idle ? 'idle' : value, id).toEqual(isIdle ? 'idle' : expect.any(Number));
      }
    } finally {
      await server.stop();
    }
  });

  it('has no finding when the scrape interval does not divide the step', async () => {
    const scenario = simulatedDay('healthy', { nodes: 2, scrapeIntervalSeconds: 120 });
    const server = await prometheusOver(scenario.simulation);
    try {
      const report = await reportOn(server.url, scenario.period);
      expect(report).toMatchObject({ findings: [], score: 100, coverage: { seenRatio: 1 } });
    } finally {
      await server.stop();
    }
  });

  it('has the same findings on VictoriaMetrics, with addresses as instances and a node label', async () => {
    const scenario = simulatedDay('faulty', { labelling: 'address-and-node' });
    const server = await victoriaMetricsOver(scenario.simulation);
    try {
      expectFindings(await reportOn(server.url, scenario.period), scenario.truths);
    } finally {
      await server.stop();
    }
  });

  it('uses the address when no label names the node', async () => {
    const scenario = simulatedDay('healthy', {
      nodes: 3,
      labelling: 'address',
      faults: [
        { kind: 'pods', node: 'worker-01', start: timeOfDay('09:00'), end: timeOfDay('12:00'), level: 246 },
      ],
    });
    const server = await prometheusOver(scenario.simulation);
    try {
      const report = await reportOn(server.url, scenario.period);
      expectFindings(report, scenario.truths, () => '10.10.0.5:10350');
    } finally {
      await server.stop();
    }
  });

  it('reports a gap of all targets as one finding about Prometheus', async () => {
    const gap = { kind: 'scrape-gap', everywhere: true, as: 'absent' } as const;
    const scenario = simulatedDay('healthy', {
      nodes: 3,
      faults: [{ ...gap, start: timeOfDay('04:00'), end: timeOfDay('06:00') }],
    });
    const server = await prometheusOver(scenario.simulation);
    try {
      const { findings } = await reportOn(server.url, scenario.period);
      expect(findings).toHaveLength(1);
      expect(findings[0]).toMatchObject({
        indicator: 'scrape-coverage',
        subject: 'prometheus',
        component: null,
      });
      expect(Math.abs((findings[0]?.value ?? 0) - 7200)).toBeLessThanOrEqual(144);
    } finally {
      await server.stop();
    }
  });

  it('shows features as off, without a finding, for an old Antrea without Antrea Proxy', async () => {
    const scenario = simulatedDay('healthy', { nodes: 3, antrea: '1.2', proxy: false });
    const server = await prometheusOver(scenario.simulation);
    try {
      const report = await reportOn(server.url, scenario.period);
      expect(report.findings).toEqual([]);
      expect(report.indicators.find(({ id }) => id === 'proxy-sync-duration')?.status).toBe('not-enabled');
      expect(report.metrics?.map(({ name }) => name)).not.toContain('antrea_agent_fqdn_cache_size');
      expect(report).toMatchObject({ verdict: 'healthy', score: 100 });
    } finally {
      await server.stop();
    }
  });

  it('has the verdict unknown when no target has the configured job names', async () => {
    const scenario = simulatedDay('healthy', { nodes: 1 });
    const server = await prometheusOver(scenario.simulation);
    try {
      const report = await reportOn(server.url, scenario.period, {
        prometheus: { jobs: { agent: 'nobody', controller: 'noone' } },
      });
      expect(report).toMatchObject({ verdict: 'unknown', complete: false, coverage: { known: false } });
      expect(report.score).toBeLessThan(50);
      // Without other exporters, their indicators are not enabled.
      const statuses = report.indicators.map(({ status }) => status);
      expect(new Set(statuses)).toEqual(new Set(['no-data', 'not-enabled']));
      expect(statuses.filter((status) => status === 'not-enabled')).toHaveLength(
        INDICATORS.filter(({ exporter }) => exporter !== undefined).length,
      );
    } finally {
      await server.stop();
    }
  });
});
