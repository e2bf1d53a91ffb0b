/** Whether the simulated data says to a real database what its faults say to us. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { INDICATORS } from '../../src/catalog/indicators/index.ts';
import type { Indicator } from '../../src/model/indicator.ts';
import { type Labels, nodeNames, type Simulation } from '../simulation/cluster.ts';
import type { Fault } from '../simulation/faults.ts';
import { subjectOf, type Truth, truthsOf } from '../simulation/truth.ts';
import { prometheusOver } from './prometheus.ts';
import type { Server } from './server.ts';
import { victoriaMetricsOver } from './victoria-metrics.ts';

const START = Date.UTC(2026, 10, 20, 8) / 1000;
const END = START + 3 * 3600;
const HOSTILE = '<img src=x onerror=alert(1)> "\\n\n& co';
const NODES = nodeNames(4).with(3, HOSTILE);

/** A moment of the simulation, "1:20" after its start. */
function moment(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return START + hours * 3600 + minutes * 60;
}

function span(from: string, to: string) {
  return { start: moment(from), end: moment(to) };
}

/** One of everything; the scrape gap of one node is seen as `absent`, that of another as `down`. */
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
  kubeStateMetrics: true,
  allocatablePods: 250,
  faults: FAULTS,
};

const PLACEHOLDERS: Readonly<Record<string, string>> = {
  agents: 'job="antrea-agents"',
  controllers: 'job="antrea-controllers"',
  components: 'job=~"antrea-agents|antrea-controllers"',
  others: '',
  nodeLabel: 'node',
  window: '6m',
  span: '5m',
  interval: '30s',
  step: '5m',
  period: '3h',
};

type Answer = { metric: Labels; value: number };

function filled(query: string): string {
  return query.replaceAll(/\$([a-zA-Z]+)/g, (whole, name: string) => PLACEHOLDERS[name] ?? whole);
}

async function ask(server: Server, query: string, time: number): Promise<Answer[]> {
  const parameters = new URLSearchParams({ query: filled(query), time: String(time) });
  const response = await fetch(`${server.url}/api/v1/query`, { method: 'POST', body: parameters });
  const answer = (await response.json()) as {
    error?: string;
    data: { result: { metric: Labels; value: [number, string] }[] };
  };
  if (!response.ok) throw new Error(`${answer.error} in ${query}`);
  return answer.data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
}

function indicatorOf(truth: Truth): Indicator | undefined {
  return INDICATORS.find((indicator) => indicator.id === truth.check);
}

/** The one value of the answer that is about the truth's subject. */
function subjectValue(answers: readonly Answer[], truth: Truth): number | undefined {
  const matching = answers.filter(
    ({ metric }) =>
      (metric['node'] ?? truth.node) === truth.node &&
      (metric['job'] ?? `antrea-${truth.component}s`) === `antrea-${truth.component}s` &&
      Object.entries(truth.split ?? {}).every(([name, value]) => metric[name] === value),
  );
  return matching.length === 1 ? matching[0]?.value : undefined;
}

const TRUTHS = truthsOf(SIMULATION).map((truth) => ({
  truth,
  name: [truth.check, truth.node === HOSTILE ? 'a hostile name' : subjectOf(truth)].join(' on '),
}));

/** In the middle of a fault every look-back of five or six minutes lies wholly inside it. */
async function expectSeen(server: Server, indicator: Indicator, truth: Truth): Promise<void> {
  const answers = indicator.totalQuery
    ? await ask(server, indicator.totalQuery, END)
    : await ask(server, indicator.query, (truth.start + truth.end) / 2);
  const value = subjectValue(answers, truth);
  expect(indicator.totalQuery ? Math.round(value ?? Number.NaN) : value).toBeCloseTo(truth.value, 2);
}

/** How many scrapes of the agents were tried and how many worked in the last half hour before `time`, by node. */
async function scrapes(
  server: Server,
  time: number,
): Promise<Map<string, { tried: number; worked: number }>> {
  const byNode = (query: string) => `label_replace(${query}, "node", "$1", "instance", "([^;]+);.*")`;
  const range = '(up{job="antrea-agents"}[30m])';
  const tried = await ask(server, byNode(`count_over_time${range}`), time);
  const worked = await ask(server, byNode(`sum_over_time${range}`), time);
  return new Map(
    tried.map(({ metric, value }) => {
      const node = metric['node'] ?? '';
      return [
        node,
        { tried: value, worked: worked.find((each) => each.metric['node'] === node)?.value ?? 0 },
      ];
    }),
  );
}

let prometheus: Server;
let victoriaMetrics: Server;

beforeAll(async () => {
  // One after the other: the first run installs both.
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
    if (indicator.totalQuery) expect(await ask(prometheus, indicator.totalQuery, END)).not.toEqual([]);
  });

  it.each(TRUTHS.filter(({ truth }) => indicatorOf(truth)))(
    'shows the fault seen by $name',
    async ({ truth }) => {
      const indicator = indicatorOf(truth);
      if (indicator) await expectSeen(prometheus, indicator, truth);
    },
  );

  it('loses nothing of the errors on both sides of a counter reset, and counts no others', async () => {
    const totals = await ask(
      prometheus,
      'sum by (instance) (increase(antrea_agent_ovs_flow_ops_error_count[$period])) > 0',
      END,
    );
    expect(totals.map(({ value }) => Math.round(value)).sort()).toEqual([13, 2]);
    const resets = await ask(
      prometheus,
      'sum(resets(antrea_agent_ovs_flow_ops_error_count{operation="add"}[$period]))',
      END,
    );
    expect(resets[0]?.value).toBe(1);
  });

  it('leaves out or marks the scrapes of a gap, and only these', async () => {
    const absent = await scrapes(prometheus, moment('2:45') - 1);
    expect(absent.has('worker-01')).toBe(false);
    expect(absent.get('worker-02')).toEqual({ tried: 60, worked: 60 });
    expect((await scrapes(prometheus, moment('2:35') - 1)).get(HOSTILE)).toMatchObject({ worked: 0 });
  });

  it('gives a recreated Pod a series of its own and a restarted container the old one', async () => {
    const starts = await ask(
      prometheus,
      'count by (job) (max_over_time(process_start_time_seconds{$components}[$period]))',
      END,
    );
    expect(starts).toContainEqual({ metric: { job: 'antrea-agents' }, value: NODES.length + 1 });
    const changed = `max_over_time(process_start_time_seconds{$components}[$period])
      - min_over_time(process_start_time_seconds{$components}[$period]) > 60`;
    const instances = (await ask(prometheus, changed, END)).map(({ metric }) => metric['instance']);
    expect(instances).toEqual([expect.stringMatching(/^worker-02;antrea-agent-/)]);
  });

  it.each([
    ...new Set(
      INDICATORS.flatMap((indicator) => indicator.metrics).filter((name) =>
        /_(duration|latency)_(milli)?seconds$/.test(name),
      ),
    ),
  ])('counts in the last bucket of %s what its _count says', async (metric) => {
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
      kubeStateMetrics: true,
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
    // Agents hear of a new Service one after the other: what may not be at all may still be for a moment.
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
