/** Tests reports on Antrea releases with different metrics, and with features that are off. */

import { beforeAll, describe, expect, it } from 'vitest';
import { INDICATORS } from '../../src/report/catalog/indicators/index.ts';
import type { Report, Status } from '../../src/report/model/report.ts';
import type { AntreaVersion, Simulation } from '../simulation/cluster.ts';
import { subjectOf, truthsOf } from '../simulation/truth.ts';
import { prometheusOver } from './prometheus.ts';
import { reportOn } from './report.ts';

/** They do not depend on the release of Antrea. */
const OF_EXPORTERS = new Set(INDICATORS.flatMap(({ id, exporter }) => (exporter === undefined ? [] : [id])));

const START = Date.UTC(2026, 10, 20, 9) / 1000;
const PERIOD = { start: START, end: START + 2 * 3600 };
const BASE: Simulation = { start: START - 1800, end: PERIOD.end, nodes: 3, kubeStateMetrics: true };

async function reportOver(simulation: Simulation): Promise<Report> {
  const server = await prometheusOver(simulation);
  try {
    return await reportOn(server.url, PERIOD, { step: '5m' });
  } finally {
    await server.stop();
  }
}

/** Compares releases number by number. @returns -1, 0 or 1 */
function compareReleases(a: string | null, b: string): number {
  const numbers = (release: string) => release.split('.').map(Number);
  if (a === null) return Number.NaN;
  const [left, right] = [numbers(a), numbers(b)];
  const index = right.findIndex((number, position) => number !== left[position]);
  return index < 0 ? 0 : Math.sign((left[index] ?? 0) - (right[index] ?? 0));
}

type Expectation = {
  antrea: AntreaVersion;
  flowExporter: boolean;
  /** Statuses other than healthy, by indicator. */
  statuses: Readonly<Record<string, Status>>;
  /** The narrowest range of releases that the metrics allow. */
  notBefore: string | null;
  before: string | null;
};

/** Indicators of node IPAM, which is off in all of these clusters. */
const WITHOUT_NODE_IPAM = { 'node-cidr-usage': 'not-enabled' } as const;

const WITHOUT_FLOW_EXPORTER = {
  ...WITHOUT_NODE_IPAM,
  'denied-connections': 'not-enabled',
  'conntrack-usage': 'not-enabled',
} as const;

const CLUSTERS: readonly Expectation[] = [
  {
    antrea: '2.7',
    flowExporter: false,
    statuses: {
      ...WITHOUT_FLOW_EXPORTER,
      'conntrack-poll-duration': 'not-enabled',
      'collector-reconnections': 'not-enabled',
      'collector-never-connected': 'not-enabled',
    },
    notBefore: '2.5.3',
    before: null,
  },
  { antrea: '2.7', flowExporter: true, statuses: WITHOUT_NODE_IPAM, notBefore: '2.5.3', before: null },
  {
    antrea: '1.13',
    flowExporter: false,
    statuses: {
      ...WITHOUT_FLOW_EXPORTER,
      'conntrack-poll-duration': 'not-exposed',
      'collector-reconnections': 'not-enabled',
      'collector-never-connected': 'not-enabled',
      'fqdn-cache-size': 'not-exposed',
      'fqdn-cache-evictions': 'not-exposed',
      'proxy-sync-rounds': 'not-exposed',
    },
    notBefore: '1.13.0',
    before: '2.5.0',
  },
  {
    antrea: '1.13',
    flowExporter: true,
    statuses: {
      ...WITHOUT_NODE_IPAM,
      'conntrack-poll-duration': 'not-exposed',
      'fqdn-cache-size': 'not-exposed',
      'fqdn-cache-evictions': 'not-exposed',
      'proxy-sync-rounds': 'not-exposed',
    },
    notBefore: '1.13.0',
    before: '2.5.0',
  },
  {
    antrea: '1.2',
    flowExporter: false,
    statuses: {
      ...WITHOUT_FLOW_EXPORTER,
      'conntrack-poll-duration': 'not-exposed',
      'collector-reconnections': 'not-exposed',
      'collector-never-connected': 'not-exposed',
      'fqdn-cache-size': 'not-exposed',
      'fqdn-cache-evictions': 'not-exposed',
      'proxy-sync-rounds': 'not-exposed',
      'packet-in-drops': 'not-exposed',
    },
    notBefore: '1.1.0',
    before: '1.4.0',
  },
  {
    antrea: '1.2',
    flowExporter: true,
    statuses: {
      ...WITHOUT_NODE_IPAM,
      'conntrack-poll-duration': 'not-exposed',
      'collector-reconnections': 'not-exposed',
      'collector-never-connected': 'not-exposed',
      'fqdn-cache-size': 'not-exposed',
      'fqdn-cache-evictions': 'not-exposed',
      'proxy-sync-rounds': 'not-exposed',
      'packet-in-drops': 'not-exposed',
    },
    notBefore: '1.1.0',
    before: '1.4.0',
  },
];

describe.each(CLUSTERS)('Antrea $antrea, Flow Exporter: $flowExporter', (expected) => {
  let report: Report;

  beforeAll(async () => {
    const { antrea, flowExporter } = expected;
    report = await reportOver({ ...BASE, antrea, flowExporter });
  });

  it('is healthy and has no finding about missing metrics', () => {
    expect(report.findings).toEqual([]);
    expect(report).toMatchObject({ verdict: 'healthy', score: 100, complete: true });
  });

  it('has all indicators of its release, and the reason for the others', () => {
    const others = report.indicators.filter(
      ({ id, status }) => status !== 'healthy' && !OF_EXPORTERS.has(id),
    );
    expect(Object.fromEntries(others.map(({ id, status }) => [id, status]))).toEqual(expected.statuses);
    for (const { id, value, readings } of others) {
      expect(value, id).toBeNull();
      expect(readings, id).toEqual([]);
    }
  });

  it('is recognized as a range of releases', () => {
    const { from, before, evidence } = report.antrea;
    const message = JSON.stringify(report.antrea);
    if (expected.notBefore !== null)
      expect(compareReleases(from, expected.notBefore), message).toBeGreaterThanOrEqual(0);
    expect(compareReleases(from, `${expected.antrea}.9`), message).toBeLessThanOrEqual(0);
    if (expected.before === null) expect(before, message).toBeNull();
    else {
      expect(compareReleases(before, expected.before), message).toBeLessThanOrEqual(0);
      expect(compareReleases(before, `${expected.antrea}.0`), message).toBe(1);
    }
    expect(evidence.length).toBeGreaterThan(0);
  });
});

describe('an old Antrea', () => {
  /** Work queue histograms of old releases end at 10 s. */
  const faulty: Simulation = {
    ...BASE,
    antrea: '1.2',
    faults: [
      {
        kind: 'slow-queue',
        component: 'controller',
        queue: 'addressGroup',
        start: START + 1200,
        end: START + 3600,
        seconds: 40,
      },
      {
        kind: 'lost-watches',
        component: 'controller',
        start: START + 4200,
        end: START + 6600,
        count: 1,
      },
    ],
  };
  let report: Report;

  beforeAll(async () => {
    report = await reportOver(faulty);
  });

  it('is judged by its metrics under their former names', () => {
    const found = report.findings.map(({ indicator, subject, severity, value }) => ({
      indicator,
      subject,
      severity,
      value,
    }));
    expect(found.sort((a, b) => a.indicator.localeCompare(b.indicator))).toEqual([
      { indicator: 'policy-queue-wait', subject: 'antrea-controller', severity: 'critical', value: 10 },
      { indicator: 'unwatched-agents', subject: 'cluster', severity: 'warning', value: 1 },
    ]);
    expect(truthsOf(faulty).map((truth) => [truth.check, subjectOf(truth), truth.value])).toEqual([
      ['policy-queue-wait', 'antrea-controller', 10],
      ['unwatched-agents', 'cluster', 1],
    ]);
  });
});

describe('an upgrade of the agents that is not finished', () => {
  const UPGRADED = START + 3600;
  let report: Report;

  beforeAll(async () => {
    report = await reportOver({
      ...BASE,
      imageTags: ['v2.6.1', 'v2.6.3'],
      faults: ['worker-01', 'worker-02'].map((node, index) => ({
        kind: 'recreated-pod',
        node,
        start: UPGRADED + index * 600,
        end: UPGRADED + index * 600 + 40,
      })),
    });
  });

  it('has the number of nodes with each version, and when the agents changed', () => {
    expect(report.antrea.images).toEqual({
      versions: [
        { component: 'agent', tag: 'v2.6.3', release: '2.6.3', podsAtEnd: 2 },
        { component: 'agent', tag: 'v2.6.1', release: '2.6.1', podsAtEnd: 1 },
        { component: 'controller', tag: 'v2.6.1', release: '2.6.1', podsAtEnd: 1 },
      ],
      upgrades: [{ component: 'agent', from: 'v2.6.1', to: 'v2.6.3', start: isoOf(UPGRADED), end: null }],
    });
    expect(report.complete).toBe(true);
  });

  it('explains the restarts', () => {
    const [restarts] = report.incidents;
    expect(report.findings.map(({ indicator }) => indicator)).toContain('process-restarts');
    expect(restarts?.upgrade).toBe(0);
    // The agents with the earlier version have this defect, and those with the later one do not.
    expect(restarts?.defects).toContainEqual({ id: 'pod-addresses-freed', certain: false });
    expect(restarts?.defects?.map(({ id }) => id)).not.toContain('unusual-packet-crash');
  });

  it('leaves the defects of the controller certain, and those of the agents possible', () => {
    const certain = new Map(report.antrea.defects?.map((one) => [one.id, one.certain]));
    expect(certain.get('group-cycle-crash')).toBe(true);
    expect(certain.get('service-sync-not-retried')).toBe(false);
    expect(certain.has('node-without-address-crash')).toBe(false);
  });
});

const isoOf = (unixSeconds: number) => new Date(unixSeconds * 1000).toISOString().replace('.000Z', 'Z');
