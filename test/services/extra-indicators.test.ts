/** Tests the indicators in addition to the twelve of the article: with a fault, without one, and without the metric. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SEVERITIES, type Severity } from '../../src/report/model/indicator.ts';
import type { Finding, Report, Status } from '../../src/report/model/report.ts';
import type { Simulation } from '../simulation/cluster.ts';
import { at, EXTRA_FAULTS, span } from '../simulation/indicator-faults.ts';
import { type SimulatedSeries, simulate } from '../simulation/samples.ts';
import { subjectOf, type Truth, truthsOf } from '../simulation/truth.ts';
import { prometheusOver, startPrometheus } from './prometheus.ts';
import { reportOn } from './report.ts';

/** All features are on, and there is data from an hour before the period. */
const PERIOD = span('8:00', '13:00');
const CLUSTER: Simulation = {
  start: at('6:45'),
  end: PERIOD.end,
  flowExporter: true,
  nodeIpam: true,
  kubeStateMetrics: true,
  faults: EXTRA_FAULTS,
};

/** The severity and value of each fault, by indicator; two values of one indicator have separate entries. */
const SEVERITY: Readonly<Record<string, Severity>> = {
  'missing-agents': 'critical',
  'controller-instances 0': 'critical',
  'controller-instances 2': 'warning',
  'unwatched-agents': 'warning',
  'policy-sync-tail': 'critical',
  'policy-queue-wait': 'critical',
  'policy-queue-backlog 250': 'critical',
  'policy-queue-backlog 60': 'warning',
  'policy-sync-retries': 'warning',
  'rule-sync-retries': 'warning',
  'feature-sync-retries': 'warning',
  'stuck-workers': 'warning',
  'fqdn-cache-evictions': 'warning',
  'fqdn-cache-size': 'warning',
  'service-count-difference': 'warning',
  'proxy-sync-rounds': 'warning',
  'flow-operation-error-ratio': 'critical',
  'packet-in-drops': 'warning',
  'denied-connections': 'warning',
  'conntrack-usage': 'critical',
  'conntrack-poll-duration': 'warning',
  'collector-reconnections': 'warning',
  'collector-never-connected': 'warning',
  'node-cidr-usage': 'warning',
  goroutines: 'warning',
  // Consequences of these faults.
  'scrape-coverage': 'warning',
  'process-restarts': 'warning',
  'network-policy-sync-duration': 'critical',
  'ovs-flow-operation-errors': 'critical',
};

/** The extra indicators, without virtual memory, which has no threshold. */
const EXTRAS = Object.keys(SEVERITY)
  .slice(0, -4)
  .map((name) => name.split(' ')[0] ?? '');

/** Seconds that queries look back further than a step and their window: reconnections 1 h, minimum of 10 min. */
const LOOK_BACK: Readonly<Record<string, number>> = {
  'collector-reconnections': 3600,
  'policy-queue-backlog': 600,
};

/** Prometheus estimates shares and percentiles; counts are exact. */
const TOLERANCE: Readonly<Record<string, number>> = {
  'flow-operation-error-ratio': 0.05,
  // The usual syncs of the node and of the others vary.
  'proxy-sync-rounds': 0.4,
};

function severityOf({ check, value }: Truth): Severity | undefined {
  return SEVERITY[check] ?? SEVERITY[`${check} ${value}`];
}

function findingOf(report: Report, truth: Truth): Finding | undefined {
  return report.findings.find(
    ({ indicator, subject, severity }) =>
      indicator === truth.check && subject === subjectOf(truth) && severity === severityOf(truth),
  );
}

async function reportOver(simulation: Simulation, period: { start: number; end: number }): Promise<Report> {
  const server = await prometheusOver(simulation);
  try {
    return await reportOn(server.url, period, { step: '5m' });
  } finally {
    await server.stop();
  }
}

const seconds = (iso: string | undefined) => Date.parse(iso ?? '') / 1000;

const TRUTHS = truthsOf(CLUSTER).map((truth) => ({
  truth,
  name: `${truth.check} of ${subjectOf(truth)}, ${severityOf(truth)}`,
}));

describe('a cluster with a fault for each extra indicator, on a real Prometheus', () => {
  let report: Report;

  beforeAll(async () => {
    report = await reportOver(CLUSTER, PERIOD);
  });

  it.each(TRUTHS)('finds $name', ({ truth }) => {
    const finding = findingOf(report, truth);
    const message = JSON.stringify({ truth, finding });
    expect(finding, message).toBeDefined();
    const { value, start, end } = truth;
    const tolerance = (TOLERANCE[truth.check] ?? 0.02) * value;
    expect(Math.abs((finding?.value ?? Number.NaN) - value), message).toBeLessThanOrEqual(tolerance);
    if (truth.split) expect(finding?.labels, message).toEqual(truth.split);
    const times = 2 * report.period.stepSeconds + (LOOK_BACK[truth.check] ?? 0);
    expect(Math.abs(seconds(finding?.start) - start), message).toBeLessThanOrEqual(times);
    expect(Math.abs(seconds(finding?.end) - end), message).toBeLessThanOrEqual(times);
    expect(finding?.ongoing, message).toBe(false);
  });

  it('finds nothing else', () => {
    const key = (...words: (string | undefined)[]) => words.join(' ');
    expect(
      report.findings.map(({ indicator, subject, severity }) => key(indicator, subject, severity)).sort(),
    ).toEqual(TRUTHS.map(({ truth }) => key(truth.check, subjectOf(truth), severityOf(truth))).sort());
  });

  it.each([...new Set(EXTRAS)])('gives %s the status of its fault', (id) => {
    const severities = TRUTHS.filter(({ truth }) => truth.check === id).map(({ truth }) => severityOf(truth));
    const worst = SEVERITIES.findLast((severity) => severities.includes(severity));
    expect(worst).toBeDefined();
    expect(report.indicators.find((indicator) => indicator.id === id)?.status).toBe(worst);
  });

  it('has no failed query', () => {
    expect(report.indicators.filter(({ status }) => status === 'failed')).toEqual([]);
    expect(report.complete).toBe(true);
    expect(report.verdict).toBe('critical');
  });
});

/** Indicators with series only where something is wrong. */
const ONLY_FAULTY = ['stuck-workers', 'feature-sync-retries', 'proxy-sync-rounds'];

describe('a healthy cluster with all features on', () => {
  let report: Report;

  beforeAll(async () => {
    const { faults, ...healthy } = CLUSTER;
    report = await reportOver({ ...healthy, nodes: 5, seed: 3 }, PERIOD);
  });

  it('has no finding', () => {
    expect(report.findings).toEqual([]);
    expect(report).toMatchObject({ verdict: 'healthy', score: 100, complete: true });
  });

  it.each([...new Set(EXTRAS)])('shows %s as healthy with its value', (id) => {
    const indicator = report.indicators.find((one) => one.id === id);
    expect(indicator).toMatchObject({ status: 'healthy', reason: null, missing: [] });
    // Only what is stuck or fails has series.
    if (ONLY_FAULTY.includes(id)) expect(indicator).toMatchObject({ idle: true, value: null });
    else expect(indicator?.value).not.toBeNull();
  });
});

/**
 * Services come and go all the time, and one more per ten minutes stays. Agents are scraped at different moments, so that
 * they nearly always show different numbers.
 * @param stuck the node that does not follow from 9:00 to 11:00
 */
function* withBusyServices(series: Iterable<SimulatedSeries>, stuck: string): Generator<SimulatedSeries> {
  const numberAt = (time: number) =>
    180 + Math.floor((time - at('6:00')) / 600) + (Math.floor(time / 45) % 3) + (Math.floor(time / 70) % 2);
  for (const one of series) {
    if (one.name !== 'antrea_proxy_total_services_installed' || one.labels['ip_family'] !== 'v4') yield one;
    else {
      const isStuck = (time: number) =>
        one.labels['instance']?.startsWith(stuck) && time >= at('9:00') && time < at('11:00');
      const values = one.timestamps.map((timestamp) => {
        const time = timestamp / 1000;
        return numberAt(isStuck(time) ? at('9:00') : time);
      });
      yield { ...one, values };
    }
  }
}

describe('a cluster whose Services change all the time', () => {
  it.each(['1m', '5m', '10m', '30m'])('with a step of %s, only the stuck node lags behind', async (step) => {
    const { faults, ...healthy } = CLUSTER;
    const server = await startPrometheus();
    try {
      await server.load(withBusyServices(simulate({ ...healthy, nodes: 9 }), 'worker-04'));
      const report = await reportOn(server.url, PERIOD, { step });
      const found = report.findings.map(({ indicator, subject, value, episodes }) => ({
        indicator,
        subject,
        // At 11:00, twelve Services that stayed are missing. How many came and went in a step is unknown.
        isUpTo12: value >= 6 && value <= 12,
        start: Math.abs(seconds(episodes[0]?.start) - at('9:00')) <= 3600,
        end: Math.abs(seconds(episodes.at(-1)?.end) - at('11:00')) <= 1800,
      }));
      expect(found).toEqual([
        {
          indicator: 'service-count-difference',
          subject: 'worker-04',
          isUpTo12: true,
          start: true,
          end: true,
        },
      ]);
    } finally {
      await server.stop();
    }
  });
});

/** Agents of an old release, whose Services are synced every 30 s, with those of the newest one. */
function* halfUpgraded(simulation: Simulation, old: readonly string[]): Generator<SimulatedSeries> {
  const isOld = ({ labels: { job = '', instance = '' } }: SimulatedSeries) =>
    job === 'antrea-agents' && old.some((node) => instance.startsWith(`${node};`));
  for (const one of simulate(simulation)) if (!isOld(one)) yield one;
  for (const one of simulate({ ...simulation, antrea: '1.13', faults: [] })) if (isOld(one)) yield one;
}

describe('a cluster whose agents have different versions', () => {
  it.each([2, 6, 9])(
    'with %i old ones of 12, only the node with a failing Service is found',
    async (count) => {
      const simulation: Simulation = {
        ...{ start: at('8:00'), end: at('11:00'), nodes: 12 },
        faults: [{ kind: 'failing-service', node: 'worker-11', ...span('9:20', '10:20') }],
      };
      const old = Array.from({ length: count }, (_, index) => `worker-${String(index + 1).padStart(2, '0')}`);
      const server = await startPrometheus();
      try {
        await server.load(halfUpgraded(simulation, old));
        const { findings } = await reportOn(server.url, span('9:00', '11:00'), { step: '5m' });
        expect(findings.map(({ indicator, subject }) => `${indicator} ${subject}`)).toEqual([
          'proxy-sync-rounds worker-11',
        ]);
      } finally {
        await server.stop();
      }
    },
  );
});

describe('features that are off or missing in this Antrea version', () => {
  const reports = new Map<string, Report>();
  const base: Simulation = { start: at('8:30'), end: at('11:00'), nodes: 3 };

  beforeAll(async () => {
    reports.set('off', await reportOver({ ...base, proxy: false }, span('9:00', '11:00')));
    reports.set('old', await reportOver({ ...base, antrea: '1.2' }, span('9:00', '11:00')));
  });
  afterAll(() => reports.clear());

  const cases: readonly [string, 'off' | 'old', Status][] = [
    ['missing-agents', 'off', 'not-enabled'],
    ['service-count-difference', 'off', 'not-enabled'],
    ['proxy-sync-rounds', 'off', 'not-enabled'],
    ['proxy-sync-rounds', 'old', 'not-exposed'],
    ['denied-connections', 'off', 'not-enabled'],
    ['conntrack-usage', 'off', 'not-enabled'],
    ['conntrack-poll-duration', 'off', 'not-enabled'],
    ['collector-reconnections', 'off', 'not-enabled'],
    ['collector-never-connected', 'off', 'not-enabled'],
    ['node-cidr-usage', 'off', 'not-enabled'],
    ['packet-in-drops', 'old', 'not-exposed'],
    ['fqdn-cache-evictions', 'old', 'not-exposed'],
    ['fqdn-cache-size', 'old', 'not-exposed'],
    ['conntrack-poll-duration', 'old', 'not-exposed'],
  ];

  it.each(cases)('shows %s in the %s cluster as %s', (id, which, status) => {
    const report = reports.get(which);
    const indicator = report?.indicators.find((one) => one.id === id);
    expect(indicator).toMatchObject({ status, value: null, readings: [], series: [] });
    expect(report?.findings.filter((finding) => finding.indicator === id)).toEqual([]);
  });

  it.each(['off', 'old'])('has no finding in the %s cluster', (which) => {
    expect(reports.get(which)?.findings).toEqual([]);
    expect(reports.get(which)).toMatchObject({ verdict: 'healthy', score: 100, complete: true });
  });
});
