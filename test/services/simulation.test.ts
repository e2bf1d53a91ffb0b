/** Checks that real databases see the faults of the simulated data. */
import { sum } from 'd3-array';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPrometheus } from '../../src/adapters/prometheus/client.ts';
import { INDICATORS } from '../../src/report/catalog/indicators/index.ts';
import { gatherEvents } from '../../src/report/gather/counter-events.ts';
import { openQuerier, type Querier } from '../../src/report/gather/querier.ts';
import type { TargetView } from '../../src/report/gather/survey/deduplicated-views.ts';
import type { NodeRule } from '../../src/report/gather/survey/nodes.ts';
import type { Indicator } from '../../src/report/model/indicator.ts';
import type { Grid, Sample, Series } from '../../src/report/model/series.ts';
import type { ComponentSelection, Durations, Selection } from '../../src/report/promql/placeholders.ts';
import { ALL_EXPORTERS, nodeNames, type Simulation } from '../simulation/cluster.ts';
import type { Fault } from '../simulation/faults.ts';
import { subjectOf, type Truth, truthsOf } from '../simulation/truth.ts';
import { prometheusOver } from './prometheus.ts';
import type { Server } from './server.ts';
import { victoriaMetricsOver } from './victoria-metrics.ts';

const START = Date.UTC(2026, 10, 20, 8) / 1000;
const END = START + 3 * 3600;
const HOSTILE = '<img src=x onerror=alert(1)> "\\n\n& co';
const NODES = nodeNames(4).with(3, HOSTILE);

/** The Unix time of a moment such as "1:20" after the start of the simulation. */
function moment(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return START + hours * 3600 + minutes * 60;
}

function span(from: string, to: string) {
  return { start: moment(from), end: moment(to) };
}

/** One fault of each kind, and a scrape gap of both kinds: `absent` at one node, `down` at another. */
const FAULTS: readonly Fault[] = [
  { kind: 'pods', node: 'worker-01', ...span('0:30', '1:00'), level: 246 },
  { kind: 'flow-operation-errors', node: 'worker-02', operation: 'add', ...span('0:20', '0:30'), errors: 9 },
  { kind: 'container-restart', node: 'worker-02', start: moment('1:00'), end: moment('1:00') + 40 },
  { kind: 'flow-operation-errors', node: 'worker-02', operation: 'add', ...span('1:40', '1:44'), errors: 4 },
  { kind: 'flow-operation-errors', node: HOSTILE, operation: 'delete', ...span('1:50', '1:51'), errors: 2 },
  { kind: 'slow-policy-sync', sync: 'network_policy', ...span('0:40', '1:20'), milliseconds: 2400 },
  { kind: 'slow-policy-sync', sync: 'address_group', ...span('0:50', '1:30'), milliseconds: 150 },
  { kind: 'slow-proxy-sync', node: 'worker-01', ...span('1:20', '2:00'), seconds: 1.8 },
  {
    kind: 'slow-flow-operations',
    node: 'worker-02',
    operation: 'modify',
    ...span('1:10', '1:40'),
    milliseconds: 1500,
  },
  { kind: 'sync-retries', node: 'worker-01', queue: 'egressgroup', ...span('0:20', '1:20'), retries: 24 },
  { kind: 'failing-service', node: 'worker-01', ...span('0:20', '1:10') },
  { kind: 'file-descriptors', node: HOSTILE, ...span('0:30', '1:30'), ratio: 0.92 },
  { kind: 'high-cpu', component: 'controller', ...span('0:30', '1:10'), cores: 1.2 },
  { kind: 'memory-rise', node: 'worker-02', ...span('0:30', '2:10'), bytes: 700 * 1024 ** 2 },
  { kind: 'empty-pipeline', node: HOSTILE, ...span('0:50', '1:10') },
  { kind: 'scrape-gap', node: 'worker-01', ...span('2:15', '2:45'), as: 'absent' },
  { kind: 'scrape-gap', node: HOSTILE, ...span('2:05', '2:35'), as: 'down' },
  { kind: 'recreated-pod', node: 'control-plane-1', start: moment('1:10'), end: moment('1:10') + 75 },
];

const SIMULATION: Simulation = {
  start: START,
  end: END,
  nodes: NODES,
  scrapeIntervalSeconds: 30,
  flowExporter: true,
  nodeIpam: true,
  ...ALL_EXPORTERS,
  allocatablePods: 250,
  faults: FAULTS,
};

/** The selection for Antrea's scrape configuration, with "node;pod" as `instance`. */
const component = (job: string): ComponentSelection => ({
  matchers: [{ label: 'job', operator: '=', value: job }],
  windows: null,
  nodeLabel: 'instance',
});
const SELECTION: Selection = {
  agent: component('antrea-agents'),
  controller: component('antrea-controllers'),
  others: [],
};
const RULE: NodeRule = { label: 'instance', source: 'instance', nodes: new Map() };
const VIEW: TargetView = {
  selection: SELECTION,
  rules: { agent: RULE, controller: RULE },
  labelsInFirstView: { agent: new Map(), controller: new Map() },
};

const GRID: Grid = { start: START, stepSeconds: 300, count: (END - START) / 300 };
const DURATIONS: Durations = { window: 360, span: 300, interval: 30, step: 300, period: END - START };

/** Sends a query like a report does, and closes the connection. */
async function asking<T>(server: Server, work: (ask: Querier) => Promise<T>): Promise<T> {
  const client = openPrometheus({ url: server.url });
  try {
    const survey = { views: [VIEW] as const, probe: { grid: GRID, series: [] } };
    return await work(openQuerier(client, survey));
  } finally {
    await client.close();
  }
}

const ask = (server: Server, query: string, time: number): Promise<Sample[]> =>
  asking(server, (one) => one.instant(query, time, DURATIONS));

const gatherSteps = (
  server: Server,
  counter: string,
  splitBy?: readonly string[],
  grid = GRID,
): Promise<Series[]> =>
  asking(server, (one) => {
    const period = { end: grid.start + grid.count * grid.stepSeconds };
    return gatherEvents(one, { counter, splitBy, period, grid, durations: DURATIONS });
  });

/** Returns the number of events in the period, by process and value of `splitBy`. */
async function countEvents(...question: Parameters<typeof gatherSteps>): Promise<Sample[]> {
  const series = await gatherSteps(...question);
  return series.map(({ labels, values }) => ({
    labels,
    value: sum(values),
  }));
}

function indicatorOf(truth: Truth): Indicator | undefined {
  return INDICATORS.find((indicator) => indicator.id === truth.check);
}

/** Returns the values of the truth's subject; for the controller those of every node. */
function subjectValues(answers: readonly Sample[], { component, node, split = {} }: Truth): number[] {
  return answers
    .filter(
      ({ labels }) =>
        (component === 'controller' || (labels['node'] ?? node) === node) &&
        (labels['component'] ?? component) === component &&
        Object.entries(split).every(([name, value]) => labels[name] === value),
    )
    .map(({ value }) => value);
}

const TRUTHS = truthsOf(SIMULATION).map((truth) => ({
  truth,
  name: [truth.check, truth.node === HOSTILE ? 'a hostile name' : subjectOf(truth)].join(' on '),
}));

/** The middle of a fault, where a look-back of five or six minutes contains nothing else. */
async function expectSeen(server: Server, indicator: Indicator, truth: Truth): Promise<void> {
  if (indicator.counter !== undefined) {
    const counted = subjectValues(await countEvents(server, indicator.counter, indicator.splitBy), truth);
    // A node may have had several processes, with separate events.
    expect(counted.reduce((sum, value) => sum + value, 0)).toBe(truth.value);
    return;
  }
  const answers = await ask(server, indicator.query, (truth.start + truth.end) / 2);
  const [value, ...others] = subjectValues(answers, truth);
  expect(others).toEqual([]);
  // The usual syncs of the node and of the others vary.
  if (indicator.id === 'proxy-sync-rounds') expect(Math.abs((value ?? 0) - truth.value)).toBeLessThan(3);
  else expect(value).toBeCloseTo(truth.value, 2);
}

/** Returns the numbers of scrapes and of successful scrapes in the half hour before `time`, by node. */
async function scrapes(
  server: Server,
  time: number,
): Promise<Map<string, { tried: number; worked: number }>> {
  const tried = await ask(server, 'count_over_time(up{$agents}[30m])', time);
  const worked = await ask(server, 'sum_over_time(up{$agents}[30m])', time);
  return new Map(
    tried.map(({ labels, value }) => {
      const node = labels['node'] ?? '';
      return [
        node,
        { tried: value, worked: worked.find((each) => each.labels['node'] === node)?.value ?? 0 },
      ];
    }),
  );
}

const ERRORS = 'antrea_agent_ovs_flow_ops_error_count{$agents}';

let prometheus: Server;
let victoriaMetrics: Server;

beforeAll(async () => {
  // One after the other, because the first run installs both.
  prometheus = await prometheusOver(SIMULATION);
  victoriaMetrics = await victoriaMetricsOver(SIMULATION);
});

afterAll(async () => {
  await prometheus?.stop();
  await victoriaMetrics?.stop();
});

describe('a simulated cluster in Prometheus', () => {
  it.each(INDICATORS)('answers the query of $id', async (indicator) => {
    expect(await ask(prometheus, indicator.query, moment('1:00'))).not.toEqual([]);
    if (indicator.counter !== undefined)
      expect(await countEvents(prometheus, indicator.counter, indicator.splitBy)).not.toEqual([]);
  });

  it.each(TRUTHS.filter(({ truth }) => indicatorOf(truth)))(
    'shows the fault seen by $name',
    async ({ truth }) => {
      const indicator = indicatorOf(truth);
      if (indicator) await expectSeen(prometheus, indicator, truth);
    },
  );

  it('has all errors before and after a counter reset, and no others', async () => {
    const errors = await countEvents(prometheus, ERRORS, ['operation']);
    const counts = errors.map(({ value }) => value).filter((value) => value !== 0);
    expect(counts.sort()).toEqual([13, 2]);
    const resets = await ask(
      prometheus,
      'sum(resets(antrea_agent_ovs_flow_ops_error_count{operation="add"}[$period]))',
      END,
    );
    expect(resets[0]?.value).toBe(1);
  });

  it('lacks or marks the scrapes of a gap, and only these', async () => {
    const absent = await scrapes(prometheus, moment('2:45') - 1);
    expect(absent.has('worker-01')).toBe(false);
    expect(absent.get('worker-02')).toEqual({ tried: 60, worked: 60 });
    expect((await scrapes(prometheus, moment('2:35') - 1)).get(HOSTILE)).toMatchObject({ worked: 0 });
  });

  it('has a new series for a recreated Pod, but not for a restarted container', async () => {
    const starts = await ask(
      prometheus,
      'count by (job) (max_over_time(process_start_time_seconds{$components}[$period]))',
      END,
    );
    expect(starts).toContainEqual({ labels: { job: 'antrea-agents' }, value: NODES.length + 1 });
    const changed = `max_over_time(process_start_time_seconds{$components}[$period])
      - min_over_time(process_start_time_seconds{$components}[$period]) > 60`;
    const instances = (await ask(prometheus, changed, END)).map(({ labels }) => labels['instance']);
    expect(instances).toEqual([expect.stringMatching(/^worker-02;antrea-agent-/)]);
  });

  it.each([
    ...new Set(
      INDICATORS.flatMap((indicator) => indicator.metrics).filter((name) =>
        /_(duration|latency)_(milli)?seconds$/.test(name),
      ),
    ),
  ])('has the value of _count in the last bucket of %s', async (metric) => {
    const counted = (selector: string) => `sum by (job, instance) (${metric}_${selector})`;
    const differences = await ask(
      prometheus,
      `${counted('bucket{le="+Inf"}')} - ${counted('count')}`,
      moment('1:00'),
    );
    expect(new Set(differences.map(({ value }) => value))).toEqual(new Set([0]));
  });
});

describe('the same cluster in VictoriaMetrics', () => {
  const some = TRUTHS.filter(
    ({ truth }) => !['cpu-usage', 'resident-memory'].includes(truth.check) && indicatorOf(truth),
  );

  it.each(some)('shows the fault seen by $name', async ({ truth }) => {
    const indicator = indicatorOf(truth);
    if (indicator) await expectSeen(victoriaMetrics, indicator, truth);
  });
});

describe('the events of both servers', () => {
  it.each(INDICATORS.filter(({ counter }) => counter !== undefined))(
    'are the same in every step: $id',
    async ({ counter = '', splitBy }) => {
      const bySeries = async (server: Server) => {
        const series = await gatherSteps(server, counter, splitBy);
        return new Map(
          series.map(({ labels, values }) => [JSON.stringify(Object.entries(labels).sort()), values]),
        );
      };
      const expected = await bySeries(prometheus);
      expect(expected.size).toBeGreaterThan(0);
      expect(await bySeries(victoriaMetrics)).toEqual(expected);
    },
  );
});

describe('a healthy day', () => {
  const [from, to] = [Date.UTC(2026, 10, 19, 23, 30) / 1000, Date.UTC(2026, 10, 21) / 1000];
  let healthy: Server;

  beforeAll(async () => {
    healthy = await victoriaMetricsOver({
      start: from,
      end: to,
      nodes: 30,
      seed: 7,
      flowExporter: true,
      nodeIpam: true,
      ...ALL_EXPORTERS,
    });
  });

  afterAll(() => healthy?.stop());

  it.each(INDICATORS)('stays inside the thresholds of $id, even for a moment', async (indicator) => {
    const threshold = indicator.thresholds.warning ?? indicator.thresholds.critical;
    const {
      above = Infinity,
      atLeast = Infinity,
      below = -Infinity,
      change,
      forSeconds = 0,
    } = threshold ?? {};
    if (indicator.counter !== undefined) {
      const day: Grid = { start: to - 86_400, stepSeconds: 300, count: 288 };
      const counted = await countEvents(healthy, indicator.counter, indicator.splitBy, day);
      for (const { value } of counted) expect(value).toBeLessThanOrEqual(above);
      return;
    }
    // Agents learn of a new Service one after the other, so a difference may last a moment.
    const query =
      above === 0 && forSeconds > 0
        ? `min_over_time((${indicator.query})[${forSeconds}s:1m])`
        : `(${indicator.query})`;
    const over = (aggregate: string) => `${aggregate}(${query}[24h:5m])`;
    const highest = await ask(healthy, over('max_over_time'), to);
    if (indicator.whenEmpty !== 'idle') expect(highest).not.toEqual([]);
    for (const { value } of highest) {
      expect(value).toBeLessThanOrEqual(above);
      expect(value).toBeLessThan(atLeast);
    }
    const lowest = await ask(healthy, over('min_over_time'), to);
    for (const { value } of lowest) expect(value).toBeGreaterThanOrEqual(below);
    if (change === undefined) return;
    const deviation = `${over('max_over_time')} / ${over('min_over_time')}`;
    for (const { value } of await ask(healthy, deviation, to)) expect(value).toBeLessThan(1 + change);
  });
});
