import { describe, expect, it } from 'vitest';
import { describeBuild } from '../../../src/adapters/prometheus/build-info.ts';
import { describeAgents } from '../../../src/cli/check/agents.ts';
import { describeCopies } from '../../../src/cli/check/copies.ts';
import { withoutSecrets } from '../../../src/cli/check/examine.ts';
import { describeExporters, findNeeds } from '../../../src/cli/check/exporters.ts';
import { daysOf, describeHistory } from '../../../src/cli/check/history.ts';
import { describeNothing } from '../../../src/cli/check/nothing-found.ts';
import { printDocument } from '../../../src/cli/check/print.ts';
import type { CheckDocument, CheckResult } from '../../../src/cli/check/result.ts';
import { describeIntervals } from '../../../src/cli/check/scrape-interval.ts';
import { listed } from '../../../src/cli/check/words.ts';
import { INDICATORS } from '../../../src/report/catalog/indicators/index.ts';

const UNKNOWN = { product: null, version: null, retention: null };

describe('the server', () => {
  it.each([
    ['Prometheus', { version: '2.42.0+ds', goVersion: 'go1.19' }, false, 'Prometheus', '2.42.0'],
    [
      'VictoriaMetrics, which reports a version of Prometheus',
      { version: '2.24.0' },
      true,
      'VictoriaMetrics',
      null,
    ],
    ['an old VictoriaMetrics', {}, true, 'VictoriaMetrics', null],
    ['Thanos', { version: '0.31.0' }, false, 'Thanos', '0.31.0'],
    ['Mimir', { application: 'Grafana Mimir', version: '2.10.0' }, false, 'Grafana Mimir', '2.10.0'],
    ['a server without build information', {}, false, null, null],
  ])('is identified: %s', (_, data, isVictoriaMetrics, product, version) => {
    expect(describeBuild({ data, isVictoriaMetrics }, {})).toEqual({ product, version, retention: null });
  });

  it('reports its retention', () => {
    const build = { data: { version: '3.5.0' }, isVictoriaMetrics: false };
    expect(describeBuild(build, { storageRetention: '15d' }).retention).toBe('15d');
  });

  it('is shown without parts of the address that may be secret', () => {
    expect(withoutSecrets('https://me:pw@example.com:9090/prom/?token=x#y')).toBe(
      'https://example.com:9090/prom',
    );
  });
});

describe('the history', () => {
  it('is ok when a report of the period is complete, even if monthly reports are not possible', () => {
    expect(describeHistory(29, 1, UNKNOWN)).toEqual({ state: 'ok', detail: expect.any(String) });
    expect(describeHistory(65, 1, UNKNOWN).detail).toBe(
      'reaches back 65 days or more; enough for the day before, a week before, four weeks of history and monthly reports',
    );
  });

  it('lists the comparisons that are possible', () => {
    expect(describeHistory(15, 1, UNKNOWN).detail).toBe(
      'reaches back 15 days; enough for the day before and a week before; too short for four weeks of history (29 days) and monthly reports (65 days)',
    );
  });

  it('does not compare a week with a week before', () => {
    expect(describeHistory(15, 7, UNKNOWN).detail).toBe(
      'reaches back 15 days; enough for the period before; too short for four weeks of history (35 days) and monthly reports (65 days)',
    );
  });

  it.each([
    ['15d', 14, /^The server keeps data for 15d and deletes older data\./, 1],
    ['15d', 3, /still grows; but the server keeps data for only 15d/, 1],
    ['90d', 3, /^The server keeps data for 90d\..* so the history still grows\.$/, 0],
    [
      null,
      15,
      /^If Antrea has been scraped for longer, the server deletes older data \(Prometheus does so/,
      1,
    ],
    ['50GiB', 15, /^If Antrea has been scraped for longer/, 1],
  ])('advises on a retention of %s with data of %i days', (retention, days, text, lines) => {
    const { advice = [] } = describeHistory(days, 1, { ...UNKNOWN, retention });
    expect(advice).toHaveLength(1);
    expect(advice[0]?.text).toMatch(text);
    expect(advice[0]?.lines ?? []).toEqual(lines ? ['--storage.tsdb.retention.time=65d'] : []);
  });

  it.each([
    ['15d', 15],
    ['2w1d', 15],
    ['1y', 365],
    ['36h', 1.5],
    ['30d or 50GiB', 30],
    ['50GiB', null],
    [null, null],
  ])('parses a retention of %s', (text, days) => {
    expect(daysOf(text)).toBe(days);
  });
});

describe('the agents', () => {
  const nodes = new Set(['a', 'b', 'c']);

  it('are missing when the DaemonSets want more', () => {
    const verdict = describeAgents({ agentNodes: new Set(['a', 'b']), nodes, desired: 3 });
    expect(verdict).toMatchObject({
      state: 'note',
      detail: '2 of 3 nodes have an agent; the DaemonSets want 3; missing: c',
    });
  });

  it('need not be on every node', () => {
    const verdict = describeAgents({ agentNodes: new Set(['a', 'b']), nodes, desired: 2 });
    expect(verdict).toMatchObject({
      state: 'ok',
      detail: '2 of 3 nodes have an agent; the DaemonSets want 2; without: c',
    });
  });

  it('are only counted when they are identified by addresses', () => {
    const agentNodes = new Set(['10.0.0.1:10350', '10.0.0.2:10350']);
    expect(describeAgents({ agentNodes, nodes, desired: null })).toMatchObject({
      state: 'note',
      detail: '2 agents, 3 nodes',
    });
  });
});

describe('copies of targets', () => {
  it('of replicas are ok, and described once for both components', () => {
    const replicas = { label: 'replica', values: ['a', 'b'], isFilled: true };
    const both = (['agent', 'controller'] as const).map((component) => ({ component, ...replicas }));
    expect(describeCopies(both)).toEqual({
      state: 'ok',
      detail: 'every target is scraped twice (replica: a, b); reports use a and fill its gaps from b',
      advice: [],
    });
  });

  it('of several jobs are a note', () => {
    const jobs = { component: 'agent', label: 'job', values: ['x', 'y', 'z'], isFilled: false } as const;
    const { state, detail, advice = [] } = describeCopies([{ ...jobs, values: [...jobs.values] }]);
    expect(state).toBe('note');
    expect(detail).toBe('every agent is scraped 3 times (job: x, y, z); reports use x');
    expect(advice[0]?.lines).toEqual(['prometheus:', '  jobs: { agent: x }']);
  });

  it('that consist of two jobs name both', () => {
    const { advice = [] } = describeCopies([
      { component: 'agent', label: 'job', values: ['linux + windows', 'all'], isFilled: false },
    ]);
    expect(advice[0]?.lines).toEqual(['prometheus:', '  jobs: { agent: [linux, windows] }']);
  });
});

describe('the scrape interval', () => {
  it('is ok at one minute', () => {
    const byJob = new Map([
      ['a', 60],
      ['b', 60],
    ]);
    expect(describeIntervals(byJob, undefined)).toEqual({ state: 'ok', detail: '60 s', advice: [] });
  });

  it('should be the same in all jobs, and at most one minute', () => {
    const short = new Map([
      ['a', 15],
      ['b', 60],
    ]);
    expect(describeIntervals(short, undefined)).toMatchObject({
      state: 'note',
      detail: 'differs: 15 s in a, 60 s in b',
    });
    const { advice = [] } = describeIntervals(new Map([...short, ['c', 300]]), undefined);
    expect(advice.flatMap(({ lines }) => lines)).toEqual([
      'scrape_configs:',
      '  - job_name: c',
      '    scrape_interval: 60s',
    ]);
  });

  it('of the configuration is a note when it differs from the measured one', () => {
    const { advice = [] } = describeIntervals(new Map([['a', 30]]), 60);
    expect(advice[0]?.text).toContain('prometheus.scrapeInterval: 60s');
  });
});

describe('other exporters', () => {
  const needs = findNeeds(INDICATORS);

  it('are needed by the queries of the catalog', () => {
    expect(needs).toContainEqual({
      name: 'missing-agents',
      metrics: ['kube_daemonset_status_desired_number_scheduled'],
    });
    expect(needs).toContainEqual({
      name: 'limit container-limit of resident-memory',
      metrics: ['kube_pod_container_resource_limits', 'container_spec_memory_limit_bytes'],
    });
    expect(needs).toContainEqual({
      name: 'gateway-mtu-difference',
      metrics: ['node_network_mtu_bytes'],
      isOptional: true,
    });
  });

  it('need not be there if only indicators need them that are not enabled otherwise', () => {
    const names = new Set(['kube_node_status_allocatable']);
    const { state, detail, advice } = describeExporters(needs, names, names, '');
    expect({ state, advice }).toEqual({ state: 'ok', advice: undefined });
    expect(detail).toContain('no kubelet (needed by pod-sandbox-failures)');
  });

  it('are not missing when an alternative exporter is there', () => {
    const needs = findNeeds(INDICATORS.filter(({ exporter }) => exporter === undefined));
    const names = new Set(['kube_node_status_allocatable']);
    expect(describeExporters(needs, names, names, '')).toMatchObject({ state: 'ok', advice: undefined });
    const cadvisor = new Set(['container_spec_memory_limit_bytes']);
    expect(describeExporters(needs, cadvisor, cadvisor, '').detail).toBe(
      'no kube-state-metrics (needed by missing-agents and limit kubelet of local-pod-count); cAdvisor found',
    );
  });
});

describe('a server without targets of Antrea', () => {
  const settings = (jobs: object, matchers: Record<string, string> = {}) => ({
    targetSettings: {
      jobs,
      matchers: { agent: matchers, controller: matchers, others: matchers },
      nodeLabels: {},
    },
  });
  const seen = (job: string, component: 'agent' | 'controller', labels: Record<string, string> = {}) => ({
    job,
    component,
    labels,
    lastSeen: '2026-11-21T07:59:00.000Z',
  });
  const end = Date.parse('2026-11-21T08:00:00Z') / 1000;
  const period = { start: end - 86_400, end };
  const linesOf = (verdict: ReturnType<typeof describeNothing>) =>
    verdict.advice?.flatMap(({ lines = [] }) => lines) ?? [];

  it('gets the configuration of the jobs that it has, also several of a component', () => {
    const elsewhere = [seen('a', 'agent'), seen('b', 'agent'), seen('1', 'controller')];
    const verdict = describeNothing({ elsewhere, jobs: [], period, settings: settings({ agent: ['x'] }) });
    expect(linesOf(verdict)).toEqual(['prometheus:', '  jobs: { agent: [a, b], controller: "1" }']);
  });

  it('keeps the labels that match, and lists the values of the others', () => {
    const elsewhere = ['north', 'west'].map((zone) => seen('a', 'agent', { zone, tier: 'prod', pod: 'p' }));
    const matchers = { zone: 'south', tier: 'prod' };
    const verdict = describeNothing({ elsewhere, jobs: [], period, settings: settings({}, matchers) });
    expect(linesOf(verdict)).toEqual(['prometheus:', '  matchers: { zone: north }']);
    expect(verdict.advice?.[1]?.text).toBe('Values of zone: north or west.');
    expect(verdict.detail).toContain(
      'job a (agent { zone: north, tier: prod }, last seen 2026-11-21 07:59 UTC)',
    );
  });
});

describe('the printed document', () => {
  const result = (state: CheckResult['state'], more: Partial<CheckResult> = {}): CheckResult => ({
    id: state,
    state,
    title: 'A title',
    detail: 'one two three',
    advice: [],
    exitCode: 0,
    ...more,
  });
  const document = (results: CheckResult[]): CheckDocument => ({
    version: '1',
    checkedAt: '2026-11-21T08:00:00Z',
    exitCode: 0,
    configuration: null,
    clusters: [{ cluster: 'prod', address: null, results }],
  });
  const pipe = { isTerminal: false, hasColours: false, columns: 80 };

  it('is plain text with one line per result in a pipe', () => {
    const advice = [{ text: 'Do this:', lines: ['a: 1', '  b: 2'] }];
    const long = result('note', { title: 'Other', detail: 'word '.repeat(50).trim(), advice });
    const lines = printDocument(document([result('ok'), long]), pipe).split('\n');
    expect(lines).toEqual([
      'prod',
      'ok      A title  one two three',
      `note    Other    ${'word '.repeat(50).trim()}`,
      '                 → Do this:',
      '                     a: 1',
      '                       b: 2',
      'No problems, 1 note.',
      '',
    ]);
  });

  it('has symbols and colours on a terminal, and is not wider than the terminal', () => {
    const text = printDocument(
      document([result('ok'), result('note'), result('problem', { detail: 'word '.repeat(50).trim() })]),
      { isTerminal: true, hasColours: true, columns: 70 },
    );
    expect(text).toContain('\u001b[32m✓\u001b[0m A title');
    expect(text).toContain('\u001b[33m!\u001b[0m A title');
    expect(text).toContain('\u001b[31m✗\u001b[0m A title');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are escape sequences
    const plain = text.replaceAll(/\u001b\[\d+m/g, '').split('\n');
    expect(Math.max(...plain.map((line) => line.length))).toBeLessThanOrEqual(70);
    expect(text).toContain('1 problem, 1 note.');
  });

  it('has symbols without colours when colours are disabled', () => {
    const text = printDocument(document([result('ok')]), {
      isTerminal: true,
      hasColours: false,
      columns: 80,
    });
    expect(text).toBe('prod\n✓ A title  one two three\nNo problems.\n');
  });
});

describe('listed', () => {
  it('shortens a long list', () => {
    expect(listed(['a', 'b', 'c'], 2)).toBe('a, b and 1 more');
  });
});
